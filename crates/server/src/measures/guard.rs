//! Whether a question may be answered: whoever asks may ask others too, and must not reckon a few customers out of the answers.
//!
//! The rules are [`report::small_cells`]'; here are the numbers that they need.

use engine::import::Watch;
use engine::lake::Lake;
use engine::measure::Asked;
use report::small_cells::{FLOOR, period, siblings};

use super::asking::refused;
use crate::error::{Error, Result};

/// Refuses a period or a segment of too few customers, or one that leaves too few out.
pub(crate) fn guard(lake: &Lake, asked: &Asked, watch: &Watch) -> Result<()> {
    let ends =
        [asked.to.map(|to| to.as_microsecond() - 1), asked.as_of.map(|it| it.as_microsecond())];
    let to = ends.into_iter().flatten().min();
    let from = asked.from.map(|from| from.as_microsecond());
    if from.is_none() && to.is_none() && asked.segment.is_empty() {
        return Ok(());
    }
    let floor = asked.floor.unwrap_or(FLOOR);
    let range = (from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX));
    let view = lake.view(None, None)?;
    let first = asked.segment.first().map(|(attribute, _)| attribute.as_str());
    let mut census = view.census(first, range, watch).map_err(refused)?;
    if from.is_some() || to.is_some() {
        period(census.within, census.outside, floor)
            .map_err(|why| Error::invalid(why).at(PERIOD))?;
    }
    for (place, (attribute, values)) in asked.segment.iter().enumerate() {
        if place > 0 {
            census = view.census(Some(attribute), range, watch).map_err(refused)?;
        }
        let counts: Vec<(&str, u64)> =
            census.by_value.iter().map(|(value, n)| (value.as_str(), *n)).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        siblings(&counts, &values, floor).map_err(|why| Error::invalid(why).at("segment"))?;
    }
    Ok(())
}

const PERIOD: &str = "period";

/// Whether a period was refused because it is of too few customers, or leaves too few out.
pub(crate) fn is_withheld(cause: &Error) -> bool {
    matches!(cause, Error::Caller { at: Some(at), .. } if at == PERIOD)
}
