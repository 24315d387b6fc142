//! The measured report, version 1: the shape of `measure --format json`, which is also what pages are drawn from.
//!
//! Stable and published as `docs/reference/report.schema.json`. Arrays are sorted by id unless said otherwise. A number
//! that does not exist is `null`, never 0 or NaN.

mod cadence;
mod comparisons;
mod defects;
mod drivers;
mod experience;
mod findings;
mod heard;
mod leaving;
mod money;
mod proofs;
mod respondents;
mod trends;
mod words;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use cadence::{CadenceGap, CadenceKept};
pub use comparisons::{Compared, ComparedRow, Comparison};
pub use defects::{Defects, Pareto, ParetoBy, ParetoItem, Yields};
pub use drivers::{Driver, DriverAnalysis, Drivers, Quadrant};
pub use experience::{
    Aspect, Curve, Drop, Emotion, Experience, ExperienceWeights, KanoCount, KanoResult, Predictor,
    Predicts, StageFeeling,
};
pub use findings::{Evidence, Finding, ImportanceFrom, Kind, ScoreParts, Unit};
pub use heard::{Silence, Stratum, Weighed, WeighedScore};
pub use leaving::{CurvePoint, Leaving, StayedLonger, StayingCurve};
pub use money::{Cost, FindingMoney, Kept, Money, RiskStratum, Stratified};
pub use proofs::{Direction, Proof, ProofMethod, ProofPoint, ProofVerdict};
pub use respondents::EarlyLate;
pub use trends::{
    Change, ComplaintPoint, ComplaintTrend, Drift, DriftPoint, KeptPoint, KeptTrend, Limits, Trend,
    TrendPoint,
};
pub use words::{
    CoderKappa, Coding, Latest, LatestTheme, LatestWord, ReadSentiment, SaidPhrase, SuggestedTheme,
    Telling, TellingWord, Theme, ThemeAt, ThemeMonth, Words,
};

/// A journey measured against events and responses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Version of this format; always 1.
    pub report: u32,
    /// Version of the program that measured.
    pub footpath: String,
    /// Id of the journey; `null` for `discover`.
    pub journey: Option<String>,
    /// Published version of the journey; `null` when measured from a file.
    pub version: Option<u64>,
    /// The horizon, RFC 3339.
    pub as_of: Option<String>,
    pub period: Period,
    /// Attribute → values that it may have: only instances that have one of them, for every attribute, were counted. Absent
    /// when all were.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub segment: BTreeMap<String, Vec<String>>,
    pub events: Events,
    pub customers: u64,
    pub instances: Instances,
    pub duration_s: Distribution,
    /// Scores of the journey as a whole, by question.
    pub scores: BTreeMap<String, Score>,
    /// In document order.
    pub touchpoints: Vec<Touchpoint>,
    /// Sorted by (from, to); `^` is the start, `$` the end.
    pub transitions: Vec<Transition>,
    pub variants: Variants,
    pub deviations: Deviations,
    /// The stages first, then the document's own.
    pub funnels: Vec<Funnel>,
    pub standards: Vec<Standard>,
    /// Which standards most defects are of, and how many walks have none; absent where nothing was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defects: Option<Defects>,
    /// What moves the score of the whole journey; absent where the document names no such question or nobody answered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drivers: Option<Drivers>,
    /// What need, ease and delight weigh; absent where nobody was asked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience_weights: Option<ExperienceWeights>,
    /// What customers felt along the journey; absent where fewer than two stages have a feeling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emotion: Option<Emotion>,
    /// Scores weighed to the customers there are; absent where nobody said how many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighed: Option<Weighed>,
    /// What silence could make of the score; absent where nobody said how many were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<Silence>,
    /// Scores over time, where there are periods enough: the whole journey first, then in document order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trends: Vec<Trend>,
    /// Kept shares of standards over time, where there are periods enough and anything varies; in document order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_trends: Vec<KeptTrend>,
    /// Complaints for each walk over time, where there are enough of both: the whole journey first, then in document order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complaint_trends: Vec<ComplaintTrend>,
    /// Periods, and groups where they were asked for, held against each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comparisons: Vec<Comparison>,
    /// What became of planned changes, where plans were given: in the order in which they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// What customers wrote; absent where nobody wrote anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
    /// By rank.
    pub findings: Vec<Finding>,
}

