//! What moves the score of the whole journey: derived importance, in the shape of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Score};

/// What customers' answers about touchpoints say of their answer about the whole: an association, not an effect.
///
/// Two questions with two answers: how much a touchpoint matters to those who meet it, and how much of the difference
/// between all customers comes from it. The first is multiplied by reach; in the second reach is already contained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Drivers {
    /// The question about the whole journey that is explained.
    pub outcome: String,
    pub to_those_who_meet: DriverAnalysis,
    pub across_all_customers: DriverAnalysis,
    /// Importance against performance, in document order.
    pub quadrants: Vec<Quadrant>,
    /// Where low and high part: mean importance, and mean performance as a share of its scale.
    pub crosshair: Option<[f64; 2]>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DriverAnalysis {
    /// `lmg` (Lindeman, Merenda and Gold 1980) or `relative_weights` (Johnson 2000); `null` where nothing could be derived.
    pub method: Option<String>,
    /// Why nothing could be derived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// Answers about the whole that were explained, and the customers who gave them.
    pub n: u64,
    pub customers: u64,
    /// Fewer answers than this are too few to go by.
    pub needed: u64,
    /// Share of the variance of the outcome that the touchpoints explain, and the same adjusted for their number.
    pub r2: Option<f64>,
    pub adjusted_r2: Option<f64>,
    /// Rounds of the bootstrap over customers, and the seed that makes them again.
    pub rounds: u64,
    pub seed: u64,
    /// What to mind, in sentences.
    pub warnings: Vec<String>,
    /// In document order.
    pub drivers: Vec<Driver>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Driver {
    pub touchpoint: String,
    /// The question at the touchpoint that stands for it.
    pub question: String,
    /// Answers that it rests on.
    pub n: u64,
    /// Of all that is explained.
    pub share: Estimate,
    /// 1 is the most important; low and high are the 95 % range of the rank over the bootstrap.
    pub rank: Estimate,
    /// What one point of the touchpoint's score goes along with in the outcome.
    pub slope: Option<f64>,
    /// Correlation with the outcome, nothing else considered.
    pub correlation: Option<f64>,
    /// It explains more than a column of random numbers does (Tonidandel and `LeBreton` 2009).
    pub supported: bool,
    /// Its sign turns once the others are considered: look closer.
    pub suppressed: bool,
}

/// A touchpoint by how much it matters and how it does (Martilla and James 1977).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quadrant {
    pub touchpoint: String,
    pub question: String,
    /// Derived, to those who meet it; a share of all that is explained.
    pub importance: Estimate,
    /// As a share of the question's scale.
    pub performance: Estimate,
    pub score: Score,
    /// `concentrate_here`, `keep_up`, `low_priority` or `possible_overkill`.
    pub quadrant: Option<String>,
    /// Its intervals cross a line: the quadrant may be another.
    pub unsure: bool,
}

/// Below it, touchpoints explain too little to set priorities by.
const LITTLE: f64 = 0.10;

impl DriverAnalysis {
    /// Whether priorities may rest on it: enough answers, and enough explained.
    pub(crate) fn is_sound(&self) -> bool {
        self.n >= self.needed && self.adjusted_r2.is_some_and(|r2| r2 >= LITTLE)
    }
}
