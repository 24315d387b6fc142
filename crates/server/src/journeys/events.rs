//! What happens on a map, pushed to those who look at it, and where they are.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use store::DataVersion;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::{Sender, channel};
use tokio::sync::watch;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::{IntoParams, ToSchema};

use super::rooms::{Looker, Rooms, Seat, Signal};
use crate::access::{Caller, Inside, is_still_inside};
use crate::app::{App, Clock};
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};

/// Whoever missed more batches than this reads the document anew.
const MOST_MISSED: u32 = 1_000;

/// How often it is asked whether a looker may still look.
const CHECKED_EVERY: Duration = Duration::from_secs(30);

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct From {
    /// The rev that is known, where no `Last-Event-ID` can be sent; left out: the present one.
    after: Option<i64>,
}

/// Pushes: `ops` (with the rev as its id), `presence`, `comments`, `measures`, and `reload` for whoever missed too much.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/events", tag = "journeys",
    params(("id" = String, Path, description = "id of a journey"), From,
        ("Last-Event-ID" = Option<i64>, Header, description = "the rev that is known")),
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = 404, body = crate::error::Told)))]
pub(crate) async fn journey_events(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    let found = inside.workspace.find_journey(&id).await?;
    let (row, _) = found.ok_or_else(|| Error::not_found("journey", &id))?;
    let known = match headers.get("last-event-id").and_then(|value| value.to_str().ok()) {
        Some(text) => Some(text.trim().parse().map_err(|_| {
            Error::invalid("`Last-Event-ID` is the rev of an event").at("Last-Event-ID")
        })?),
        None => from.after,
    };
    let looker = looker(&app, &inside.caller).await?;
    let (seat, signals) = app.rooms().enter(inside.workspace.id(), &id, looker);
    let (out, events) = channel(64);
    let known = known.unwrap_or(row.rev);
    let (rooms, clock) = (app.rooms().clone(), app.clock());
    let idle_micros = app.now() - app.seen_after();
    let data = inside.workspace.data_version().await?;
    let beat = app.measures().pulse.listen(&inside.workspace, data, app.rooms());
    let push = Push { rooms, clock, idle_micros, inside, id, known, out, _kept: (seat, beat) };
    tokio::spawn(push.run(signals));
    let alive = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(Sse::new(ReceiverStream::new(events)).keep_alive(alive))
}

async fn looker(app: &App, caller: &Caller) -> Result<Option<Looker>> {
    let Caller::User { id, .. } = caller else { return Ok(None) };
    let user = app.store().find_user(id).await?;
    Ok(user.map(|user| Looker { id: user.id, name: user.name, cell: None }))
}

/// It holds no application: that has to end on a thread that may wait, and a push ends wherever it is.
struct Push {
    rooms: Rooms,
    clock: Clock,
    /// A session that was not seen for so long is over.
    idle_micros: i64,
    inside: Inside,
    id: String,
    known: i64,
    out: Sender<std::result::Result<Event, Infallible>>,
    /// The place in the room, and what makes it hear of new data.
    _kept: (Seat, watch::Receiver<DataVersion>),
}

/// Nobody listens any more, or may not.
struct Ended;

#[derive(Serialize)]
struct Pushed<'a> {
    rev: i64,
    batch: &'a str,
    actor: &'a str,
    ops: &'a RawValue,
}

#[derive(Serialize)]
struct Present {
    users: Vec<Looker>,
}

impl Push {
    async fn run(mut self, mut signals: Receiver<Signal>) {
        let mut check = tokio::time::interval(CHECKED_EVERY);
        check.tick().await;
        // What came before the signals.
        let mut going = self.changed().await.and(self.presence().await);
        while going.is_ok() {
            going = tokio::select! {
                () = self.out.closed() => Err(Ended),
                _ = check.tick() => self.check().await,
                signal = signals.recv() => self.tell(signal).await,
            };
        }
    }

