//! An answer in plain numbers, from the oracle or read off a summary.

use std::collections::BTreeMap;

use kernel::{
    Beats, Beside, Checks, Days, FLOW_STEPS, FollowUp, PathFacts, Plan, Products, Summary,
    TouchpointFacts, Values, Watched,
};

use super::rules::{Check, Verdict};
use crate::journeys::Journey;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) customers: u64,
    pub(crate) beside: Beside,
    pub(crate) instances: [u64; 3],
    /// The same by the day of the first event.
    pub(crate) begun: BTreeMap<i64, [u64; 3]>,
    pub(crate) events: u64,
    pub(crate) span: Option<(i64, i64)>,
    pub(crate) durations: [Vec<i64>; 3],
    pub(crate) reach: Vec<u64>,
    pub(crate) channels: Vec<u64>,
    pub(crate) waits: BTreeMap<(u16, u16), Vec<i64>>,
    pub(crate) waiting: Vec<Vec<i64>>,
    pub(crate) variants: BTreeMap<Vec<u16>, [u64; 3]>,
    pub(crate) checks: Vec<Tally>,
    pub(crate) first_pass: [u64; 2],
    pub(crate) worth: Products,
    pub(crate) funnels: Vec<Vec<Step>>,
    pub(crate) watched: Vec<Watched>,
    pub(crate) facts: PathFacts,
}

/// [`Checks`] with its times in the open.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) kept: u64,
    pub(crate) broken: u64,
    pub(crate) pending: u64,
    pub(crate) unknown: u64,
    pub(crate) instances_broken: u64,
    pub(crate) customers_broken: u64,
    pub(crate) overruns: Vec<i64>,
    pub(crate) missed_beats: u64,
    pub(crate) too_soon: u64,
    pub(crate) retention: [u64; 4],
    /// Kept, broken and pending by day.
    pub(crate) days: BTreeMap<i64, [u64; 3]>,
    pub(crate) strata: Vec<[u64; 4]>,
    /// Of each group of instances: kept, broken, customers.
    pub(crate) groups: Vec<[u64; 3]>,
    pub(crate) follow_up: FollowUp,
    pub(crate) beats: Beats,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Step {
    pub(crate) reached: u64,
    pub(crate) lost: u64,
    pub(crate) open: u64,
    pub(crate) waits: Vec<i64>,
    pub(crate) instead: BTreeMap<u16, u64>,
}

impl Tally {
    pub(crate) fn add(&mut self, check: &Check) {
        match check.verdict {
            Verdict::Kept => self.kept += 1,
            Verdict::Broken => self.broken += 1,
            Verdict::Pending => self.pending += 1,
            Verdict::Unknown => self.unknown += 1,
        }
        self.overruns.extend(check.overrun);
        self.missed_beats += check.missed_beats;
        self.too_soon += u64::from(check.too_soon);
        let counted = [Verdict::Kept, Verdict::Broken, Verdict::Pending];
        if let Some(place) = counted.iter().position(|verdict| *verdict == check.verdict) {
            self.days.entry(day(check.at)).or_default()[place] += 1;
        }
    }

    pub(crate) fn read(checks: &Checks) -> Self {
        Self {
            kept: checks.kept,
            broken: checks.broken,
            pending: checks.pending,
            unknown: checks.unknown,
            instances_broken: checks.instances_broken,
            customers_broken: checks.customers_broken,
            overruns: read(&checks.overruns),
            missed_beats: checks.missed_beats,
            too_soon: checks.too_soon,
            retention: checks.retention,
            days: by_day(&checks.days),
            strata: checks.strata.clone(),
            groups: checks.groups.iter().map(|of| [of.kept, of.broken, of.customers]).collect(),
            follow_up: checks.follow_up.clone(),
            beats: checks.beats.clone(),
        }
    }
}

/// Days since 1970.
pub(crate) fn day(at: i64) -> i64 {
    at.div_euclid(24 * 60 * 60 * 1_000_000)
}

fn by_day(days: &Days) -> BTreeMap<i64, [u64; 3]> {
    days.iter().map(|(day, of)| (day, [of.kept, of.broken, of.pending])).collect()
}

