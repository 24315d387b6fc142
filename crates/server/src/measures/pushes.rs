//! Word to those who look at measures that there are new ones: seldom enough that nobody is kept busy by it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde::Serialize;
use store::{DataVersion, Workspace};
use tokio::sync::mpsc::{Sender, channel};
use tokio::sync::watch::Receiver;
use tokio::time::{Instant, sleep_until};
use tokio_stream::wrappers::ReceiverStream;
use utoipa::ToSchema;

use super::documents::Documents;
use crate::access::{Caller, Inside, is_still_inside};
use crate::app::{App, Clock};
use crate::error::{Code, Error, Result};
use crate::extract::Path;

/// The shortest time between two pushes; so often it is also asked whether the looker may still look.
pub(crate) const CALM: Duration = Duration::from_secs(5);
/// So many pages of one caller may listen at the same time.
const MOST_PAGES: usize = 20;

/// What is pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct MeasuresChanged {
    /// The published version that is measured.
    version: u64,
    /// The state of the data: another one, and measures may be others.
    data: String,
}

/// Pushes `measures-changed` when the data or the published version has changed, at most every five seconds; one at once, to
/// say how things stand.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/measures/events", tag = "measures",
    params(("id" = String, Path, description = "The journey")),
    responses((status = 200, content_type = "text/event-stream", body = MeasuresChanged),
        (status = 404, body = crate::error::Told), (status = 429, body = crate::error::Told)))]
pub(crate) async fn measures_events(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let measures = app.measures();
    let published = measures.documents.document_of(&inside.workspace, &id, None).await?;
    let seat = measures.seats.take(&inside.caller)?;
    let now = inside.workspace.data_version().await?;
    let beat = measures.pulse.listen(&inside.workspace, now, app.rooms());
    let (out, events) = channel(1);
    let push = Push {
        workspace: inside.workspace,
        caller: inside.caller,
        documents: measures.documents.clone(),
        clock: app.clock(),
        idle_micros: app.now() - app.seen_after(),
        id,
        known: MeasuresChanged { version: published.version, data: now.to_string() },
        out,
        _seat: seat,
    };
    tokio::spawn(push.run(beat, app.stopping()));
    let alive = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(Sse::new(ReceiverStream::new(events)).keep_alive(alive))
}

/// It holds no application: that has to end on a thread that may wait, and a push ends wherever it is.
struct Push {
    workspace: Workspace,
    caller: Caller,
    documents: Documents,
    clock: Clock,
    /// A session that was not seen for so long is over.
    idle_micros: i64,
    id: String,
    known: MeasuresChanged,
    out: Sender<Result<Event, Infallible>>,
    _seat: Seat,
}

/// Nobody listens any more, or may not.
struct Ended;

impl Push {
    async fn run(mut self, mut beat: Receiver<DataVersion>, mut stopping: Receiver<bool>) {
        let mut going = self.send().await;
        while going.is_ok() {
            let calm = Instant::now() + CALM;
            let rested = async {
                sleep_until(calm).await;
                *beat.borrow_and_update()
            };
            let stops = async { stopping.wait_for(|stops| *stops).await.is_ok() };
            going = tokio::select! {
                () = self.out.closed() => Err(Ended),
                _ = stops => Err(Ended),
                data = rested => self.look(data).await,
            };
        }
    }

    /// Says what has changed since it was last said, to whoever may still hear it.
    async fn look(&mut self, data: DataVersion) -> Result<(), Ended> {
        self.check().await?;
        let published = self.documents.document_of(&self.workspace, &self.id, None).await;
        let version = published.map_err(|_| Ended)?.version;
        let now = MeasuresChanged { version, data: data.to_string() };
        if now == self.known {
            return Ok(());
        }
        self.known = now;
        self.send().await
    }

    async fn send(&self) -> Result<(), Ended> {
        let data = serde_json::to_string(&self.known).map_err(|_| Ended)?;
        let event = Event::default().event("measures-changed").data(data);
        self.out.send(Ok(event)).await.map_err(|_| Ended)
    }

    /// Ends when the session does, or the membership.
    async fn check(&self) -> Result<(), Ended> {
        let now = (self.clock)();
        let is_in = is_still_inside(&self.caller, &self.workspace, now, now - self.idle_micros);
        is_in.await.then_some(()).ok_or(Ended)
    }
}

/// How many pages of whom listen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seats {
    taken: Arc<Mutex<HashMap<String, usize>>>,
}

/// Given up when it is dropped.
struct Seat {
    seats: Seats,
    whose: String,
}

impl Seats {
    fn take(&self, caller: &Caller) -> Result<Seat> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let n = taken.entry(caller.name()).or_default();
        if *n >= MOST_PAGES {
            let message = format!("{MOST_PAGES} of your pages listen already; close one");
            return Err(Error::new(Code::Busy, message));
        }
        *n += 1;
        Ok(Seat { seats: self.clone(), whose: caller.name() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = taken.get_mut(&self.whose) {
            *n -= 1;
            if *n == 0 {
                taken.remove(&self.whose);
            }
        }
    }
}
