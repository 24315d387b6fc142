//! A store of objects that speaks S3, on a port of this machine: a real server whose moods a test decides.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpError};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A running server with one bucket, `bucket`.
#[derive(Debug)]
pub struct Bucket {
    folder: TempDir,
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Held: without it nobody answers.
    runtime: Option<Runtime>,
}

/// What happens to requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// They are answered after a while.
    Slow(Duration),
    /// So many are answered with 500, and the ones after that are well.
    Fails(u64),
    /// So many are taken and never answered.
    Hangs(u64),
    /// So many find the connection closed.
    Hangups(u64),
}

#[derive(Debug)]
struct Shared {
    mood: Mutex<Mood>,
    reads: AtomicU64,
    writes: AtomicU64,
}

const BUCKET: &str = "bucket";

/// Who may ask, and the secret of it.
const KEY: (&str, &str) = ("reader", "a secret of tests");

impl Bucket {
    /// Starts a server.
    pub fn start() -> io::Result<Self> {
        let folder = TempDir::with_prefix("footpath-s3")?;
        fs::create_dir(folder.path().join(BUCKET))?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let files = s3s_fs::FileSystem::new(folder.path())
            .map_err(|cause| io::Error::other(format!("{cause:?}")))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
        let service = service.build();
        let shared = Arc::new(Shared {
            mood: Mutex::new(Mood::Well),
            reads: AtomicU64::new(0),
            writes: AtomicU64::new(0),
        });
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listener = {
            let _entered = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        runtime.spawn(listen(listener, service, Arc::clone(&shared)));
        Ok(Self { folder, address, shared, runtime: Some(runtime) })
    }

    /// The variables by which a client finds the store.
    pub fn variables(&self) -> Vec<(String, String)> {
        let endpoint = format!("http://{}", self.address);
        [
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", KEY.0),
            ("AWS_SECRET_ACCESS_KEY", KEY.1),
            ("AWS_REGION", "us-east-1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// From now on.
    pub fn be(&self, mood: Mood) {
        *self.shared.mood() = mood;
    }

    /// Requests that read, since the last time this was asked.
    pub fn reads(&self) -> u64 {
        self.shared.reads.swap(0, Ordering::SeqCst)
    }

    /// Requests that changed something, since the last time this was asked.
    pub fn writes(&self) -> u64 {
        self.shared.writes.swap(0, Ordering::SeqCst)
    }

    /// Where the objects lie on this machine.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join(BUCKET)
    }

    /// Nobody listens any more.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn mood(&self) -> std::sync::MutexGuard<'_, Mood> {
        self.mood.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mood for one request.
    fn next(&self) -> Mood {
        let mut mood = self.mood();
        let now = *mood;
        *mood = match now {
            Mood::Fails(0) | Mood::Hangs(0) | Mood::Hangups(0) => Mood::Well,
            Mood::Fails(left) => Mood::Fails(left - 1),
            Mood::Hangs(left) => Mood::Hangs(left - 1),
            Mood::Hangups(left) => Mood::Hangups(left - 1),
            other => other,
        };
        if matches!(now, Mood::Fails(0) | Mood::Hangs(0) | Mood::Hangups(0)) {
            Mood::Well
        } else {
            now
        }
    }
}

async fn listen(listener: tokio::net::TcpListener, service: S3Service, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (service, shared) = (service.clone(), Arc::clone(&shared));
        tokio::spawn(async move {
            let answer =
                service_fn(|request| answer(request, service.clone(), Arc::clone(&shared)));
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer);
            // A client that goes away is no failure of the server.
            let _gone = connection.await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    service: S3Service,
    shared: Arc<Shared>,
) -> Result<Response<Body>, HttpError> {
    let counted = if request.method() == Method::GET { &shared.reads } else { &shared.writes };
    counted.fetch_add(1, Ordering::SeqCst);
    match shared.next() {
        Mood::Well => {}
        Mood::Slow(wait) => tokio::time::sleep(wait).await,
        Mood::Fails(_) => return Ok(failure(StatusCode::INTERNAL_SERVER_ERROR, "InternalError")),
        Mood::Hangs(_) => std::future::pending().await,
        Mood::Hangups(_) => return Err(HttpError::new("no answer".into())),
    }
    // The server below would make a bucket that is not there; S3 does not.
    if request.uri().path().split('/').nth(1) != Some(BUCKET) {
        return Ok(failure(StatusCode::NOT_FOUND, "NoSuchBucket"));
    }
    service.call(request.map(Body::from)).await
}

fn failure(status: StatusCode, code: &str) -> Response<Body> {
    let text = format!("<Error><Code>{code}</Code><Message>a test asked for it</Message></Error>");
    let mut failure = Response::new(Body::from(text));
    *failure.status_mut() = status;
    failure.headers_mut().insert("content-type", HeaderValue::from_static("application/xml"));
    failure
}
