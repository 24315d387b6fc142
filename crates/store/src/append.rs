//! Events become durable: requests of one group, in one transaction, with the ids and keys that make a repetition harmless.

use std::collections::HashSet;

use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use crate::error::Error;
use crate::quarantine::{self, Refused};
use crate::sources::Tallies;
use crate::told::{Complaint, Response};
use crate::values::{ROWS, signed};
use crate::workspace::Workspace;

/// An event that passed the door.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Keyed hash of the customer's id.
    pub customer: u64,
    /// The id itself, for those who may see it.
    pub identity: String,
    /// µs, UTC.
    pub at: i64,
    pub activity: String,
    pub channel: Option<String>,
    /// Hash of the event's id.
    pub event_id: Option<u64>,
    /// A JSON object of texts.
    pub attributes: Option<String>,
}

/// What one caller sent at once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// Where it comes from: `key:ID`, `hook:ID`; empty: nobody counts it.
    pub source: String,
    /// The caller's word for "this is the same request".
    pub idempotency_key: Option<String>,
    pub body_hash: String,
    pub events: Vec<Event>,
    pub responses: Vec<Response>,
    pub complaints: Vec<Complaint>,
    pub refused: Vec<Refused>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Receipt {
    pub accepted: u64,
    /// Known by their ids.
    pub duplicate: u64,
    pub quarantined: u64,
}

/// Events that one transaction should carry at most: beyond it others wait too long.
pub const MOST_EVENTS: usize = 5000;

const APPENDING: &str = "storing events";

impl Workspace {
    /// Stores requests in one transaction and says what became of each; when this returns, what it says is durable.
    ///
    /// A request whose key was answered before gets the same answer again; with another body it is a [`Error::Conflict`].
    /// Any other error is that of the whole group, of which then nothing is stored. `now` is in µs.
    pub async fn append(
        &self,
        requests: &[Request],
        now: i64,
    ) -> Result<Vec<Result<Receipt, Error>>, Error> {
        let appending = Error::database(APPENDING);
        let mut transaction = self.store.writer.begin().await.map_err(&appending)?;
        let mut answers = Vec::with_capacity(requests.len());
        let mut tallies = Tallies::default();
        for request in requests {
            let answer = match self.answered(request, &mut transaction).await? {
                Some(known) => known,
                None => {
                    let receipt = self.take(request, now, &mut transaction).await?;
                    tallies.count(request, receipt);
                    Ok(receipt)
                }
            };
            answers.push(answer);
        }
        self.tally(&tallies, now, &mut transaction).await?;
        transaction.commit().await.map_err(&appending)?;
        Ok(answers)
    }

