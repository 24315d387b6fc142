//! A snapshot as other tools read it: a DuckLake 1.0 catalogue in a file of its own (<https://ducklake.select>).

use std::path::Path;

use sqlx::any::AnyPoolOptions;
use sqlx::{Any, Transaction, query, raw_sql};
use uuid::Uuid;

use crate::error::Error;
use crate::files::Snapshot;

/// What a column is called and what it holds, in DuckLake's words; its place is its field id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueColumn {
    pub id: i64,
    pub name: String,
    pub of: &'static str,
}

/// The table with a row for each event stored, and the view with each event once.
const TABLE: &str = "events";
const VIEW: &str = "events_once";

const ONCE: &str = "SELECT * FROM events QUALIFY event_id IS NULL \
                    OR row_number() OVER (PARTITION BY customer, event_id ORDER BY batch, \"at\") = 1";

/// Snapshot 1 of the catalogue shows everything.
const SHOWN: i64 = 1;
const TABLE_ID: i64 = 1;
const VIEW_ID: i64 = 2;

impl Snapshot {
    /// Writes the snapshot to a new SQLite file; paths of files are below `data`.
    ///
    /// `moment` is RFC 3339. [`Error::Caller`] if the file is there already.
    pub async fn publish(
        &self,
        path: &Path,
        data: &str,
        columns: &[CatalogueColumn],
        moment: &str,
    ) -> Result<(), Error> {
        let publishing = Error::database("writing the catalogue");
        if path.exists() {
            return Err(Error::Caller(format!("{} is there already", path.display())));
        }
        sqlx::any::install_default_drivers();
        let url = format!("sqlite://{}?mode=rwc", path.display());
        let pool = AnyPoolOptions::new().max_connections(1).connect(&url).await;
        let pool = pool.map_err(|cause| {
            Error::Caller(format!("{} cannot be written: {cause}", path.display()))
        })?;
        let mut transaction = pool.begin().await.map_err(&publishing)?;
        raw_sql(include_str!("catalogue.sql"))
            .execute(&mut *transaction)
            .await
            .map_err(&publishing)?;
        self.write_names(data, moment, &mut transaction).await.map_err(&publishing)?;
        write_columns(columns, &mut transaction).await.map_err(&publishing)?;
        self.write_files(&mut transaction).await.map_err(&publishing)?;
        transaction.commit().await.map_err(&publishing)?;
        pool.close().await;
        Ok(())
    }

    async fn write_names(
        &self,
        data: &str,
        moment: &str,
        transaction: &mut Transaction<'_, Any>,
    ) -> sqlx::Result<()> {
        let folder = format!("{data}/");
        for (key, value) in [
            ("version", "1.0"),
            ("created_by", "footpath"),
            ("data_path", &folder),
            ("encrypted", "false"),
        ] {
            query("insert into ducklake_metadata (\"key\", \"value\") values ($1, $2)")
                .bind(key)
                .bind(value)
                .execute(&mut **transaction)
                .await?;
        }
        let next_file = self.files.iter().map(|file| file.id).max().unwrap_or(0) + 1;
        for (snapshot, next_file) in [(0, 0), (SHOWN, next_file)] {
            query("insert into ducklake_snapshot values ($1, $2, $3, $4, $5)")
                .bind(snapshot)
                .bind(moment)
                .bind(snapshot)
                .bind(VIEW_ID + 1)
                .bind(next_file)
                .execute(&mut **transaction)
                .await?;
        }
        for (snapshot, changes) in [
            (0, "created_schema:\"main\"".to_owned()),
            (
                SHOWN,
                format!(
                    "created_table:\"main\".\"{TABLE}\",created_view:\"main\".\"{VIEW}\",inserted_into_table:1"
                ),
            ),
        ] {
            query(
                "insert into ducklake_snapshot_changes (snapshot_id, changes_made) values ($1, $2)",
            )
            .bind(snapshot)
            .bind(changes)
            .execute(&mut **transaction)
            .await?;
        }
        query("insert into ducklake_schema values (0, $1, 0, null, 'main', '', 1)")
            .bind(Uuid::now_v7().to_string())
            .execute(&mut **transaction)
            .await?;
        query("insert into ducklake_table values ($1, $2, $3, null, 0, $4, '', 1)")
            .bind(TABLE_ID)
            .bind(Uuid::now_v7().to_string())
            .bind(SHOWN)
            .bind(TABLE)
            .execute(&mut **transaction)
            .await?;
        query("insert into ducklake_view values ($1, $2, $3, null, 0, $4, 'duckdb', $5, '')")
            .bind(VIEW_ID)
            .bind(Uuid::now_v7().to_string())
            .bind(SHOWN)
            .bind(VIEW)
            .bind(ONCE)
            .execute(&mut **transaction)
            .await?;
        query("insert into ducklake_schema_versions values ($1, $1, $2)")
            .bind(SHOWN)
            .bind(TABLE_ID)
            .execute(&mut **transaction)
            .await
            .map(|_| ())
    }

    async fn write_files(&self, transaction: &mut Transaction<'_, Any>) -> sqlx::Result<()> {
        let mut row_id = 0_u64;
        for file in &self.files {
            query(
                "insert into ducklake_data_file (data_file_id, table_id, begin_snapshot, path, path_is_relative, \
                 file_format, record_count, file_size_bytes, footer_size, row_id_start) \
                 values ($1, $2, $3, $4, 1, 'parquet', $5, $6, $7, $8)",
            )
            .bind(file.id)
            .bind(TABLE_ID)
            .bind(SHOWN)
            .bind(&file.new.path)
            .bind(file.new.records as i64)
            .bind(file.new.bytes as i64)
            .bind(file.new.footer as i64)
            .bind(row_id as i64)
            .execute(&mut **transaction)
            .await?;
            row_id += file.new.records;
        }
        let bytes: u64 = self.files.iter().map(|file| file.new.bytes).sum();
        query("insert into ducklake_table_stats values ($1, $2, $2, $3)")
            .bind(TABLE_ID)
            .bind(row_id as i64)
            .bind(bytes as i64)
            .execute(&mut **transaction)
            .await
            .map(|_| ())
    }
}

async fn write_columns(
    columns: &[CatalogueColumn],
    transaction: &mut Transaction<'_, Any>,
) -> sqlx::Result<()> {
    for column in columns {
        query(
            "insert into ducklake_column (column_id, begin_snapshot, table_id, column_order, column_name, column_type, \
             default_value, nulls_allowed, default_value_type, default_value_dialect) \
             values ($1, $2, $3, $1, $4, $5, 'NULL', 1, 'literal', 'duckdb')",
        )
        .bind(column.id)
        .bind(SHOWN)
        .bind(TABLE_ID)
        .bind(&column.name)
        .bind(column.of)
        .execute(&mut **transaction)
        .await?;
    }
    Ok(())
}
