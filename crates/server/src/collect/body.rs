//! The body of a request that collects: read with limits, unpacked, and known by a hash.

use std::io::Read as _;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use flate2::read::MultiGzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::error::{Code, Error};

/// A body may unpack to so many times its size limit.
const UNPACKED: u64 = 8;

/// A body as it came, unpacked. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    bytes: Bytes,
    /// SHA-256 of the path and of the bytes as they came, hexadecimal.
    pub(crate) hash: String,
    /// The caller's word for "this is the same request".
    pub(crate) idempotency_key: Option<String>,
}

impl Sent {
    /// Reads the body of a request, which has none afterwards.
    pub(crate) async fn read(app: &App, request: &mut Request) -> Result<Self, Error> {
        if let Some(sent) = request.extensions_mut().remove::<Self>() {
            return Ok(sent);
        }
        let idempotency_key = idempotency_key(request.headers())?;
        let is_packed = is_packed(request.headers())?;
        let path = request.uri().path().to_owned();
        let body = std::mem::take(request.body_mut());
        let most = app.config().body_mib as usize * 1024 * 1024;
        // All of it has arrived before a request is worked on.
        let bytes = to_bytes(body, most)
            .await
            .map_err(|_| Error::invalid("the body ended before its end"))?;
        let mut hasher = Sha256::new();
        hasher.update(path.as_bytes());
        hasher.update([0]);
        hasher.update(&bytes);
        let hash = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = match is_packed {
            true => unpack(&bytes, most as u64 * UNPACKED)?.into(),
            false => bytes,
        };
        Ok(Self { bytes, hash, idempotency_key })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn json(&self) -> Result<Value, Error> {
        serde_json::from_slice(&self.bytes).map_err(|cause| {
            let place = format!("line {} column {}", cause.line(), cause.column());
            Error::invalid("the body is no JSON").at(place)
        })
    }

    /// `writeKey` of a JSON object, as the SDKs for pages send it.
    pub(crate) fn write_key(&self) -> Option<String> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Keyed {
            write_key: Option<String>,
        }
        serde_json::from_slice::<Keyed>(&self.bytes).ok()?.write_key
    }
}

impl FromRequest<App> for Sent {
    type Rejection = Error;

    async fn from_request(mut request: Request, app: &App) -> Result<Self, Error> {
        Self::read(app, &mut request).await
    }
}

/// The header of that name, if it is one that can be kept.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let is_fit = |text: &&str| (1..=255).contains(&text.len());
    match value.to_str().ok().filter(is_fit) {
        Some(text) => Ok(Some(text.to_owned())),
        None => {
            Err(Error::invalid("write a key of 1 to 255 letters, such as a UUID")
                .at("Idempotency-Key"))
        }
    }
}

fn is_packed(headers: &HeaderMap) -> Result<bool, Error> {
    let encoding = headers.get(header::CONTENT_ENCODING).map(|value| value.to_str());
    match encoding {
        None | Some(Ok("identity")) => Ok(false),
        Some(Ok("gzip")) => Ok(true),
        Some(_) => {
            Err(Error::invalid("send the body as it is, or packed with gzip")
                .at("Content-Encoding"))
        }
    }
}

fn unpack(packed: &[u8], most: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = MultiGzDecoder::new(packed).take(most + 1).read_to_end(&mut bytes);
    read.map_err(|cause| Error::invalid(format!("the body cannot be unpacked: {cause}")))?;
    if bytes.len() as u64 > most {
        let most = most / (1024 * 1024);
        let message = format!("a request unpacks to {most} MiB at most; send its events in parts");
        return Err(Error::new(Code::TooLarge, message));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::unpack;

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(&vec![b' '; 1 << 20]).unwrap();
        let packed = packer.finish().unwrap();
        assert_eq!(unpack(&packed, 1 << 20).unwrap().len(), 1 << 20);
        assert!(unpack(&packed, (1 << 20) - 1).is_err());
        assert!(unpack(&packed[..packed.len() / 2], 1 << 20).is_err());
        assert!(unpack(b"{}", 1 << 20).is_err());
    }
}
