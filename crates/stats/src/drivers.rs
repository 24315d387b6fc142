//! Which touchpoints matter: the drivers of an outcome, each with its importance, how sure that is, and what to mind.
//!
//! Two questions that are easily taken for each other, so [`Matters`] tells which one is asked:
//!
//! - **How much does it matter to those who meet it?** (*conditional importance*) From how scores go together, gaps filled
//!   by EM, and how the outcome follows them where they were met (see `as_if_met`), then shares of R². Reach is not in it
//!   and may be multiplied in.
//! - **How much of the difference between all customers comes from it?** (*population importance*) From whether it was
//!   met and the score of those who did. Reach is in it already and must not be multiplied in.
//!
//! Shares are LMG with up to 12 touchpoints, relative weights beyond, and those are checked against sampled orders.
//! Importance is association: whether a change brings the outcome about, only a change with a comparison shows.
//!
//! **Rounds.** Intervals come from customers drawn anew, with all rows of a customer together. A round never looks at
//! rows: it draws groups of customers whose sums of products are kept (see `cells`), so a round costs the same for a
//! thousand customers as for a million. A round draws from a stream of chance of its own number, so they can be shared
//! out over threads, [`Drivers::rounds`] by [`Drivers::rounds`], and [`Drivers::analysis`] puts them together:
//!
//! ```text
//! let drivers = Drivers::of(&survey, &options)?;
//! let (first, second) = (drivers.rounds(0..500), drivers.rounds(500..1000));      // on two threads
//! let analysis = drivers.analysis(&[first, second].concat());
//! ```
//!
//! **Where sums do not suffice.** Gaps cost: every pattern of gaps has sums of its own, and EM goes over the patterns again
//! and again. In a round it starts from the solution of all customers and may go over them 50 times, so 2,000 customers
//! with 30 touchpoints and a pattern each take half a second a round. Beyond 30 touchpoints, or 3,000 such patterns,
//! correlations by pair take its place, with a caution. Which columns there are and where scores are centred is as all
//! customers have it, in every round.

mod analysis;
mod as_if_met;
mod cells;
mod layout;
mod moments;
mod pairs;
mod probe;
mod round;
mod survey;

use std::fmt;
use std::ops::Range;

pub use analysis::{Analysis, Caution, Driver, Equivalence};
pub use layout::{FEWEST_MET, LeftOut, OTHER_TOUCHPOINTS};
pub use round::Round;
pub use survey::{Answer, Row, Survey};

use crate::{Confidence, DriverMethod};
use as_if_met::AsIfMet;
use layout::Layout;
use moments::{Moments, Sample};

/// As many as an interval of percentiles wants.
pub const ROUNDS: u64 = 1000;

/// To whom a touchpoint matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matters {
    ToThoseWhoMeet,
    AcrossAllCustomers,
}

impl Matters {
    /// What the importance is called in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::ToThoseWhoMeet => "conditional_importance",
            Self::AcrossAllCustomers => "population_importance",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    pub matters: Matters,
    /// What chance starts from; it stands in the result.
    pub seed: u64,
    pub conf: Confidence,
}

/// Why there is no answer. None of it is the caller's mistake: there is not enough data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswerable {
    /// Fewer rows with an outcome than a regression on these columns takes.
    TooFewRows {
        have: u64,
        want: u64,
    },
    OutcomeDoesNotVary,
    /// None that enough customers met and whose scores vary.
    NoTouchpoint,
    /// There are too many touchpoints for EM, and too few rows that have both of these.
    TooFewMetBoth {
        a: String,
        b: String,
    },
}

impl fmt::Display for Unanswerable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not enough data: ")?;
        match self {
            Self::TooFewRows { have, want } => {
                write!(f, "{have} rows have an outcome, and {want} are needed")
            }
            Self::OutcomeDoesNotVary => write!(f, "all outcomes are equal"),
            Self::NoTouchpoint => {
                write!(f, "no touchpoint was met by {FEWEST_MET} customers with scores that differ")
            }
            Self::TooFewMetBoth { a, b } => {
                write!(f, "fewer than {} rows have both `{a}` and `{b}`", crate::FEWEST_PAIRS)
            }
        }
    }
}

