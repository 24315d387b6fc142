//! When did the level change: the places that part a series of scores or shares into stretches of one level.
//!
//! Binary segmentation (Scott & Knott 1974; Vostrikova 1981): of all places take the one with the largest weighted
//! likelihood ratio (m₂ − m₁)²/(1/W₁ + 1/W₂), W the sum of 1/variance; if it is real, look again on both sides. Whether it
//! is real is asked of the series itself: how often does a random order of the same periods have a place as good. Periods
//! that differ more than their variances say are thus no change; that neighbours resemble each other is not allowed for.

use crate::draws::Draws;
use crate::ranks::TIE;
use crate::{Confidence, Estimate, Method};

/// The score of one period, and the variance that its number of answers gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    pub value: f64,
    /// Positive: for a share or an NPS take the adjusted one, which is not 0 when all answers are alike.
    pub variance: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ChangePoint {
    /// The first period of the new level, as a place in the series given.
    pub index: usize,
    /// Levels of the stretches on both sides, to the next change points.
    pub before: f64,
    pub after: f64,
    /// After less before. The interval takes the place as known, so it is a little too narrow.
    pub size: Estimate,
    /// The weighted likelihood ratio when the place was found.
    pub evidence: f64,
    /// By permutation.
    pub p: f64,
}

/// Fewer periods with data than this say nothing about changes of level.
pub const FEWEST_PERIODS: usize = 8;

/// A level needs as many periods as this to be one.
const FEWEST_OF_A_LEVEL: usize = 3;

const ORDERS: u32 = 999;

/// By place; empty if no change is shown. `None` with fewer than [`FEWEST_PERIODS`] periods that have a value and a positive
/// variance. The seed decides the random orders, and belongs with the result.
pub fn change_points(
    series: &[Option<Measured>],
    conf: Confidence,
    seed: u64,
) -> Option<Vec<ChangePoint>> {
    let known: Vec<(usize, Measured)> = series
        .iter()
        .enumerate()
        .filter_map(|(index, period)| Some((index, period.filter(Measured::is_known)?)))
        .collect();
    if known.len() < FEWEST_PERIODS {
        return None;
    }
    let periods: Vec<Measured> = known.iter().map(|(_, period)| *period).collect();
    let mut found = Vec::new();
    let mut draws = Draws::seeded(seed);
    let mut stretches = vec![(0, periods.len())];
    while let Some((from, to)) = stretches.pop() {
        let stretch = &periods[from..to];
        let Some((place, evidence)) = best_split(stretch) else { continue };
        let p = chance_of(evidence, stretch, &mut draws);
        if p <= conf.alpha() {
            found.push((from + place, evidence, p));
            stretches.push((from + place, to));
            stretches.push((from, from + place));
        }
    }
    found.sort_by_key(|(place, _, _)| *place);
    let ends: Vec<usize> =
        found.iter().map(|(place, _, _)| *place).chain([periods.len()]).collect();
    let mut from = 0;
    let mut points = Vec::new();
    for ((place, evidence, p), end) in found.into_iter().zip(&ends[1..]) {
        let (before, after) = (Level::of(&periods[from..place]), Level::of(&periods[place..*end]));
        let (value, se) = (after.mean - before.mean, (before.variance() + after.variance()).sqrt());
        let n = (end - from) as u64;
        let size = Estimate::point(value, n, Method::Wald, conf)
            .with_se(se)
            .with_interval(value - conf.z() * se, value + conf.z() * se);
        let index = known[place].0;
        points.push(ChangePoint {
            index,
            before: before.mean,
            after: after.mean,
            size,
            evidence,
            p,
        });
        from = place;
    }
    Some(points)
}

impl Measured {
    fn is_known(&self) -> bool {
        self.value.is_finite() && self.variance > 0.0 && self.variance.is_finite()
    }
}

/// The weighted mean of a stretch.
struct Level {
    mean: f64,
    weight: f64,
}

