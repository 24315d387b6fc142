//! The four columns of an event log, decoded by the parquet crate alone, dictionaries kept.

use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};

pub(crate) const COLUMNS: [&str; 4] = ["customer_id", "at", "activity", "channel"];

const BATCH_ROWS: usize = 65_536;

pub(crate) struct Log {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

impl Log {
    pub(crate) fn open(path: &str) -> Result<Self, Box<dyn Error>> {
        let file = File::open(path).map_err(|why| format!("{path}: {why}"))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
        Ok(Self { path: Path::new(path).to_path_buf(), metadata })
    }

    pub(crate) fn rows(&self) -> usize {
        self.metadata.metadata().file_metadata().num_rows() as usize
    }

    pub(crate) fn row_groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// The columns of these row groups, in the order of [`COLUMNS`].
    ///
    /// Every call opens the file anew: readers that share a file share its position too.
    pub(crate) fn batches(
        &self,
        row_groups: Vec<usize>,
    ) -> Result<ParquetRecordBatchReader, Box<dyn Error + Send + Sync>> {
        let columns = ProjectionMask::columns(self.metadata.parquet_schema(), COLUMNS);
        let file = File::open(&self.path)?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        Ok(builder
            .with_projection(columns)
            .with_row_groups(row_groups)
            .with_batch_size(BATCH_ROWS)
            .build()?)
    }
}
