//! An object store that speaks S3: one object a file, written by one request or by parts, read in ranges.

use std::error::Error as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::client::{HttpError, HttpErrorKind};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientConfigKey, ClientOptions, GetOptions, GetRange, ObjectStore,
    ObjectStoreExt as _, RetryConfig, WriteMultipart,
};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::{Access, Body, Disk, Fetch, Ranges};
use crate::error::Error;

/// A place in an object store.
#[derive(Debug, Clone)]
pub struct Objects {
    reach: Arc<Reach>,
}

#[derive(Debug)]
struct Reach {
    store: Arc<dyn ObjectStore>,
    bucket: String,
    /// Without `/` at its ends.
    prefix: String,
    endpoint: String,
    runtime: Runtime,
}

/// What the first request for a file fetches: most files are no longer than this.
const HEAD: u64 = 256 << 10;

/// Beyond this a file is written by parts.
const WHOLE: usize = 16 << 20;
const PART: usize = 8 << 20;
const PARTS_AT_ONCE: usize = 4;

/// Files that are opened at the same time.
const OPENED_AT_ONCE: usize = 16;

/// A request is given up after this, and tried again.
const PATIENCE: Duration = Duration::from_secs(30);
const CONNECTING: Duration = Duration::from_secs(5);

/// How often a request is tried, unless `AWS_MAX_ATTEMPTS` says otherwise, and for how long in all.
const ATTEMPTS: usize = 6;
const TRYING: Duration = Duration::from_secs(60);

impl Objects {
    /// `s3://bucket/prefix`. Nothing is asked of the store yet.
    pub fn new(address: &str, access: &Access) -> Result<Self, Error> {
        let wrong = || {
            Error::caller(format!(
                "`{address}` is no place for files; write `s3://bucket/prefix`, or leave it out to keep them in the data \
                 folder"
            ))
        };
        let rest = address.strip_prefix("s3://").ok_or_else(wrong)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = Path::parse(prefix).map_err(|_| wrong())?.to_string();
        if bucket.is_empty() {
            return Err(wrong());
        }
        let patience = ClientConfigKey::Timeout;
        let options = ClientOptions::new()
            .with_config(patience, format!("{}s", PATIENCE.as_secs()))
            .with_connect_timeout(CONNECTING);
        let attempts = access.get("aws_max_attempts").and_then(|attempts| attempts.parse().ok());
        let retries = RetryConfig {
            backoff: BackoffConfig { max_backoff: CONNECTING, ..BackoffConfig::default() },
            max_retries: attempts.unwrap_or(ATTEMPTS).saturating_sub(1),
            retry_timeout: TRYING,
        };
        let client = AmazonS3Builder::new().with_client_options(options).with_retry(retries);
        let client = access.tell(client)?.with_bucket_name(bucket);
        let store = client.build().map_err(|cause| {
            Error::caller(format!("{address} cannot be reached with these settings: {cause}"))
        })?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|cause| Error::world("starting a thread for the object store", cause))?;
        let endpoint = access.endpoint().unwrap_or("Amazon S3").to_owned();
        let (store, bucket): (Arc<dyn ObjectStore>, _) = (Arc::new(store), bucket.to_owned());
        Ok(Self { reach: Arc::new(Reach { store, bucket, prefix, endpoint, runtime }) })
    }
}

impl Reach {
    fn place(&self, path: &str) -> io::Result<Path> {
        let place = if self.prefix.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.prefix)
        };
        Path::parse(place).map_err(|cause| io::Error::new(io::ErrorKind::InvalidInput, cause))
    }

    /// The first bytes and the length of a file.
    async fn head(&self, place: &Path) -> object_store::Result<(u64, Bytes)> {
        let range = GetOptions::new().with_range(Some(GetRange::Bounded(0..HEAD)));
        let found = self.store.get_opts(place, range).await?;
        let length = found.meta.size;
        Ok((length, found.bytes().await?))
    }

    async fn write(&self, place: &Path, bytes: &[u8]) -> object_store::Result<()> {
        if bytes.len() <= WHOLE {
            self.store.put(place, Bytes::copy_from_slice(bytes).into()).await?;
            return Ok(());
        }
        let upload = self.store.put_multipart(place).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        for part in bytes.chunks(PART) {
            if let Err(cause) = upload.wait_for_capacity(PARTS_AT_ONCE).await {
                // What was sent costs money until it is given up; if that fails too, the store's own rules clear it.
                let _first_failure_counts = upload.abort().await;
                return Err(cause);
            }
            upload.write(part);
        }
        upload.finish().await?;
        Ok(())
    }

    fn told(&self, cause: &object_store::Error) -> io::Error {
        let (kind, sentence) = told(cause, &self.endpoint, &self.bucket);
        io::Error::new(kind, sentence)
    }
}

impl Disk for Objects {
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let reach = &self.reach;
        let place = reach.place(path)?;
        reach.runtime.block_on(reach.write(&place, bytes)).map_err(|cause| reach.told(&cause))
    }

    fn open(&self, path: &str) -> io::Result<Body> {
        let opened = self.open_all(&[path]).pop();
        opened.unwrap_or_else(|| Err(io::ErrorKind::NotFound.into()))
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        let reach = &self.reach;
        let place = reach.place(path)?;
        match reach.runtime.block_on(reach.store.delete(&place)) {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(cause) => Err(reach.told(&cause)),
        }
    }

    fn address(&self) -> String {
        let Reach { bucket, prefix, .. } = self.reach.as_ref();
        format!("s3://{bucket}/{prefix}").trim_end_matches('/').to_owned()
    }

    fn open_all(&self, paths: &[&str]) -> Vec<io::Result<Body>> {
        let mut opened = Vec::with_capacity(paths.len());
        for paths in paths.chunks(OPENED_AT_ONCE) {
            opened.extend(self.reach.runtime.block_on(self.open_together(paths)));
        }
        opened
    }
}

