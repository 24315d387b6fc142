//! What customers told: answers and complaints become durable with the request that brings them, and are read in the order in
//! which they came.

use std::collections::HashSet;

use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use crate::append::Request;
use crate::error::Error;
use crate::values::{ROWS, signed};
use crate::workspace::Workspace;

/// A customer who is known by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Keyed hash of the id.
    pub key: u64,
    /// The id itself, for those who may see it.
    pub id: String,
}

/// Where something told belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The sender's word for "this is the same one".
    pub id: Option<String>,
    /// `None`: anonymous; then no time may say more than the day.
    pub person: Option<Person>,
    /// Id that the journey document gives itself; `None`: of any journey.
    pub journey: Option<String>,
    /// `None`: the journey as a whole.
    pub touchpoint: Option<String>,
    /// µs, UTC.
    pub at: Option<i64>,
    /// A JSON object of texts.
    pub attributes: Option<String>,
    /// The file or the request that it came with.
    pub source: String,
}

/// One answer to one question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Response {
    pub about: About,
    pub question: String,
    pub score: Option<f64>,
    pub comment: Option<String>,
    /// µs, UTC: when the customer was asked for it.
    pub invited_at: Option<i64>,
}

/// What a customer complained of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Complaint {
    pub about: About,
    /// As the organisation graded it, 1 to 5.
    pub severity: Option<f64>,
    pub text: String,
}

/// Something told, with its number.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept<T> {
    pub seq: i64,
    pub told: T,
}

/// What the answer to any question over the data depends on: as long as it is the same, so is the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataVersion {
    /// The last event.
    pub events: i64,
    /// The last step of the file list.
    pub files: i64,
    /// The last answer, complaint or erasure.
    pub told: i64,
}

const KEEPING: &str = "storing answers";
const READING: &str = "reading answers";

