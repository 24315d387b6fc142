//! What an answer looks like: a table for people, CSV and JSON for programs, Parquet and Arrow for more rows.

use std::io::Write;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::csv;
use datafusion::arrow::datatypes::Schema;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::writer::FileWriter;
use datafusion::arrow::json::ArrayWriter;
use datafusion::arrow::util::pretty::pretty_format_batches_with_schema;
use engine::Error;
use parquet::arrow::ArrowWriter;
use std::sync::Arc;

/// A form that an answer is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Table,
    Csv,
    Json,
    Parquet,
    Arrow,
}

impl Form {
    /// Whether people can read it.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Table | Self::Csv | Self::Json)
    }
}

type Out<'a> = &'a mut (dyn Write + Send);

/// Writes batch after batch.
pub(super) enum Writer<'a> {
    Table { schema: Arc<Schema>, batches: Vec<RecordBatch>, out: Out<'a> },
    Csv(csv::Writer<Out<'a>>),
    Json(ArrayWriter<Out<'a>>),
    Parquet(Box<ArrowWriter<Out<'a>>>),
    Arrow(FileWriter<Out<'a>>),
}

impl<'a> Writer<'a> {
    pub(super) fn new(form: Form, schema: &Schema, out: Out<'a>) -> Result<Self, Error> {
        Ok(match form {
            Form::Table => {
                Self::Table { schema: Arc::new(schema.clone()), batches: Vec::new(), out }
            }
            Form::Csv => {
                let mut writer = csv::WriterBuilder::new().with_header(true).build(out);
                // An answer without rows has a header all the same.
                writer.write(&RecordBatch::new_empty(Arc::new(schema.clone()))).map_err(failed)?;
                Self::Csv(writer)
            }
            Form::Json => Self::Json(ArrayWriter::new(out)),
            Form::Parquet => {
                let writer = ArrowWriter::try_new(out, Arc::new(schema.clone()), None);
                Self::Parquet(Box::new(writer.map_err(|cause| failed(cause.into()))?))
            }
            Form::Arrow => Self::Arrow(FileWriter::try_new(out, schema).map_err(failed)?),
        })
    }

    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        match self {
            Self::Table { batches, .. } => {
                batches.push(batch.clone());
                Ok(())
            }
            Self::Csv(writer) => writer.write(batch).map_err(failed),
            Self::Json(writer) => writer.write(batch).map_err(failed),
            Self::Parquet(writer) => writer.write(batch).map_err(|cause| failed(cause.into())),
            Self::Arrow(writer) => writer.write(batch).map_err(failed),
        }
    }

    pub(super) fn finish(self) -> Result<(), Error> {
        match self {
            Self::Table { schema, batches, out } => {
                let shown = pretty_format_batches_with_schema(schema, &batches).map_err(failed)?;
                writeln!(out, "{shown}").map_err(|cause| failed(cause.into()))
            }
            Self::Csv(_) => Ok(()),
            Self::Json(mut writer) => {
                writer.finish().map_err(failed)?;
                writeln!(writer.into_inner()).map_err(|cause| failed(cause.into()))
            }
            Self::Parquet(writer) => {
                writer.close().map(|_| ()).map_err(|cause| failed(cause.into()))
            }
            Self::Arrow(mut writer) => writer.finish().map_err(failed),
        }
    }
}

/// What the disk says, or a column that a form has no way to write.
fn failed(cause: ArrowError) -> Error {
    match cause {
        ArrowError::IoError(_, cause) => Error::world("writing the answer", cause),
        cause => Error::caller(format!(
            "the answer cannot be written in this form ({cause}); cast the column, or take another --format"
        )),
    }
}
