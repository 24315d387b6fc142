//! The verdict on each standard as it stands, and when its owner has to be told.

use std::collections::BTreeMap;

use sqlx::{Any, Row, Transaction};

use super::keep::Measurement;
use crate::error::Error;
use crate::workspace::Workspace;

/// A verdict on a standard.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub standard: String,
    pub touchpoint: Option<String>,
    pub statement: String,
    /// `meets`, `defective` or `not_proven`.
    pub verdict: String,
    /// It stands among the proven defects when all standards are judged at once.
    pub is_listed: bool,
    pub promise: f64,
    pub share: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: i64,
    pub owner: Option<String>,
    pub owner_name: Option<String>,
}

/// A standard whose owner has to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Turned {
    pub judged: Judged,
    /// Or it meets its promise again.
    pub is_defective: bool,
}

const JUDGING: &str = "keeping verdicts";

impl Workspace {
    /// Keeps the verdicts, and says which standards turned. A standard becomes defective when its whole interval lies below
    /// the promise and it stands among the proven ones; it is sound again only when its whole interval lies above. In
    /// between nothing is told, however often the verdict changes.
    pub(super) async fn judge(
        &self,
        measurement: &Measurement<'_>,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<Vec<Turned>, Error> {
        let judging = Error::database(JUDGING);
        let rows = sqlx::query(
            "select standard, verdict, told, since from standing_verdicts where workspace = $1 and journey = $2",
        )
        .bind(&self.id)
        .bind(measurement.journey)
        .fetch_all(&mut **transaction)
        .await
        .map_err(&judging)?;
        let mut known: BTreeMap<String, (String, String, i64)> = BTreeMap::new();
        for row in rows {
            let read =
                || Ok((row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?)));
            let (standard, standing) = read().map_err(&judging)?;
            known.insert(standard, standing);
        }
        let mut turned = Vec::new();
        for judged in &measurement.judged {
            let before = known.get(&judged.standard);
            let was = before.map_or(SOUND, |(_, told, _)| told.as_str());
            let told = match &*judged.verdict {
                DEFECTIVE if judged.is_listed => DEFECTIVE,
                "meets" => SOUND,
                _ => was,
            };
            let since = before
                .filter(|(verdict, _, _)| *verdict == judged.verdict)
                .map_or(measurement.as_of, |(_, _, since)| *since);
            if told != was {
                turned.push(Turned { judged: judged.clone(), is_defective: told == DEFECTIVE });
            }
            self.stand(judged, measurement, (told, since), transaction).await?;
        }
        Ok(turned)
    }

    async fn stand(
        &self,
        judged: &Judged,
        measurement: &Measurement<'_>,
        (told, since): (&str, i64),
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        sqlx::query(
            "insert into standing_verdicts (workspace, journey, standard, touchpoint, statement, verdict, told, promise, \
             share, low, high, n, owner, owner_name, since, measured_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
             on conflict (workspace, journey, standard) do update set touchpoint = excluded.touchpoint, \
             statement = excluded.statement, verdict = excluded.verdict, told = excluded.told, \
             promise = excluded.promise, share = excluded.share, low = excluded.low, high = excluded.high, n = excluded.n, \
             owner = excluded.owner, owner_name = excluded.owner_name, since = excluded.since, \
             measured_at = excluded.measured_at",
        )
        .bind(&self.id)
        .bind(measurement.journey)
        .bind(&judged.standard)
        .bind(&judged.touchpoint)
        .bind(&judged.statement)
        .bind(&judged.verdict)
        .bind(told)
        .bind(judged.promise)
        .bind(judged.share)
        .bind(judged.low)
        .bind(judged.high)
        .bind(judged.n)
        .bind(&judged.owner)
        .bind(&judged.owner_name)
        .bind(since)
        .bind(measurement.as_of)
        .execute(&mut **transaction)
        .await
        .map(|_| ())
        .map_err(Error::database(JUDGING))
    }
}

const DEFECTIVE: &str = "defective";
const SOUND: &str = "sound";
