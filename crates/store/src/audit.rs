//! What was done, by whom, when and from where: written in the transaction of the change, each line chained to the one before.

use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::error::Error;
use crate::pool::Store;
use crate::workspace::Workspace;

/// Who does something, when and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// `user:ID`, `key:ID` or `system`.
    pub actor: String,
    /// µs.
    pub at: i64,
    /// The address of the caller.
    pub origin: String,
    /// The id of the request.
    pub request: String,
}

/// What is done.
#[derive(Debug, Clone, Copy, Default)]
pub struct Done<'a> {
    /// A verb in the past with its noun: `journey.published`.
    pub action: &'a str,
    /// What it was done to: `journey:ID`.
    pub object: &'a str,
    /// JSON.
    pub before: Option<&'a str>,
    /// JSON.
    pub after: Option<&'a str>,
    /// Why it was refused; `None`: it was done.
    pub refused: Option<&'a str>,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    pub seq: i64,
    pub deed: Deed,
    pub action: String,
    pub object: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// `done`, or `refused: ` and why.
    pub outcome: String,
    /// SHA-256 over the hash before and this line, hexadecimal.
    pub hash: String,
}

/// Which lines somebody looks for; an empty text is any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    pub actor: String,
    pub action: String,
    pub object: String,
    /// µs, half-open.
    pub from: i64,
    pub to: i64,
}

/// What a check of the log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditVerdict {
    /// Every line follows from the one before, up to the head.
    Whole { lines: u64 },
    /// The first line that does not.
    Broken { seq: i64, why: &'static str },
}

/// The scope of what concerns no single workspace.
const INSTALLATION: &str = "";

const WRITING: &str = "writing the audit log";
const READING: &str = "reading the audit log";
const PAGE: i64 = 1000;

impl Workspace {
    /// Writes down what this transaction does.
    pub(crate) async fn record(
        &self,
        deed: &Deed,
        done: Done<'_>,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        record(&self.id, deed, done, transaction).await
    }

    /// Writes down a reading, an export or a refusal, which change nothing else.
    pub async fn record_alone(&self, deed: &Deed, done: Done<'_>) -> Result<(), Error> {
        let writing = Error::database(WRITING);
        let mut transaction = self.store.writer.begin().await.map_err(&writing)?;
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&writing)
    }

    /// Lines of the log, newest first, at most `limit` of those before `before`.
    pub async fn audit(&self, before: i64, limit: u32) -> Result<Vec<AuditLine>, Error> {
        self.store.audit_of(&self.id, before, limit).await
    }

    /// The same of those lines that are sought.
    pub async fn audit_sought(
        &self,
        sought: &Sought,
        before: i64,
        limit: u32,
    ) -> Result<Vec<AuditLine>, Error> {
        let reading = Error::database(READING);
        let rows = sqlx::query(
            "select seq, at, actor, origin, request, action, object, before, after, outcome, hash from audit \
             where workspace = $1 and seq < $2 and ($3 = '' or actor = $3) and ($4 = '' or action = $4) \
             and ($5 = '' or object = $5) and at >= $6 and at < $7 order by seq desc limit $8",
        )
        .bind(&self.id)
        .bind(before)
        .bind(&sought.actor)
        .bind(&sought.action)
        .bind(&sought.object)
        .bind(sought.from)
        .bind(sought.to)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(line).collect::<Result<_, _>>().map_err(&reading)
    }

    /// Whether the log of this workspace is as it was written.
    pub async fn verify_audit(&self) -> Result<AuditVerdict, Error> {
        self.store.verify_audit_of(&self.id).await
    }
}

impl Store {
    /// Lines of the log of a workspace, or with an empty name of the whole installation: for whoever holds the database.
    pub async fn audit_of(
        &self,
        workspace: &str,
        before: i64,
        limit: u32,
    ) -> Result<Vec<AuditLine>, Error> {
        let reading = Error::database(READING);
        let rows = sqlx::query(
            "select seq, at, actor, origin, request, action, object, before, after, outcome, hash from audit \
             where workspace = $1 and seq < $2 order by seq desc limit $3",
        )
        .bind(workspace)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(line).collect::<Result<_, _>>().map_err(&reading)
    }

    /// Writes down something of the whole installation.
    pub(crate) async fn record(
        &self,
        deed: &Deed,
        done: Done<'_>,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        record(INSTALLATION, deed, done, transaction).await
    }

    /// Whether the logs are as they were written: of the whole installation, and of each workspace.
    pub async fn verify_audits(&self) -> Result<Vec<(String, AuditVerdict)>, Error> {
        let known = sqlx::query_scalar("select workspace from audit_heads order by workspace");
        let known: Vec<String> =
            known.fetch_all(&self.readers).await.map_err(Error::database(READING))?;
        let mut verdicts = Vec::with_capacity(known.len());
        for workspace in known {
            let verdict = self.verify_audit_of(&workspace).await?;
            verdicts.push((workspace, verdict));
        }
        Ok(verdicts)
    }