impl Workspace {
    /// Keeps what a request tells, each once; gives back how many were new and how many were known.
    pub(crate) async fn take_told(
        &self,
        request: &Request,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(u64, u64), Error> {
        let all = request.responses.len() + request.complaints.len();
        if all == 0 {
            return Ok((0, 0));
        }
        let mut unknown = self.unknown_told(request, transaction).await?;
        let mut is_new = |kind, about: &About| {
            about.id.as_ref().is_none_or(|id| unknown.remove(&self.hashed(kind, id)))
        };
        let responses: Vec<&Response> =
            request.responses.iter().filter(|it| is_new(RESPONSE, &it.about)).collect();
        let complaints: Vec<&Complaint> =
            request.complaints.iter().filter(|it| is_new(COMPLAINT, &it.about)).collect();
        let new = responses.len() + complaints.len();
        let mut seq = self.told_numbers(new, transaction).await?;
        for some in responses.chunks(ROWS) {
            self.insert_responses(some, seq, transaction).await?;
            seq += some.len() as i64;
        }
        for some in complaints.chunks(ROWS) {
            self.insert_complaints(some, seq, transaction).await?;
            seq += some.len() as i64;
        }
        Ok((new as u64, (all - new) as u64))
    }

    /// Which of the ids were not there, now that they are.
    async fn unknown_told(
        &self,
        request: &Request,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<HashSet<String>, Error> {
        let keeping = Error::database(KEEPING);
        let responses = request.responses.iter().map(|it| (RESPONSE, &it.about));
        let complaints = request.complaints.iter().map(|it| (COMPLAINT, &it.about));
        let ids: Vec<String> = responses
            .chain(complaints)
            .filter_map(|(kind, about)| Some(self.hashed(kind, about.id.as_ref()?)))
            .collect();
        let mut unknown = HashSet::with_capacity(ids.len());
        for ids in ids.chunks(ROWS) {
            let sql = format!(
                "insert into told_ids (workspace, id_hash) values {} on conflict do nothing returning id_hash",
                self.store.places(ids.len(), 2)
            );
            let mut insert = sqlx::query(AssertSqlSafe(sql));
            for id in ids {
                insert = insert.bind(&self.id).bind(id);
            }
            for row in insert.fetch_all(&mut **transaction).await.map_err(&keeping)? {
                unknown.insert(row.try_get(0).map_err(&keeping)?);
            }
        }
        Ok(unknown)
    }

    /// The first of so many new numbers. The row stays locked until the commit: numbers become visible in their order.
    pub(crate) async fn told_numbers(
        &self,
        n: usize,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<i64, Error> {
        let last: i64 = sqlx::query_scalar(
            "update workspaces set last_told = last_told + $2 where id = $1 returning last_told",
        )
        .bind(&self.id)
        .bind(n as i64)
        .fetch_one(&mut **transaction)
        .await
        .map_err(Error::database(KEEPING))?;
        Ok(last - n as i64 + 1)
    }

    async fn insert_responses(
        &self,
        responses: &[&Response],
        first: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        let sql = format!(
            "insert into responses (workspace, seq, customer, journey, touchpoint, at, question, score, comment, invited_at, \
             attributes, source) values {}",
            self.store.places(responses.len(), 12)
        );
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for (seq, Response { about, question, score, comment, invited_at }) in
            (first..).zip(responses)
        {
            insert = insert
                .bind(&self.id)
                .bind(seq)
                .bind(about.person.as_ref().map(|person| signed(person.key)))
                .bind(&about.journey)
                .bind(&about.touchpoint)
                .bind(about.at)
                .bind(question)
                .bind(score)
                .bind(comment)
                .bind(invited_at)
                .bind(&about.attributes)
                .bind(&about.source);
        }
        let done = insert.execute(&mut **transaction).await;
        done.map(|_| ()).map_err(Error::database(KEEPING))
    }

    async fn insert_complaints(
        &self,
        complaints: &[&Complaint],
        first: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        let sql = format!(
            "insert into complaints (workspace, seq, customer, journey, touchpoint, at, severity, text, attributes, source) \
             values {}",
            self.store.places(complaints.len(), 10)
        );
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for (seq, Complaint { about, severity, text }) in (first..).zip(complaints) {
            insert = insert
                .bind(&self.id)
                .bind(seq)
                .bind(about.person.as_ref().map(|person| signed(person.key)))
                .bind(&about.journey)
                .bind(&about.touchpoint)
                .bind(about.at)
                .bind(severity)
                .bind(text)
                .bind(&about.attributes)
                .bind(&about.source);
        }
        let done = insert.execute(&mut **transaction).await;
        done.map(|_| ()).map_err(Error::database(KEEPING))
    }

    /// Answers about a journey, in the order in which they came: at most `limit` of those after `after`, up to `last`.
    pub async fn responses(
        &self,
        journey: &str,
        (after, last): (i64, i64),
        limit: u32,
    ) -> Result<Vec<Kept<Response>>, Error> {
        let rows = sqlx::query(
            "select t.seq, t.customer, c.id, t.journey, t.touchpoint, t.at, t.attributes, t.source, \
             t.question, t.score, t.comment, t.invited_at \
             from responses t left join customers c on c.workspace = t.workspace and c.customer = t.customer \
             where t.workspace = $1 and t.seq > $3 and t.seq <= $4 and (t.journey is null or t.journey = $2) \
             order by t.seq limit $5",
        )
        .bind(&self.id)
        .bind(journey)
        .bind(after)
        .bind(last)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(Error::database(READING))?;
        rows.iter().map(Kept::response).collect::<Result<_, _>>().map_err(Error::database(READING))
    }

    /// Complaints about a journey, as [`Self::responses`].
    pub async fn complaints(
        &self,
        journey: &str,
        (after, last): (i64, i64),
        limit: u32,
    ) -> Result<Vec<Kept<Complaint>>, Error> {
        let rows = sqlx::query(
            "select t.seq, t.customer, c.id, t.journey, t.touchpoint, t.at, t.attributes, t.source, t.severity, t.text \
             from complaints t left join customers c on c.workspace = t.workspace and c.customer = t.customer \
             where t.workspace = $1 and t.seq > $3 and t.seq <= $4 and (t.journey is null or t.journey = $2) \
             order by t.seq limit $5",
        )
        .bind(&self.id)
        .bind(journey)
        .bind(after)
        .bind(last)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(Error::database(READING))?;
        rows.iter().map(Kept::complaint).collect::<Result<_, _>>().map_err(Error::database(READING))
    }

    /// How far the data has come.
    pub async fn data_version(&self) -> Result<DataVersion, Error> {
        let reading = Error::database("reading the state of the data");
        let row =
            sqlx::query("select last_seq, last_snapshot, last_told from workspaces where id = $1")
                .bind(&self.id)
                .fetch_one(&self.store.readers)
                .await
                .map_err(&reading)?;
        let version = || {
            Ok(DataVersion {
                events: row.try_get(0)?,
                files: row.try_get(1)?,
                told: row.try_get(2)?,
            })
        };
        version().map_err(&reading)
    }

    /// What is kept of an id: nobody without the workspace's key can try ids out.
    fn hashed(&self, kind: &str, id: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.key().bytes());
        hash.update(kind);
        hash.update(id);
        hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Kept<Response> {
    pub(crate) fn response(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let told = Response {
            about: about(row)?,
            question: row.try_get(8)?,
            score: row.try_get(9)?,
            comment: row.try_get(10)?,
            invited_at: row.try_get(11)?,
        };
        Ok(Self { seq: row.try_get(0)?, told })
    }
}

impl Kept<Complaint> {
    pub(crate) fn complaint(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let told =
            Complaint { about: about(row)?, severity: row.try_get(8)?, text: row.try_get(9)? };
        Ok(Self { seq: row.try_get(0)?, told })
    }
}

/// Kinds of ids, of one length, so that no two kinds meet.
const RESPONSE: &str = "response ";
const COMPLAINT: &str = "complaint";

fn about(row: &AnyRow) -> Result<About, sqlx::Error> {
    let customer: Option<i64> = row.try_get(1)?;
    let id: Option<String> = row.try_get(2)?;
    let person =
        customer.map(|key| Person { key: key.cast_unsigned(), id: id.unwrap_or_default() });
    Ok(About {
        id: None,
        person,
        journey: row.try_get(3)?,
        touchpoint: row.try_get(4)?,
        at: row.try_get(5)?,
        attributes: row.try_get(6)?,
        source: row.try_get(7)?,
    })
}

impl std::fmt::Display for DataVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.events, self.files, self.told)
    }
}
