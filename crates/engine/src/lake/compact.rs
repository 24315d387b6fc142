//! Few large files instead of many small ones, and none with what was to be forgotten.

use std::collections::BTreeMap;

use store::{Change, DataFile, NewFile};

use super::Lake;
use super::import::stored_name;
use super::read::Wanted;
use super::rows::{Batches, Rows};
use super::view::View;
use super::walk::Walker;
use crate::columns::Columns;
use crate::error::Error;
use crate::import::{Kind, Names};

impl Lake {
    /// Makes one file of each month and bucket that has more than one; gives back how many files went.
    ///
    /// Each month and bucket is a step of its own: what is done stays done when the work is interrupted.
    pub fn compact(&self) -> Result<u64, Error> {
        let view = self.view(None, None)?;
        let mut partitions: BTreeMap<(i64, u32), Vec<&DataFile>> = BTreeMap::new();
        for file in &view.snapshot.files {
            partitions.entry((file.new.month, file.new.bucket)).or_default().push(file);
        }
        let mut gone = 0;
        for files in partitions.values().filter(|files| files.len() > 1) {
            let added = view.rewritten(files)?;
            gone += files.len() as u64 - added.len() as u64;
            let removed = files.iter().map(|file| (*file).clone()).collect();
            self.commit(Change { why: "compact".to_owned(), added, removed, ..Change::default() })?;
        }
        Ok(gone)
    }
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
        let mut walker = self.walk_tail(bucket, &values(attributes))?;
        let (gathered, _) = all(&mut walker)?;
        Ok((gathered, walker.names))
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
