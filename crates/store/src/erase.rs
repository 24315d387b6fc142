//! A customer is forgotten: in one transaction, out of every table that holds the customer.
//!
//! A new table with something of a customer is a line here.

use std::fmt;

use serde_json::Value;
use sqlx::{Any, AssertSqlSafe, Row, Transaction, query};

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::values::signed;
use crate::workspace::Workspace;

/// Who is to be forgotten.
pub struct Leaver<'a> {
    pub customer: u64,
    /// A part of the id that every text which holds it has too; empty: all texts are looked at.
    pub hint: &'a str,
    /// Whether a text that came in, or that went out, holds the customer.
    pub is_in: &'a (dyn Fn(&str) -> bool + Send + Sync),
}

/// What went at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gone {
    /// Events that were in no file yet.
    pub tail: u64,
    pub responses: u64,
    pub complaints: u64,
    /// Refused rows.
    pub refused: u64,
}

/// What becomes of a row whose text holds the customer.
#[derive(Clone, Copy)]
enum Then {
    /// The row goes.
    Delete,
    /// Only the text goes.
    Clear,
}

/// Tables with texts that may hold anybody.
struct Texts {
    table: &'static str,
    /// Tells the rows of a workspace, which is `$1`.
    of_workspace: &'static str,
    key: &'static str,
    text: &'static str,
    then: Then,
}

/// The scope of a reply begins with the workspace.
const OF_SCOPE: &str = "substr(scope, 1, length($1) + 1) = $1 || ' '";

const TEXTS: [Texts; 4] = [
    Texts {
        table: "quarantine",
        of_workspace: "workspace = $1",
        key: "id",
        text: "row_text",
        then: Then::Delete,
    },
    Texts {
        table: "requests",
        of_workspace: "workspace = $1",
        key: "idempotency_key",
        text: "idempotency_key",
        then: Then::Delete,
    },
    Texts {
        table: "replies",
        of_workspace: OF_SCOPE,
        key: "scope || ' ' || idempotency_key",
        text: "idempotency_key",
        then: Then::Delete,
    },
    Texts {
        table: "replies",
        of_workspace: OF_SCOPE,
        key: "scope || ' ' || idempotency_key",
        text: "body",
        then: Then::Clear,
    },
];

const ERASING: &str = "erasing a customer";
const PAGE: i64 = 500;

