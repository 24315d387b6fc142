//! The audit log, for those who may read it.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::{Deserialize, Serialize};
use store::{AuditLine, AuditVerdict, Done, Sought, Workspace};
use utoipa::{IntoParams, ToSchema};

use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result, Told};
use crate::extract::{Json, Query};
use crate::moment::{moment, parse_moment};
use crate::page::{Asked, Page};

/// Which lines somebody looks for, and which part of them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AskedAudit {
    /// `user:ID`, `key:ID` or `system`; left out: anybody.
    actor: String,
    /// Such as `customer.erased`; left out: anything.
    action: String,
    /// Such as `customer:KEY`; left out: anything.
    object: String,
    /// Not before this moment, RFC 3339.
    from: Option<String>,
    /// Before this moment, RFC 3339.
    to: Option<String>,
    /// `next` of the page before; left out: from the beginning.
    after: Option<String>,
    /// At most so many, 1 to 500; left out: 100.
    limit: Option<u32>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    seq: i64,
    at: String,
    actor: String,
    origin: String,
    request: String,
    action: String,
    object: String,
    before: Option<String>,
    after: Option<String>,
    outcome: String,
    hash: String,
}

/// Whether every line follows from the one before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerdictTold {
    is_whole: bool,
    /// Of a whole log.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<u64>,
    /// The first line that is not as it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// The audit log, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AskedAudit),
    responses((status = 200, body = Page<Line>), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn audit_lines(
    inside: Inside,
    Query(asked): Query<AskedAudit>,
) -> Result<Json<Page<Line>>> {
    let page = Asked { after: asked.after.clone(), limit: asked.limit };
    let before = match page.after() {
        "" => i64::MAX,
        text => text
            .parse()
            .map_err(|_| Error::invalid("`after` is the `next` of a page before").at("after"))?,
    };
    let sought = asked.sought()?;
    let lines = inside.workspace.audit_sought(&sought, before, page.limit()?).await?;
    Ok(Json(page.page(lines, |line| line.seq.to_string(), line)?))
}

/// Looks whether a line of the audit log was changed, taken away or moved.
#[utoipa::path(get, path = "/api/v1/audit/verify", tag = "audit",
    responses((status = 200, body = VerdictTold), (status = 403, body = Told)))]
pub(crate) async fn verify_audit(inside: Inside) -> Result<Json<VerdictTold>> {
    Ok(Json(match inside.workspace.verify_audit().await? {
        AuditVerdict::Whole { lines } => {
            VerdictTold { is_whole: true, lines: Some(lines), broken_at: None, why: None }
        }
        AuditVerdict::Broken { seq, why } => VerdictTold {
            is_whole: false,
            lines: None,
            broken_at: Some(seq),
            why: Some(why.to_owned()),
        },
    }))
}

/// The whole audit log as JSON lines, newest first. That it was read is the first of them.
#[utoipa::path(get, path = "/api/v1/audit/export", tag = "audit",
    responses((status = 200, content_type = "application/jsonl", body = String), (status = 403, body = Told)))]
pub(crate) async fn export_audit(State(app): State<App>, inside: Inside) -> Result<Response> {
    let done = Done { action: "audit.exported", object: "audit", ..Done::default() };
    inside.workspace.record_alone(&inside.deed(app.now()), done).await?;
    let pages = stream::try_unfold((inside.workspace, i64::MAX), pages);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"audit.jsonl\""),
        ),
    ];
    Ok((headers, Body::from_stream(pages)).into_response())
}

const PAGE: u32 = 1000;

type Going = (Workspace, i64);

/// The next lines of an export, and where it goes on.
async fn pages((workspace, before): Going) -> Result<Option<(Bytes, Going)>, BrokenOff> {
    let lines = workspace.audit(before, PAGE).await.map_err(broken_off)?;
    let Some(last) = lines.last() else { return Ok(None) };
    let before = last.seq;
    let mut text = Vec::new();
    for told in lines.into_iter().map(line) {
        serde_json::to_writer(&mut text, &told).map_err(broken_off)?;
        text.push(b'\n');
    }
    Ok(Some((text.into(), (workspace, before))))
}

/// An export that has begun can only be broken off.
#[derive(Debug, thiserror::Error)]
#[error("the export was broken off")]
struct BrokenOff;

fn broken_off(cause: impl std::fmt::Display) -> BrokenOff {
    tracing::error!(%cause, "an export of the audit log was broken off");
    BrokenOff
}

impl AskedAudit {
    fn sought(self) -> Result<Sought> {
        let at = |text: Option<String>, place, otherwise| {
            text.map_or(Ok(otherwise), |text| parse_moment(&text, place))
        };
        Ok(Sought {
            from: at(self.from, "from", i64::MIN)?,
            to: at(self.to, "to", i64::MAX)?,
            actor: self.actor,
            action: self.action,
            object: self.object,
        })
    }
}

fn line(line: AuditLine) -> Line {
    let AuditLine { seq, deed, action, object, before, after, outcome, hash } = line;
    Line {
        seq,
        at: moment(deed.at),
        actor: deed.actor,
        origin: deed.origin,
        request: deed.request,
        action,
        object,
        before,
        after,
        outcome,
        hash,
    }
}
