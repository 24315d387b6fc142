//! Work that is done later: what kinds there are, what comes again by itself, and how jobs stand.

mod runner;

use std::future::Future;
use std::pin::Pin;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Attempt, Standing, Workspace};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result, Told};
use crate::extract::{Json, Path, Query};
use crate::findings;
use crate::mail;
use crate::moment::moment;
use crate::notifications;
use crate::page::{Asked, Page};
use crate::permissions::Right;
use crate::routes::Routes;
use crate::webhooks;

pub use runner::run_due;
pub(crate) use runner::{Runner, back_off};

/// A kind of job.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// After so many failed tries it is given up.
    pub(crate) tries: u64,
    pub(crate) run: fn(Work) -> Running,
}

/// What a job is done with.
pub(crate) struct Work {
    pub(crate) app: App,
    pub(crate) workspace: Workspace,
    pub(crate) attempt: Attempt,
}

pub(crate) type Running = Pin<Box<dyn Future<Output = Result<Ended, Failure>> + Send>>;

/// How an attempt ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Done,
    /// There is nothing to do before that moment (µs).
    Later(i64),
    /// The job has said itself how it ended.
    Settled,
}

/// Why an attempt failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) why: String,
    /// Another try would end the same.
    pub(crate) is_final: bool,
}

/// Something that is asked for again and again, in every workspace.
struct Periodic {
    kind: &'static str,
    every_micros: i64,
    /// Not at once, where that would burden a server that has just begun.
    after_micros: i64,
}

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const HOUR: i64 = 3600 * SECOND;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Jobs that are done letters that were sent and deliveries are remembered for so long.
const REMEMBERED: i64 = 14 * DAY;

/// Every kind of job.
pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "forget", tries: 10, run: |work| Box::pin(forget(work)) },
    mail::KIND,
    webhooks::KIND,
    notifications::KIND,
    findings::EACH,
    findings::ONE,
];

/// Every job that comes by itself.
const PERIODIC: &[Periodic] = &[
    Periodic { kind: "forget", every_micros: DAY, after_micros: 0 },
    Periodic { kind: "measure_each", every_micros: DAY, after_micros: HOUR / 6 },
];

async fn forget(work: Work) -> Result<Ended, Failure> {
    let before = work.app.now() - REMEMBERED;
    work.workspace.forget_jobs(before).await?;
    work.workspace.forget_mails(before).await?;
    work.workspace.forget_deliveries(before).await?;
    webhooks::ask_for_all(&work.app, &work.workspace).await?;
    Ok(Ended::Done)
}

impl Failure {
    /// Another try would end the same.
    pub(crate) fn last(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_final: true }
    }

    pub(crate) fn again(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_final: false }
    }
}

impl From<store::Error> for Failure {
    fn from(cause: store::Error) -> Self {
        Self::again(cause.to_string())
    }
}

impl From<Error> for Failure {
    fn from(cause: Error) -> Self {
        match cause {
            Error::Caller { message, .. } | Error::Later { message, .. } => Self::again(message),
            Error::Internal(cause) => Self::again(format!("{cause:#}")),
        }
    }
}

/// Asks for what is due in this period and was not asked for yet. The id of such a job follows from its kind and period, so
/// that it is asked for once, however often the server is started.
async fn ask_for_periodic(app: &App) -> Result<()> {
    let now = app.now();
    for (id, _) in app.store().workspaces().await? {
        let Some(workspace) = app.store().find_workspace(&id).await? else { continue };
        for periodic in PERIODIC {
            let begun_at = now - now.rem_euclid(periodic.every_micros);
            let job = store::Job {
                id: periodic_id(periodic.kind, begun_at),
                kind: periodic.kind.to_owned(),
                input: "{}".to_owned(),
                key: Some(periodic.kind.to_owned()),
            };
            workspace.enqueue(&job, now + periodic.after_micros).await?;
        }
    }
    Ok(())
}

