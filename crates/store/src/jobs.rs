//! Work to be done later, or by another process: each job by one worker at a time, again if that one dies.
//!
//! A worker has a job for a while and says again and again that it is alive. One that is not heard of loses the job to the
//! next; what it says afterwards is not heard, because the attempt that it speaks for is over. So a job may be begun more
//! than once, and is ended once: its work has to be of a kind that may be done again.

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::pool::Store;
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
    /// Attempts that failed or are under way; not those that were put off for another reason.
    pub tries: u64,
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub job: Job,
    pub attempts: u64,
    /// µs.
    pub run_at: i64,
    /// Until then a worker has it.
    pub held_until: Option<i64>,
    pub done_at: Option<i64>,
    /// When it was given up.
    pub dead_at: Option<i64>,
    /// Why the last attempt failed.
    pub failure: Option<String>,
}

/// How often a worker looks again when another one was faster.
const TRIES: usize = 100;

impl Store {
    /// The workspaces in which a job is due that nobody has.
    pub async fn workspaces_with_jobs(&self, now: i64) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "select distinct workspace from jobs where done_at is null and run_at <= $1 and dead_at is null \
             and (held_until is null or held_until <= $1) order by workspace",
        )
        .bind(now)
        .fetch_all(&self.readers)
        .await
        .map_err(Error::database("looking for jobs"))
    }
}

impl Workspace {
    /// Asks for a job, not before `run_at` (µs); `false` if it is asked for already.
    pub async fn enqueue(&self, job: &Job, run_at: i64) -> Result<bool, Error> {
        let asked = sqlx::query(ENQUEUE)
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
                "select id from jobs where workspace = $1 and done_at is null and run_at <= $2 and dead_at is null \
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
             and done_at is null and dead_at is null and run_at <= $3 and (held_until is null or held_until <= $3) \
             returning id, kind, input, attempts, forgiven",
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

    /// The attempt found nothing to do yet, and does not count as a try; `false` if the job is this worker's no more.
    pub async fn postpone(&self, attempt: &Attempt, run_at: i64) -> Result<bool, Error> {
        self.change(attempt, "run_at = $4, held_until = null, forgiven = attempts", run_at, None)
            .await
    }

    /// Nobody tries any more; `false` if the job is this worker's no more.
    pub async fn give_up(&self, attempt: &Attempt, why: &str, now: i64) -> Result<bool, Error> {
        let set = "dead_at = $4, held_until = null, key = null, failure = $5";
        self.change(attempt, set, now, Some(why)).await
    }

    /// Tries a job again that was given up, as if for the first time; `false` if there is none.
    pub async fn revive(&self, id: &str, deed: &Deed) -> Result<bool, Error> {
        let reviving = Error::database("trying a job again");
        let mut transaction = self.store.writer.begin().await.map_err(&reviving)?;
        let revived = sqlx::query(
            "update jobs set dead_at = null, run_at = $3, forgiven = attempts \
             where workspace = $1 and id = $2 and dead_at is not null",
        )
        .bind(&self.id)
        .bind(id)
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&reviving)?;
        if revived.rows_affected() == 0 {
            return Ok(false);
        }
        let object = format!("job:{id}");
        let done = Done { action: "job.revived", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&reviving)?;
        Ok(true)
    }

    /// Takes away jobs that were done before `before` (µs).
    pub async fn forget_jobs(&self, before: i64) -> Result<u64, Error> {
        let gone = sqlx::query("delete from jobs where workspace = $1 and done_at < $2")
            .bind(&self.id)
            .bind(before)
            .execute(&self.store.writer)
            .await
            .map_err(Error::database("taking away jobs that are done"))?;
        Ok(gone.rows_affected())
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
            "update jobs set {set} where workspace = $1 and id = $2 and attempts = $3 and done_at is null and dead_at is null \
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
        self.jobs_where("1 = 1", after, limit).await
    }

    /// Jobs that are to be done.
    pub async fn waiting_jobs(&self, after: &str, limit: u32) -> Result<Vec<Standing>, Error> {
        self.jobs_where("done_at is null and dead_at is null", after, limit).await
    }

    /// Jobs that were given up.
    pub async fn dead_jobs(&self, after: &str, limit: u32) -> Result<Vec<Standing>, Error> {
        self.jobs_where("dead_at is not null", after, limit).await
    }

    async fn jobs_where(
        &self,
        condition: &'static str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Standing>, Error> {
        let reading = Error::database("reading jobs");
        let sql = format!(
            "select id, kind, input, key, attempts, run_at, held_until, done_at, dead_at, failure from jobs \
             where workspace = $1 and id > $2 and {condition} order by id limit $3",
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.store.readers)
            .await
            .map_err(&reading)?;
        rows.iter().map(standing).collect::<Result<_, _>>().map_err(&reading)
    }
}

/// Asks for a job in the transaction of what it follows from.
pub(crate) async fn enqueue_in(
    workspace: &Workspace,
    job: &Job,
    run_at: i64,
    transaction: &mut Transaction<'_, Any>,
) -> Result<bool, Error> {
    let asked = sqlx::query(ENQUEUE)
        .bind(&workspace.id)
        .bind(&job.id)
        .bind(&job.kind)
        .bind(&job.input)
        .bind(&job.key)
        .bind(run_at)
        .execute(&mut **transaction)
        .await
        .map_err(Error::database("asking for a job"))?;
    Ok(asked.rows_affected() == 1)
}

const ENQUEUE: &str = "insert into jobs (workspace, id, kind, input, key, run_at, attempts) \
                       values ($1, $2, $3, $4, $5, $6, 0) on conflict do nothing";

fn attempt(row: &AnyRow) -> Result<Attempt, sqlx::Error> {
    let number = row.try_get::<i64, _>(3)?.cast_unsigned();
    Ok(Attempt {
        id: row.try_get(0)?,
        kind: row.try_get(1)?,
        input: row.try_get(2)?,
        number,
        tries: number.saturating_sub(row.try_get::<i64, _>(4)?.cast_unsigned()),
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
        held_until: row.try_get(6)?,
        done_at: row.try_get(7)?,
        dead_at: row.try_get(8)?,
        failure: row.try_get(9)?,
    })
}
