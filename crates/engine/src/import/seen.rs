//! The keys met in a file that has no header: which columns it has shows only as it is read.

use super::layout::{Need, Slots, missing_columns};
use super::{FileRead, Source};
use crate::error::Error;

pub(crate) struct Seen {
    /// Rows whose keys could be read.
    pub(crate) rows: u64,
    /// Whether a slot's key was ever there.
    pub(crate) slots: Vec<bool>,
    keys: Vec<String>,
}

/// After so many rows without a needed key the file does not have it, and nobody should wait for its end to hear so.
const ENOUGH: u64 = 1000;
const MOST_KEYS: usize = 300;

impl Seen {
    pub(crate) fn new(slots: usize) -> Self {
        Self { rows: 0, slots: vec![false; slots], keys: Vec::new() }
    }

    /// Remembers a key of the first rows, for messages.
    pub(crate) fn key(&mut self, key: &str) {
        if self.rows < ENOUGH
            && self.keys.len() < MOST_KEYS
            && !self.keys.iter().any(|known| known == key)
        {
            self.keys.push(key.to_owned());
        }
    }

    pub(crate) fn check_early(&self, slots: &Slots, source: &Source) -> Result<(), Error> {
        if self.rows == ENOUGH { self.check(slots, source, false) } else { Ok(()) }
    }

    pub(crate) fn finish(
        self,
        slots: &Slots,
        source: &Source,
        read: &mut FileRead,
    ) -> Result<(), Error> {
        if self.rows > 0 {
            self.check(slots, source, true)?;
        }
        read.absent = slots.absent(|slot| self.slots[slot]);
        read.columns = self.keys;
        Ok(())
    }

    /// An optional key may come late, so only the end of a file tells that a mapped one is not there.
    fn check(&self, slots: &Slots, source: &Source, at_end: bool) -> Result<(), Error> {
        let must = |need: Need, name: &str| {
            need == Need::Column || (at_end && need == Need::Optional && source.mapping.names(name))
        };
        let unseen = slots
            .list
            .iter()
            .zip(&self.slots)
            .filter(|(slot, seen)| !**seen && must(slot.need, &slot.name));
        let missing: Vec<_> = unseen.map(|(slot, _)| slot.name.as_str()).collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(missing_columns(slots, source, &self.keys, &missing).without_line())
        }
    }
}
