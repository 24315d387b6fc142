//! What a question sees: the files of a snapshot, and the events that were in none of them.

use std::collections::HashMap;
use std::sync::Arc;

use store::{DataFile, DataVersion, Snapshot, TailEvent};

use super::Lake;
use super::compact::values;
use super::disk::Disk;
use super::keys::Keys;
use super::layout::{BUCKETS, month};
use super::portion::Portion;
use super::read::{Run, Wanted, whole};
use super::walk::{Erased, Gathered, Walker};
use crate::error::Error;
use crate::import::Names;

/// A lake at one moment; it stays as it is while others write.
#[derive(Debug)]
pub struct View<'a> {
    pub(crate) lake: &'a Lake,
    pub(crate) snapshot: Snapshot,
    pub(crate) tail: Vec<TailEvent>,
    pub(crate) version: DataVersion,
    /// Of all events, those outside of the period too: a horizon does not depend on which files a question needs.
    latest: Option<i64>,
    erased: Erased,
}

/// Events of the tail read in one statement.
const PAGE: i64 = 20_000;

impl Lake {
    /// The lake now, events outside of the period (µs, both ends in it) left where they are.
    pub fn view(&self, from: Option<i64>, to: Option<i64>) -> Result<View<'_>, Error> {
        // Read first: the view may know more than its version says, and never less.
        let version = self.wait(self.workspace().data_version())?;
        let mut tail = self.tail()?;
        let mut snapshot = self.snapshot()?;
        tail.retain(|event| event.seq > snapshot.tail_seq);
        let files = snapshot.files.iter().map(|file| file.new.span.1);
        let latest = files.chain(tail.iter().map(|event| event.at)).max();
        let is_in_time = |file: &DataFile| {
            from.is_none_or(|from| file.new.span.1 >= from)
                && to.is_none_or(|to| file.new.span.0 <= to)
        };
        snapshot.files.retain(is_in_time);
        let mut erased = HashMap::new();
        for erasure in &snapshot.erasures {
            erased.insert(erasure.customer, erasure.snapshot);
        }
        Ok(View { lake: self, snapshot, tail, version, latest, erased })
    }

    /// All events of the tail, before the snapshot is read.
    pub(crate) fn tail(&self) -> Result<Vec<TailEvent>, Error> {
        let mut tail: Vec<TailEvent> = Vec::new();
        loop {
            let after = tail.last().map_or(0, |event| event.seq);
            let page = self.wait(self.workspace().tail(after, PAGE))?;
            let is_last = (page.len() as i64) < PAGE;
            tail.extend(page);
            if is_last {
                return Ok(tail);
            }
        }
    }
}

