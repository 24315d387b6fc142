//! The lake's list of files: which are alive, and how the list changes, whole or not at all.

use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction, query, query_scalar};

use crate::erasures::{Erasure, erasure};
use crate::error::Error;
use crate::values::{ROWS, signed};
use crate::workspace::Workspace;

/// A file of events: one month, one bucket of customers, sorted by customer and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Rises with the order in which files came.
    pub id: i64,
    pub begin_snapshot: i64,
    pub new: NewFile,
}

/// What is known of a file when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Below the lake's folder, with `/` between folders.
    pub path: String,
    pub records: u64,
    pub bytes: u64,
    /// Bytes of Parquet's footer.
    pub footer: u64,
    /// Months since 1970-01.
    pub month: i64,
    pub bucket: u32,
    /// µs, UTC, of the first and the last event.
    pub span: (i64, i64),
    /// XXH3-128 of all bytes, hexadecimal.
    pub checksum: String,
}

/// A column of the lake; its number is the field id in every file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeColumn {
    pub id: i64,
    pub name: String,
}

/// The lake at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub id: i64,
    /// Events of the tail up to this one are in files.
    pub tail_seq: i64,
    /// In the order in which they came.
    pub files: Vec<DataFile>,
    /// By number.
    pub columns: Vec<LakeColumn>,
    pub erasures: Vec<Erasure>,
}

/// A step from one snapshot to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// In a word or two: `flush`, `compact`.
    pub why: String,
    /// Each was announced by [`Workspace::announce`].
    pub added: Vec<NewFile>,
    /// Files that `added` replaces.
    pub removed: Vec<DataFile>,
    /// Events of the tail up to this one are in `added`.
    pub tail_seq: Option<i64>,
    /// Customers who are in no file any more.
    pub erased: Vec<Erasure>,
    /// The file whose events are in `added`: it is not imported twice.
    pub import: Option<Import>,
    /// What was known of wishes before anything of `added` was read: a wish that came since holds for `added` too.
    pub seen: Option<Seen>,
}

/// Which wishes to be forgotten were known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    snapshot: i64,
    wishes: Vec<Erasure>,
}

/// A file of events, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Hash of all its bytes.
    pub content: String,
    /// Which column was taken for which, and the zone of its times.
    pub understood: String,
}

const LISTING: &str = "reading the list of files";
const COMMITTING: &str = "changing the list of files";

impl Workspace {
    /// The lake as it is now.
    pub async fn snapshot(&self) -> Result<Snapshot, Error> {
        let listing = Error::database(LISTING);
        // Erasures first: one that is done in between is done in the files of the snapshot as well.
        let erasures = self.erasures().await?;
        let last = query(
            "select snapshot_id, tail_seq from ducklake_snapshot where workspace = $1 order by snapshot_id desc limit 1",
        )
        .bind(&self.id)
        .fetch_optional(&self.store.readers)
        .await
        .map_err(&listing)?;
        let Some(last) = last else {
            let columns = self.columns().await?;
            return Ok(Snapshot { columns, erasures, ..Snapshot::default() });
        };
        let (id, tail_seq): (i64, i64) =
            (last.try_get(0).map_err(&listing)?, last.try_get(1).map_err(&listing)?);
        let rows = query(include_str!("files_of_snapshot.sql"))
            .bind(&self.id)
            .bind(id)
            .fetch_all(&self.store.readers)
            .await
            .map_err(&listing)?;
        let files = rows.iter().map(file).collect::<Result<_, _>>().map_err(&listing)?;
        Ok(Snapshot { id, tail_seq, files, columns: self.columns().await?, erasures })
    }

    async fn columns(&self) -> Result<Vec<LakeColumn>, Error> {
        let listing = Error::database(LISTING);
        let rows = query(
            "select column_id, column_name from ducklake_column where workspace = $1 order by column_id",
        )
        .bind(&self.id)
        .fetch_all(&self.store.readers)
        .await
        .map_err(&listing)?;
        let column = |row: &AnyRow| Ok(LakeColumn { id: row.try_get(0)?, name: row.try_get(1)? });
        rows.iter().map(column).collect::<Result<_, _>>().map_err(&listing)
    }

    /// All columns, after those of `names` that were unknown got numbers.
    pub async fn with_columns(&self, names: &[&str]) -> Result<Vec<LakeColumn>, Error> {
        let adding = Error::database("adding columns");
        let mut transaction = self.store.writer.begin().await.map_err(&adding)?;
        for name in names {
            let known: i64 = query_scalar(
                "select count(*) from ducklake_column where workspace = $1 and column_name = $2",
            )
            .bind(&self.id)
            .bind(*name)
            .fetch_one(&mut *transaction)
            .await
            .map_err(&adding)?;
            if known == 0 {
                let id = self.next("last_column", 1, &mut transaction).await?;
                query("insert into ducklake_column (workspace, column_id, column_name) values ($1, $2, $3)")
                    .bind(&self.id)
                    .bind(id)
                    .bind(*name)
                    .execute(&mut *transaction)
                    .await
                    .map_err(&adding)?;
            }
        }
        transaction.commit().await.map_err(&adding)?;
        self.columns().await
    }

