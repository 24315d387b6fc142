//! Whether the database is what was written.

use sqlx::{Row, query};

use crate::error::Error;
use crate::workspace::Workspace;

impl Workspace {
    /// What is wrong with the database, a sentence each; nothing if it is sound.
    ///
    /// SQLite looks at every page and every index. PostgreSQL, whose own checks need rights that we do not ask for, is
    /// only read.
    pub async fn damage(&self) -> Result<Vec<String>, Error> {
        if !self.store.is_sqlite {
            return Ok(Vec::new());
        }
        let rows = query("pragma integrity_check").fetch_all(&self.store.readers).await;
        match rows.map_err(Error::database("checking the database")) {
            Err(Error::Damaged { cause, .. }) => Ok(vec![cause.to_string()]),
            Err(other) => Err(other),
            Ok(rows) => {
                let told = rows.iter().map(|row| row.try_get::<String, _>(0));
                let told: Vec<String> = told
                    .collect::<Result<_, _>>()
                    .map_err(Error::database("checking the database"))?;
                Ok(told.into_iter().filter(|told| told != "ok").collect())
            }
        }
    }
}
