//! Everything that one customer did, in time.

use std::collections::BTreeMap;

use super::compact::values;
use super::layout::bucket;
use super::read::Wanted;
use super::view::View;
use crate::error::Error;
use crate::import::hash;

/// An event of one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEvent {
    /// µs since 1970, UTC.
    pub at: i64,
    pub activity: String,
    pub channel: Option<String>,
    /// Those that it carries, as they were written.
    pub attributes: BTreeMap<String, String>,
}

impl View<'_> {
    /// The events of the customer with this id, repeated ones left out; none of a customer that nobody knows.
    pub fn timeline(&self, id: &str) -> Result<Vec<TimelineEvent>, Error> {
        self.timeline_of(self.keys().of(hash(id.as_bytes())))
    }

    /// The same by the lake's key.
    ///
    /// Reads the parts of files that may hold the customer: those of one bucket, and in them what lies around the key.
    pub fn timeline_of(&self, customer: u64) -> Result<Vec<TimelineEvent>, Error> {
        let names = self.attributes();
        let wanted = Wanted { customer: Some(customer), ..values(&names) };
        let portion = self.portion(bucket(customer));
        let mut walker = portion.walk(self.lake.disk.as_ref(), &wanted)?;
        let mut timeline = Vec::new();
        while let Some(gathered) = walker.next()? {
            let columns = &gathered.columns;
            let from = columns.customers.partition_point(|other| *other < customer);
            let to = columns.customers.partition_point(|other| *other <= customer);
            for row in from..to {
                let of = |code: u64| (code != 0).then(|| code as u32 - 1);
                let channel = columns.channels.get(row).and_then(|code| of(u64::from(*code)));
                let carried = columns.attributes.iter().zip(&names).filter_map(|(codes, name)| {
                    let text = walker.names.values.text(of(codes[row])?);
                    Some((name.clone(), text.to_owned()))
                });
                timeline.push(TimelineEvent {
                    at: columns.at[row],
                    activity: walker.names.activities.text(columns.activities[row]).to_owned(),
                    channel: channel.map(|code| walker.names.channels.text(code).to_owned()),
                    attributes: carried.collect(),
                });
            }
        }
        Ok(timeline)
    }
}
