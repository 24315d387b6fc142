//! Takes the findings and verdicts of a measurement: known ones are known again by their key, the others are new.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::changes::Tell;
use super::verdicts::{Judged, Turned};
use super::{COLUMNS, Entry, Finding, finding, write_down};
use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::ids::new_id;
use crate::notifications::notify_in;
use crate::webhooks::announce_in;
use crate::workspace::Workspace;

/// What a measurement of a journey found.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement<'a> {
    pub journey: &'a str,
    pub version: Option<i64>,
    /// The horizon, µs.
    pub as_of: i64,
    /// The same measurement has the same.
    pub hash: &'a str,
    pub found: Vec<Found>,
    pub judged: Vec<Judged>,
}

/// A finding of a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// By which it is known again.
    pub key: String,
    pub kind: String,
    pub about: String,
    pub touchpoint: Option<String>,
    pub owner: Option<String>,
    pub owner_name: Option<String>,
    pub sentence: String,
    pub customers: i64,
    pub score: f64,
    /// JSON.
    pub snapshot: String,
    pub size: SizeFound,
}

/// The first number behind a finding.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SizeFound {
    pub what: String,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: i64,
}

/// What a measurement changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeptFindings {
    /// `false`: the same measurement, or a later one, was kept before; nothing changed.
    pub is_taken: bool,
    pub new: Vec<Finding>,
    pub reopened: Vec<Finding>,
    /// Not found for a while, and taken for gone.
    pub gone: Vec<Finding>,
    pub turned: Vec<Turned>,
}

/// After so many measurements in a row that did not find it, what nobody had confirmed is gone.
const ABSENCES: i64 = 3;

const KEEPING: &str = "keeping findings";

impl Workspace {
    /// Keeps what a measurement found. `tell` says who is told of it, in the same transaction.
    pub async fn keep_findings(
        &self,
        measurement: &Measurement<'_>,
        deed: &Deed,
        tell: impl FnOnce(&KeptFindings) -> Tell + Send,
    ) -> Result<KeptFindings, Error> {
        let keeping = Error::database(KEEPING);
        let mut transaction = self.store.writer.begin().await.map_err(&keeping)?;
        if !self.take_measurement(measurement, deed, &mut transaction).await? {
            return Ok(KeptFindings::default());
        }
        let mut kept = KeptFindings { is_taken: true, ..KeptFindings::default() };
        let known = self.known(measurement.journey, &mut transaction).await?;
        let mut seen = BTreeSet::new();
        for (id, found) in by_finding(measurement, &known) {
            match id {
                None => {
                    let new =
                        self.begin_finding(measurement, found, deed, &mut transaction).await?;
                    kept.new.push(new);
                }
                Some(id) => {
                    seen.insert(id.clone());
                    let before = &known[&found.key];
                    if self.see((before, found), measurement, deed, &mut transaction).await? {
                        kept.reopened.push(Finding { state: "known".to_owned(), ..before.clone() });
                    }
                }
            }
        }
        let unseen: BTreeMap<&str, &Finding> =
            known.values().filter(|it| !seen.contains(&it.id)).map(|it| (&*it.id, it)).collect();
        for missed in unseen.into_values() {
            if self.miss(missed, deed, &mut transaction).await? {
                kept.gone.push(missed.clone());
            }
        }
        kept.turned = self.judge(measurement, &mut transaction).await?;
        let Tell { news, notices } = tell(&kept);
        for news in &news {
            announce_in(self, news, deed.at, &mut transaction).await?;
        }
        for notice in &notices {
            notify_in(self, notice, deed.at, &mut transaction).await?;
        }
        transaction.commit().await.map_err(&keeping)?;
        Ok(kept)
    }

