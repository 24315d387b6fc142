//! What a lake holds, and what a journey makes of it, as tables of rows: for whoever asks in SQL.
//!
//! The rows are those that reports are counted from: without repeated and erased events, and with keys for customers.

mod answers;
mod events;
mod walks;

use std::fmt;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use model::journey::Journey;
use report::plan::Question;

use self::walks::Walks;
use super::disk::Disk;
use super::portion::Portion;
use super::view::View;
use crate::error::Error;
use crate::import::{FileRead, Watch};
use crate::measure::Asked;
use crate::scan::Files;

/// Tables over one view of a lake; it stays as it is while others write.
#[derive(Debug)]
pub struct Tables {
    disk: Arc<dyn Disk>,
    portions: Vec<Portion>,
    /// Of events, as they are stored.
    attributes: Vec<String>,
    walks: Option<Walks>,
    answers: Option<RecordBatch>,
    watch: Arc<Watch>,
}

/// One of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    Events,
    Instances,
    Visits,
    Checks,
    Responses,
}

/// What somebody looks at: columns by their place in the table's schema, and the period that matters (µs, both ends in it).
#[derive(Debug, Clone)]
pub struct Sight {
    pub columns: Vec<usize>,
    pub from: i64,
    pub to: i64,
}

/// Takes rows as they come.
pub type OnRows<'a> = dyn FnMut(RecordBatch) -> Result<(), Error> + 'a;

/// Rows in a batch.
const ROWS: usize = 8192;

impl Table {
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Instances => "instances",
            Self::Visits => "visits",
            Self::Checks => "checks",
            Self::Responses => "responses",
        }
    }
}

impl Tables {
    /// Only events; the other tables come with a journey and with answers.
    pub fn of(view: &View<'_>, watch: &Arc<Watch>) -> Self {
        Self {
            disk: view.shared_disk(),
            portions: view.portions(),
            attributes: view.attributes(),
            walks: None,
            answers: None,
            watch: Arc::clone(watch),
        }
    }

    /// Adds instances, visits and checks of a journey.
    pub fn with_journey(
        self,
        view: &View<'_>,
        journey: &Journey,
        asked: &Asked,
    ) -> Result<Self, Error> {
        let question: Question = asked.question(view.latest(), Vec::new(), &[]);
        Ok(Self { walks: Some(Walks::new(view, journey, question)?), ..self })
    }

    /// Adds the answers of files, with the keys that the lake has for their customers.
    pub fn with_answers(
        self,
        view: &View<'_>,
        files: &Files<'_>,
    ) -> Result<(Self, Vec<FileRead>), Error> {
        let heard = files.told("", Vec::new())?;
        let rows =
            answers::rows(&heard.told.answers, &view.keys()).map_err(|it| impossible(&it))?;
        Ok((Self { answers: Some(rows), ..self }, heard.reads))
    }

    /// The tables that there are.
    pub fn list(&self) -> Vec<Table> {
        let walks = [Table::Instances, Table::Visits, Table::Checks];
        let walks = walks.into_iter().filter(|_| self.walks.is_some());
        let answers = self.answers.iter().map(|_| Table::Responses);
        [Table::Events].into_iter().chain(walks).chain(answers).collect()
    }

    pub fn schema(&self, table: Table) -> SchemaRef {
        match table {
            Table::Events => Arc::new(events::schema(&self.attributes)),
            Table::Responses => Arc::new(answers::schema()),
            walks => Arc::new(walks::schema(walks)),
        }
    }

    /// How many parts a table is read in, each by itself.
    pub fn parts(&self, table: Table) -> usize {
        if table == Table::Responses { 1 } else { self.portions.len() }
    }

    /// Reads a part of a table.
    pub fn read(
        &self,
        table: Table,
        part: usize,
        sight: &Sight,
        on_rows: &mut OnRows<'_>,
    ) -> Result<(), Error> {
        let on_rows = &mut |rows: RecordBatch| {
            self.watch.check()?;
            on_rows(rows)
        };
        if table == Table::Responses {
            let rows = self.answers.as_ref().map(|rows| rows.project(&sight.columns));
            return rows.transpose().map_err(|cause| impossible(&cause))?.map_or(Ok(()), on_rows);
        }
        let Some(portion) = self.portions.get(part) else { return Ok(()) };
        match (&self.walks, table) {
            (_, Table::Events) => self.events(portion, sight, on_rows),
            (Some(walks), _) => walks.read((table, &sight.columns), portion, self, on_rows),
            (None, _) => Ok(()),
        }
    }
}

/// A failure of ours: rows that were just made do not fit together.
fn impossible(cause: &ArrowError) -> Error {
    Error::world("putting rows together", std::io::Error::other(cause.to_string()))
}

fn field(name: &str, of: DataType, is_optional: bool) -> Field {
    Field::new(name, of, is_optional)
}

fn time() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// Columns that every row has.
fn always<const N: usize>(columns: [(&str, DataType); N]) -> Schema {
    let fields = columns.into_iter().map(|(name, of)| field(name, of, false));
    Schema::new(fields.collect::<Vec<_>>())
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
