//! Rows of text into chunks of columns.

use xxhash_rust::xxh3::xxh3_64;

use super::layout::{Need, Row, Slot, Slots};
use super::names::{Interner, too_many};
use super::{
    CHUNK_ROWS, Chunk, Column, FileRead, Intake, Kind, Names, OnChunk, Source, Wanted, Watch,
};
use crate::error::Error;
use crate::quarantine::Reason;
use crate::time::{Fault, Times};

/// The slots of an event; attributes come after them.
pub(crate) const CUSTOMER: usize = 0;
pub(crate) const AT: usize = 1;
pub(crate) const ACTIVITY: usize = 2;
pub(crate) const CHANNEL: usize = 3;
pub(crate) const EVENT_ID: usize = 4;
pub(crate) const ATTRIBUTES: usize = 5;

/// Gathers the rows of one file and hands on a chunk whenever it is full.
pub(crate) struct Builder<'a> {
    wanted: &'a Wanted,
    names: &'a mut Names,
    watch: &'a Watch,
    on_chunk: &'a mut OnChunk<'a>,
    chunk: Chunk,
    times: Times,
    attribute_times: Vec<Times>,
    activities: Memo,
    channels: Memo,
    values: Memo,
    at_epoch: u64,
    unreadable: Vec<u64>,
}

pub(crate) fn slots(wanted: &Wanted) -> Slots {
    let optional = |wanted: bool| if wanted { Need::Optional } else { Need::Unwanted };
    let own = [
        ("customer_id", Need::Column),
        ("at", Need::Column),
        ("activity", Need::Column),
        ("channel", optional(wanted.channel)),
        ("event_id", optional(wanted.event_id)),
    ];
    let own = own.into_iter().map(|(name, need)| Slot { name: name.to_owned(), need });
    let attributes = wanted
        .attributes
        .iter()
        .map(|(name, _)| Slot { name: name.clone(), need: Need::Attribute });
    Slots { list: own.chain(attributes).collect() }
}

impl<'a> Builder<'a> {
    pub(crate) fn new(
        source: &Source,
        wanted: &'a Wanted,
        intake: &'a mut Intake<'_>,
        on_chunk: &'a mut OnChunk<'a>,
    ) -> Self {
        let times = || Times::new(source.zone.clone());
        Self {
            wanted,
            names: intake.names,
            watch: intake.watch,
            on_chunk,
            chunk: Chunk::empty(wanted),
            times: times(),
            attribute_times: wanted.attributes.iter().map(|_| times()).collect(),
            activities: Memo::default(),
            channels: Memo::default(),
            values: Memo::default(),
            at_epoch: 0,
            unreadable: vec![0; wanted.attributes.len()],
        }
    }

    /// Takes a row in, or says why not.
    pub(crate) fn push(&mut self, row: &Row<'_>) -> Result<Option<Reason>, Error> {
        let customer = row.field(CUSTOMER);
        if customer.trim_ascii().is_empty() {
            return Ok(Some(Reason::NoCustomer));
        }
        let written = row.field(AT);
        let at = match row.unit {
            Some(unit) => Times::number(written, unit),
            None => self.times.micros(written),
        };
        let at = match at {
            Ok(at) => at,
            Err(fault) => return Ok(Some(fault.reason(written))),
        };
        let activity = row.field(ACTIVITY);
        if activity.trim_ascii().is_empty() {
            return Ok(Some(Reason::NoActivity));
        }
        let activity =
            self.activities.code(&mut self.names.activities, activity, "the activity")?;
        self.at_epoch += u64::from(at == 0);
        self.chunk.customers.push(hash(customer));
        self.chunk.at.push(at);
        self.chunk.activities.push(activity);
        self.push_optional(row)?;
        self.chunk.rows.push(row.line);
        if self.chunk.rows.len() >= CHUNK_ROWS {
            self.flush()?;
        }
        Ok(None)
    }

    /// Hands on what is left and writes down what was counted.
    pub(crate) fn finish(mut self, read: &mut FileRead) -> Result<(), Error> {
        self.flush()?;
        read.rows_at_epoch = self.at_epoch;
        read.unreadable = unreadable(self.wanted, &self.unreadable);
        Ok(())
    }

