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
mod attribute_charts;
mod bernoulli_cusum;
mod bootstrap;
mod c_tf_idf;
mod cadence;
mod ces;
mod chance;
mod change_points;
mod chart;
mod clustered;
mod comparisons;
mod confidence;
mod contact_rate;
mod corrected_share;
mod covariance;
mod cox;
mod csat;
mod cuped;
mod customers_saved;
mod cusum;
mod defects;
mod difference_in_differences;
pub mod distributions;
mod draws;
pub mod drivers;
mod early_late;
mod em;
mod emotion_curve;
mod error;
mod estimate;
mod evidence_rank;
mod ewma;
mod experience_weights;
mod exposure;
mod felt;
mod few_gaps;
mod finite_population;
mod gaps;
mod importance_performance;
mod incomplete_beta;
mod individuals_chart;
mod interrupted_series;
mod kano;
mod kaplan_meier;
mod kappa;
mod keyness;
mod least_squares;
mod log_odds;
mod log_rank;
mod mantel_haenszel;
mod mean;
mod moments;
mod multiple;
mod nearest_correlation;
mod need_ease_delight;
mod nps;
mod nps_did;
mod nps_difference;
mod paired;
mod pairwise;
mod pareto;
mod perception;
mod phrases;
mod poststratified;
mod pre_trend;
mod priority;
mod proof;
mod proportion;
mod proportion_difference;
mod quantile;
mod raking;
mod ranks;
mod ratio;
mod reach;
mod regression;
mod relative_weights;
mod response_classes;
mod run_length;
mod run_rules;
mod sample_size;
mod sampled_shapley;
mod score;
mod shapley;
mod shift;
mod silence;
mod staggered;
mod trimming;
mod two_by_two;
mod unit_permutation;
mod unmet;
mod verdict;
mod weighted;
mod welch;
mod yields;

