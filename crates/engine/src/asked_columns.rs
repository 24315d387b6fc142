//! Columns of answers that a comparison or a change plan asks for: that they are there, and hold what was asked for.

use std::collections::BTreeSet;

use model::nearest::nearest;
use report::answers::Told;

use crate::error::{Error, Place, shown};
use crate::import::FileRead;
use crate::measure::{Asked, Planned};

/// More groups than this are no groups, and nobody reads the table.
const MOST_GROUPS: usize = 24;

/// The columns that answers are read with, each once.
pub(crate) fn columns(asked: &Asked) -> Vec<String> {
    let mut columns: Vec<String> = asked.compare.iter().cloned().collect();
    columns.extend(asked.known.population.as_ref().map(|known| known.attribute.clone()));
    columns.extend(asked.plans.iter().filter_map(|plan| plan.attribute().map(str::to_owned)));
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// Refuses a question about columns that no file of answers has, or that cannot be what is meant.
pub(crate) fn known_columns(asked: &Asked, told: &Told, reads: &[FileRead]) -> Result<(), Error> {
    if let Some(column) = &asked.compare {
        is_there(column, reads).map_err(|why| Error::caller(format!("--compare: {why}")))?;
        few_values(told, column).map_err(|why| Error::caller(format!("--compare: {why}")))?;
    }
    for plan in &asked.plans {
        let Some(column) = plan.attribute() else { continue };
        is_there(column, reads).map_err(|why| plan.error("/units/attribute", why))?;
        known_units(plan, told, column)?;
    }
    Ok(())
}

fn is_there(column: &str, reads: &[FileRead]) -> Result<(), String> {
    if reads.is_empty() {
        return Err(format!("answers are asked for their `{column}`; give them with --responses"));
    }
    if !reads.iter().all(|read| read.absent.iter().any(|absent| absent == column)) {
        return Ok(());
    }
    let mut there: Vec<&str> =
        reads.iter().flat_map(|read| &read.columns).map(String::as_str).collect();
    there.sort_unstable();
    there.dedup();
    let near = nearest(column, there.iter().copied());
    let near = near.map_or(".".to_owned(), |near| format!("; did you mean `{near}`?"));
    let there = there.join(", ");
    Err(format!("no file of answers has the column `{column}`{near} There are: {there}"))
}

/// The values of a column, each once.
fn values<'t>(told: &'t Told, column: &str) -> BTreeSet<&'t str> {
    let Some(place) = told.attribute(column) else { return BTreeSet::new() };
    told.answers.iter().filter_map(|answer| answer.attributes.get(place)?.as_deref()).collect()
}

/// The attribute that is compared, with the values that answers have of it.
pub(crate) fn groups(asked: &Asked, told: &Told) -> Option<(String, Vec<String>)> {
    let column = asked.compare.as_ref()?;
    let values = values(told, column).into_iter().map(str::to_owned);
    Some((column.clone(), values.collect()))
}

fn few_values(told: &Told, column: &str) -> Result<(), String> {
    let n = values(told, column).len();
    if n <= MOST_GROUPS {
        return Ok(());
    }
    Err(format!(
        "`{column}` has {n} different values, and {MOST_GROUPS} are the most that can be compared; take a coarser column"
    ))
}

/// A unit that changes and that no answer is from is most likely misspelt, and would stand among the unchanged.
fn known_units(plan: &Planned, told: &Told, column: &str) -> Result<(), Error> {
    let values = values(told, column);
    let Some(units) = plan.reading.plan.as_ref().and_then(|plan| plan.units.as_ref()) else {
        return Ok(());
    };
    let Some(unknown) = units.changed.keys().find(|unit| !values.contains(unit.as_str())) else {
        return Ok(());
    };
    let help = match nearest(unknown, values.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write it as the answers do, or take it out".to_owned(),
    };
    let pointer = format!("/units/changed/{}", unknown.replace('~', "~0").replace('/', "~1"));
    Err(plan.error(&pointer, format!("no answer has the {column} `{unknown}`; {help}")))
}

impl Planned {
    fn attribute(&self) -> Option<&str> {
        let units = self.reading.plan.as_ref()?.units.as_ref()?;
        Some(&units.attribute)
    }

    fn error(&self, pointer: &str, message: String) -> Error {
        let place = self.reading.place(pointer);
        let place = Place {
            file: Some(shown(&self.path)),
            line: Some(place.line as u64),
            column: Some(place.column as u64),
        };
        Error::Caller { place, message }
    }
}