impl View<'_> {
    pub(crate) fn keys(&self) -> Keys {
        self.lake.keys()
    }

    /// How far the data had come when the view was taken.
    pub fn version(&self) -> DataVersion {
        self.version
    }

    /// The moment of the last event, µs; `None` if there is no event.
    pub fn latest(&self) -> Option<i64> {
        self.latest
    }

    /// How many events there are, those included that repeat another one.
    pub fn events(&self) -> u64 {
        let files: u64 = self.snapshot.files.iter().map(|file| file.new.records).sum();
        files + self.tail.len() as u64
    }

    /// Names of the attributes that any event may carry.
    pub(crate) fn attributes(&self) -> Vec<String> {
        let own = super::write::OWN.len() as i64;
        let columns = self.snapshot.columns.iter().filter(|column| column.id > own);
        let mut names: Vec<String> = columns.map(|column| column.name.clone()).collect();
        for event in &self.tail {
            for name in super::tail::attributes(event).unwrap_or_default().into_keys() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    pub(crate) fn disk(&self) -> &dyn Disk {
        self.lake.disk.as_ref()
    }

    pub(crate) fn shared_disk(&self) -> Arc<dyn Disk> {
        Arc::clone(&self.lake.disk)
    }

    /// Everything of one bucket.
    pub(crate) fn portion(&self, number: u32) -> Portion {
        Portion::of(number, &self.snapshot.files, &self.tail, &self.erased)
    }

    /// Everything, bucket by bucket.
    pub fn portions(&self) -> Vec<Portion> {
        (0..BUCKETS).map(|number| self.portion(number)).collect()
    }

    /// A walk over some files of one bucket.
    pub(crate) fn walk_files(
        &self,
        files: &[&DataFile],
        wanted: &Wanted,
    ) -> Result<Walker<'_>, Error> {
        let mut walker = Walker::new(&self.erased);
        let mut files = files.to_vec();
        files.sort_by_key(|file| (file.new.month, file.id));
        let paths: Vec<&str> = files.iter().map(|file| file.new.path.as_str()).collect();
        for (file, body) in files.iter().zip(self.lake.disk.open_all(&paths)) {
            let body = whole(body, &file.new.checksum, wanted);
            let run = Run::over(body, &file.new.path, wanted)?;
            walker.add_run(run, file.begin_snapshot)?;
        }
        Ok(walker)
    }

    /// A bucket's part of the tail alone.
    pub(crate) fn tail_portion(&self, number: u32) -> Portion {
        Portion::of(number, &[], &self.tail, &self.erased)
    }

    /// Where the files lie, below the lake's folder.
    pub fn paths(&self) -> Vec<String> {
        self.snapshot.files.iter().map(|file| file.new.path.clone()).collect()
    }

    /// The values of one attribute, as often as events carry them, sorted.
    pub fn values_of(&self, attribute: &str) -> Result<Vec<String>, Error> {
        let mut texts = Vec::new();
        self.walk_all(&values(&[attribute.to_owned()]), |gathered, names| {
            let codes = gathered.columns.attributes.iter().flatten().filter(|code| **code != 0);
            texts.extend(codes.map(|code| names.values.text((*code - 1) as u32).to_owned()));
        })?;
        texts.sort_unstable();
        Ok(texts)
    }

    /// Every different value of any attribute, sorted.
    pub fn texts(&self) -> Result<Vec<String>, Error> {
        let mut texts = Vec::new();
        self.walk_all(&values(&self.attributes()), |gathered, names| {
            let codes = gathered.columns.attributes.iter().flatten().filter(|code| **code != 0);
            texts.extend(codes.map(|code| names.values.text((*code - 1) as u32).to_owned()));
        })?;
        texts.sort_unstable();
        texts.dedup();
        Ok(texts)
    }

    /// The ids of all events that have one, as hashes, sorted.
    pub fn ids(&self) -> Result<Vec<u64>, Error> {
        let mut ids = Vec::new();
        self.walk_all(&Wanted::default(), |gathered, _| {
            ids.extend(gathered.columns.event_ids.iter().filter(|id| **id != 0));
        })?;
        ids.sort_unstable();
        Ok(ids)
    }

    /// The moments of all events, µs, sorted.
    pub fn times(&self) -> Result<Vec<i64>, Error> {
        let mut times = Vec::new();
        self.walk_all(&Wanted::default(), |gathered, _| times.extend(&gathered.columns.at))?;
        times.sort_unstable();
        Ok(times)
    }

    fn walk_all(
        &self,
        wanted: &Wanted,
        mut on_customers: impl FnMut(&Gathered, &Names),
    ) -> Result<(), Error> {
        for bucket in 0..BUCKETS {
            let portion = self.portion(bucket);
            let mut walker = portion.walk(self.disk(), wanted)?;
            while let Some(gathered) = walker.next()? {
                on_customers(&gathered, &walker.names);
            }
        }
        Ok(())
    }

    /// Months (since 1970-01) that have events.
    pub fn months(&self) -> Vec<i64> {
        let files = self.snapshot.files.iter().map(|file| file.new.month);
        let mut months: Vec<i64> =
            files.chain(self.tail.iter().map(|event| month(event.at))).collect();
        months.sort_unstable();
        months.dedup();
        months
    }
}