impl Answer {
    pub(crate) fn empty(journey: &Journey) -> Self {
        let n = journey.touchpoints;
        let strata = if journey.strata.is_empty() || journey.again_within.is_none() {
            Vec::new()
        } else {
            vec![[0; 4]; journey.strata.len() + 1]
        };
        let n_groups = if journey.strata.is_empty() { 0 } else { journey.strata.len() + 1 };
        let groups = vec![[0; 3]; n_groups];
        Self {
            customers: 0,
            beside: Beside::default(),
            instances: [0; 3],
            begun: BTreeMap::new(),
            events: 0,
            span: None,
            durations: Default::default(),
            reach: vec![0; n],
            channels: vec![0; n * journey.channels],
            waits: BTreeMap::new(),
            waiting: vec![Vec::new(); n],
            variants: BTreeMap::new(),
            checks: vec![Tally { strata, groups, ..Tally::default() }; journey.standards.len()],
            first_pass: [0; 2],
            worth: Products::default(),
            funnels: journey
                .funnels
                .iter()
                .map(|funnel| vec![Step::default(); funnel.steps.len()])
                .collect(),
            watched: Vec::new(),
            facts: PathFacts {
                touchpoints: vec![TouchpointFacts::default(); n],
                flow: vec![vec![0; n]; FLOW_STEPS],
                abandoned_after: vec![0; n],
                ..PathFacts::default()
            },
        }
    }

    /// The same numbers, read off the kernel's summary.
    pub(crate) fn read(summary: &Summary, plan: &Plan) -> Self {
        let step = |step: &kernel::StepCounts| Step {
            reached: step.reached,
            lost: step.lost,
            open: step.open,
            waits: read(&step.waits),
            instead: step.instead.clone(),
        };
        Self {
            customers: summary.customers,
            beside: summary.beside,
            instances: summary.instances,
            begun: by_day(&summary.begun),
            events: summary.events,
            span: summary.span,
            durations: [0, 1, 2].map(|state| read(&summary.durations[state])),
            reach: summary.reach.clone(),
            channels: summary.channels.clone(),
            waits: summary.waits.iter().map(|(pair, values)| (*pair, read(values))).collect(),
            waiting: summary.waiting.iter().map(read).collect(),
            variants: summary
                .variants
                .iter()
                .map(|variant| (variant.path.to_vec(), variant.counts))
                .collect(),
            checks: summary.checks.iter().map(Tally::read).collect(),
            first_pass: summary.first_pass,
            worth: summary.worth,
            funnels: summary
                .funnels
                .iter()
                .map(|funnel| funnel.steps.iter().map(step).collect())
                .collect(),
            watched: summary.watched.clone(),
            facts: PathFacts::of(summary.variants.iter(), plan),
        }
    }

    pub(crate) fn all_values(&mut self) -> impl Iterator<Item = &mut Vec<i64>> {
        let steps = self.funnels.iter_mut().flatten().map(|step| &mut step.waits);
        let checks = self.checks.iter_mut().map(|tally| &mut tally.overruns);
        self.durations
            .iter_mut()
            .chain(self.waits.values_mut())
            .chain(&mut self.waiting)
            .chain(checks)
            .chain(steps)
    }
}

/// The values themselves, once their totals and quantiles have been found to be those of the values.
fn read(values: &Values) -> Vec<i64> {
    let sorted = values.sorted();
    assert!(sorted.is_some(), "small sets stay exact");
    let sorted = sorted.unwrap_or_default();
    let totals = values.totals();
    assert_eq!(totals.count, sorted.len() as u64);
    assert_eq!(totals.sum, sorted.iter().map(|value| i128::from(*value)).sum::<i128>());
    assert_eq!(totals.min, sorted.first().copied().unwrap_or(0));
    assert_eq!(totals.max, sorted.last().copied().unwrap_or(0));
    let shares = [0.0, 0.1, 0.5, 0.75, 0.99, 1.0];
    for (share, quantile) in shares.iter().zip(values.quantiles(&shares)) {
        let place = share * (sorted.len() - 1) as f64;
        let (low, high) =
            (sorted[place.floor() as usize] as f64, sorted[place.ceil() as usize] as f64);
        let expected = low + (high - low) * place.fract();
        assert!((quantile - expected).abs() < 1e-6, "quantile {share} of {sorted:?} is {quantile}");
    }
    sorted
}
