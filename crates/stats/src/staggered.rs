//! Units that get the change at different times, store after store: each is compared with those that do not have it yet.
//!
//! ATT(g, t) of Callaway & Sant'Anna (2021): the change since the last period before g of the units changed at g, less that of
//! the units not yet changed at t. Averaged over t within a cohort and then over cohorts by their number of units. A regression
//! with unit and period effects would compare late units with early ones that are changed already, and can have the wrong
//! sign (Goodman-Bacon 2021).

use std::collections::BTreeMap;

use crate::draws::Draws;
use crate::moments::{mean, variance};
use crate::{Confidence, Estimate, FEWEST_CLUSTERS, Flag, Method};

/// A store, region or team with a score per period.
#[derive(Debug, Clone, PartialEq)]
pub struct StaggeredUnit {
    pub name: String,
    /// The first period with the change; `None` for a unit that never got it.
    pub changed_at: Option<usize>,
    /// By period; all units begin at the same one.
    pub values: Vec<Option<f64>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct StaggeredEffect {
    /// n is the number of units. The interval needs ten of them: bootstrapped units, Student's with one degree less.
    pub estimate: Estimate,
    /// By time of the change.
    pub cohorts: Vec<CohortEffect>,
    /// Two-sided: how often the same times dealt to the units at random give an effect as large.
    pub p: Option<f64>,
}

/// The units that got the change at the same time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CohortEffect {
    pub changed_at: usize,
    pub n_units: u64,
    /// `None` where there is no period before, or nobody to compare with.
    pub effect: Option<f64>,
}

const ROUNDS: u32 = 999;

/// No value unless some cohort has a period before its change and units to compare it with. The seed decides bootstrap and
/// permutation, and belongs with the result.
pub fn staggered_effect(units: &[StaggeredUnit], conf: Confidence, seed: u64) -> StaggeredEffect {
    let mut sorted: Vec<&StaggeredUnit> = units.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name).then(a.changed_at.cmp(&b.changed_at)));
    let series: Vec<Series<'_>> = sorted
        .iter()
        .map(|unit| Series { changed_at: unit.changed_at, values: &unit.values })
        .collect();
    let cohorts = cohort_effects(&series);
    let Some(value) = average(&cohorts) else {
        return StaggeredEffect {
            estimate: Estimate::none(Method::Bootstrap, conf),
            cohorts,
            p: None,
        };
    };
    let mut draws = Draws::seeded(seed);
    let estimate = Estimate::point(value, series.len() as u64, Method::Bootstrap, conf);
    let estimate = if series.len() < FEWEST_CLUSTERS {
        estimate.flagged(Flag::FewClusters)
    } else {
        with_bootstrap(estimate, value, &series, &mut draws)
    };
    let p = permutation_p(value, &series, &mut draws);
    StaggeredEffect { estimate, cohorts, p }
}

#[derive(Clone, Copy)]
struct Series<'a> {
    changed_at: Option<usize>,
    values: &'a [Option<f64>],
}

impl Series<'_> {
    fn at(&self, period: usize) -> Option<f64> {
        self.values.get(period).copied().flatten().filter(|value| value.is_finite())
    }

    fn change(&self, from: usize, to: usize) -> Option<f64> {
        Some(self.at(to)? - self.at(from)?)
    }
}

