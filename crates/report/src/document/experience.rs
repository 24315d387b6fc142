//! How it was for customers: need, ease and delight, the emotion curve in numbers, and what features are to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Share};

/// Whether customers did what they came for, whether it was easy, and whether it was a pleasure; each customer's latest answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Experience {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Aspect>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ease: Option<Aspect>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delight: Option<Aspect>,
    /// Customers who answered all three; the indices are of them.
    pub complete: u64,
    /// Weighted arithmetic mean of the three, 0 to 100.
    pub index: Estimate,
    /// The geometric one, which is 0 where the need was not met: delight cannot buy back a failed need.
    pub index_geometric: Estimate,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Aspect {
    pub n: u64,
    /// The mean, its scale stretched onto 0 to 100.
    pub score: Estimate,
    /// Share of answers in the two best boxes.
    pub top2: Share,
    /// The statement's target, on the same 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// `target_met`, `below_target` or `not_distinguishable`, by the whole interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against_target: Option<String>,
}

/// What need, ease and delight weigh in the indices, the same at all touchpoints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExperienceWeights {
    /// As shares of one.
    pub need: Estimate,
    pub ease: Estimate,
    pub delight: Estimate,
    /// `equal`, or `relative_weights` (Johnson 2000) on the answer about the whole.
    pub method: String,
    /// Why they are equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_equal: Option<String>,
    /// Complete answers of customers who answered about the whole as well, and how many it takes.
    pub complete: u64,
    pub needed: u64,
    /// What the three explain of the answer about the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r2: Option<f64>,
}

/// What customers felt, stage by stage, −5 to 5, and the figures of the curve that this makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Emotion {
    /// The question whose answers are taken for feelings.
    pub question: String,
    /// In document order; stages with fewer than 5 customers are left out.
    pub stages: Vec<StageFeeling>,
    /// Customers who told a feeling of any of these stages.
    pub customers: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Curve>,
    /// Why nothing is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// The curve that the document assumes, over the stages above; without intervals, because nobody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assumed: Option<Curve>,
    /// Rounds in which customers were drawn anew, and the seed that makes them again.
    pub rounds: u64,
    pub seed: u64,
    /// Which figure of a customer's own curve goes along with the answer about the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicts: Option<Predicts>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageFeeling {
    pub stage: String,
    pub n: u64,
    pub measured: Estimate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assumed: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Curve {
    pub mean: Estimate,
    /// Trapezoids, one stage apart.
    pub area: Estimate,
    /// The largest feeling either way, and its stage.
    pub peak: Estimate,
    pub peak_stage: String,
    /// Share of the rounds in which it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_there: Option<f64>,
    pub end: Estimate,
    /// (peak + end)/2 (Kahneman et al. 1993): a heuristic of memory.
    pub peak_end: Estimate,
    /// The largest fall from a stage to the next; `null` if the feeling never falls.
    pub largest_drop: Option<Drop>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Drop {
    pub size: Estimate,
    /// The stage that it leads into.
    pub into: String,
    /// Share of the rounds in which the largest fall leads there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub there: Option<f64>,
}

/// Mean, peak and end of customers' own curves against their answer about the whole: an association.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Predicts {
    pub outcome: String,
    /// Answers about the whole by customers with feelings of three stages or more, and these customers.
    pub n: u64,
    pub customers: u64,
    pub r2: Option<f64>,
    pub adjusted_r2: Option<f64>,
    /// Mean, peak, end.
    pub parts: Vec<Predictor>,
    /// The one that predicts best in nearly every round; `null` where none is proven to.
    pub best: Option<String>,
    /// Why nothing is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Predictor {
    /// `mean`, `peak` or `end`.
    pub figure: String,
    /// Of all that is explained.
    pub share: Estimate,
    /// 1 explains most; low and high are the 95 % range of the rank.
    pub rank: Estimate,
    /// It explains more than a column of random numbers does.
    pub supported: bool,
}

/// What a touchpoint, or a feature that stands for one, is to customers (Kano 1984).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KanoResult {
    /// Customers who answered both questions.
    pub n: u64,
    /// Answers off the scale, and customers who answered one question of the two.
    pub invalid: u64,
    pub unpaired: u64,
    /// `must_be`, `one_dimensional`, `attractive`, `indifferent`, `reverse` or `questionable`; `null` under 5 customers.
    pub category: Option<String>,
    /// The lead over the next category is not chance (Fong 1996, 90 %).
    pub is_clear: bool,
    /// Category by category, in the order of ties; `null` where it is withheld because few are of it, or of another.
    pub counts: Vec<KanoCount>,
    /// (A + O)/(A + O + M + I): how much it can please (Berger et al. 1993).
    pub better: Estimate,
    /// −(O + M)/(A + O + M + I): how much its lack can hurt.
    pub worse: Estimate,
    /// Answers that contradict each other; above 5 % the question is badly worded.
    pub badly_worded: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KanoCount {
    pub category: String,
    pub customers: Option<Share>,
}
