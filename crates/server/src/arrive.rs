//! A request is worked on once it has arrived whole: a client who sends slowly keeps nobody else waiting.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::app::App;
use crate::config::Config;
use crate::error::{Code, Error};
use crate::uploads;

/// How long a body may take to arrive; longer than the slowest line needs for the largest one, but for files.
const ARRIVAL: Duration = Duration::from_secs(30);

/// Longest time that a request may take; pushes are no requests in this sense, their body comes later.
const PATIENCE: Duration = Duration::from_secs(60);

/// MiB of bodies at the same time, whoever sends them.
const MOST_MIB: usize = 256;

/// How much may be sent, and how many requests may be worked on, at the same time.
#[derive(Debug)]
pub(crate) struct Room {
    kib: Arc<Semaphore>,
    /// Pages and programs that ask.
    asking: Arc<Semaphore>,
    /// Whoever sends events: so much of that does not keep those waiting who ask.
    collecting: Arc<Semaphore>,
}

impl Room {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            kib: Arc::new(Semaphore::new(MOST_MIB * 1024)),
            asking: Arc::new(Semaphore::new(config.requests as usize)),
            collecting: Arc::new(Semaphore::new(config.requests as usize)),
        }
    }

    fn for_request(&self, path: &str) -> Result<OwnedSemaphorePermit, Error> {
        let collects = path.starts_with("/v1/") || path == "/api/v1/events";
        let places = if collects { &self.collecting } else { &self.asking };
        Arc::clone(places).try_acquire_owned().map_err(|_| busy())
    }

    fn for_bytes(&self, kib: usize) -> Result<OwnedSemaphorePermit, Error> {
        let kib = u32::try_from(kib).unwrap_or(u32::MAX);
        Arc::clone(&self.kib).try_acquire_many_owned(kib).map_err(|_| busy())
    }
}

fn busy() -> Error {
    Error::Later {
        message: "too much is asked at the same time; send this request again in a moment"
            .to_owned(),
        seconds: 1,
    }
}

/// The layer around all routes.
pub(crate) async fn arrive(State(app): State<App>, request: Request, next: Next) -> Response {
    match request.uri().path() {
        // Whoever watches the server wants to know that it lives, not that it is busy; files are waited for as they come.
        "/healthz" | "/readyz" | uploads::PATH => next.run(request).await,
        _ => match arrived(&app, request, next).await {
            Ok(response) => response,
            Err(refused) => refused.into_response(),
        },
    }
}

async fn arrived(app: &App, request: Request, next: Next) -> Result<Response, Error> {
    let (request, _bytes) = whole(app, request).await?;
    let _working = app.room().for_request(request.uri().path())?;
    match timeout(PATIENCE, next.run(request)).await {
        Ok(response) => Ok(response),
        Err(_) => Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
    }
}

/// The request with all of its body, and the room that this takes.
async fn whole(
    app: &App,
    request: Request,
) -> Result<(Request, Option<OwnedSemaphorePermit>), Error> {
    if request.body().is_end_stream() {
        return Ok((request, None));
    }
    let (parts, body) = request.into_parts();
    let most = app.config().body_mib as usize * 1024 * 1024;
    let gathered = timeout(ARRIVAL, gather(app.room(), body, most)).await;
    let late = |_| Error::invalid("the body did not arrive in time; send it again, or in parts");
    let (bytes, room) = gathered.map_err(late)??;
    Ok((Request::from_parts(parts, Body::from(bytes)), Some(room)))
}

async fn gather(
    room: &Room,
    body: Body,
    most: usize,
) -> Result<(Vec<u8>, OwnedSemaphorePermit), Error> {
    let mut taken = room.for_bytes(4)?;
    let mut bytes = Vec::new();
    let mut stream = body.into_data_stream();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| Error::invalid("the body ended before its end"))?;
        if bytes.len() + piece.len() > most {
            let most = most / (1024 * 1024);
            let message = format!("a request has {most} MiB at most; send it in parts");
            return Err(Error::new(Code::TooLarge, message));
        }
        bytes.extend_from_slice(&piece);
        let needed = bytes.len().div_ceil(1024);
        if needed > taken.num_permits() {
            taken.merge(room.for_bytes(needed - taken.num_permits())?);
        }
    }
    Ok((bytes, taken))
}
