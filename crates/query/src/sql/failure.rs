//! Why a question was not answered, and what to do about it.

use std::fmt::Write as _;

use datafusion::error::DataFusionError;
use engine::Error;
use engine::lake::Tables;

use super::Limits;

pub(super) fn too_slow(limits: &Limits) -> Error {
    Error::caller(format!(
        "the question took longer than --time-limit {} allows; ask for less (a period, fewer columns), or allow more seconds",
        limits.time.as_secs()
    ))
}

pub(super) fn too_many_rows(limits: &Limits) -> Error {
    Error::caller(format!(
        "the answer has more rows than --max-rows {} allows; group them or add a `limit`, or allow more",
        limits.rows
    ))
}

/// Which part of DataFusion an error is from tells nobody anything.
const OURS_TO_TAKE_AWAY: [&str; 4] =
    ["Error during planning: ", "Schema error: ", "SQL error: ", "Execution error: "];

/// What DataFusion said, in words that lead somewhere.
pub(super) fn of(cause: &DataFusionError, tables: &Tables, limits: &Limits) -> Error {
    match cause.find_root() {
        DataFusionError::External(external) => match external.downcast_ref::<Error>() {
            Some(Error::Interrupted) => Error::Interrupted,
            Some(ours) => Error::caller(ours.to_string()),
            None => Error::caller(format!("the question: {external}")),
        },
        DataFusionError::SQL(cause, _) => Error::caller(format!("the question: {cause}")),
        DataFusionError::ResourcesExhausted(what) if what.contains("disk") => {
            Error::caller(format!(
                "the question needs more temporary files than --disk {} allows; ask for less, or allow more mebibytes",
                limits.disk >> 20
            ))
        }
        DataFusionError::ResourcesExhausted(_) => Error::caller(format!(
            "the question needs more memory than --memory {} allows, and cannot go on from the disk; ask for less, or allow \
             more mebibytes",
            limits.memory >> 20
        )),
        root => Error::caller(sentence(root, tables)),
    }
}

fn sentence(root: &DataFusionError, tables: &Tables) -> String {
    let said = root.strip_backtrace().replace("datafusion.public.", "");
    let said =
        OURS_TO_TAKE_AWAY.iter().fold(said.as_str(), |said, begin| said.trim_start_matches(begin));
    let mut sentence = format!("the question: {}", said.trim_end_matches(['\n', '.', ' ']));
    if said.contains("table '") && said.contains("not found") {
        let there: Vec<String> = tables.list().iter().map(ToString::to_string).collect();
        let _to_a_string = write!(sentence, ". There are: {}", there.join(", "));
        if there.len() < 4 {
            sentence.push_str(
                "; --journey adds instances, visits and checks, --responses adds responses",
            );
        }
    }
    sentence
}