    async fn tell(
        &mut self,
        signal: std::result::Result<Signal, RecvError>,
    ) -> std::result::Result<(), Ended> {
        match signal {
            Ok(Signal::Changed) => self.changed().await,
            Ok(Signal::Presence) => self.presence().await,
            Ok(Signal::Comments) => self.send(Event::default().event("comments").data("{}")).await,
            Ok(Signal::Measures) => self.send(Event::default().event("measures").data("{}")).await,
            Ok(Signal::Close) | Err(RecvError::Closed) => Err(Ended),
            Err(RecvError::Lagged(_)) => {
                self.changed().await?;
                self.presence().await
            }
        }
    }

    /// Sends what the log holds behind what is known.
    async fn changed(&mut self) -> std::result::Result<(), Ended> {
        self.check().await?;
        let read = self.inside.workspace.journey_log(&self.id, self.known, MOST_MISSED + 1).await;
        let batches = read.map_err(|cause| self.failed(&cause))?;
        let found = self.inside.workspace.find_journey(&self.id).await;
        let found = found.map_err(|cause| self.failed(&cause))?;
        let head = found.map_or(self.known, |(row, _)| row.rev);
        // A rev that is yet to come was of a state that a backup has taken back.
        if batches.len() > MOST_MISSED as usize || self.known > head {
            self.known = head;
            let event = Event::default().event("reload").id(head.to_string()).data("{}");
            return self.send(event).await;
        }
        for batch in batches {
            let Ok(ops) = RawValue::from_string(batch.ops) else { return Err(Ended) };
            let pushed =
                Pushed { rev: batch.rev, batch: &batch.batch, actor: &batch.actor, ops: &ops };
            let Ok(data) = serde_json::to_string(&pushed) else { return Err(Ended) };
            let event = Event::default().event("ops").id(batch.rev.to_string()).data(data);
            self.send(event).await?;
            self.known = batch.rev;
        }
        Ok(())
    }

    async fn presence(&self) -> std::result::Result<(), Ended> {
        let users = self.rooms.lookers(self.inside.workspace.id(), &self.id);
        let Ok(data) = serde_json::to_string(&Present { users }) else { return Err(Ended) };
        self.send(Event::default().event("presence").data(data)).await
    }

    /// Ends when the session does, or the membership.
    async fn check(&self) -> std::result::Result<(), Ended> {
        let (now, Inside { caller, workspace, .. }) = ((self.clock)(), &self.inside);
        let is_in = is_still_inside(caller, workspace, now, now - self.idle_micros);
        is_in.await.then_some(()).ok_or(Ended)
    }

    async fn send(&self, event: Event) -> std::result::Result<(), Ended> {
        self.out.send(Ok(event)).await.map_err(|_| Ended)
    }

    /// The client comes again with what it knows, so nothing is lost.
    fn failed(&self, cause: &store::Error) -> Ended {
        tracing::error!(cause = %cause, journey = self.id, "a push was ended");
        Ended
    }
}

/// Where somebody is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Presence {
    /// `touchpoint/lane` that is being edited; `null`: none.
    cell: Option<String>,
}

/// Says in which cell the caller is; it is shown to those who look at the journey while the caller does, too.
#[utoipa::path(post, path = "/api/v1/journeys/{id}/presence", tag = "journeys", request_body = Presence,
    params(("id" = String, Path, description = "id of a journey")),
    responses((status = 204), (status = 404, body = crate::error::Told)))]
pub(crate) async fn set_presence(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(presence): Json<Presence>,
) -> Result<StatusCode> {
    if !inside.workspace.has_journey(&id).await? {
        return Err(Error::not_found("journey", &id));
    }
    if presence.cell.as_ref().is_some_and(|cell| cell.len() > 250) {
        return Err(Error::invalid("a cell is `touchpoint/lane`").at("/cell"));
    }
    if let Caller::User { id: user, .. } = &inside.caller {
        app.rooms().set_cell((inside.workspace.id(), &id), user, presence.cell);
    }
    Ok(StatusCode::NO_CONTENT)
}
