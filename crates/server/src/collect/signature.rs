//! Whether a webhook was sent by whoever has its secret.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;

/// How requests are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Signature {
    /// As in <https://www.standardwebhooks.com>: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    Standard,
    /// As GitHub does: `x-hub-signature-256`.
    Hub,
}

/// How far the sender's clock may be off, in seconds.
const TOLERANCE: i64 = 300;

impl Signature {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Hub => "hub",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Standard, Self::Hub].into_iter().find(|it| it.name() == name)
    }

    /// Whether a request carries a signature of its body by this secret. `now` is in µs.
    pub(crate) fn is_right(self, secret: &str, headers: &HeaderMap, body: &[u8], now: i64) -> bool {
        let header = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
        match self {
            Self::Standard => {
                let (Some(id), Some(at), Some(signatures)) = (
                    header("webhook-id"),
                    header("webhook-timestamp"),
                    header("webhook-signature"),
                ) else {
                    return false;
                };
                let is_timely = at
                    .parse::<i64>()
                    .is_ok_and(|at| (now / 1_000_000).abs_diff(at) <= TOLERANCE.unsigned_abs());
                let Some(key) = key_of(secret) else { return false };
                let signed = [id.as_bytes(), b".", at.as_bytes(), b".", body];
                is_timely
                    && signatures
                        .split(' ')
                        .filter_map(|it| it.strip_prefix("v1,"))
                        .filter_map(|it| STANDARD.decode(it).ok())
                        .any(|given| is_of(&key, &signed, &given))
            }
            Self::Hub => header("x-hub-signature-256")
                .and_then(|it| it.strip_prefix("sha256="))
                .and_then(from_hex)
                .is_some_and(|given| is_of(secret.as_bytes(), &[body], &given)),
        }
    }
}

/// The bytes of a secret as Standard Webhooks write it.
pub(crate) fn key_of(secret: &str) -> Option<Vec<u8>> {
    STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret)).ok()
}

fn is_of(key: &[u8], signed: &[&[u8]], given: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return false };
    signed.iter().for_each(|part| mac.update(part));
    mac.verify_slice(given).is_ok()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let pairs = digits.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok().filter(|it| it.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::Signature;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    /// The example of the specification of Standard Webhooks.
    #[test]
    fn the_example_of_standard_webhooks_is_right() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let body = br#"{"test": 2432232314}"#;
        let sent = headers(&[
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ]);
        let at = 1_614_265_330_000_000;
        let is_right = |secret, body, at| Signature::Standard.is_right(secret, &sent, body, at);
        assert!(is_right(secret, body, at));
        assert!(!is_right(secret, b"{}", at));
        assert!(!is_right(secret, body, at + 301_000_000), "too late");
        assert!(!is_right("whsec_AAAA", body, at));
        assert!(!Signature::Standard.is_right(secret, &HeaderMap::new(), body, at));
    }

    /// The example of GitHub's documentation.
    #[test]
    fn the_example_of_github_is_right() {
        let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let sent = headers(&[("x-hub-signature-256", signature)]);
        let secret = "It's a Secret to Everybody";
        assert!(Signature::Hub.is_right(secret, &sent, b"Hello, World!", 0));
        assert!(!Signature::Hub.is_right(secret, &sent, b"Hello, World?", 0));
        assert!(!Signature::Hub.is_right("another", &sent, b"Hello, World!", 0));
    }
}