/// From the first moment measured to the last, RFC 3339, half-open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Period {
    pub from: Option<String>,
    pub to: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Events {
    /// Rows read, the quarantined ones included.
    pub read: u64,
    pub bound: u64,
    pub unbound: u64,
    pub quarantined: u64,
    /// Most frequent first.
    pub unbound_activities: Vec<ActivityCount>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ActivityCount {
    pub activity: String,
    pub count: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Instances {
    pub total: u64,
    pub ended: u64,
    pub timed_out: u64,
    pub open: u64,
}

/// Quantiles, type 7, of durations in seconds; all `null` when n is 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Distribution {
    pub n: u64,
    pub sum: Option<f64>,
    pub mean: Option<f64>,
    pub min: Option<f64>,
    pub p25: Option<f64>,
    pub median: Option<f64>,
    pub p75: Option<f64>,
    pub p90: Option<f64>,
    pub max: Option<f64>,
}

/// A share with its Wilson interval at 95 %; share, low and high are `null` when n is 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    pub k: u64,
    pub n: u64,
    pub share: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Touchpoint {
    pub id: String,
    pub title: String,
    pub stage: Option<String>,
    pub owner: Option<String>,
    pub visits: u64,
    /// Customers who met it at all.
    pub reach: Share,
    /// Instances with at least one visit.
    pub instances: u64,
    /// Visits beyond the first of their instance.
    pub repeats: u64,
    pub instances_with_repeats: u64,
    /// Visits directly after a visit to the same touchpoint.
    pub self_loops: u64,
    /// Instances that begin here.
    pub first: u64,
    /// Instances that end here.
    pub last: u64,
    /// Time from the touchpoint before.
    pub wait_s: Distribution,
    /// By channel.
    pub channels: Vec<ChannelCount>,
    /// Question → score.
    pub scores: BTreeMap<String, Score>,
    pub target_gap: BTreeMap<String, TargetGap>,
    pub belief_gap: BTreeMap<String, BeliefGap>,
    pub importance: Option<Importance>,
    /// Need, ease and delight; absent where none of them was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience: Option<Experience>,
    /// Absent where neither `functional` nor `dysfunctional` was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kano: Option<KanoResult>,
    /// Evidence grade of what is said here.
    pub evidence: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelCount {
    pub channel: String,
    pub count: u64,
}

/// A question's score: `score` for NPS (points), `mean` for the others, `gap` for expectation against experience.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    pub n: u64,
    pub invalid: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Share of answers in the two best boxes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top2: Option<Share>,
    /// Mean of what was expected and of what was got, for the pair question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub got: Option<f64>,
    /// Lowest and highest possible answer.
    pub scale: Option<[f64; 2]>,
    pub method: String,
    pub flags: Vec<String>,
    /// Absent where answers do not say when they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_late: Option<EarlyLate>,
    /// Absent where it is not known who was asked and stayed silent, and for other questions than NPS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<Silence>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TargetGap {
    pub target: f64,
    pub present: f64,
    /// target − present.
    pub gap: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BeliefGap {
    pub belief: f64,
    pub by: Option<String>,
    pub present: f64,
    /// belief − present: positive when the company thinks itself better than its customers do.
    pub gap: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: u64,
}

/// How much a touchpoint matters: derived from answers (`lmg`, `relative_weights`) or stated in the document (`stated`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Importance {
    pub share: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub method: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Transition {
    pub from: String,
    pub to: String,
    pub count: u64,
    pub instances: u64,
    pub designed: bool,
    pub wait_s: Distribution,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variants {
    pub total: u64,
    pub singletons: u64,
    /// Most frequent first.
    pub top: Vec<Variant>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    pub path: Vec<String>,
    pub count: u64,
    pub share: f64,
    /// Whether the design allows it; `null` where there is no design.
    pub fits: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Deviations {
    pub fitting_instances: Share,
    /// Mean over instances of 1 − cost / worst cost of an optimal alignment; `null` where there is no design.
    pub fitness: Option<f64>,
    /// In document order.
    pub by_touchpoint: Vec<TouchpointDeviations>,
    /// Most frequent first.
    pub back_and_forth: Vec<BackAndForth>,
    /// In document order.
    pub abandoned_after: Vec<Abandoned>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TouchpointDeviations {
    pub id: String,
    pub skipped: u64,
    pub undesigned: u64,
    pub out_of_order: u64,
    pub repeated: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BackAndForth {
    pub between: [String; 2],
    pub count: u64,
    pub instances: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Abandoned {
    pub stage: String,
    pub count: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Funnel {
    pub id: String,
    pub customers: u64,
    pub steps: Vec<FunnelStep>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FunnelStep {
    pub step: String,
    pub reached: u64,
    /// Reached this step, not the next, and can no longer.
    pub lost: u64,
    /// Reached this step, not the next, and still may.
    pub open: u64,
    /// Reached, of all customers.
    pub share: Share,
    /// From the step before.
    pub wait_s: Distribution,
    /// Where the lost ones went next, most frequent first.
    pub instead: Vec<Instead>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Instead {
    pub touchpoint: String,
    pub count: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Standard {
    pub id: String,
    pub text: String,
    pub touchpoint: Option<String>,
    pub rule: String,
    pub owner: Option<String>,
    pub promise: f64,
    pub tolerance: f64,
    pub checks: u64,
    pub kept: u64,
    pub broken: u64,
    pub pending: u64,
    pub unknown: u64,
    pub instances_broken: u64,
    pub customers_broken: u64,
    pub kept_share: Share,
    /// Defects per million opportunities.
    pub dpmo: Option<f64>,
    pub sigma: Option<f64>,
    /// By how much late deliveries were late, for rules with a time.
    pub overrun_s: Option<Distribution>,
    /// Beats missed, for cadence.
    pub missed_beats: Option<u64>,
    /// Gaps shorter than allowed, for cadence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub too_soon: Option<u64>,
    pub verdict: Verdict,
    /// How many more checks would settle it at the present share; 0 when settled, `null` when no number would.
    pub needed: Option<u64>,
    /// Whether it stands among the proven defects when all standards are judged at once (Benjamini–Hochberg, 10 %).
    pub listed: bool,
    /// What the defect goes along with most surely.
    pub cost: Option<Cost>,
    /// The same for every outcome known to the journey, by outcome.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub costs: Vec<Cost>,
    /// How long customers stay with the defect and without it, where the document says what it is to stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaving: Option<Leaving>,
    /// How it was kept up, for cadence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cadence: Option<CadenceKept>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Meets,
    Defective,
    NotProven,
}

/// A number with its 95 % interval; `null` where there is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}
