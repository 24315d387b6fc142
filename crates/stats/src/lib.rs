//! Scores, intervals, verdicts and effects: values in, values out.
//!
//! The house rules of this crate, which every file keeps:
//!
//! - **No number without n and an interval.** What is estimated comes back as an [`Estimate`] or a [`Proportion`], which
//!   carry n, the method's name, the confidence and flags. Where there is no value there is `None`, never 0 or NaN.
//! - **No result depends on the order of the input.** Sums run over sorted copies, ties are broken by name.
//! - **Intervals are clipped to the possible range after computing**, and a clipped interval says so.
//! - **Invalid answers are counted and left out**, never rounded into the scale.
//!
//! A file is one idea: its question, its formula with the paper it is from, its edge cases. A new measure is a new file
//! and a line below; only `confidence`, `estimate`, `distributions`, `moments`, `ranks` and, for what rests on a
//! matrix or on chance, `covariance`, `regression` and `chance` are shared by the rest.

mod attributable;
mod bootstrap;
mod ces;
mod chance;
mod clustered;
mod confidence;
mod covariance;
mod cox;
mod csat;
mod customers_saved;
mod defects;
pub mod distributions;
pub mod drivers;
mod em;
mod emotion_curve;
mod error;
mod estimate;
mod finite_population;
mod gaps;
mod importance_performance;
mod incomplete_beta;
mod kano;
mod kaplan_meier;
mod log_rank;
mod mantel_haenszel;
mod mean;
mod moments;
mod multiple;
mod nearest_correlation;
mod need_ease_delight;
mod nps;
mod nps_difference;
mod paired;
mod pairwise;
mod pareto;
mod perception;
mod proportion;
mod proportion_difference;
mod quantile;
mod ranks;
mod regression;
mod relative_weights;
mod sample_size;
mod sampled_shapley;
mod score;
mod shapley;
mod shift;
mod silence;
mod two_by_two;
mod unmet;
mod verdict;
mod welch;
mod yields;

pub use attributable::{AdjustedAttribution, Customer, adjusted_attributable_fraction};
pub use bootstrap::{Bca, bca, percentile_interval, rank_interval};
pub use ces::{Ces, ces};
pub use clustered::{Clustered, clustered_mean, clustered_nps};
pub use confidence::Confidence;
pub use covariance::Covariance;
pub use cox::{CoxFit, CoxRow, CoxTerm, Ties, cox};
pub use csat::{Csat, csat};
pub use customers_saved::{Claim, CustomersSaved, Fix, customers_saved};
pub use defects::{
    DefectRate, DefectsPerUnit, Dpmo, defect_rate, defects_per_unit, dpmo, sigma_level,
};
pub use em::{EmFit, em_covariance};
pub use emotion_curve::{EmotionCurve, emotion_curve};
pub use error::Error;
pub use estimate::{Estimate, Flag, Method, Tier};
pub use finite_population::{FinitePopulationNps, nps_finite_population};
pub use gaps::{
    BeliefGap, ExperienceGap, TargetGap, TargetVerdict, WeightedGap, belief_gap,
    belief_gap_of_raters, experience_gap, target_gap, weighted_gap,
};
pub use importance_performance::{
    Crosshair, Item, Placed, Quadrant, cross, importance_performance,
};
pub use kano::{Kano, KanoAnswer, KanoCategory, KanoCounts, kano};
pub use kaplan_meier::{KaplanMeier, Lifetime, Step, kaplan_meier};
pub use log_rank::{LogRank, LogRankGroup, log_rank};
pub use mantel_haenszel::{MantelHaenszel, mantel_haenszel};
pub use mean::mean_interval;
pub use moments::{mean, variance};
pub use multiple::{Adjustment, adjust_p, proven};
pub use nearest_correlation::{clipped_correlation, nearest_correlation};
pub use need_ease_delight::{Aspect, NeedEaseDelight, NeedEaseDelightAnswer, need_ease_delight};
pub use nps::{NpsCounts, NpsMethod, nps_interval};
pub use nps_difference::{Difference, NpsDifferenceMethod, nps_difference};
pub use paired::{McNemar, PairedNps, StuartMaxwell, mcnemar, nps_paired};
pub use pairwise::{FEWEST_PAIRS, Pairwise, pairwise_correlation};
pub use pareto::{Pareto, ParetoItem, pareto};
pub use perception::{Perception, PerceptionGap, View, perception_gap};
pub use proportion::{Proportion, ProportionMethod, proportion_interval, wilson, wilson_effective};
pub use proportion_difference::{ProportionDifference, newcombe, proportion_difference};
pub use quantile::{median, quantile_of_sorted};
pub use ranks::{kendall_tau_b, spearman};
pub use regression::{Regression, adjusted_r2, regression};
pub use relative_weights::relative_weights;
pub use sample_size::{
    NpsSampleSize, Power, RuleOfThree, mean_n_per_group, nps_mde, nps_n_for_margin,
    nps_n_per_group, proportion_n_for_margin, proportion_n_per_group, rule_of_three,
};
pub use sampled_shapley::{SampledShapley, lmg_sampled};
pub use score::{Answer, mean_score, nps_score, top_share};
pub use shapley::{MOST_PLAYERS, lmg};
pub use shift::{CategoryTest, MannWhitney, category_chi2, mann_whitney};
pub use silence::{Silence, nps_nonresponse_bounds};
pub use two_by_two::{Association, TwoByTwo, e_value};
pub use unmet::{DriverMethod, EXACT_PLAYERS, UnmetImportance, importance_with_unmet};
pub use verdict::{Verdict, VerdictKind, p_defective, verdict};
pub use welch::{WelchTest, welch_t};
pub use yields::{
    FirstPassYield, RolledYield, StepCount, journey_first_pass_yield, rolled_throughput_yield,
};