/// A UUID of version 7 of this moment, whose random part is a hash of the kind.
fn periodic_id(kind: &str, at: i64) -> String {
    let hash = Sha256::digest(kind.as_bytes());
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&hash[..10]);
    let millis = at.div_euclid(1000).max(0).cast_unsigned();
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().to_string()
}

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .right(Right::ManageWorkspace, routes!(jobs))
        .right(Right::ManageWorkspace, routes!(retry_job))
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobState {
    /// It is due, or will be.
    Waiting,
    Running,
    Done,
    /// It failed too often and is not tried any more.
    Dead,
}

/// Work that is done later.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Job {
    id: String,
    kind: String,
    state: JobState,
    attempts: u64,
    /// Not before this moment.
    run_at: String,
    done_at: Option<String>,
    /// Why the last attempt failed.
    failure: Option<String>,
}

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// `waiting` (also those that run) or `dead`; left out: all.
    #[serde(default)]
    state: Option<JobState>,
    /// `next` of the page before; left out: from the beginning.
    #[serde(default)]
    after: Option<String>,
    /// At most so many, 1 to 500; left out: 100.
    #[serde(default)]
    limit: Option<u32>,
}

/// Jobs, oldest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs", params(Which),
    responses((status = 200, body = Page<Job>), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn jobs(
    State(app): State<App>,
    inside: Inside,
    Query(which): Query<Which>,
) -> Result<Json<Page<Job>>> {
    let asked = Asked { after: which.after, limit: which.limit };
    let (after, limit) = (asked.after(), asked.limit()?);
    let found = match which.state {
        None => inside.workspace.jobs(after, limit).await?,
        Some(JobState::Waiting | JobState::Running) => {
            inside.workspace.waiting_jobs(after, limit).await?
        }
        Some(JobState::Dead) => inside.workspace.dead_jobs(after, limit).await?,
        Some(JobState::Done) => {
            return Err(Error::invalid("ask for `waiting` or `dead` jobs, or for all").at("state"));
        }
    };
    let now = app.now();
    Ok(Json(asked.page(found, |it| it.job.id.clone(), |it| job(it, now))?))
}

/// Tries a job again that was given up.
#[utoipa::path(post, path = "/api/v1/jobs/{job}/retry", tag = "jobs", params(("job" = String, Path)),
    responses((status = 204), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn retry_job(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    if !inside.workspace.revive(&id, &inside.deed(app.now())).await? {
        return Err(Error::not_found("a dead job", &id));
    }
    app.wake();
    Ok(StatusCode::NO_CONTENT)
}

fn job(standing: Standing, now: i64) -> Job {
    let state = match (standing.done_at, standing.dead_at, standing.held_until) {
        (Some(_), _, _) => JobState::Done,
        (_, Some(_), _) => JobState::Dead,
        (_, _, Some(until)) if until > now => JobState::Running,
        _ => JobState::Waiting,
    };
    Job {
        id: standing.job.id,
        kind: standing.job.kind,
        state,
        attempts: standing.attempts,
        run_at: moment(standing.run_at),
        done_at: standing.done_at.map(moment),
        failure: standing.failure,
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, KINDS, PERIODIC, periodic_id};

    #[test]
    fn kinds_have_names_of_their_own_and_what_is_periodic_is_a_kind() {
        let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        assert!(PERIODIC.iter().all(|periodic| names.contains(&periodic.kind)));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KINDS.len());
    }

    #[test]
    fn a_periodic_job_has_one_id_a_period() {
        assert_eq!(periodic_id("a", DAY), periodic_id("a", DAY));
        assert_ne!(periodic_id("a", DAY), periodic_id("b", DAY));
        assert!(periodic_id("a", DAY) < periodic_id("a", 2 * DAY));
        assert_eq!(uuid::Uuid::parse_str(&periodic_id("a", DAY)).unwrap().get_version_num(), 7);
    }
}
