//! Group commit: requests that arrive within a few milliseconds share one transaction, and so one wait for the disk.

use std::sync::Arc;
use std::time::Duration;

use store::{MOST_EVENTS, Receipt, Refused, Request, Workspace};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::Lake;
use crate::time::in_range;

/// How long the first request of a group waits for others.
const GATHERING: Duration = Duration::from_millis(5);

/// Requests that may wait before the next one is told to come back later.
const WAITING: usize = 1024;

/// The door for events. Clones share one writer.
#[derive(Debug, Clone)]
pub struct Ingest {
    waiting: mpsc::Sender<Waiting>,
}

/// Why a request was not taken.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Refusal {
    /// Too many wait already: nothing was stored, and the same request may come again.
    #[error("too many requests wait to be stored; send this one again in a moment")]
    Busy,
    /// The lake is being closed; what was not acknowledged is to be sent again.
    #[error("the data folder is being closed; send this request again later")]
    Closed,
    #[error(transparent)]
    Stored(Arc<store::Error>),
}

type Answer = Result<Receipt, Refusal>;

#[derive(Debug)]
struct Waiting {
    request: Request,
    answer: oneshot::Sender<Answer>,
}

impl Lake {
    /// Opens the door for events.
    pub fn ingest(&self) -> Ingest {
        let (waiting, requests) = mpsc::channel(WAITING);
        self.runtime.spawn(write(self.workspace.clone(), self.clock, requests));
        Ingest { waiting }
    }

    /// Stores requests at once, without waiting for others; what this returns is durable.
    pub fn append(
        &self,
        requests: &[Request],
    ) -> Result<Vec<Result<Receipt, store::Error>>, crate::Error> {
        let is_odd = |request: &Request| request.events.iter().any(|it| in_range(it.at).is_err());
        if !requests.iter().any(is_odd) {
            return self.wait(self.workspace.append(requests, self.now()));
        }
        let requests = requests.iter().cloned().map(in_calendar).collect::<Vec<_>>();
        self.wait(self.workspace.append(&requests, self.now()))
    }
}

/// Events outside of the calendar go to the quarantine: no file has a month for them, and whoever sent them has taken one
/// unit for another, or has no time at all.
fn in_calendar(mut request: Request) -> Request {
    for (line, event) in (1..).zip(&request.events) {
        if let Err(fault) = in_range(event.at) {
            let value = event.at.to_string();
            request.refused.push(Refused {
                id: uuid::Uuid::now_v7().to_string(),
                source: request.source.clone(),
                line,
                reason: fault.reason(value.as_bytes()).to_string(),
                row: format!("{} {} {value}", event.identity, event.activity),
                form: String::new(),
            });
        }
    }
    request.events.retain(|event| in_range(event.at).is_ok());
    request
}

impl Ingest {
    /// Stores a request; what this returns is durable.
    pub async fn append(&self, request: Request) -> Answer {
        let (answer, answered) = oneshot::channel();
        let request = in_calendar(request);
        self.waiting.try_send(Waiting { request, answer }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Refusal::Busy,
            mpsc::error::TrySendError::Closed(_) => Refusal::Closed,
        })?;
        answered.await.unwrap_or(Err(Refusal::Closed))
    }

    /// As [`Self::append`], for a thread that may wait.
    pub fn append_blocking(&self, request: Request) -> Answer {
        let (answer, answered) = oneshot::channel();
        let request = in_calendar(request);
        self.waiting.blocking_send(Waiting { request, answer }).map_err(|_| Refusal::Closed)?;
        answered.blocking_recv().unwrap_or(Err(Refusal::Closed))
    }
}

/// One writer: takes groups until all doors are closed.
async fn write(workspace: Workspace, clock: fn() -> i64, mut requests: mpsc::Receiver<Waiting>) {
    while let Some(first) = requests.recv().await {
        let deadline = Instant::now() + GATHERING;
        let mut rows = first.request.rows();
        let mut group = vec![first];
        while rows < MOST_EVENTS {
            let Ok(Some(next)) = timeout_at(deadline, requests.recv()).await else { break };
            rows += next.request.rows();
            group.push(next);
        }
        let (requests, answers): (Vec<Request>, Vec<oneshot::Sender<Answer>>) =
            group.into_iter().map(|waiting| (waiting.request, waiting.answer)).unzip();
        let stored: Vec<Answer> = match workspace.append(&requests, clock()).await {
            Ok(stored) => {
                let refusal = |cause| Refusal::Stored(Arc::new(cause));
                stored.into_iter().map(|answer| answer.map_err(refusal)).collect()
            }
            Err(cause) => vec![Err(Refusal::Stored(Arc::new(cause))); answers.len()],
        };
        for (answer, stored) in answers.into_iter().zip(stored) {
            // Whoever asked may be gone; the events are stored all the same.
            let _asked_no_more = answer.send(stored);
        }
    }
}
