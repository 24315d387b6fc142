//! A sheet of comments for people to code, drawn from files of answers and complaints.

use model::resolve::Resolved;
use report::coding::{Sheet, sheet};

use crate::error::Error;
use crate::import::FileRead;
use crate::scan::{Files, Heard};

/// Draws at least `n` comments, customer by customer, as far as there are so many.
pub fn sample(
    journey: &Resolved<'_>,
    files: &Files<'_>,
    n: usize,
    seed: u64,
) -> Result<(Sheet, Vec<FileRead>), Error> {
    let Heard { told, reads, .. } = files.told(&journey.journey.journey, Vec::new())?;
    let sheet = sheet(journey, &told, n, seed).map_err(Error::caller)?;
    Ok((sheet, reads))
}
