//! Events of the tail as a piece of a bucket.

use std::collections::BTreeMap;

use serde_json::Value;
use store::TailEvent;

use super::read::{Piece, Wanted};
use crate::error::Error;
use crate::import::{Chunk, Column, Kind, Names, hash_or_missing, number, too_many};
use crate::time::Times;

/// Steps of the tail come after all others, each event a step of its own.
const AFTER_FILES: i64 = 1 << 48;

/// Sorted by customer and time; of equal ones the earlier comes first.
pub(crate) fn piece(
    mut events: Vec<&TailEvent>,
    wanted: &Wanted,
    names: &mut Names,
) -> Result<Piece, Error> {
    events.sort_by_key(|event| (event.customer, event.at, event.seq));
    let mut chunk = Chunk::empty_of(&wanted.attributes);
    let mut batches = Vec::with_capacity(events.len());
    let mut times = Times::new(None);
    for event in events {
        let texts = attributes(event)?;
        chunk.customers.push(event.customer);
        chunk.at.push(event.at);
        let activity = names.activities.code(&event.activity);
        chunk.activities.push(activity.ok_or_else(|| too_many("the activity", &event.activity))?);
        chunk.channels.push(match &event.channel {
            Some(channel) => {
                names.channels.code(channel).ok_or_else(|| too_many("the channel", channel))? + 1
            }
            None => 0,
        });
        chunk.event_ids.push(event.event_id.unwrap_or(0));
        for ((name, _), column) in wanted.attributes.iter().zip(&mut chunk.attributes) {
            let text = texts.get(name).map_or("", String::as_str);
            match column {
                Column::Text(values) => values.push(hash_or_missing(text.as_bytes())),
                Column::Number(values) => values.push(number(text.as_bytes()).unwrap_or(f64::NAN)),
                Column::Time(values) => {
                    values.push(times.micros(text.as_bytes()).unwrap_or(i64::MIN));
                }
                Column::Value(values) => values.push(match text {
                    "" => 0,
                    text => names.values.value(text).map_or(0, |code| u64::from(code) + 1),
                }),
            }
        }
        batches.push(AFTER_FILES + event.seq);
    }
    Ok(Piece { chunk, batches })
}

/// The attributes of an event of the tail, by name.
pub(crate) fn attributes(event: &TailEvent) -> Result<BTreeMap<String, String>, Error> {
    let Some(text) = &event.attributes else { return Ok(BTreeMap::new()) };
    let unreadable = || {
        Error::caller(format!(
            "event {} of the tail has attributes that are no JSON object of texts; restore the database from a backup",
            event.seq
        ))
    };
    let value: Value = serde_json::from_str(text).map_err(|_| unreadable())?;
    let object = value.as_object().ok_or_else(unreadable)?;
    let texts = object.iter().map(|(name, value)| {
        value.as_str().map(|text| (name.clone(), text.to_owned())).ok_or_else(unreadable)
    });
    texts.collect()
}

impl Chunk {
    /// No rows, and a column for each attribute.
    fn empty_of(attributes: &[(String, Kind)]) -> Self {
        let column = |kind: &Kind| Column::missing(*kind, 0);
        let attributes = attributes.iter().map(|(_, kind)| column(kind)).collect();
        Self { attributes, ..Self::default() }
    }
}
