//! Work to be done later, or by another process: each job by one worker at a time, again if that one dies.
//!
//! A worker has a job for a while and says again and again that it is alive. One that is not heard of loses the job to the
//! next; what it says afterwards is not heard, because the attempt that it speaks for is over. So a job may be begun more
//! than once, and is ended once: its work has to be of a kind that may be done again.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::Error;
use crate::workspace::Workspace;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// A UUID of version 7.
    pub id: String,
    pub kind: String,
    /// JSON.
    pub input: String,
    /// As long as a job of this key has not ended, another one is not taken.
    pub key: Option<String>,
}

/// A job that a worker has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub id: String,
    pub kind: String,
    pub input: String,
    /// From 1.
    pub number: u64,
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub job: Job,
    pub attempts: u64,
    /// µs.
    pub run_at: i64,
    pub done_at: Option<i64>,
    /// Why the last attempt failed.
    pub failure: Option<String>,
}

/// How often a worker looks again when another one was faster.
const TRIES: usize = 100;

impl Workspace {
    /// Asks for a job, not before `run_at` (µs); `false` if it is asked for already.
    pub async fn enqueue(&self, job: &Job, run_at: i64) -> Result<bool, Error> {
        let asked = sqlx::query(
            "insert into jobs (workspace, id, kind, input, key, run_at, attempts) values ($1, $2, $3, $4, $5, $6, 0) \
             on conflict do nothing",
        )
        .bind(&self.id)
        .bind(&job.id)
        .bind(&job.kind)
        .bind(&job.input)
        .bind(&job.key)
        .bind(run_at)
        .execute(&self.store.writer)
        .await
        .map_err(Error::database("asking for a job"))?;
        Ok(asked.rows_affected() == 1)
    }

    /// Takes the job that is due longest and that nobody has, until `until` (µs).
    pub async fn claim(&self, now: i64, until: i64) -> Result<Option<Attempt>, Error> {
        for _ in 0..TRIES {
            let due: Option<String> = sqlx::query_scalar(
                "select id from jobs where workspace = $1 and done_at is null and run_at <= $2 \
                 and (held_until is null or held_until <= $2) order by run_at, id limit 1",
            )
            .bind(&self.id)
            .bind(now)
            .fetch_optional(&self.store.writer)
            .await
            .map_err(Error::database("looking for a job"))?;
            let Some(id) = due else { return Ok(None) };
            if let Some(attempt) = self.begin(&id, now, until).await? {
                return Ok(Some(attempt));
            }
        }
        Ok(None)
    }

    /// `None` if another worker was faster.
    async fn begin(&self, id: &str, now: i64, until: i64) -> Result<Option<Attempt>, Error> {
        let taking = Error::database("taking a job");
        let taken = sqlx::query(
            "update jobs set held_until = $4, attempts = attempts + 1 where workspace = $1 and id = $2 \
             and done_at is null and run_at <= $3 and (held_until is null or held_until <= $3) \
             returning id, kind, input, attempts",
        )
        .bind(&self.id)
        .bind(id)
        .bind(now)
        .bind(until)
        .fetch_optional(&self.store.writer)
        .await
        .map_err(&taking)?;
        taken.as_ref().map(attempt).transpose().map_err(&taking)
    }

    /// Keeps a job until `until` (µs); `false` if it is this worker's no more.
    pub async fn keep(&self, attempt: &Attempt, until: i64) -> Result<bool, Error> {
        self.change(attempt, "held_until = $4", until, None).await
    }

    /// The job is done; `false` if it is this worker's no more.
    pub async fn finish(&self, attempt: &Attempt, now: i64) -> Result<bool, Error> {
        self.change(attempt, "done_at = $4, held_until = null, key = null", now, None).await
    }

    /// The attempt failed and another one is due at `run_at` (µs); `false` if the job is this worker's no more.
    pub async fn put_off(&self, attempt: &Attempt, why: &str, run_at: i64) -> Result<bool, Error> {
        self.change(attempt, "run_at = $4, held_until = null, failure = $5", run_at, Some(why))
            .await
    }

    /// Changes a job as long as this attempt is the latest.
    async fn change(
        &self,
        attempt: &Attempt,
        set: &'static str,
        at: i64,
        why: Option<&str>,
    ) -> Result<bool, Error> {
        let sql = format!(
            "update jobs set {set} where workspace = $1 and id = $2 and attempts = $3 and done_at is null \
             and held_until is not null"
        );
        let mut update = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(&attempt.id)
            .bind(attempt.number.cast_signed())
            .bind(at);
        if let Some(why) = why {
            update = update.bind(why);
        }
        let changed = update
            .execute(&self.store.writer)
            .await
            .map_err(Error::database("saying how a job stands"))?;
        Ok(changed.rows_affected() == 1)
    }

    /// Jobs by id, those that have ended among them; at most `limit` after the one named.
    pub async fn jobs(&self, after: &str, limit: u32) -> Result<Vec<Standing>, Error> {
        let reading = Error::database("reading jobs");
        let rows = sqlx::query(
            "select id, kind, input, key, attempts, run_at, done_at, failure from jobs \
             where workspace = $1 and id > $2 order by id limit $3",
        )
        .bind(&self.id)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(standing).collect::<Result<_, _>>().map_err(&reading)
    }
}

fn attempt(row: &AnyRow) -> Result<Attempt, sqlx::Error> {
    Ok(Attempt {
        id: row.try_get(0)?,
        kind: row.try_get(1)?,
        input: row.try_get(2)?,
        number: row.try_get::<i64, _>(3)?.cast_unsigned(),
    })
}

fn standing(row: &AnyRow) -> Result<Standing, sqlx::Error> {
    let job = Job {
        id: row.try_get(0)?,
        kind: row.try_get(1)?,
        input: row.try_get(2)?,
        key: row.try_get(3)?,
    };
    Ok(Standing {
        job,
        attempts: row.try_get::<i64, _>(4)?.cast_unsigned(),
        run_at: row.try_get(5)?,
        done_at: row.try_get(6)?,
        failure: row.try_get(7)?,
    })
}