impl Workspace {
    /// Forgets a customer: invisible when this returns; [`Change::erased`](crate::Change) says when every file is rewritten.
    pub async fn erase(&self, leaver: &Leaver<'_>, deed: &Deed) -> Result<Gone, Error> {
        let erasing = Error::database(ERASING);
        let mut transaction = self.store.writer.begin().await.map_err(&erasing)?;
        // The row stays locked: whoever adds files has done so before, or sees the wish.
        self.told_numbers(1, &mut transaction).await?;
        query(
            "insert into erasures (workspace, customer, asked_at, snapshot) \
             select id, $2, $3, last_snapshot from workspaces where id = $1 \
             on conflict (workspace, customer) do update set asked_at = $3, done_at = null, snapshot = excluded.snapshot",
        )
        .bind(&self.id)
        .bind(signed(leaver.customer))
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&erasing)?;
        let mut gone = Gone {
            tail: self.without("tail", leaver.customer, &mut transaction).await?,
            responses: self.without("responses", leaver.customer, &mut transaction).await?,
            complaints: self.without("complaints", leaver.customer, &mut transaction).await?,
            refused: 0,
        };
        for table in ["event_ids", "customers"] {
            self.without(table, leaver.customer, &mut transaction).await?;
        }
        for texts in &TEXTS {
            let found = self.without_texts(texts, leaver, &mut transaction).await?;
            gone.refused += if texts.table == "quarantine" { found } else { 0 };
        }
        self.without_examples(leaver, &mut transaction).await?;
        let object = format!("customer:{:016x}", leaver.customer);
        let done = Done { action: "customer.erased", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&erasing)?;
        Ok(gone)
    }

    /// Rows that carry the customer's key.
    async fn without(
        &self,
        table: &str,
        customer: u64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<u64, Error> {
        // The name is one of ours.
        let sql = format!("delete from {table} where workspace = $1 and customer = $2");
        let done = query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(signed(customer))
            .execute(&mut **transaction);
        Ok(done.await.map_err(Error::database(ERASING))?.rows_affected())
    }

    /// Rows with a text that holds the customer; gives back how many.
    async fn without_texts(
        &self,
        texts: &Texts,
        leaver: &Leaver<'_>,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<u64, Error> {
        let erasing = Error::database(ERASING);
        let Texts { table, of_workspace, key, text, then } = texts;
        let page = format!(
            "select {key}, {text} from {table} where {of_workspace} and {key} > $2 and {text} like $3 escape '!' \
             order by {key} limit $4"
        );
        let change = match then {
            Then::Delete => format!("delete from {table} where {of_workspace} and {key} = $2"),
            Then::Clear => {
                format!("update {table} set {text} = null where {of_workspace} and {key} = $2")
            }
        };
        let hint = leaver.hint.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let (mut after, mut found) = (String::new(), 0);
        loop {
            let rows = query(AssertSqlSafe(page.clone()))
                .bind(&self.id)
                .bind(&after)
                .bind(format!("%{hint}%"))
                .bind(PAGE)
                .fetch_all(&mut **transaction)
                .await
                .map_err(&erasing)?;
            for row in &rows {
                after = row.try_get(0).map_err(&erasing)?;
                if (leaver.is_in)(row.try_get(1).map_err(&erasing)?) {
                    let changed = query(AssertSqlSafe(change.clone())).bind(&self.id).bind(&after);
                    changed.execute(&mut **transaction).await.map_err(&erasing)?;
                    found += 1;
                }
            }
            if (rows.len() as i64) < PAGE {
                return Ok(found);
            }
        }
    }

    /// Examples of rows that could not be read are nobody's by name, so all of them go; and names of files that hold the
    /// customer.
    async fn without_examples(
        &self,
        leaver: &Leaver<'_>,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        let erasing = Error::database(ERASING);
        let rows = query("select id, name, result from uploads where workspace = $1")
            .bind(&self.id)
            .fetch_all(&mut **transaction)
            .await
            .map_err(&erasing)?;
        for row in rows {
            let id: String = row.try_get(0).map_err(&erasing)?;
            let name: String = row.try_get(1).map_err(&erasing)?;
            let result: Option<String> = row.try_get(2).map_err(&erasing)?;
            let emptied = result.as_deref().and_then(emptied);
            let is_named = (leaver.is_in)(&name);
            if emptied.is_none() && !is_named {
                continue;
            }
            query("update uploads set name = $3, result = $4 where workspace = $1 and id = $2")
                .bind(&self.id)
                .bind(&id)
                .bind(if is_named { NAMELESS } else { &name })
                .bind(emptied.or(result))
                .execute(&mut **transaction)
                .await
                .map_err(&erasing)?;
        }
        Ok(())
    }
}

/// What a file is called whose name told of somebody.
const NAMELESS: &str = "(erased)";

/// The result of an import without its examples, and without why it failed; `None`: it has neither.
fn emptied(result: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(result).ok()?;
    let mut had = false;
    let troubles = value.get_mut("troubles").and_then(Value::as_array_mut);
    for examples in troubles.into_iter().flatten().filter_map(|it| it.get_mut("examples")) {
        had |= examples.as_array().is_some_and(|them| !them.is_empty());
        *examples = Value::Array(Vec::new());
    }
    had.then(|| value.to_string())
}

impl fmt::Debug for Leaver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaver").field("customer", &self.customer).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::emptied;

    #[test]
    fn a_result_loses_its_examples_and_keeps_its_numbers() {
        let result = r#"{"rows":2,"troubles":[{"examples":["line 2: `x` is no time"],"rows":1}]}"#;
        let without = r#"{"rows":2,"troubles":[{"examples":[],"rows":1}]}"#;
        assert_eq!(emptied(result).as_deref(), Some(without));
        assert_eq!((emptied(without), emptied("{}"), emptied("no JSON")), (None, None, None));
    }
}