fn cohort_effects(units: &[Series<'_>]) -> Vec<CohortEffect> {
    let mut sizes: BTreeMap<usize, u64> = BTreeMap::new();
    for changed_at in units.iter().filter_map(|unit| unit.changed_at) {
        *sizes.entry(changed_at).or_default() += 1;
    }
    let periods = units.iter().map(|unit| unit.values.len()).max().unwrap_or(0);
    let effect = |changed_at: usize| {
        let base = changed_at.checked_sub(1)?;
        let over_time =
            (changed_at..periods).filter_map(|now| at_time(units, changed_at, base, now));
        mean(&over_time.collect::<Vec<f64>>())
    };
    sizes
        .into_iter()
        .map(|(changed_at, n_units)| CohortEffect {
            changed_at,
            n_units,
            effect: effect(changed_at),
        })
        .collect()
}

/// ATT(g, t).
fn at_time(units: &[Series<'_>], changed_at: usize, base: usize, now: usize) -> Option<f64> {
    let changes = |belongs: &dyn Fn(Option<usize>) -> bool| {
        let of_group = units.iter().filter(|unit| belongs(unit.changed_at));
        mean(&of_group.filter_map(|unit| unit.change(base, now)).collect::<Vec<f64>>())
    };
    let changed = changes(&|at| at == Some(changed_at))?;
    let not_yet = changes(&|at| at.is_none_or(|at| at > now))?;
    Some(changed - not_yet)
}

fn average(cohorts: &[CohortEffect]) -> Option<f64> {
    let known = cohorts.iter().filter_map(|cohort| Some((cohort.n_units as f64, cohort.effect?)));
    let (sum, size) =
        known.fold((0.0, 0.0), |(sum, size), (n, effect)| (sum + n * effect, size + n));
    (size > 0.0).then(|| sum / size)
}

/// Whole units are drawn, with everything that is theirs. Draws in which nobody can be compared are left out; if they are
/// many there is no interval.
fn with_bootstrap(
    estimate: Estimate,
    value: f64,
    units: &[Series<'_>],
    draws: &mut Draws,
) -> Estimate {
    let drawn: Vec<f64> = (0..ROUNDS)
        .filter_map(|_| {
            let sample: Vec<Series<'_>> =
                units.iter().map(|_| units[draws.below(units.len())]).collect();
            average(&cohort_effects(&sample))
        })
        .collect();
    let enough = 10 * drawn.len() >= 9 * ROUNDS as usize;
    let Some(se) = variance(&drawn).map(f64::sqrt).filter(|_| enough) else {
        return estimate;
    };
    let half = estimate.conf.t(units.len() as f64 - 1.0) * se;
    estimate.with_se(se).with_interval(value - half, value + half)
}

fn permutation_p(value: f64, units: &[Series<'_>], draws: &mut Draws) -> Option<f64> {
    let mut times: Vec<Option<usize>> = units.iter().map(|unit| unit.changed_at).collect();
    if times.iter().all(|time| *time == times[0]) {
        return None;
    }
    let (mut as_large, mut dealt) = (1_u32, 1_u32);
    for _ in 0..ROUNDS {
        draws.shuffle(&mut times);
        let deal: Vec<Series<'_>> = units
            .iter()
            .zip(&times)
            .map(|(unit, time)| Series { changed_at: *time, ..*unit })
            .collect();
        if let Some(effect) = average(&cohort_effects(&deal)) {
            dealt += 1;
            as_large += u32::from(effect.abs() >= value.abs() * (1.0 - 1e-9));
        }
    }
    Some(f64::from(as_large) / f64::from(dealt))
}

#[cfg(test)]
mod tests {
    use super::{StaggeredUnit, staggered_effect};
    use crate::draws::Draws;
    use crate::{Confidence, Flag};

    /// Every unit drifts with the times and has a level of its own; a changed one gains `effect` at once.
    fn units(times: &[Option<usize>], effect: f64, noise: f64) -> Vec<StaggeredUnit> {
        let mut draws = Draws::seeded(11);
        times
            .iter()
            .enumerate()
            .map(|(i, changed_at)| StaggeredUnit {
                name: format!("store {i:02}"),
                changed_at: *changed_at,
                values: (0..8_usize)
                    .map(|t| {
                        let gained =
                            if changed_at.is_some_and(|at| t >= at) { effect } else { 0.0 };
                        Some(i as f64 + 0.7 * t as f64 + gained + noise * draws.normal())
                    })
                    .collect(),
            })
            .collect()
    }

    #[test]
    fn without_noise_the_effect_is_exact() {
        let found = staggered_effect(
            &units(&[Some(2), Some(4), Some(4), None], 3.0, 0.0),
            Confidence::P95,
            1,
        );
        assert!((found.estimate.value.unwrap() - 3.0).abs() < 1e-9);
        assert_eq!((found.estimate.interval(), found.cohorts.len()), (None, 2));
        assert_eq!(found.estimate.flags, [Flag::FewClusters]);
    }

    #[test]
    fn the_last_cohort_has_nobody_to_compare_with() {
        let found = staggered_effect(&units(&[Some(2), Some(5)], 3.0, 0.0), Confidence::P95, 1);
        assert_eq!(found.cohorts[1].effect, None);
        assert!((found.estimate.value.unwrap() - 3.0).abs() < 1e-9);
        let all_at_once =
            staggered_effect(&units(&[Some(3), Some(3)], 3.0, 0.0), Confidence::P95, 1);
        assert_eq!((all_at_once.estimate.value, all_at_once.p), (None, None));
        let from_the_start =
            staggered_effect(&units(&[Some(0), None], 3.0, 0.0), Confidence::P95, 1);
        assert_eq!(from_the_start.estimate.value, None);
        assert_eq!(staggered_effect(&[], Confidence::P95, 1).estimate.value, None);
    }

    #[test]
    fn many_noisy_units_have_an_interval_in_any_order() {
        let times: Vec<Option<usize>> = (0..24).map(|i| [Some(3), Some(5), None][i % 3]).collect();
        let mut stores = units(&times, 2.0, 1.0);
        let found = staggered_effect(&stores, Confidence::P95, 1);
        let (lower, upper) = found.estimate.interval().unwrap();
        assert!(0.5 < lower && lower < 2.0 && 2.0 < upper && upper < 3.5, "{lower} {upper}");
        assert!(found.p.unwrap() < 0.01);
        stores.reverse();
        assert_eq!(staggered_effect(&stores, Confidence::P95, 1), found);
        let nothing = staggered_effect(&units(&times, 0.0, 1.0), Confidence::P95, 1);
        assert!(nothing.p.unwrap() > 0.05);
    }
}
