//! The short way for a Parquet file that is already sorted by customer and time: no scatter, no sort, no copy.

use kernel::Plan;
use report::symbols::{Attributes, Symbols};

use crate::error::Error;
use crate::measure::Passed;
use crate::scan::Files;

/// What a pass needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) files: &'a Files<'a>,
    pub(crate) attributes: &'a Attributes,
    pub(crate) symbols: &'a Symbols,
}

/// Makes the plan once the last event's time and the names of channels are known.
pub(crate) type Planner<'a> = dyn Fn(Option<i64>, Vec<String>) -> Plan + Sync + 'a;

/// `None`: the files are not of this kind, and nothing was counted.
pub(crate) fn pass(_job: &Job<'_>, _plan: &Planner<'_>) -> Result<Option<Passed>, Error> {
    Ok(None)
}