    async fn verify_audit_of(&self, workspace: &str) -> Result<AuditVerdict, Error> {
        let reading = Error::database(READING);
        let mut hash = String::new();
        let mut seq = 0;
        loop {
            let rows = sqlx::query(
                "select seq, at, actor, origin, request, action, object, before, after, outcome, hash from audit \
                 where workspace = $1 and seq > $2 order by seq limit $3",
            )
            .bind(workspace)
            .bind(seq)
            .bind(PAGE)
            .fetch_all(&self.readers)
            .await
            .map_err(&reading)?;
            for row in &rows {
                let line = line(row).map_err(&reading)?;
                if line.seq != seq + 1 {
                    return Ok(AuditVerdict::Broken { seq: seq + 1, why: "it is missing" });
                }
                if line.hash != line.chained_to(&hash) {
                    return Ok(AuditVerdict::Broken { seq: line.seq, why: "it was changed" });
                }
                (seq, hash) = (line.seq, line.hash);
            }
            if (rows.len() as i64) < PAGE {
                break;
            }
        }
        let head = sqlx::query("select seq, hash from audit_heads where workspace = $1")
            .bind(workspace)
            .fetch_optional(&self.readers)
            .await
            .map_err(&reading)?;
        let head: (i64, String) = match head {
            Some(row) => (row.try_get(0).map_err(&reading)?, row.try_get(1).map_err(&reading)?),
            None => (0, String::new()),
        };
        // Lines may have come while this was read; fewer than the head says were cut off.
        if head.0 > seq || (head.0 == seq && head.1 != hash) {
            return Ok(AuditVerdict::Broken { seq: seq + 1, why: "the end was cut off" });
        }
        Ok(AuditVerdict::Whole { lines: seq.cast_unsigned() })
    }
}

/// Writes down what this transaction does in the workspace of this id.
pub(crate) async fn record(
    workspace: &str,
    deed: &Deed,
    done: Done<'_>,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let writing = Error::database(WRITING);
    // The row stays locked until the commit: lines follow each other.
    let head = sqlx::query(
        "insert into audit_heads (workspace, seq, hash) values ($1, 1, '') \
         on conflict (workspace) do update set seq = audit_heads.seq + 1 returning seq, hash",
    )
    .bind(workspace)
    .fetch_one(&mut **transaction)
    .await
    .map_err(&writing)?;
    let before: String = head.try_get(1).map_err(&writing)?;
    let mut line = AuditLine {
        seq: head.try_get(0).map_err(&writing)?,
        deed: deed.clone(),
        action: done.action.to_owned(),
        object: done.object.to_owned(),
        before: done.before.map(str::to_owned),
        after: done.after.map(str::to_owned),
        outcome: done.refused.map_or_else(|| "done".to_owned(), |why| format!("refused: {why}")),
        hash: String::new(),
    };
    line.hash = line.chained_to(&before);
    sqlx::query(
        "insert into audit (workspace, seq, at, actor, origin, request, action, object, before, after, outcome, hash) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(workspace)
    .bind(line.seq)
    .bind(line.deed.at)
    .bind(&line.deed.actor)
    .bind(&line.deed.origin)
    .bind(&line.deed.request)
    .bind(&line.action)
    .bind(&line.object)
    .bind(&line.before)
    .bind(&line.after)
    .bind(&line.outcome)
    .bind(&line.hash)
    .execute(&mut **transaction)
    .await
    .map_err(&writing)?;
    sqlx::query("update audit_heads set hash = $2 where workspace = $1")
        .bind(workspace)
        .bind(&line.hash)
        .execute(&mut **transaction)
        .await
        .map(|_| ())
        .map_err(&writing)
}

impl AuditLine {
    /// The hash of this line behind one with the hash `before`.
    fn chained_to(&self, before: &str) -> String {
        let numbers = [self.seq.to_string(), self.deed.at.to_string()];
        let absent = "\u{0}";
        let texts = [
            before,
            &numbers[0],
            &numbers[1],
            &self.deed.actor,
            &self.deed.origin,
            &self.deed.request,
            &self.action,
            &self.object,
            self.before.as_deref().unwrap_or(absent),
            self.after.as_deref().unwrap_or(absent),
            &self.outcome,
        ];
        let mut hash = Sha256::new();
        for text in texts {
            // With its length, so that no two lines read alike.
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn line(row: &AnyRow) -> Result<AuditLine, sqlx::Error> {
    Ok(AuditLine {
        seq: row.try_get(0)?,
        deed: Deed {
            at: row.try_get(1)?,
            actor: row.try_get(2)?,
            origin: row.try_get(3)?,
            request: row.try_get(4)?,
        },
        action: row.try_get(5)?,
        object: row.try_get(6)?,
        before: row.try_get(7)?,
        after: row.try_get(8)?,
        outcome: row.try_get(9)?,
        hash: row.try_get(10)?,
    })
}
