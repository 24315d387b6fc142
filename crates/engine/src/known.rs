//! What is known of customers whom nobody heard, held against the answers: weights that cannot be, and more answers than
//! people asked, are refused before anything is measured.

use std::collections::BTreeMap;

use model::nearest::nearest;
use report::answers::{Known, Population, Told};

use crate::error::Error;
use crate::import::FileRead;

/// Refuses a population or a number of people asked that the answers cannot be weighed by.
pub(crate) fn check(told: &Told, reads: &[FileRead]) -> Result<(), Error> {
    let Known { population, invited } = &told.known;
    if let Some(population) = population {
        attribute_is_there(population, reads)?;
        values_meet(population, told)?;
    }
    if let Some(invited) = *invited {
        let answered = report::answers::answered(&told.answers);
        if answered == 0 {
            return Err(Error::caller(
                "--invited: nobody answered `nps` about the whole journey, so there is no score that silence could move",
            ));
        }
        if answered > invited {
            return Err(Error::caller(format!(
                "--invited {invited}: {answered} customers answered `nps` about the whole journey, more than were asked; count \
                 everybody who was asked in the period"
            )));
        }
    }
    Ok(())
}

fn attribute_is_there(population: &Population, reads: &[FileRead]) -> Result<(), Error> {
    let attribute = &population.attribute;
    if reads.is_empty() {
        return Err(Error::caller(
            "--population weighs answers; give files of them with --responses",
        ));
    }
    if !reads.iter().all(|read| read.absent.contains(attribute)) {
        return Ok(());
    }
    let mut there: Vec<&str> =
        reads.iter().flat_map(|read| read.columns.iter().map(String::as_str)).collect();
    there.sort_unstable();
    there.dedup();
    let hint = nearest(attribute, there.iter().copied());
    let hint = hint.map_or(".".to_owned(), |near| format!("; did you mean `{near}`?"));
    Err(Error::caller(format!(
        "--population: no file of answers has the column `{attribute}`{hint} There are: {}",
        there.join(", ")
    )))
}

/// Every value that an answer has is counted, and every value that is counted has an answer.
fn values_meet(population: &Population, told: &Told) -> Result<(), Error> {
    let mut said: BTreeMap<&str, u64> = BTreeMap::new();
    for value in told.answers.iter().filter_map(|answer| told.stratum(answer)) {
        *said.entry(value).or_default() += 1;
    }
    let attribute = &population.attribute;
    let known = || population.customers.keys().map(String::as_str);
    if let Some((odd, n)) =
        said.iter().find(|(value, _)| !population.customers.contains_key(**value))
    {
        let hint = nearest(odd, known()).map(|near| format!("did you mean `{near}`? "));
        let (answers, have) = if *n == 1 { ("answer", "has") } else { ("answers", "have") };
        return Err(Error::caller(format!(
            "--population: {n} {answers} {have} `{odd}` as `{attribute}`, and it does not say how many such customers there \
             are; {}give their number",
            hint.unwrap_or_default()
        )));
    }
    if let Some(silent) = known().find(|value| !said.contains_key(value)) {
        return Err(Error::caller(format!(
            "--population: nobody whose `{attribute}` is `{silent}` answered, and no weight can make up for that; add these \
             customers to those of a value that they are like, in the answers as well, or leave them out and say so"
        )));
    }
    Ok(())
}