impl std::error::Error for Unanswerable {}

/// A survey made ready for rounds.
#[derive(Debug)]
pub struct Drivers {
    options: Options,
    layout: Layout,
    method: DriverMethod,
    /// Columns by player.
    groups: Vec<Vec<usize>>,
    /// By player, rows for each row that knows its score.
    rarity: Vec<f64>,
    moments: Moments,
    /// For those who meet a touchpoint, where some do not.
    as_if_met: Option<AsIfMet>,
    /// All customers once.
    all: Sample,
    n_customers: u64,
    n_without_outcome: u64,
}

impl Drivers {
    /// # Errors
    /// Not enough data for any answer.
    pub fn of(survey: &Survey, options: &Options) -> Result<Self, Unanswerable> {
        let by_name = survey.by_name();
        let mut rows: Vec<&Row> = survey.rows.iter().filter(|row| row.told().is_some()).collect();
        rows.sort_by(|a, b| {
            cells::mixed(a.customer)
                .cmp(&cells::mixed(b.customer))
                .then_with(|| a.by_content(b, &by_name))
        });
        let layout = Layout::of(survey, &rows, options.matters);
        if rows.len() > 1 && !layout.outcome_varies() {
            return Err(Unanswerable::OutcomeDoesNotVary);
        }
        let (have, want) = (rows.len() as u64, layout.n_told() as u64 + 1);
        if have < want.max(3) {
            return Err(Unanswerable::TooFewRows { have, want: want.max(3) });
        }
        if layout.players.is_empty() {
            return Err(Unanswerable::NoTouchpoint);
        }
        let groups = cells::dealt(&rows);
        let (moments, mut all) = Moments::of(survey, &layout, &groups)?;
        let mut as_if_met = None;
        if options.matters == Matters::ToThoseWhoMeet
            && let Some((found, met)) = AsIfMet::of(survey, &layout, &rows, &groups)?
        {
            all = found.sample(&all, &met).ok_or(Unanswerable::NoTouchpoint)?;
            as_if_met = Some(found);
        }
        let rarity = |player: &layout::Player| match options.matters {
            Matters::ToThoseWhoMeet => rows.len() as f64 / player.tally.n_scores as f64,
            Matters::AcrossAllCustomers => 1.0,
        };
        Ok(Self {
            options: *options,
            method: DriverMethod::of(layout.players.len()),
            groups: layout.groups(),
            rarity: layout.players.iter().map(rarity).collect(),
            moments,
            as_if_met,
            all,
            n_customers: layout.outcome.n_customers,
            n_without_outcome: (survey.rows.len() - rows.len()) as u64,
            layout,
        })
    }

    /// The sample of each round; `None` where a pair of columns did not vary in it.
    fn drawn(&self, rounds: &[Vec<f64>]) -> Vec<Option<Sample>> {
        let samples = self.moments.drawn(rounds);
        match &self.as_if_met {
            Some(as_if_met) => as_if_met.drawn(samples, rounds),
            None => samples,
        }
    }

    /// Some rounds, by number; any split of numbers over calls and threads gives the same rounds.
    pub fn rounds(&self, numbers: Range<u64>) -> Vec<Round> {
        round::rounds(self, numbers)
    }

    /// The whole answer, from rounds in any order, a number that comes twice counting once. Without rounds there are no
    /// intervals. `None` if nothing can be shared out: the matrix is none that rows could have.
    pub fn analysis(&self, rounds: &[Round]) -> Option<Analysis> {
        analysis::analysis(self, rounds)
    }
}

/// All in one: [`ROUNDS`] rounds on this thread.
///
/// # Errors
/// Not enough data for any answer.
pub fn drivers(survey: &Survey, options: &Options) -> Result<Analysis, Unanswerable> {
    let drivers = Drivers::of(survey, options)?;
    drivers.analysis(&drivers.rounds(0..ROUNDS)).ok_or(Unanswerable::NoTouchpoint)
}