    /// The answer that the request's key was given before.
    async fn answered(
        &self,
        request: &Request,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<Option<Result<Receipt, Error>>, Error> {
        let Some(key) = &request.idempotency_key else { return Ok(None) };
        let reading = Error::database("looking up a request");
        let known = sqlx::query(
            "select body_hash, answer from requests where workspace = $1 and idempotency_key = $2",
        )
        .bind(&self.id)
        .bind(key)
        .fetch_optional(&mut **transaction)
        .await
        .map_err(&reading)?;
        let Some(known) = known else { return Ok(None) };
        let body_hash: String = known.try_get(0).map_err(&reading)?;
        if body_hash != request.body_hash {
            return Ok(Some(Err(Error::Conflict(format!(
                "the idempotency key `{key}` was used before with another body; use a new key for a new request"
            )))));
        }
        let answer: String = known.try_get(1).map_err(&reading)?;
        Ok(Some(Receipt::from_text(&answer).ok_or_else(|| {
            Error::Caller(format!("the answer kept for the idempotency key `{key}` cannot be read"))
        })))
    }

    /// Stores one request that was not answered before.
    pub(crate) async fn take(
        &self,
        request: &Request,
        now: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<Receipt, Error> {
        let mut unknown = self.unknown_ids(&request.events, now, transaction).await?;
        // The first of an id within the request is the event, the others repeat it.
        let new: Vec<&Event> = request
            .events
            .iter()
            .filter(|event| event.event_id.is_none_or(|id| unknown.remove(&(event.customer, id))))
            .collect();
        self.identities(&new, request, transaction).await?;
        self.to_tail(&new, transaction).await?;
        let told = self.take_told(request, transaction).await?;
        quarantine::add(self, &request.refused, now, transaction).await?;
        let receipt = Receipt {
            accepted: new.len() as u64 + told.0,
            duplicate: (request.events.len() - new.len()) as u64 + told.1,
            quarantined: request.refused.len() as u64,
        };
        if let Some(key) = &request.idempotency_key {
            self.answer((key, &request.body_hash), receipt, now, transaction).await?;
        }
        Ok(receipt)
    }

    /// Keeps the answer to a request, under its key and with the hash of its body.
    async fn answer(
        &self,
        (key, body_hash): (&str, &str),
        receipt: Receipt,
        now: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        sqlx::query(
            "insert into requests (workspace, idempotency_key, body_hash, answer, at) values ($1, $2, $3, $4, $5)",
        )
        .bind(&self.id)
        .bind(key)
        .bind(body_hash)
        .bind(receipt.to_text())
        .bind(now)
        .execute(&mut **transaction)
        .await
        .map(|_| ())
        .map_err(Error::database(APPENDING))
    }

    /// Which of the events' ids were not there, now that they are.
    async fn unknown_ids(
        &self,
        events: &[Event],
        now: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<HashSet<(u64, u64)>, Error> {
        let appending = Error::database(APPENDING);
        let ids: Vec<(u64, u64)> =
            events.iter().filter_map(|event| Some((event.customer, event.event_id?))).collect();
        let mut unknown = HashSet::with_capacity(ids.len());
        for ids in ids.chunks(ROWS) {
            let sql = format!(
                "insert into event_ids (workspace, customer, event_id, at) values {} \
                 on conflict do nothing returning customer, event_id",
                self.store.places(ids.len(), 4)
            );
            let mut insert = sqlx::query(AssertSqlSafe(sql));
            for (customer, id) in ids {
                insert = insert.bind(&self.id).bind(signed(*customer)).bind(signed(*id)).bind(now);
            }
            for row in insert.fetch_all(&mut **transaction).await.map_err(&appending)? {
                let customer: i64 = row.try_get(0).map_err(&appending)?;
                let id: i64 = row.try_get(1).map_err(&appending)?;
                unknown.insert((customer.cast_unsigned(), id.cast_unsigned()));
            }
        }
        Ok(unknown)
    }

    async fn identities(
        &self,
        events: &[&Event],
        told: &Request,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        let responses = told.responses.iter().map(|it| &it.about);
        let about = responses.chain(told.complaints.iter().map(|it| &it.about));
        let tellers = about.filter_map(|about| about.person.as_ref());
        let mut people: Vec<(u64, &str)> = events
            .iter()
            .map(|event| (event.customer, event.identity.as_str()))
            .chain(tellers.map(|person| (person.key, person.id.as_str())))
            .collect();
        people.sort_unstable();
        people.dedup_by_key(|person| person.0);
        for people in people.chunks(ROWS) {
            let sql = format!(
                "insert into customers (workspace, customer, id) values {} on conflict do nothing",
                self.store.places(people.len(), 3)
            );
            let mut insert = sqlx::query(AssertSqlSafe(sql));
            for (customer, identity) in people {
                insert = insert.bind(&self.id).bind(signed(*customer)).bind(*identity);
            }
            insert.execute(&mut **transaction).await.map_err(Error::database(APPENDING))?;
        }
        Ok(())
    }

    async fn to_tail(
        &self,
        events: &[&Event],
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        if events.is_empty() {
            return Ok(());
        }
        let appending = Error::database(APPENDING);
        // The row stays locked until the commit: numbers become visible in their order.
        let last: i64 = sqlx::query_scalar(
            "update workspaces set last_seq = last_seq + $2 where id = $1 returning last_seq",
        )
        .bind(&self.id)
        .bind(events.len() as i64)
        .fetch_one(&mut **transaction)
        .await
        .map_err(&appending)?;
        let mut seq = last - events.len() as i64;
        for events in events.chunks(ROWS) {
            let sql = format!(
                "insert into tail (workspace, seq, customer, at, activity, channel, event_id, attributes) values {}",
                self.store.places(events.len(), 8)
            );
            let mut insert = sqlx::query(AssertSqlSafe(sql));
            for event in events {
                seq += 1;
                insert = insert
                    .bind(&self.id)
                    .bind(seq)
                    .bind(signed(event.customer))
                    .bind(event.at)
                    .bind(&event.activity)
                    .bind(&event.channel)
                    .bind(event.event_id.map(signed))
                    .bind(&event.attributes);
            }
            insert.execute(&mut **transaction).await.map_err(&appending)?;
        }
        Ok(())
    }

    /// Forgets keys of requests and ids of events from before this moment (µs); gives back how many.
    pub async fn forget_before(&self, moment: i64) -> Result<u64, Error> {
        let forgetting = Error::database("forgetting old keys");
        let mut gone = 0;
        for sql in [
            "delete from requests where workspace = $1 and at < $2",
            "delete from event_ids where workspace = $1 and at < $2",
        ] {
            let done = sqlx::query(sql).bind(&self.id).bind(moment);
            gone += done.execute(&self.store.writer).await.map_err(&forgetting)?.rows_affected();
        }
        Ok(gone)
    }
}

impl Request {
    /// Everything that is to be stored of it.
    pub fn rows(&self) -> usize {
        self.events.len() + self.responses.len() + self.complaints.len()
    }
}

impl Receipt {
    fn to_text(self) -> String {
        format!("{} {} {}", self.accepted, self.duplicate, self.quarantined)
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map(|number| number.parse().ok());
        Some(Self {
            accepted: numbers.next()??,
            duplicate: numbers.next()??,
            quarantined: numbers.next()??,
        })
    }
}
