//! Few large files instead of many small ones, and none with what was to be forgotten.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use store::{Change, DataFile, NewFile};

use super::Lake;
use super::import::stored_name;
use super::read::Wanted;
use super::rows::{Batches, Rows};
use super::view::View;
use super::walk::Walker;
use crate::columns::Columns;
use crate::error::Error;
use crate::import::{Kind, Names, Watch};

impl Lake {
    /// Makes one of the small files of each month and bucket; gives back how many files went.
    ///
    /// What is left of a month and bucket is a few files, each at least as large as all smaller ones together: an event is
    /// rewritten as often as its file doubles, however many files come. Each month and bucket is a step of its own: what is
    /// done stays done when the work is interrupted.
    pub fn compact(&self) -> Result<u64, Error> {
        self.compact_while(&Watch::default())
    }

    /// As [`Self::compact`], until it is told to stop: then with [`Error::Interrupted`].
    pub fn compact_while(&self, watch: &Watch) -> Result<u64, Error> {
        let seen = Some(self.wait(self.workspace().seen())?);
        let view = self.view(None, None)?;
        let mut partitions: BTreeMap<(i64, u32), Vec<&DataFile>> = BTreeMap::new();
        for file in &view.snapshot.files {
            partitions.entry((file.new.month, file.new.bucket)).or_default().push(file);
        }
        let small: Vec<Vec<&DataFile>> = partitions.into_values().filter_map(small).collect();
        // Files are written side by side, steps are taken one by one.
        let gone = Mutex::new(0);
        small.par_iter().try_for_each(|files| {
            watch.check()?;
            let added = view.rewritten(files)?;
            let fewer = files.len() as u64 - added.len() as u64;
            let removed = files.iter().map(|file| (*file).clone()).collect();
            let mut gone = gone.lock().unwrap_or_else(PoisonError::into_inner);
            let (why, seen) = ("compact".to_owned(), seen.clone());
            self.commit(Change { why, added, removed, seen, ..Change::default() })?;
            *gone += fewer;
            Ok::<(), Error>(())
        })?;
        Ok(gone.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Of the files of one month and bucket those that become one: the smallest ones, up to the last that is not larger than all
/// that are smaller together; `None` if that is no more than one.
fn small(mut files: Vec<&DataFile>) -> Option<Vec<&DataFile>> {
    files.sort_by_key(|file| (file.new.records, file.id));
    let mut before = 0;
    let mut end = 0;
    for (place, file) in files.iter().enumerate() {
        if file.new.records <= before {
            end = place + 1;
        }
        before += file.new.records;
    }
    files.truncate(end);
    (end > 1).then_some(files)
}

impl View<'_> {
    /// Files of one month and bucket written anew as one, without repeated events and without the erased.
    pub(crate) fn rewritten(&self, files: &[&DataFile]) -> Result<Vec<NewFile>, Error> {
        let Some(bucket) = files.first().map(|file| file.new.bucket) else { return Ok(Vec::new()) };
        let attributes = self.attributes();
        let columns = self.lake.columns(&attributes)?;
        let mut walker = self.walk_files(files, &values(&attributes))?;
        let (gathered, batches) = all(&mut walker)?;
        let (used, columns) = used(gathered, columns);
        let rows = Rows {
            columns: &used,
            batches: Batches::Each(&batches),
            names: &walker.names,
            attributes: &columns,
        };
        self.lake.write(bucket, &rows)
    }

    /// The tail's part of a bucket, in order, with its names.
    pub(crate) fn tail_of(
        &self,
        bucket: u32,
        attributes: &[String],
    ) -> Result<(Columns, Names), Error> {
        let portion = self.tail_portion(bucket);
        let mut walker = portion.walk(self.disk(), &values(attributes))?;
        let (gathered, _) = all(&mut walker)?;
        Ok((gathered, std::mem::take(&mut walker.names)))
    }
}

/// Every attribute as it was written.
pub(crate) fn values(attributes: &[String]) -> Wanted {
    let value = |name: &String| (stored_name(name), Kind::Value);
    Wanted { attributes: attributes.iter().map(value).collect(), customer: None }
}

fn all(walker: &mut Walker<'_>) -> Result<(Columns, Vec<i64>), Error> {
    let mut columns = Columns::default();
    let mut batches = Vec::new();
    while let Some(gathered) = walker.next()? {
        columns.append(gathered.columns);
        batches.extend(gathered.batches);
    }
    Ok((columns, batches))
}

/// Without the attributes that no event here carries.
fn used(mut columns: Columns, names: Vec<(i64, String)>) -> (Columns, Vec<(i64, String)>) {
    let all = std::mem::take(&mut columns.attributes);
    let (used, names) = all
        .into_iter()
        .zip(names)
        .filter(|(values, _)| values.iter().any(|value| *value != 0))
        .unzip();
    columns.attributes = used;
    (columns, names)
}
