//! All rows of all tables as lines of JSON, as they were at one moment, and back into an empty database of either kind.

use futures::TryStreamExt as _;
use serde_json::{Map, Number, Value};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Any, AssertSqlSafe, Column as _, Executor as _, Row as _, Transaction, TypeInfo as _};
use sqlx::{ValueRef as _, query};

use crate::error::Error;
use crate::migrations::{self, tables};
use crate::pool::Store;

/// What receives a dump, table by table.
pub trait Take {
    /// The rows of this table follow.
    fn table(&mut self, name: &str) -> std::io::Result<()>;

    /// A row, as a JSON object without its nulls.
    fn row(&mut self, row: &Map<String, Value>) -> std::io::Result<()>;
}

const DUMPING: &str = "reading the database for a backup";
const RESTORING: &str = "filling the database from a backup";

/// Rows of one statement that fills a table.
const ROWS: usize = 200;

impl Store {
    /// Gives every row to `take`, all as they were at one moment; others go on writing meanwhile. Gives back the number of
    /// the schema's last step.
    pub async fn dump(&self, take: &mut impl Take) -> Result<i64, Error> {
        let dumping = Error::database(DUMPING);
        let taking = |cause: std::io::Error| Error::Caller(format!("{DUMPING}: {cause}"));
        let mut transaction = self.readers.begin().await.map_err(&dumping)?;
        if !self.is_sqlite {
            let one_moment = "set transaction isolation level repeatable read, read only";
            transaction.execute(one_moment).await.map_err(&dumping)?;
        }
        let step = sqlx::query_scalar("select max(version) from _sqlx_migrations")
            .fetch_one(&mut *transaction)
            .await
            .map_err(&dumping)?;
        for table in tables(step) {
            take.table(table).map_err(taking)?;
            // The name is one of ours.
            let sql = AssertSqlSafe(format!("select * from {table}"));
            let mut rows = query(sql).fetch(&mut *transaction);
            while let Some(row) = rows.try_next().await.map_err(&dumping)? {
                take.row(&to_json(&row).map_err(&dumping)?).map_err(taking)?;
            }
        }
        transaction.rollback().await.map_err(&dumping)?;
        Ok(step)
    }

    /// An empty database with the schema of the step that a dump was of.
    pub async fn open_for_restore(url: &str, step: i64) -> Result<Filling, Error> {
        let store = Self::connect(url).await?;
        migrations::migrate(&store.writer, Some(step)).await?;
        let restoring = Error::database(RESTORING);
        for table in tables(step) {
            let sql = AssertSqlSafe(format!("select count(*) from {table}"));
            let rows: i64 =
                sqlx::query_scalar(sql).fetch_one(&store.readers).await.map_err(&restoring)?;
            if rows != 0 {
                store.close().await;
                return Err(Error::Caller(
                    "the database to be restored into is not empty; name another one".to_owned(),
                ));
            }
        }
        let transaction = store.writer.begin().await.map_err(&restoring)?;
        Ok(Filling { store, transaction, table: None, rows: Vec::new() })
    }
}

/// A database on its way from empty to restored; nothing of it is there before [`Filling::finish`].
#[derive(Debug)]
pub struct Filling {
    store: Store,
    transaction: Transaction<'static, Any>,
    table: Option<&'static str>,
    rows: Vec<Map<String, Value>>,
}

impl Filling {
    /// The rows of this table follow.
    pub async fn table(&mut self, name: &str) -> Result<(), Error> {
        self.flush().await?;
        let known = tables(i64::MAX).find(|table| *table == name);
        self.table = Some(known.ok_or_else(|| {
            Error::Caller(format!(
                "the backup has a table `{name}` that this version does not know"
            ))
        })?);
        Ok(())
    }

    pub async fn row(&mut self, row: Map<String, Value>) -> Result<(), Error> {
        // A statement has the columns of its rows; null is what is left out.
        let differs = self.rows.first().is_some_and(|first| !first.keys().eq(row.keys()));
        if differs || self.rows.len() == ROWS {
            self.flush().await?;
        }
        self.rows.push(row);
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Error> {
        let rows = std::mem::take(&mut self.rows);
        let (Some(table), Some(first)) = (self.table, rows.first()) else { return Ok(()) };
        let columns: Vec<&str> = first.keys().map(String::as_str).collect();
        if let Some(odd) = columns.iter().find(|name| !is_name(name)) {
            return Err(Error::Caller(format!("the backup has a column `{odd}` in `{table}`")));
        }
        let places = self.store.places(rows.len(), columns.len());
        let sql = format!("insert into {table} ({}) values {places}", columns.join(", "));
        let mut insert = query(AssertSqlSafe(sql));
        for value in rows.iter().flat_map(Map::values) {
            insert = match value {
                Value::Number(number) if number.is_f64() => insert.bind(number.as_f64()),
                Value::Number(number) => insert.bind(number.as_i64()),
                Value::String(text) => insert.bind(text.as_str()),
                other => {
                    return Err(Error::Caller(format!("the backup has {other} in `{table}`")));
                }
            };
        }
        insert.execute(&mut *self.transaction).await.map(|_| ()).map_err(Error::database(RESTORING))
    }

    /// Makes it durable, and brings the schema up to this version.
    pub async fn finish(mut self) -> Result<Store, Error> {
        self.flush().await?;
        self.transaction.commit().await.map_err(Error::database(RESTORING))?;
        self.store.bring_up_to_date().await?;
        Ok(self.store)
    }
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
}

fn to_json(row: &AnyRow) -> Result<Map<String, Value>, sqlx::Error> {
    let mut object = Map::new();
    for (place, column) in row.columns().iter().enumerate() {
        let raw = row.try_get_raw(place)?;
        if raw.is_null() {
            continue;
        }
        let value = match raw.type_info().kind() {
            AnyTypeInfoKind::Text => Value::String(row.try_get(place)?),
            AnyTypeInfoKind::Double | AnyTypeInfoKind::Real => {
                Number::from_f64(row.try_get(place)?).map_or(Value::Null, Value::Number)
            }
            AnyTypeInfoKind::BigInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::SmallInt => {
                Value::from(row.try_get::<i64, _>(place)?)
            }
            other => {
                let odd = format!("{} is {other:?} ({})", column.name(), raw.type_info().name());
                return Err(sqlx::Error::Decode(odd.into()));
            }
        };
        object.insert(column.name().to_owned(), value);
    }
    Ok(object)
}
