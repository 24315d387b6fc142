//! The scope of nearly everything: one organisation, or one part of it that must not see the others.

use std::fmt;

use sqlx::Row;

use crate::error::Error;
use crate::pool::Store;

/// A workspace of a database. Statements about its things are methods here, and carry its id.
#[derive(Debug, Clone)]
pub struct Workspace {
    pub(crate) store: Store,
    pub(crate) id: String,
    key: HashKey,
}

/// What turns a customer's id into a key; 128 bits that never leave the database and the memory of the program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HashKey([u8; 16]);

impl Store {
    /// The workspace of this id, made with a new key if there is none. `now` is in µs.
    pub async fn workspace(&self, id: &str, now: i64) -> Result<Workspace, Error> {
        let finding = Error::database("finding the workspace");
        let key = HashKey::new()?;
        sqlx::query(
            "insert into workspaces (id, name, hash_key, created_at) values ($1, $1, $2, $3) on conflict (id) do nothing",
        )
        .bind(id)
        .bind(key.to_text())
        .bind(now)
        .execute(&self.writer)
        .await
        .map_err(&finding)?;
        self.find_workspace(id).await?.ok_or_else(|| {
            Error::Caller(format!("the workspace `{id}` was taken away at this moment; try again"))
        })
    }

    /// The workspace of this id, if there is one.
    pub async fn find_workspace(&self, id: &str) -> Result<Option<Workspace>, Error> {
        let finding = Error::database("finding the workspace");
        let row = sqlx::query("select hash_key from workspaces where id = $1")
            .bind(id)
            .fetch_optional(&self.readers)
            .await
            .map_err(&finding)?;
        let Some(row) = row else { return Ok(None) };
        let text: String = row.try_get(0).map_err(&finding)?;
        let key = HashKey::from_text(&text).ok_or_else(|| {
            Error::Caller(format!(
                "the workspace `{id}` has no usable key; restore it from a backup"
            ))
        })?;
        Ok(Some(Workspace { store: self.clone(), id: id.to_owned(), key }))
    }

    /// Every workspace, id and name, by id.
    pub async fn workspaces(&self) -> Result<Vec<(String, String)>, Error> {
        let reading = Error::database("reading workspaces");
        let rows = sqlx::query("select id, name from workspaces order by id")
            .fetch_all(&self.readers)
            .await
            .map_err(&reading)?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<Result<_, _>>()
            .map_err(&reading)
    }
}

impl Workspace {
    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn key(&self) -> HashKey {
        self.key
    }

    /// The database that it is in.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

impl HashKey {
    fn new() -> Result<Self, Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|cause| {
            Error::Caller(format!("the system gives no random numbers for a key: {cause}"))
        })?;
        Ok(Self(bytes))
    }

    /// A key of these bytes; a workspace makes its own.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, for a keyed hash.
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }

    fn to_text(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn from_text(text: &str) -> Option<Self> {
        let number = u128::from_str_radix(text, 16).ok().filter(|_| text.len() == 32)?;
        Some(Self(number.to_be_bytes()))
    }
}

/// A key is a secret, in messages too.
impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::HashKey;

    #[test]
    fn a_key_survives_its_text_and_stays_out_of_messages() {
        let key = HashKey([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255]);
        assert_eq!(HashKey::from_text(&key.to_text()), Some(key));
        assert_eq!(format!("{key:?}"), "HashKey(…)");
        assert_eq!(HashKey::from_text("0f"), None);
    }
}