impl Objects {
    async fn open_together(&self, paths: &[&str]) -> Vec<io::Result<Body>> {
        let mut opening = JoinSet::new();
        for (number, path) in paths.iter().enumerate() {
            let (reach, place) = (Arc::clone(&self.reach), self.reach.place(path));
            opening.spawn(async move {
                let body = match place {
                    Err(cause) => Err(cause),
                    Ok(place) => match reach.head(&place).await {
                        Err(cause) => Err(reach.told(&cause)),
                        Ok((length, head)) => {
                            let source = Box::new(Object { reach, place });
                            Ok(Body::Ranges(Ranges::new(source, length, head)))
                        }
                    },
                };
                (number, body)
            });
        }
        let mut opened = opening.join_all().await;
        opened.sort_by_key(|(number, _)| *number);
        opened.into_iter().map(|(_, body)| body).collect()
    }
}

/// One file of the store.
#[derive(Debug)]
struct Object {
    reach: Arc<Reach>,
    place: Path,
}

impl Fetch for Object {
    fn fetch(&self, from: u64, to: u64) -> io::Result<Bytes> {
        let reach = &self.reach;
        let bytes = reach.runtime.block_on(reach.store.get_range(&self.place, from..to));
        bytes.map_err(|cause| reach.told(&cause))
    }
}

/// What went wrong and what to do about it. Only a file that is not there is [`io::ErrorKind::NotFound`].
fn told(cause: &object_store::Error, endpoint: &str, bucket: &str) -> (io::ErrorKind, String) {
    use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
    let text = cause.to_string();
    if text.contains("NoSuchBucket") {
        let sentence =
            format!("there is no bucket `{bucket}` at {endpoint}; make it, or correct the name");
        return (io::ErrorKind::NotConnected, sentence);
    }
    match cause {
        NotFound { .. } => (io::ErrorKind::NotFound, format!("it is not in the bucket `{bucket}`")),
        PermissionDenied { .. } | Unauthenticated { .. } => {
            let sentence = format!(
                "{endpoint} refuses access to the bucket `{bucket}`{}; see that AWS_ACCESS_KEY_ID and \
                 AWS_SECRET_ACCESS_KEY are right and may read, write and delete there",
                code(&text)
            );
            (io::ErrorKind::PermissionDenied, sentence)
        }
        _ => match transport(cause) {
            Some(HttpErrorKind::Connect | HttpErrorKind::Request | HttpErrorKind::Interrupted) => {
                let sentence = format!(
                    "the object store at {endpoint} is not reached; see that it runs and that AWS_ENDPOINT_URL is right. \
                     Nothing was lost: try again then"
                );
                (io::ErrorKind::NotConnected, sentence)
            }
            Some(HttpErrorKind::Timeout) => {
                let sentence = format!(
                    "the object store at {endpoint} did not answer in time, several times over. Nothing was lost: try again \
                     when it is well"
                );
                (io::ErrorKind::TimedOut, sentence)
            }
            _ => {
                let sentence = format!(
                    "the object store at {endpoint} failed{}. Nothing was lost: try again when it is well ({text})",
                    code(&text)
                );
                (io::ErrorKind::Other, sentence)
            }
        },
    }
}

/// The store's own word for it, from the XML of its answer: ` (SlowDown)`.
fn code(text: &str) -> String {
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    code.map_or(String::new(), |(code, _)| format!(" ({code})"))
}

/// How the connection failed, if that is what happened.
fn transport(error: &object_store::Error) -> Option<HttpErrorKind> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<HttpError>() {
            return Some(error.kind());
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Access, Disk as _, Objects, code};

    fn access(variables: &[(&str, &str)]) -> Access {
        Access::new(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn an_address_is_kept_as_it_was_meant() {
        let access = access(&[("AWS_ACCESS_KEY_ID", "who"), ("AWS_SECRET_ACCESS_KEY", "hush")]);
        let address = |text| Objects::new(text, &access).map(|objects| objects.address());
        assert_eq!(address("s3://shop/lake/").unwrap(), "s3://shop/lake");
        assert_eq!(address("s3://shop").unwrap(), "s3://shop");
        for wrong in ["shop/lake", "s3://", "gs://shop", "s3://shop/a//b"] {
            assert!(
                address(wrong).unwrap_err().to_string().contains("s3://bucket/prefix"),
                "{wrong}"
            );
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let told = |variables: &[(&str, &str)]| {
            Objects::new("s3://shop/lake", &access(variables)).unwrap_err().to_string()
        };
        assert!(told(&[]).contains("AWS_ACCESS_KEY_ID"));
        let plain = [
            ("AWS_ACCESS_KEY_ID", "who"),
            ("AWS_SECRET_ACCESS_KEY", "hush"),
            ("AWS_ENDPOINT_URL", "http://store.example.com"),
        ];
        assert!(told(&plain).contains("AWS_ALLOW_HTTP"));
        assert!(!told(&plain).contains("hush"));
    }

    #[test]
    fn the_stores_own_word_is_found() {
        assert_eq!(code("x <Error><Code>SlowDown</Code></Error>"), " (SlowDown)");
        assert_eq!(code("x"), "");
    }
}
