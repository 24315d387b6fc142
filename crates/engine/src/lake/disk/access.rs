//! How an object store is reached and who asks, as the usual `AWS_…` variables tell it.

use std::fmt;

use object_store::ClientConfigKey;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};

use crate::error::Error;

/// Names and values of variables; names without a meaning here are passed over.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access(Vec<(String, String)>);

/// Each of these tells who asks.
const IDENTITIES: [&str; 5] = [
    "aws_access_key_id",
    "aws_web_identity_token_file",
    "aws_container_credentials_relative_uri",
    "aws_container_credentials_full_uri",
    "aws_metadata_endpoint",
];

impl Access {
    /// From variables such as `AWS_ACCESS_KEY_ID`.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let lower = |(name, value): (String, String)| (name.to_lowercase(), value);
        Self(variables.into_iter().map(lower).filter(|(_, value)| !value.is_empty()).collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Where requests go; `None`: to Amazon.
    pub(crate) fn endpoint(&self) -> Option<&str> {
        let names = ["aws_endpoint_url_s3", "aws_endpoint_url", "aws_endpoint"];
        names.into_iter().find_map(|name| self.get(name))
    }

    /// Everything told to a client that is being made.
    pub(crate) fn tell(&self, mut client: AmazonS3Builder) -> Result<AmazonS3Builder, Error> {
        if self.get("aws_skip_signature").is_none()
            && !IDENTITIES.iter().any(|name| self.get(name).is_some())
        {
            return Err(Error::caller(
                "nobody said who asks the object store: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (profiles and \
                 configuration files are not read)",
            ));
        }
        for (name, value) in &self.0 {
            if let Ok(key) = name.parse::<AmazonS3ConfigKey>() {
                client = client.with_config(key, value);
            }
        }
        if let Some(endpoint) = self.endpoint() {
            let is_plain = endpoint.starts_with("http://");
            if is_plain && !is_loopback(endpoint) && self.get("aws_allow_http") != Some("true") {
                return Err(Error::caller(format!(
                    "events would go to {endpoint} unencrypted; use https, or set AWS_ALLOW_HTTP=true if that is meant"
                )));
            }
            let allow = AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp);
            client = client.with_config(allow, if is_plain { "true" } else { "false" });
        }
        Ok(client)
    }
}

fn is_loopback(endpoint: &str) -> bool {
    let host = endpoint.trim_start_matches("http://");
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|own| {
        host.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

/// Keys are secrets, in messages too.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, is_loopback};

    #[test]
    fn values_stay_out_of_messages() {
        let access = Access::new([("AWS_SECRET_ACCESS_KEY".to_owned(), "hush".to_owned())]);
        assert_eq!(format!("{access:?}"), "[\"aws_secret_access_key\"]");
    }

    #[test]
    fn only_this_machine_is_this_machine() {
        assert!(is_loopback("http://127.0.0.1:9000"));
        assert!(is_loopback("http://localhost/"));
        assert!(!is_loopback("http://127.0.0.1.example.com"));
        assert!(!is_loopback("http://store.example.com"));
    }
}