    fn push_optional(&mut self, row: &Row<'_>) -> Result<(), Error> {
        if self.wanted.channel {
            let channel = match row.field(CHANNEL) {
                [] => 0,
                name => self.channels.code(&mut self.names.channels, name, "the channel")? + 1,
            };
            self.chunk.channels.push(channel);
        }
        if self.wanted.event_id {
            self.chunk.event_ids.push(hash_or_missing(row.field(EVENT_ID)));
        }
        for (index, column) in self.chunk.attributes.iter_mut().enumerate() {
            let field = row.field(ATTRIBUTES + index);
            let readable = match column {
                Column::Text(texts) => {
                    texts.push(hash_or_missing(field));
                    true
                }
                Column::Value(values) => {
                    values.push(self.values.value(&mut self.names.values, field)?);
                    true
                }
                Column::Number(numbers) => {
                    let number = number(field);
                    numbers.push(number.unwrap_or(f64::NAN));
                    number.is_some() || field.is_empty()
                }
                Column::Time(times) => {
                    let time = self.attribute_times[index].micros(field);
                    times.push(time.unwrap_or(i64::MIN));
                    matches!(time, Ok(_) | Err(Fault::Missing))
                }
            };
            self.unreadable[index] += u64::from(!readable);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.watch.check()?;
        if self.chunk.rows.is_empty() {
            return Ok(());
        }
        self.watch.add_rows(self.chunk.rows.len() as u64);
        (self.on_chunk)(std::mem::replace(&mut self.chunk, Chunk::empty(self.wanted)), self.names)
    }
}

impl Chunk {
    /// No rows yet, and room for all that fit.
    pub(crate) fn empty(wanted: &Wanted) -> Self {
        let room = |wanted: bool| if wanted { CHUNK_ROWS } else { 0 };
        let column = |kind: &Kind| match kind {
            Kind::Text => Column::Text(Vec::with_capacity(CHUNK_ROWS)),
            Kind::Number => Column::Number(Vec::with_capacity(CHUNK_ROWS)),
            Kind::Time => Column::Time(Vec::with_capacity(CHUNK_ROWS)),
            Kind::Value => Column::Value(Vec::with_capacity(CHUNK_ROWS)),
        };
        Self {
            customers: Vec::with_capacity(CHUNK_ROWS),
            at: Vec::with_capacity(CHUNK_ROWS),
            activities: Vec::with_capacity(CHUNK_ROWS),
            channels: Vec::with_capacity(room(wanted.channel)),
            event_ids: Vec::with_capacity(room(wanted.event_id)),
            attributes: wanted.attributes.iter().map(|(_, kind)| column(kind)).collect(),
            ..Self::default()
        }
    }
}

/// The hash that stands for a text everywhere past the importers.
#[must_use]
pub fn hash(text: &[u8]) -> u64 {
    xxh3_64(text)
}

/// As [`hash`], with 0 kept free for "missing".
#[must_use]
pub fn hash_or_missing(text: &[u8]) -> u64 {
    if text.is_empty() { 0 } else { hash(text).max(1) }
}

/// A finite number; surrounding spaces are none of its business.
pub(crate) fn number(text: &[u8]) -> Option<f64> {
    let number = std::str::from_utf8(text).ok()?.trim().parse::<f64>().ok()?;
    number.is_finite().then_some(number)
}

pub(crate) fn unreadable(wanted: &Wanted, counts: &[u64]) -> Vec<(String, u64)> {
    let counted = wanted.attributes.iter().zip(counts).filter(|&(_, &count)| count > 0);
    counted.map(|((name, _), &count)| (name.clone(), count)).collect()
}

/// The codes of the names met lately, so that a name costs one hash and one look into an array.
///
/// Two names with one 64-bit hash would share a code here; customers and attribute values rest on the same odds.
pub(crate) struct Memo {
    codes: Vec<(u64, u32)>,
}

const REMEMBERED: usize = 4096;

impl Default for Memo {
    fn default() -> Self {
        Self { codes: vec![(0, 0); REMEMBERED] }
    }
}

impl Memo {
    pub(crate) fn code(
        &mut self,
        names: &mut Interner,
        text: &[u8],
        what: &str,
    ) -> Result<u32, Error> {
        self.code_of(text, what, |name| names.code(name))
    }

    /// The code of a value plus 1; 0 for an empty one.
    pub(crate) fn value(&mut self, values: &mut Interner, text: &[u8]) -> Result<u64, Error> {
        if text.is_empty() {
            return Ok(0);
        }
        let code = self.code_of(text, "an attribute", |value| values.value(value))?;
        Ok(u64::from(code) + 1)
    }

    fn code_of(
        &mut self,
        text: &[u8],
        what: &str,
        mut code: impl FnMut(&str) -> Option<u32>,
    ) -> Result<u32, Error> {
        let key = hash(text).max(1);
        let place = (key % REMEMBERED as u64) as usize;
        let (known, remembered) = self.codes[place];
        if known == key {
            return Ok(remembered);
        }
        let name = String::from_utf8_lossy(text);
        let code = code(&name).ok_or_else(|| too_many(what, &name))?;
        self.codes[place] = (key, code);
        Ok(code)
    }
}
