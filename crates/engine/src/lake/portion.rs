//! One bucket of a lake at one moment: enough for any machine that reaches the files to walk it.

use serde::{Deserialize, Serialize};
use store::{DataFile, TailEvent};

use super::disk::Disk;
use super::layout::bucket;
use super::read::{Run, Wanted, whole};
use super::tail::piece;
use super::walk::{Erased, Walker};
use crate::error::Error;

/// A bucket's files, its part of the tail, and whom to leave out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Portion {
    bucket: u32,
    files: Vec<Stored>,
    #[serde(with = "tail_rows")]
    tail: Vec<TailEvent>,
    erased: Erased,
}

/// A file as a walk needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    path: String,
    checksum: String,
    /// The snapshot that it came with.
    begin: i64,
    /// µs, UTC, of the first and the last event.
    span: (i64, i64),
    events: u64,
}

impl Portion {
    /// What of these is in the bucket; files in the order in which they are walked.
    pub(crate) fn of(number: u32, files: &[DataFile], tail: &[TailEvent], erased: &Erased) -> Self {
        let mut files: Vec<&DataFile> =
            files.iter().filter(|file| file.new.bucket == number).collect();
        files.sort_by_key(|file| (file.new.month, file.id));
        let stored = |file: &&DataFile| Stored {
            path: file.new.path.clone(),
            checksum: file.new.checksum.clone(),
            begin: file.begin_snapshot,
            span: file.new.span,
            events: file.new.records,
        };
        let is_here = |customer: u64| bucket(customer) == number;
        Self {
            bucket: number,
            files: files.iter().map(stored).collect(),
            tail: tail.iter().filter(|event| is_here(event.customer)).cloned().collect(),
            erased: erased.iter().filter(|(it, _)| is_here(**it)).map(|(a, b)| (*a, *b)).collect(),
        }
    }

    pub fn bucket(&self) -> u32 {
        self.bucket
    }

    /// Events that may be met, those included that repeat another one.
    pub fn events(&self) -> u64 {
        self.files.iter().map(|file| file.events).sum::<u64>() + self.tail.len() as u64
    }

    /// Only what may hold events of a period (µs, both ends in it).
    pub fn within(&self, from: i64, to: i64) -> Self {
        let files = self.files.iter().filter(|file| file.span.1 >= from && file.span.0 <= to);
        let tail = self.tail.iter().filter(|event| (from..=to).contains(&event.at));
        Self {
            bucket: self.bucket,
            files: files.cloned().collect(),
            tail: tail.cloned().collect(),
            erased: self.erased.clone(),
        }
    }

    /// A walk over its customers.
    pub(crate) fn walk(&self, disk: &dyn Disk, wanted: &Wanted) -> Result<Walker<'_>, Error> {
        let mut walker = Walker::new(&self.erased);
        let paths: Vec<&str> = self.files.iter().map(|file| file.path.as_str()).collect();
        for (file, body) in self.files.iter().zip(disk.open_all(&paths)) {
            let body = whole(body, &file.checksum, wanted);
            walker.add_run(Run::over(body, &file.path, wanted)?, file.begin)?;
        }
        let is_wanted =
            |event: &&TailEvent| wanted.customer.is_none_or(|customer| customer == event.customer);
        let tail: Vec<&TailEvent> = self.tail.iter().filter(is_wanted).collect();
        if !tail.is_empty() {
            let piece = piece(tail, wanted, &mut walker.names)?;
            walker.add_piece(piece)?;
        }
        Ok(walker)
    }
}

/// Events of the tail as rows without names.
mod tail_rows {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use store::TailEvent;

    type Row = (i64, u64, i64, String, Option<String>, Option<u64>, Option<String>);

    pub(super) fn serialize<S: Serializer>(
        events: &[TailEvent],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let rows: Vec<Row> = events.iter().cloned().map(row).collect();
        rows.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<TailEvent>, D::Error> {
        Ok(Vec::<Row>::deserialize(deserializer)?.into_iter().map(event).collect())
    }

    fn row(event: TailEvent) -> Row {
        let TailEvent { seq, customer, at, activity, channel, event_id, attributes } = event;
        (seq, customer, at, activity, channel, event_id, attributes)
    }

    fn event((seq, customer, at, activity, channel, event_id, attributes): Row) -> TailEvent {
        TailEvent { seq, customer, at, activity, channel, event_id, attributes }
    }
}
