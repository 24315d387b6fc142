//! Findings listed, one of them with its history, and standards as they stand.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{COLUMNS, Finding, finding};
use crate::error::Error;
use crate::workspace::Workspace;

/// Which findings; what is left out is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingFilter {
    pub journey: Option<String>,
    /// `open`: all but the resolved ones.
    pub state: Option<String>,
    /// A user.
    pub owner: Option<String>,
    pub kind: Option<String>,
    pub touchpoint: Option<String>,
}

/// A line of a finding's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub seq: i64,
    pub at: i64,
    pub actor: String,
    /// `found`, `found_again`, `reopened`, `created`, `state`, `owner`, `note`, `merged` or `took`.
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub note: Option<String>,
}

/// How large a finding was in a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Size {
    pub at: i64,
    pub version: Option<i64>,
    pub score: f64,
    pub customers: i64,
    pub what: String,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: i64,
}

/// A standard as it was last measured.
#[derive(Debug, Clone, PartialEq)]
pub struct StandingVerdict {
    pub journey: String,
    pub standard: String,
    pub touchpoint: Option<String>,
    pub statement: String,
    pub verdict: String,
    pub promise: f64,
    pub share: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: i64,
    pub owner: Option<String>,
    pub owner_name: Option<String>,
    pub since: i64,
    pub measured_at: i64,
}

impl Workspace {
    /// Findings with the highest score first, at most `limit` behind the one with this score and id.
    pub async fn findings(
        &self,
        filter: &FindingFilter,
        after: Option<(f64, &str)>,
        limit: u32,
    ) -> Result<Vec<Finding>, Error> {
        let reading = Error::database("reading findings");
        let (score, id) = after.unwrap_or((f64::MAX, ""));
        let sql = format!(
            "select {COLUMNS} from findings where workspace = $1 \
             and (score < $2 or (score = $2 and id > $3)) \
             and (cast($4 as text) is null or journey = $4) \
             and (cast($5 as text) is null or state = $5 or ($5 = 'open' and state <> 'resolved')) \
             and (cast($6 as text) is null or owner = $6) \
             and (cast($7 as text) is null or kind = $7) \
             and (cast($8 as text) is null or touchpoint = $8) \
             order by score desc, id limit $9"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(score)
            .bind(id)
            .bind(&filter.journey)
            .bind(&filter.state)
            .bind(&filter.owner)
            .bind(&filter.kind)
            .bind(&filter.touchpoint)
            .bind(i64::from(limit))
            .fetch_all(&self.store.readers)
            .await
            .map_err(&reading)?;
        rows.iter().map(finding).collect::<Result<_, _>>().map_err(&reading)
    }

    pub async fn find_finding(&self, id: &str) -> Result<Option<Finding>, Error> {
        let finding_it = Error::database("finding a finding");
        let sql = format!("select {COLUMNS} from findings where workspace = $1 and id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(id)
            .fetch_optional(&self.store.readers)
            .await
            .map_err(&finding_it)?;
        row.as_ref().map(finding).transpose().map_err(&finding_it)
    }

    /// What became of a finding, newest first, at most `limit` before the one of this number.
    pub async fn finding_history(
        &self,
        id: &str,
        before: i64,
        limit: u32,
    ) -> Result<Vec<HistoryLine>, Error> {
        let reading = Error::database("reading a finding's history");
        let rows = sqlx::query(
            "select seq, at, actor, what, before, after, note from finding_history \
             where workspace = $1 and finding = $2 and seq < $3 order by seq desc limit $4",
        )
        .bind(&self.id)
        .bind(id)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        let line = |row: &AnyRow| {
            Ok(HistoryLine {
                seq: row.try_get(0)?,
                at: row.try_get(1)?,
                actor: row.try_get(2)?,
                what: row.try_get(3)?,
                before: row.try_get(4)?,
                after: row.try_get(5)?,
                note: row.try_get(6)?,
            })
        };
        rows.iter().map(line).collect::<Result<_, _>>().map_err(&reading)
    }

    /// How large a finding was, newest first, at most `limit` before that moment.
    pub async fn finding_sizes(
        &self,
        id: &str,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Size>, Error> {
        let reading = Error::database("reading sizes of a finding");
        let rows = sqlx::query(
            "select at, version, score, customers, what, value, low, high, n from finding_sizes \
             where workspace = $1 and finding = $2 and at < $3 order by at desc limit $4",
        )
        .bind(&self.id)
        .bind(id)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        let size = |row: &AnyRow| {
            Ok(Size {
                at: row.try_get(0)?,
                version: row.try_get(1)?,
                score: row.try_get(2)?,
                customers: row.try_get(3)?,
                what: row.try_get(4)?,
                value: row.try_get(5)?,
                low: row.try_get(6)?,
                high: row.try_get(7)?,
                n: row.try_get(8)?,
            })
        };
        rows.iter().map(size).collect::<Result<_, _>>().map_err(&reading)
    }

    /// The standards that a user owns, as they stand, the defective ones first.
    pub async fn verdicts_of(&self, owner: &str) -> Result<Vec<StandingVerdict>, Error> {
        let reading = Error::database("reading verdicts");
        let rows = sqlx::query(
            "select journey, standard, touchpoint, statement, verdict, promise, share, low, high, n, owner, owner_name, \
             since, measured_at from standing_verdicts where workspace = $1 and owner = $2 \
             order by case verdict when 'defective' then 0 when 'not_proven' then 1 else 2 end, journey, standard limit 500",
        )
        .bind(&self.id)
        .bind(owner)
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(verdict).collect::<Result<_, _>>().map_err(&reading)
    }
}

fn verdict(row: &AnyRow) -> Result<StandingVerdict, sqlx::Error> {
    Ok(StandingVerdict {
        journey: row.try_get(0)?,
        standard: row.try_get(1)?,
        touchpoint: row.try_get(2)?,
        statement: row.try_get(3)?,
        verdict: row.try_get(4)?,
        promise: row.try_get(5)?,
        share: row.try_get(6)?,
        low: row.try_get(7)?,
        high: row.try_get(8)?,
        n: row.try_get(9)?,
        owner: row.try_get(10)?,
        owner_name: row.try_get(11)?,
        since: row.try_get(12)?,
        measured_at: row.try_get(13)?,
    })
}
