//! Who a key is, and what that customer told: for those who may see persons.

use sqlx::{AssertSqlSafe, Row};

use crate::error::Error;
use crate::told::{Complaint, Kept, Response};
use crate::values::{ROWS, signed};
use crate::workspace::Workspace;

const LOOKING: &str = "looking customers up";

impl Workspace {
    /// The ids behind keys, as far as they are known: those of customers who came in files are not.
    pub async fn identities_of(&self, keys: &[u64]) -> Result<Vec<(u64, String)>, Error> {
        let looking = Error::database(LOOKING);
        let mut known = Vec::with_capacity(keys.len());
        for keys in keys.chunks(ROWS) {
            let sql = format!(
                "select customer, id from customers where (workspace, customer) in (values {})",
                self.store.places(keys.len(), 2)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for key in keys {
                query = query.bind(&self.id).bind(signed(*key));
            }
            for row in query.fetch_all(&self.store.readers).await.map_err(&looking)? {
                let key: i64 = row.try_get(0).map_err(&looking)?;
                known.push((key.cast_unsigned(), row.try_get(1).map_err(&looking)?));
            }
        }
        Ok(known)
    }

    /// What one customer told, whatever the journey, in the order in which it came.
    pub async fn told_by(
        &self,
        customer: u64,
    ) -> Result<(Vec<Kept<Response>>, Vec<Kept<Complaint>>), Error> {
        let looking = Error::database(LOOKING);
        let responses = sqlx::query(
            "select t.seq, t.customer, cast(null as text), t.journey, t.touchpoint, t.at, t.attributes, t.source, \
             t.question, t.score, t.comment, t.invited_at \
             from responses t where t.workspace = $1 and t.customer = $2 order by t.seq",
        )
        .bind(&self.id)
        .bind(signed(customer))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&looking)?;
        let complaints = sqlx::query(
            "select t.seq, t.customer, cast(null as text), t.journey, t.touchpoint, t.at, t.attributes, t.source, t.severity, t.text \
             from complaints t where t.workspace = $1 and t.customer = $2 order by t.seq",
        )
        .bind(&self.id)
        .bind(signed(customer))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&looking)?;
        let responses = responses.iter().map(Kept::response).collect::<Result<_, _>>();
        let complaints = complaints.iter().map(Kept::complaint).collect::<Result<_, _>>();
        Ok((responses.map_err(&looking)?, complaints.map_err(&looking)?))
    }
}