    /// Says which files are about to be written, so that those of an interrupted step are found and deleted.
    pub async fn announce(&self, paths: &[String], now: i64) -> Result<(), Error> {
        let announcing = Error::database("announcing files");
        let mut transaction = self.store.writer.begin().await.map_err(&announcing)?;
        self.pend(paths.iter().map(String::as_str), "writing", now, &mut transaction).await?;
        transaction.commit().await.map_err(&announcing)
    }

    /// Takes a step: exactly the files named go and come, or nothing changes. Gives back the new snapshot's number.
    ///
    /// [`Error::Conflict`]: another step was faster. `now` is in µs.
    pub async fn commit(&self, change: &Change, now: i64) -> Result<i64, Error> {
        let committing = Error::database(COMMITTING);
        let mut transaction = self.store.writer.begin().await.map_err(&committing)?;
        let snapshot = self.next("last_snapshot", 1, &mut transaction).await?;
        self.remove(change, snapshot, now, &mut transaction).await?;
        self.add(&change.added, snapshot, &mut transaction).await?;
        if let Some(seen) = change.seen.as_ref().filter(|_| !change.added.is_empty()) {
            self.raise_wishes(seen, snapshot, &mut transaction).await?;
        }
        if let Some(seq) = change.tail_seq {
            query("delete from tail where workspace = $1 and seq <= $2")
                .bind(&self.id)
                .bind(seq)
                .execute(&mut *transaction)
                .await
                .map_err(&committing)?;
        }
        for erasure in &change.erased {
            query(
                "update erasures set done_at = $4 where workspace = $1 and customer = $2 and snapshot = $3",
            )
            .bind(&self.id)
            .bind(signed(erasure.customer))
            .bind(erasure.snapshot)
            .bind(now)
            .execute(&mut *transaction)
            .await
            .map_err(&committing)?;
        }
        if let Some(import) = &change.import {
            query(
                "insert into imports (workspace, content, understood, at) values ($1, $2, $3, $4)",
            )
            .bind(&self.id)
            .bind(&import.content)
            .bind(&import.understood)
            .bind(now)
            .execute(&mut *transaction)
            .await
            .map_err(&committing)?;
        }
        query(
            "insert into ducklake_snapshot (workspace, snapshot_id, snapshot_time, changes_made, tail_seq) \
             select $1, $2, $3, $4, case when $5 > coalesce(max(tail_seq), 0) then $5 else coalesce(max(tail_seq), 0) end \
             from ducklake_snapshot where workspace = $1",
        )
        .bind(&self.id)
        .bind(snapshot)
        .bind(now)
        .bind(&change.why)
        .bind(change.tail_seq.unwrap_or(0))
        .execute(&mut *transaction)
        .await
        .map_err(&committing)?;
        transaction.commit().await.map_err(&committing)?;
        Ok(snapshot)
    }

    /// Which wishes to be forgotten are known, for a step that is about to begin.
    pub async fn seen(&self) -> Result<Seen, Error> {
        // The number first: a wish that comes in between is among those known, and nothing has been read yet.
        let snapshot = query_scalar("select last_snapshot from workspaces where id = $1")
            .bind(&self.id)
            .fetch_one(&self.store.readers)
            .await
            .map_err(Error::database(LISTING))?;
        Ok(Seen { snapshot, wishes: self.erasures().await? })
    }

    /// Wishes that came while the files of this step were made hold for these files too.
    async fn raise_wishes(
        &self,
        seen: &Seen,
        snapshot: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        let committing = Error::database(COMMITTING);
        let rows = query(
            "select customer, snapshot from erasures where workspace = $1 and snapshot >= $2",
        )
        .bind(&self.id)
        .bind(seen.snapshot)
        .fetch_all(&mut **transaction)
        .await
        .map_err(&committing)?;
        for row in &rows {
            let wish = erasure(row).map_err(&committing)?;
            if seen.wishes.contains(&wish) {
                continue;
            }
            query(
                "update erasures set snapshot = $3, done_at = null where workspace = $1 and customer = $2",
            )
            .bind(&self.id)
            .bind(signed(wish.customer))
            .bind(snapshot)
            .execute(&mut **transaction)
            .await
            .map_err(&committing)?;
        }
        Ok(())
    }

    /// Whether a file was imported.
    ///
    /// [`Error::Conflict`]: it was, and understood in another way.
    pub async fn is_imported(&self, import: &Import) -> Result<bool, Error> {
        let known: Option<String> =
            query_scalar("select understood from imports where workspace = $1 and content = $2")
                .bind(&self.id)
                .bind(&import.content)
                .fetch_optional(&self.store.readers)
                .await
                .map_err(Error::database("looking up an import"))?;
        match known {
            Some(known) if known != import.understood => Err(Error::Conflict(
                "this file was imported before with another --map or --zone, and its events are stored as they were \
                 understood then; begin a new data folder to read it differently"
                    .to_owned(),
            )),
            known => Ok(known.is_some()),
        }
    }