impl Level {
    fn of(periods: &[Measured]) -> Self {
        let weight: f64 = periods.iter().map(|period| 1.0 / period.variance).sum();
        let sum: f64 = periods.iter().map(|period| period.value / period.variance).sum();
        Self { mean: sum / weight, weight }
    }

    fn variance(&self) -> f64 {
        1.0 / self.weight
    }
}

/// The place with the largest likelihood ratio, the first of several; `None` in a stretch too short for two levels.
fn best_split(periods: &[Measured]) -> Option<(usize, f64)> {
    let all = Level::of(periods);
    let (mut weight, mut sum) = (0.0, 0.0);
    let mut best: Option<(usize, f64)> = None;
    for (i, period) in periods.iter().enumerate() {
        let (before, after) = (i, periods.len() - i);
        if before >= FEWEST_OF_A_LEVEL && after >= FEWEST_OF_A_LEVEL {
            let rest = all.weight - weight;
            let step = (all.mean * all.weight - sum) / rest - sum / weight;
            let ratio = step * step / (1.0 / weight + 1.0 / rest);
            if best.is_none_or(|(_, so_far)| ratio > so_far + TIE) {
                best = Some((i, ratio));
            }
        }
        weight += 1.0 / period.variance;
        sum += period.value / period.variance;
    }
    best
}

/// How often a random order has a place as good as this, the order seen counted in.
fn chance_of(evidence: f64, periods: &[Measured], draws: &mut Draws) -> f64 {
    let mut order = periods.to_vec();
    let mut as_good = 1_u32;
    for _ in 0..ORDERS {
        draws.shuffle(&mut order);
        if best_split(&order).is_some_and(|(_, ratio)| ratio >= evidence - 1e-9 * evidence.abs()) {
            as_good += 1;
        }
    }
    f64::from(as_good) / f64::from(ORDERS + 1)
}

#[cfg(test)]
mod tests {
    use super::{Measured, change_points};
    use crate::Confidence;
    use crate::draws::Draws;

    /// Levels held for so many periods, with noise of standard deviation 1.
    fn series(levels: &[(f64, usize)], seed: u64) -> Vec<Option<Measured>> {
        let mut draws = Draws::seeded(seed);
        let flat = levels.iter().flat_map(|(level, n)| std::iter::repeat_n(*level, *n));
        flat.map(|level| Some(Measured { value: level + draws.normal(), variance: 1.0 })).collect()
    }

    fn places(series: &[Option<Measured>]) -> Vec<usize> {
        let found = change_points(series, Confidence::P95, 1).unwrap();
        found.iter().map(|point| point.index).collect()
    }

    #[test]
    fn levels_that_differ_are_found_where_they_part() {
        assert_eq!(places(&series(&[(0.0, 12), (6.0, 12), (-1.0, 12)], 4)), [12, 24]);
    }

    #[test]
    fn missing_periods_keep_their_places() {
        let mut gaps = series(&[(0.0, 10), (8.0, 10)], 5);
        gaps[2] = None;
        gaps[3] = Some(Measured { value: 90.0, variance: 0.0 });
        gaps[4] = Some(Measured { value: f64::NAN, variance: 1.0 });
        let found = change_points(&gaps, Confidence::P95, 1).unwrap();
        assert_eq!(found.len(), 1);
        let point = &found[0];
        assert_eq!((point.index, point.size.n), (10, 17));
        assert!((point.after - point.before - 8.0).abs() < 1.5 && point.p <= 0.05);
        assert!(point.size.lower.unwrap() > 0.0);
    }

    #[test]
    fn a_steady_series_is_mostly_left_alone() {
        let alarms = (0..40).filter(|seed| !places(&series(&[(5.0, 24)], 100 + seed)).is_empty());
        let alarms = alarms.count();
        assert!(alarms <= 5, "{alarms} of 40");
    }

    #[test]
    fn too_few_periods_say_nothing() {
        assert_eq!(change_points(&series(&[(0.0, 7)], 1), Confidence::P95, 1), None);
        let same = vec![Some(Measured { value: 3.0, variance: 1.0 }); 20];
        assert_eq!(change_points(&same, Confidence::P95, 1), Some(vec![]));
    }
}
