//! A file of events into the lake, whole or not at all.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use store::{Change, Import, NewFile};

use super::Lake;
use super::layout::BUCKETS;
use super::rows::{Batches, Rows};
use super::write::{OWN, checksum_of};
use crate::columns::{Columns, Layout};
use crate::duplicates;
use crate::error::Error;
use crate::import::{self, FileRead, Intake, Kind, Names, Source, Wanted};
use crate::scan::Files;
use crate::scatter::{Scatter, Waiting};

/// What importing one file came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// `None`: the same file, understood the same way, was imported before.
    pub read: Option<FileRead>,
    pub events: u64,
    pub files: u64,
}

/// Beyond so many rows, what was read becomes files before reading goes on.
const MOST_ROWS: u64 = 64_000_000;

/// Columns that are no attribute of ours may have, and how such a one is called here.
pub(crate) fn stored_name(attribute: &str) -> String {
    if OWN.contains(&attribute) { format!("attribute.{attribute}") } else { attribute.to_owned() }
}

impl Lake {
    /// Imports the events of each file, one step of the lake for each. The same file twice is imported once.
    pub fn import(&self, files: &Files<'_>) -> Result<Vec<Imported>, Error> {
        files.events.iter().map(|source| self.import_file(source, files)).collect()
    }

    fn import_file(&self, source: &Source, files: &Files<'_>) -> Result<Imported, Error> {
        if source.path.as_os_str() == "-" {
            let message = "a lake is filled from files, which it can read twice; save the input to a file first";
            return Err(Error::in_file(&source.path, message));
        }
        let zone = source.zone.as_ref().and_then(|zone| zone.iana_name()).unwrap_or("UTC");
        let import = Import {
            content: content_hash(source, files)?,
            understood: format!("{:?} in {zone}", source.mapping),
        };
        let is_known = self.wait(self.workspace().is_imported(&import));
        if is_known.map_err(|error| match error {
            Error::Stored(why @ store::Error::Conflict(_)) => {
                Error::in_file(&source.path, why.to_string())
            }
            other => other,
        })? {
            return Ok(Imported { read: None, events: 0, files: 0 });
        }
        let seen = Some(self.wait(self.workspace().seen())?);
        let attributes = import::attributes(source, files.quarantine, files.watch)?;
        let columns = self.columns(&attributes)?;
        let first = self.snapshot()?.id + 1;
        let mut filling = Filling {
            lake: self,
            files: Files { events: std::slice::from_ref(source), ..*files },
            columns,
            batch: first,
            names: Names::default(),
            scatter: None,
            rows: 0,
            written: Vec::new(),
        };
        let read = filling.read(source, attributes);
        let read = match read.and_then(|read| filling.finish().map(|()| read)) {
            Ok(read) => read,
            Err(error) => {
                self.give_up(&filling.written);
                return Err(error);
            }
        };
        let written = filling.written;
        let events = written.iter().map(|file| file.records).sum();
        let imported = Imported { read: Some(read), events, files: written.len() as u64 };
        self.commit(Change {
            why: format!("import {}", source.path.display()),
            added: written,
            import: Some(import),
            seen,
            ..Change::default()
        })?;
        Ok(imported)
    }

    /// Field ids and stored names of attributes, in their order.
    pub(crate) fn columns(&self, attributes: &[String]) -> Result<Vec<(i64, String)>, Error> {
        let stored: Vec<String> = attributes.iter().map(|name| stored_name(name)).collect();
        let names: Vec<&str> = OWN.into_iter().chain(stored.iter().map(String::as_str)).collect();
        let known = self.wait(self.workspace().with_columns(&names))?;
        let id =
            |name: &String| known.iter().find(|column| column.name == *name).map_or(0, |it| it.id);
        Ok(stored.into_iter().map(|name| (id(&name), name)).collect())
    }
}

/// A file on its way in.
struct Filling<'a> {
    lake: &'a Lake,
    files: Files<'a>,
    columns: Vec<(i64, String)>,
    batch: i64,
    names: Names,
    scatter: Option<Scatter>,
    rows: u64,
    written: Vec<NewFile>,
}