    /// Ends files, and puts them among those to be deleted.
    async fn remove(
        &self,
        change: &Change,
        snapshot: i64,
        now: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        for file in &change.removed {
            let ended = query(
                "update ducklake_data_file set end_snapshot = $3 \
                 where workspace = $1 and data_file_id = $2 and end_snapshot is null",
            )
            .bind(&self.id)
            .bind(file.id)
            .bind(snapshot)
            .execute(&mut **transaction)
            .await
            .map_err(Error::database(COMMITTING))?;
            if ended.rows_affected() != 1 {
                return Err(Error::Conflict(format!(
                    "the file {} was replaced by somebody else meanwhile",
                    file.new.path
                )));
            }
        }
        let paths = change.removed.iter().map(|file| file.new.path.as_str());
        self.pend(paths, "replaced", now, transaction).await
    }

    /// Begins files, which are no longer pending.
    async fn add(
        &self,
        added: &[NewFile],
        snapshot: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        let committing = Error::database(COMMITTING);
        let last = self.next("last_file", added.len() as i64, transaction).await?;
        let mut id = last - added.len() as i64;
        for added in added.chunks(ROWS) {
            let sql = format!(
                "insert into ducklake_data_file (workspace, data_file_id, begin_snapshot, path, record_count, \
                 file_size_bytes, footer_size, month, bucket, min_at, max_at, checksum) values {}",
                self.store.places(added.len(), 12)
            );
            let mut insert = query(AssertSqlSafe(sql));
            for file in added {
                id += 1;
                insert = insert
                    .bind(&self.id)
                    .bind(id)
                    .bind(snapshot)
                    .bind(&file.path)
                    .bind(file.records as i64)
                    .bind(file.bytes as i64)
                    .bind(file.footer as i64)
                    .bind(file.month)
                    .bind(i64::from(file.bucket))
                    .bind(file.span.0)
                    .bind(file.span.1)
                    .bind(&file.checksum);
            }
            insert.execute(&mut **transaction).await.map_err(&committing)?;
        }
        for file in added {
            let landed = query("delete from pending_files where workspace = $1 and path = $2")
                .bind(&self.id)
                .bind(&file.path)
                .execute(&mut **transaction)
                .await
                .map_err(&committing)?;
            if landed.rows_affected() != 1 {
                return Err(Error::Conflict(format!(
                    "the file {} was taken for a remnant and deleted",
                    file.path
                )));
            }
        }
        Ok(())
    }

    /// Files that are in no snapshot: those that were replaced, and those that somebody writes or gave up writing.
    pub async fn pending(&self) -> Result<Vec<String>, Error> {
        query_scalar("select path from pending_files where workspace = $1 order by path")
            .bind(&self.id)
            .fetch_all(&self.store.readers)
            .await
            .map_err(Error::database("reading the list of remnants"))
    }

    /// Files that were replaced before this moment (µs).
    pub async fn replaced(&self, before: i64) -> Result<Vec<String>, Error> {
        query_scalar(
            "select path from pending_files where workspace = $1 and why = 'replaced' and at < $2 order by path",
        )
        .bind(&self.id)
        .bind(before)
        .fetch_all(&self.store.readers)
        .await
        .map_err(Error::database("reading the list of replaced files"))
    }

    /// Says that a file is gone from the disk.
    pub async fn gone(&self, path: &str) -> Result<(), Error> {
        query("delete from pending_files where workspace = $1 and path = $2")
            .bind(&self.id)
            .bind(path)
            .execute(&self.store.writer)
            .await
            .map(|_| ())
            .map_err(Error::database("striking out a remnant"))
    }

    async fn pend<'a>(
        &self,
        paths: impl Iterator<Item = &'a str>,
        why: &str,
        now: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        for path in paths {
            query("insert into pending_files (workspace, path, why, at) values ($1, $2, $3, $4)")
                .bind(&self.id)
                .bind(path)
                .bind(why)
                .bind(now)
                .execute(&mut **transaction)
                .await
                .map_err(Error::database("announcing files"))?;
        }
        Ok(())
    }

    /// Takes `count` numbers of a counter of the workspace, and gives back the last of them.
    async fn next(
        &self,
        counter: &'static str,
        count: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<i64, Error> {
        let sql = format!(
            "update workspaces set {counter} = {counter} + $2 where id = $1 returning {counter}"
        );
        query_scalar(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(count)
            .fetch_one(&mut **transaction)
            .await
            .map_err(Error::database("taking a number"))
    }
}

fn file(row: &AnyRow) -> Result<DataFile, sqlx::Error> {
    let count = |column: usize| row.try_get::<i64, _>(column).map(i64::cast_unsigned);
    Ok(DataFile {
        id: row.try_get(0)?,
        begin_snapshot: row.try_get(1)?,
        new: NewFile {
            path: row.try_get(2)?,
            records: count(3)?,
            bytes: count(4)?,
            footer: count(5)?,
            month: row.try_get(6)?,
            bucket: count(7)? as u32,
            span: (row.try_get(8)?, row.try_get(9)?),
            checksum: row.try_get(10)?,
        },
    })
}
