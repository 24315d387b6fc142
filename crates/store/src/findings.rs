//! What measurements found, kept over time: who owns it, what became of it, how large it was.

mod changes;
mod keep;
mod reading;
mod verdicts;

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::audit::Deed;
use crate::error::Error;
use crate::workspace::Workspace;

pub use changes::{FindingChange, Tell};
pub use keep::{Found, KeptFindings, Measurement, SizeFound};
pub use reading::{FindingFilter, HistoryLine, Size, StandingVerdict};
pub use verdicts::{Judged, Turned};

/// A finding as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub id: String,
    pub journey: String,
    pub version: Option<i64>,
    pub kind: String,
    pub about: String,
    pub touchpoint: Option<String>,
    /// `new`, `known`, `confirmed`, `accepted` or `resolved`.
    pub state: String,
    /// Why it is accepted or resolved.
    pub reason: Option<String>,
    /// A user.
    pub owner: Option<String>,
    /// As the journey's document has it.
    pub owner_name: Option<String>,
    pub sentence: String,
    pub customers: i64,
    pub score: f64,
    /// JSON: as it was last found, with its evidence.
    pub snapshot: String,
    /// `measured` or `manual`.
    pub source: String,
    pub found_at: i64,
    pub seen_at: i64,
    /// Measurements in a row that did not find it.
    pub absences: i64,
    pub reopened: i64,
    pub merged_into: Option<String>,
}

const COLUMNS: &str = "id, journey, version, kind, about, touchpoint, state, reason, owner, owner_name, sentence, \
                       customers, score, snapshot, source, found_at, seen_at, absences, reopened, merged_into";

/// A line of a finding's history on its way.
#[derive(Debug, Clone, Copy, Default)]
struct Entry<'a> {
    what: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    note: Option<&'a str>,
}

/// Writes a line of a finding's history; the finding's row is held until the end of the transaction.
async fn write_down(
    workspace: &Workspace,
    finding: &str,
    entry: Entry<'_>,
    deed: &Deed,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let writing = Error::database("writing a finding's history");
    let seq: i64 = sqlx::query_scalar(
        "update findings set last_seq = last_seq + 1 where workspace = $1 and id = $2 returning last_seq",
    )
    .bind(&workspace.id)
    .bind(finding)
    .fetch_one(&mut **transaction)
    .await
    .map_err(&writing)?;
    sqlx::query(
        "insert into finding_history (workspace, finding, seq, at, actor, what, before, after, note) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&workspace.id)
    .bind(finding)
    .bind(seq)
    .bind(deed.at)
    .bind(&deed.actor)
    .bind(entry.what)
    .bind(entry.before)
    .bind(entry.after)
    .bind(entry.note)
    .execute(&mut **transaction)
    .await
    .map(|_| ())
    .map_err(&writing)
}

fn finding(row: &AnyRow) -> Result<Finding, sqlx::Error> {
    Ok(Finding {
        id: row.try_get(0)?,
        journey: row.try_get(1)?,
        version: row.try_get(2)?,
        kind: row.try_get(3)?,
        about: row.try_get(4)?,
        touchpoint: row.try_get(5)?,
        state: row.try_get(6)?,
        reason: row.try_get(7)?,
        owner: row.try_get(8)?,
        owner_name: row.try_get(9)?,
        sentence: row.try_get(10)?,
        customers: row.try_get(11)?,
        score: row.try_get(12)?,
        snapshot: row.try_get(13)?,
        source: row.try_get(14)?,
        found_at: row.try_get(15)?,
        seen_at: row.try_get(16)?,
        absences: row.try_get(17)?,
        reopened: row.try_get(18)?,
        merged_into: row.try_get(19)?,
    })
}