pub use attributable::{AdjustedAttribution, Customer, adjusted_attributable_fraction};
pub use attribute_charts::{Count, LANEY_FROM, LaneyChart, laney_p, p_chart, share_chart, u_chart};
pub use bernoulli_cusum::{
    BernoulliShares, EVENTS_BETWEEN_FALSE_ALARMS, bernoulli_cusum, bernoulli_limit,
    bernoulli_run_length,
};
pub use bootstrap::{Bca, bca, percentile_interval, rank_interval};
pub use c_tf_idf::{WordClass, WordWeight, c_tf_idf};
pub use cadence::{Cadence, Contacts, cadence};
pub use ces::{Ces, ces};
pub use change_points::{ChangePoint, FEWEST_PERIODS, Measured, change_points};
pub use chart::{Baseline, Chart, ChartKind, ChartPoint, NoChart, Signal};
pub use clustered::{Clustered, clustered_mean, clustered_nps};
pub use comparisons::{Compared, Comparison, ComparisonVerdict, Sides, compare_all};
pub use confidence::Confidence;
pub use contact_rate::{ContactRate, RateVerdict, contact_rate_ratio};
pub use corrected_share::{Tried, corrected_share};
pub use covariance::Covariance;
pub use cox::{CoxFit, CoxRow, CoxTerm, Ties, cox};
pub use csat::{Csat, csat};
pub use cuped::{Cuped, cuped};
pub use customers_saved::{Claim, CustomersSaved, Fix, customers_saved};
pub use cusum::{Cusum, CusumRule, cusum};
pub use defects::{
    DefectRate, DefectsPerUnit, Dpmo, defect_rate, defects_per_unit, dpmo, sigma_level,
};
pub use difference_in_differences::{
    BeforeAfterRow, DifferenceInDifferences, FEWEST_CLUSTERS, difference_in_differences,
};
pub use early_late::{EarlyLate, mean_early_late, nps_early_late};
pub use em::{EmFit, em_covariance};
pub use emotion_curve::{EmotionCurve, emotion_curve};
pub use error::Error;
pub use estimate::{Estimate, Flag, Method, Tier};
pub use evidence_rank::{Chosen, EvidenceRank, StudyDesign};
pub use ewma::{EwmaRule, ewma_chart};
pub use experience_weights::{ExperienceRow, ExperienceWeights, experience_weights};
pub use exposure::{ExposureHazard, RiskSet, exposure_hazard};
pub use felt::{CURVE_ROUNDS, FeltCurve, felt_curve};
pub use few_gaps::{FewGaps, few_gaps};
pub use finite_population::{FinitePopulationNps, nps_finite_population};
pub use gaps::{
    BeliefGap, ExperienceGap, TargetGap, TargetVerdict, WeightedGap, belief_gap,
    belief_gap_of_raters, experience_gap, target_gap, weighted_gap,
};
pub use importance_performance::{
    Crosshair, Item, Placed, Quadrant, cross, importance_performance,
};
pub use individuals_chart::{IndividualsChart, Steady, individuals_chart};
pub use interrupted_series::{FEWEST_PER_SIDE, InterruptedSeries, interrupted_series};
pub use kano::{Kano, KanoAnswer, KanoCategory, KanoCounts, kano};
pub use kaplan_meier::{
    KaplanMeier, Lifetime, Step, Tied, kaplan_meier, kaplan_meier_of_counts,
    restricted_mean_difference,
};
pub use kappa::{Kappa, KappaWeights, cohen_kappa};
pub use keyness::{Keyness, keyness};
pub use log_odds::{LogOdds, WordCounts, log_odds_dirichlet};
pub use log_rank::{LogRank, LogRankGroup, log_rank};
pub use mantel_haenszel::{MantelHaenszel, mantel_haenszel};
pub use mean::mean_interval;
pub use moments::{mean, variance};
pub use multiple::{Adjustment, adjust_p, proven};
pub use nearest_correlation::{clipped_correlation, nearest_correlation};
pub use need_ease_delight::{Aspect, NeedEaseDelight, NeedEaseDelightAnswer, need_ease_delight};
pub use nps::{NpsCounts, NpsMethod, nps_interval};
pub use nps_did::{FourSamples, nps_did};
pub use nps_difference::{Difference, NpsDifferenceMethod, nps_difference};
pub use paired::{McNemar, PairedNps, StuartMaxwell, mcnemar, nps_paired};
pub use pairwise::{FEWEST_PAIRS, Pairwise, pairwise_correlation};
pub use pareto::{Pareto, ParetoItem, pareto};
pub use perception::{Perception, PerceptionGap, View, perception_gap};
pub use phrases::{Phrase, phrases, rake_phrases};
pub use poststratified::{PostStratified, StratumScore, mean_poststratified, nps_poststratified};
pub use pre_trend::{PreRow, pre_trend};
pub use priority::{
    Candidate, Priority, PriorityFactors, priorities, priority_interval, priority_simulated,
};
pub use proof::{Aim, Judgement, Proof, Wanted, days_until, detectable_effect, judge};
pub use proportion::{Proportion, ProportionMethod, proportion_interval, wilson, wilson_effective};
pub use proportion_difference::{ProportionDifference, newcombe, proportion_difference};
pub use quantile::{median, quantile_of_sorted};
pub use raking::{Margin, Raked, rake};
pub use ranks::{kendall_tau_b, spearman};
pub use ratio::{RatioSums, ratio_of_totals};
pub use reach::{Seen, reach};
pub use regression::{Regression, adjusted_r2, regression};
pub use relative_weights::relative_weights;
pub use response_classes::{ClassAdjusted, ResponseClass, nps_response_classes};
pub use run_length::{cusum_run_length, ewma_run_length};
pub use run_rules::run_rules;
pub use sample_size::{
    NpsSampleSize, Power, RuleOfThree, mean_n_per_group, nps_mde, nps_n_for_margin,
    nps_n_per_group, proportion_n_for_margin, proportion_n_per_group, rule_of_three,
};
pub use sampled_shapley::{SampledShapley, lmg_sampled};
pub use score::{Answer, mean_score, nps_score, top_share};
pub use shapley::{MOST_PLAYERS, lmg};
pub use shift::{CategoryTest, MannWhitney, category_chi2, mann_whitney};
pub use silence::{Silence, nps_nonresponse_bounds};
pub use staggered::{CohortEffect, StaggeredEffect, StaggeredUnit, staggered_effect};
pub use trimming::{Trimmed, trim_weights};
pub use two_by_two::{Association, TwoByTwo, e_value};
pub use unit_permutation::UnitPermutation;
pub use unmet::{DriverMethod, EXACT_PLAYERS, UnmetImportance, importance_with_unmet};
pub use verdict::{Verdict, VerdictKind, p_defective, verdict};
pub use weighted::{Weighted, n_eff, weighted_mean, weighted_nps};
pub use welch::{WelchTest, welch_t};
pub use yields::{
    FirstPassYield, RolledYield, StepCount, journey_first_pass_yield, rolled_throughput_yield,
};