impl Filling<'_> {
    fn read(&mut self, source: &Source, attributes: Vec<String>) -> Result<FileRead, Error> {
        let attributes = attributes.into_iter().map(|name| (name, Kind::Value)).collect();
        let wanted = Wanted { attributes, channel: true, event_id: true };
        let keys = self.lake.keys();
        let (quarantine, watch) = (self.files.quarantine, self.files.watch);
        let mut names = std::mem::take(&mut self.names);
        let mut intake = Intake { names: &mut names, quarantine, watch };
        // Names are told apart within the file: they stay when what was read is written.
        let read = import::read_named(source, &wanted, &mut intake, &mut |mut chunk, names| {
            keys.rewrite(&mut chunk.customers);
            self.rows += chunk.customers.len() as u64;
            self.scatter().add(&chunk, 0)?;
            if self.rows >= MOST_ROWS {
                self.write(names)?;
            }
            Ok(())
        })?;
        self.names = names;
        self.files.judge(std::slice::from_ref(&read))?;
        Ok(read)
    }

    fn scatter(&mut self) -> &mut Scatter {
        let layout = Layout { channel: true, event_id: false, attributes: self.columns.len() };
        let memory = self.files.memory;
        self.scatter.get_or_insert_with(|| Scatter::new(layout, memory))
    }

    fn finish(&mut self) -> Result<(), Error> {
        let names = std::mem::take(&mut self.names);
        self.write(&names)
    }

    /// What was read becomes files.
    fn write(&mut self, names: &Names) -> Result<(), Error> {
        let Some(scatter) = self.scatter.take() else { return Ok(()) };
        let per_bucket = scatter.into_buckets()?;
        let mut buckets: Vec<(u32, Vec<Waiting>)> = (0..BUCKETS).map(|n| (n, Vec::new())).collect();
        let each = per_bucket.len() / BUCKETS as usize;
        for (number, waiting) in per_bucket.into_iter().enumerate() {
            buckets[number / each].1.push(waiting);
        }
        let written = buckets.into_par_iter().map(|(bucket, waiting)| {
            self.files.watch.check()?;
            let mut columns = Columns::default();
            for waiting in waiting {
                let rows = duplicates::take_out(
                    waiting.load()?,
                    self.files.events,
                    self.files.quarantine,
                )?;
                columns.append(rows);
            }
            let batches = Batches::All(self.batch);
            let rows = Rows { columns: &columns, batches, names, attributes: &self.columns };
            self.lake.write(bucket, &rows)
        });
        let written: Vec<Result<Vec<NewFile>, Error>> = written.collect();
        let mut failed = None;
        for files in written {
            match files {
                Ok(files) => self.written.extend(files),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        self.batch += 1;
        self.rows = 0;
        failed.map_or(Ok(()), Err)
    }
}

/// A hash of all bytes of a file.
fn content_hash(source: &Source, files: &Files<'_>) -> Result<String, Error> {
    let reading = |cause| Error::reading(&source.path, cause);
    let file = std::fs::File::open(&source.path).map_err(reading)?;
    checksum_of(file, reading, || files.watch.check())
}

impl Lake {
    /// Moves the events of the tail into files; gives back how many.
    pub fn flush(&self) -> Result<u64, Error> {
        let seen = Some(self.wait(self.workspace().seen())?);
        let view = self.view(None, None)?;
        let Some(last) = view.tail.last().map(|event| event.seq) else { return Ok(0) };
        let count = view.tail.len() as u64;
        let attributes = tail_attributes(&view.tail)?;
        let columns = self.columns(&attributes)?;
        let mut added = Vec::new();
        for bucket in 0..BUCKETS {
            let written = view
                .tail_of(bucket, &attributes)
                .and_then(|(gathered, names)| {
                    let batches = Batches::All(view.snapshot.id + 1);
                    let rows =
                        Rows { columns: &gathered, batches, names: &names, attributes: &columns };
                    self.write(bucket, &rows)
                })
                .inspect_err(|_| self.give_up(&added))?;
            added.extend(written);
        }
        self.commit(Change {
            why: "flush".to_owned(),
            added,
            tail_seq: Some(last),
            seen,
            ..Change::default()
        })?;
        self.wait(self.workspace().forget_before(self.now() - REMEMBERED))?;
        Ok(count)
    }
}

/// Keys of requests and ids of events are remembered for seven days.
const REMEMBERED: i64 = 7 * 86_400_000_000;

fn tail_attributes(tail: &[store::TailEvent]) -> Result<Vec<String>, Error> {
    let mut names = std::collections::BTreeSet::new();
    for event in tail {
        names.extend(super::tail::attributes(event)?.into_keys());
    }
    Ok(names.into_iter().collect())
}
