//! The audit log, for those who may read it.

use serde::Serialize;
use store::AuditLine;
use utoipa::ToSchema;

use crate::access::Inside;
use crate::error::{Error, Result};
use crate::extract::{Json, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};

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

/// The audit log, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(Asked),
    responses((status = 200, body = Page<Line>), (status = 403, body = crate::error::Told)))]
pub(crate) async fn audit_lines(
    inside: Inside,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Line>>> {
    let before = match asked.after() {
        "" => i64::MAX,
        text => text
            .parse()
            .map_err(|_| Error::invalid("`after` is the `next` of a page before").at("after"))?,
    };
    let lines = inside.workspace.audit(before, asked.limit()?).await?;
    Ok(Json(asked.page(lines, |line| line.seq.to_string(), line)?))
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
