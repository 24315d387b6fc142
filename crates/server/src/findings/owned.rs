//! What the user who asks owns: findings, and standards as they stand.

use serde::Serialize;
use store::{FindingFilter, StandingVerdict};
use utoipa::ToSchema;

use super::{Finding, shown};
use crate::access::{Caller, Inside};
use crate::error::{Error, Result, Told};
use crate::extract::Json;
use crate::moment::moment;

/// What a user owns.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Owned {
    /// Findings that are not resolved, the highest score first; at most 500.
    findings: Vec<Finding>,
    /// The defective ones first; at most 500.
    standards: Vec<OwnedStandard>,
}

/// A standard as it was last measured.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnedStandard {
    journey: String,
    standard: String,
    touchpoint: Option<String>,
    statement: String,
    /// `meets`, `defective` or `not_proven`.
    verdict: String,
    promise: f64,
    share: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    n: i64,
    /// The horizon of the measurement since which the verdict is the same.
    since: String,
    measured_at: String,
}

/// Who asks; a key owns nothing.
pub(super) fn user(inside: &Inside) -> Result<&str> {
    match &inside.caller {
        Caller::User { id, .. } => Ok(id),
        _ => Err(Error::invalid("a key is nobody, and owns nothing; sign in for this")),
    }
}

const MOST: u32 = 500;

/// What the user who asks owns.
#[utoipa::path(get, path = "/api/v1/owned", tag = "findings",
    responses((status = 200, body = Owned), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn owned(inside: Inside) -> Result<Json<Owned>> {
    let user = user(&inside)?;
    let filter = FindingFilter {
        owner: Some(user.to_owned()),
        state: Some("open".to_owned()),
        ..FindingFilter::default()
    };
    let findings = inside.workspace.findings(&filter, None, MOST).await?;
    let standards = inside.workspace.verdicts_of(user).await?;
    Ok(Json(Owned {
        findings: findings.into_iter().map(shown).collect(),
        standards: standards.into_iter().map(standard).collect(),
    }))
}

fn standard(it: StandingVerdict) -> OwnedStandard {
    OwnedStandard {
        journey: it.journey,
        standard: it.standard,
        touchpoint: it.touchpoint,
        statement: it.statement,
        verdict: it.verdict,
        promise: it.promise,
        share: it.share,
        low: it.low,
        high: it.high,
        n: it.n,
        since: moment(it.since),
        measured_at: moment(it.measured_at),
    }
}