    /// `false` if this measurement or a later one was taken before.
    async fn take_measurement(
        &self,
        measurement: &Measurement<'_>,
        deed: &Deed,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<bool, Error> {
        let taking = Error::database(KEEPING);
        let latest: Option<i64> = sqlx::query_scalar(
            "select max(as_of) from finding_measurements where workspace = $1 and journey = $2",
        )
        .bind(&self.id)
        .bind(measurement.journey)
        .fetch_one(&mut **transaction)
        .await
        .map_err(&taking)?;
        if latest.is_some_and(|latest| latest > measurement.as_of) {
            return Ok(false);
        }
        let taken = sqlx::query(
            "insert into finding_measurements (workspace, journey, hash, as_of, version, kept_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        )
        .bind(&self.id)
        .bind(measurement.journey)
        .bind(measurement.hash)
        .bind(measurement.as_of)
        .bind(measurement.version)
        .bind(deed.at)
        .execute(&mut **transaction)
        .await
        .map_err(&taking)?;
        if taken.rows_affected() == 0 {
            return Ok(false);
        }
        // The log's head is held from here on: whatever else changes findings waits.
        let object = format!("journey:{}", measurement.journey);
        let after = format!("{{\"found\":{}}}", measurement.found.len());
        let done = Done {
            action: "findings.kept",
            object: &object,
            after: Some(&after),
            ..Done::default()
        };
        self.record(deed, done, transaction).await?;
        Ok(true)
    }

    /// Findings of a journey by their keys.
    async fn known(
        &self,
        journey: &str,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<BTreeMap<String, Finding>, Error> {
        let reading = Error::database(KEEPING);
        let columns: Vec<String> =
            COLUMNS.split(", ").map(|column| format!("f.{}", column.trim())).collect();
        let sql = format!(
            "select {}, k.key from finding_keys k join findings f on f.workspace = k.workspace and f.id = k.finding \
             where k.workspace = $1 and k.journey = $2",
            columns.join(", ")
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(journey)
            .fetch_all(&mut **transaction)
            .await
            .map_err(&reading)?;
        let pair = |row: &sqlx::any::AnyRow| Ok((row.try_get(columns.len())?, finding(row)?));
        rows.iter().map(pair).collect::<Result<_, _>>().map_err(&reading)
    }

    async fn begin_finding(
        &self,
        measurement: &Measurement<'_>,
        found: &Found,
        deed: &Deed,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<Finding, Error> {
        let new = Finding {
            id: new_id(deed.at),
            journey: measurement.journey.to_owned(),
            version: measurement.version,
            kind: found.kind.clone(),
            about: found.about.clone(),
            touchpoint: found.touchpoint.clone(),
            state: "new".to_owned(),
            reason: None,
            owner: found.owner.clone(),
            owner_name: found.owner_name.clone(),
            sentence: found.sentence.clone(),
            customers: found.customers,
            score: found.score,
            snapshot: found.snapshot.clone(),
            source: "measured".to_owned(),
            found_at: measurement.as_of,
            seen_at: measurement.as_of,
            absences: 0,
            reopened: 0,
            merged_into: None,
        };
        self.insert_finding(&new, Some(&found.key), transaction).await?;
        let entry = Entry {
            what: "found",
            after: Some("new"),
            note: Some(&found.sentence),
            ..Entry::default()
        };
        write_down(self, &new.id, entry, deed, transaction).await?;
        self.size(&new.id, found, measurement, transaction).await?;
        Ok(new)
    }

    /// A known finding was found again; whether that reopens it.
    async fn see(
        &self,
        (before, found): (&Finding, &Found),
        measurement: &Measurement<'_>,
        deed: &Deed,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<bool, Error> {
        let is_reopened = before.state == "resolved";
        let state = match &*before.state {
            "new" | "resolved" => "known",
            other => other,
        };
        sqlx::query(
            "update findings set version = $3, sentence = $4, customers = $5, score = $6, snapshot = $7, seen_at = $8, \
             absences = 0, state = $9, reopened = reopened + $10, reason = case when $10 = 1 then null else reason end, \
             owner = case when owner_chosen = 1 then owner else $11 end, owner_name = $12 \
             where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(&before.id)
        .bind(measurement.version)
        .bind(&found.sentence)
        .bind(found.customers)
        .bind(found.score)
        .bind(&found.snapshot)
        .bind(measurement.as_of)
        .bind(state)
        .bind(i64::from(is_reopened))
        .bind(&found.owner)
        .bind(&found.owner_name)
        .execute(&mut **transaction)
        .await
        .map_err(Error::database(KEEPING))?;
        self.size(&before.id, found, measurement, transaction).await?;
        if state != before.state {
            let what = if is_reopened { "reopened" } else { "found_again" };
            let entry = Entry {
                what,
                before: Some(&before.state),
                after: Some(state),
                note: Some(&found.sentence),
            };
            write_down(self, &before.id, entry, deed, transaction).await?;
        }
        Ok(is_reopened)
    }

    /// A known finding was not found; whether it is taken for gone.
    async fn miss(
        &self,
        missed: &Finding,
        deed: &Deed,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<bool, Error> {
        let is_gone = missed.absences + 1 >= ABSENCES && matches!(&*missed.state, "new" | "known");
        sqlx::query(
            "update findings set absences = absences + 1, state = case when $3 = 1 then 'resolved' else state end, \
             reason = case when $3 = 1 then $4 else reason end where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(&missed.id)
        .bind(i64::from(is_gone))
        .bind(NOT_FOUND)
        .execute(&mut **transaction)
        .await
        .map_err(Error::database(KEEPING))?;
        if is_gone {
            let entry = Entry {
                what: "state",
                before: Some(&missed.state),
                after: Some("resolved"),
                note: Some(NOT_FOUND),
            };
            write_down(self, &missed.id, entry, deed, transaction).await?;
        }
        Ok(is_gone)
    }

    async fn size(
        &self,
        finding: &str,
        found: &Found,
        measurement: &Measurement<'_>,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        sqlx::query(
            "insert into finding_sizes (workspace, finding, at, version, score, customers, what, value, low, high, n) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (workspace, finding, at) do update set \
             version = excluded.version, score = excluded.score, customers = excluded.customers, what = excluded.what, \
             value = excluded.value, low = excluded.low, high = excluded.high, n = excluded.n",
        )
        .bind(&self.id)
        .bind(finding)
        .bind(measurement.as_of)
        .bind(measurement.version)
        .bind(found.score)
        .bind(found.customers)
        .bind(&found.size.what)
        .bind(found.size.value)
        .bind(found.size.low)
        .bind(found.size.high)
        .bind(found.size.n)
        .execute(&mut **transaction)
        .await
        .map(|_| ())
        .map_err(Error::database(KEEPING))
    }
}

/// The reason of what is gone by itself.
const NOT_FOUND: &str = "not found any more";

/// Of keys that were merged the largest stands for the finding.
fn by_finding<'a>(
    measurement: &'a Measurement<'_>,
    known: &BTreeMap<String, Finding>,
) -> Vec<(Option<String>, &'a Found)> {
    let mut of_known: BTreeMap<&str, &Found> = BTreeMap::new();
    let mut of_key: BTreeMap<&str, &Found> = BTreeMap::new();
    for found in &measurement.found {
        let (place, name) = match known.get(&found.key) {
            Some(finding) => (&mut of_known, &*finding.id),
            None => (&mut of_key, &*found.key),
        };
        let largest = place.entry(name).or_insert(found);
        if found.score > largest.score {
            *largest = found;
        }
    }
    let known = of_known.into_iter().map(|(id, found)| (Some(id.to_owned()), found));
    let new = of_key.into_values().map(|found| (None, found));
    known.chain(new).collect()
}
