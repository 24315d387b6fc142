//! Events on their way into files: columns with names beside them.

use std::collections::BTreeMap;

use store::NewFile;

use super::Lake;
use super::layout::{month_end, path};
use super::write::{Encoded, encode};
use crate::columns::Columns;
use crate::error::Error;
use crate::import::Names;

/// Events of one bucket, by customer and time; attributes are codes of `names.values` + 1.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    pub(crate) columns: &'a Columns,
    pub(crate) batches: Batches<'a>,
    pub(crate) names: &'a Names,
    /// Field ids and stored names of the attributes, in the order of the columns.
    pub(crate) attributes: &'a [(i64, String)],
}

/// The step that each event came with; of two events with one id the earlier step's counts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Batches<'a> {
    All(i64),
    Each(&'a [i64]),
}

impl Batches<'_> {
    pub(crate) fn of(self, row: usize) -> i64 {
        match self {
            Self::All(batch) => batch,
            Self::Each(batches) => batches[row],
        }
    }
}

impl Lake {
    /// Writes a file for each month of the rows; nobody sees them before the step is taken.
    pub(crate) fn write(&self, bucket: u32, rows: &Rows<'_>) -> Result<Vec<NewFile>, Error> {
        let mut files = Vec::new();
        let mut encoded = Vec::new();
        for (month, picked) in by_month(rows.columns) {
            let file = encode(rows, &picked)
                .map_err(|cause| Error::caller(format!("packing events as Parquet: {cause}")))?;
            files.push(self.describe((month, bucket), rows.columns, &picked, &file));
            encoded.push(file.bytes);
        }
        let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
        if paths.is_empty() {
            return Ok(files);
        }
        self.wait(self.workspace().announce(&paths, self.now()))?;
        for (path, bytes) in paths.iter().zip(&encoded) {
            let put = self.disk.put(path, bytes);
            put.map_err(|cause| Error::world(format!("writing {path}"), cause))
                .inspect_err(|_| self.give_up(&files))?;
        }
        Ok(files)
    }

    fn describe(
        &self,
        (month, bucket): (i64, u32),
        columns: &Columns,
        picked: &[u32],
        file: &Encoded,
    ) -> NewFile {
        let at = || picked.iter().map(|row| columns.at[*row as usize]);
        NewFile {
            path: path(self.workspace().id(), month, bucket),
            records: picked.len() as u64,
            bytes: file.bytes.len() as u64,
            footer: file.footer,
            month,
            bucket,
            span: (at().min().unwrap_or(0), at().max().unwrap_or(0)),
            checksum: file.checksum.clone(),
        }
    }

    /// Deletes files of a step that is not taken. What cannot be deleted now is swept when the lake is opened again.
    pub(crate) fn give_up(&self, files: &[NewFile]) {
        for file in files {
            let _swept_later = self.take_away(&file.path);
        }
    }
}

/// Rows by month, in the order of the rows.
fn by_month(columns: &Columns) -> BTreeMap<i64, Vec<u32>> {
    let mut months: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
    let mut from = 0;
    while from < columns.len() {
        let customer_end = kernel::run_end(&columns.customers, from);
        while from < customer_end {
            let (month, end) = month_end(&columns.at[..customer_end], from);
            months.entry(month).or_default().extend(from as u32..end as u32);
            from = end;
        }
    }
    months
}
