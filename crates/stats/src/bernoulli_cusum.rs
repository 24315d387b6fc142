//! A chart of single events, kept or broken: it signals days before the weekly share does (Reynolds & Stoumbos 1999).
//!
//! S = max(0, S + w) with w = ln(p₁/p₀) for a defective and ln((1 − p₁)/(1 − p₀)) for any other, the logarithm of how
//! much likelier the event is at the share to be found than at the usual one; a signal when S exceeds h. What h makes a
//! steady process cry wolf once in so many events is found with a Markov chain (Brook & Evans 1972).

use crate::chart::{Chart, ChartKind, ChartPoint};
use crate::distributions::norm_quantile;

/// The share of defectives as it usually is, and as it must be found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BernoulliShares {
    usual: f64,
    changed: f64,
}

/// Events between false alarms that are customary here.
pub const EVENTS_BETWEEN_FALSE_ALARMS: f64 = 1000.0;

impl BernoulliShares {
    /// Two different shares strictly between 0 and 1; `None` otherwise. The changed one may be the smaller.
    pub fn new(usual: f64, changed: f64) -> Option<Self> {
        let is_open = |share: f64| share > 0.0 && share < 1.0;
        (is_open(usual) && is_open(changed) && usual != changed).then_some(Self { usual, changed })
    }

    /// Twice as many defectives as usual, the customary thing to look for. `None` if usual is not below one half.
    pub fn doubled(usual: f64) -> Option<Self> {
        Self::new(usual, 2.0 * usual)
    }

    /// What a defective adds, and what any other event adds; one is positive and one negative.
    fn steps(self) -> (f64, f64) {
        let Self { usual, changed } = self;
        ((changed / usual).ln(), ((1.0 - changed) / (1.0 - usual)).ln())
    }
}

/// Whether each event was defective; a missing one leaves the sum where it is. `None` unless the limit is 0 or more.
pub fn bernoulli_cusum(
    defective: &[Option<bool>],
    shares: BernoulliShares,
    limit: f64,
) -> Option<Chart> {
    if !(limit >= 0.0 && limit.is_finite()) {
        return None;
    }
    let (of_defective, of_other) = shares.steps();
    let mut sum = 0.0_f64;
    let points = defective.iter().enumerate().map(|(index, defective)| {
        let value = defective.map(|defective| {
            sum = (sum + if defective { of_defective } else { of_other }).max(0.0);
            sum
        });
        ChartPoint::against_limits(index, value, None, value.map(|_| limit))
    });
    let points = points.collect();
    Some(Chart { kind: ChartKind::BernoulliCusum, centre: Some(0.0), points })
}

/// The lowest limit at which the usual share gives at least so many events between false alarms on average. `None` if
/// there is no such limit within reach.
pub fn bernoulli_limit(shares: BernoulliShares, events: f64) -> Option<f64> {
    let chain = Chain::of(shares);
    let lasts = |highest: usize| {
        chain.run_length(shares.usual, highest).is_none_or(|run_length| run_length >= events)
    };
    if !(events > 0.0 && events.is_finite()) {
        return None;
    }
    let (mut low, mut high) = (0, Chain::LONGER_STEP);
    while !lasts(high) {
        low = high;
        high *= 2;
        if high > Chain::MOST_STATES {
            return None;
        }
    }
    while low < high {
        let middle = usize::midpoint(low, high);
        if lasts(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    chain.run_length(shares.usual, low)?;
    // Between the last state that is within the limit and the first that is not.
    Some((low as f64 + 0.5) * chain.width)
}

/// Events until a signal, on average, when this share is defective. `None` if the share is none, or it takes too long to
/// be computed.
pub fn bernoulli_run_length(shares: BernoulliShares, limit: f64, share: f64) -> Option<f64> {
    let chain = Chain::of(shares);
    let highest = limit / chain.width;
    let fits = (0.0..=Chain::MOST_STATES as f64).contains(&highest);
    // A share is one when the normal quantile has it: strictly between 0 and 1.
    norm_quantile(share).filter(|_| fits).and_then(|_| chain.run_length(share, highest as usize))
}

/// The sum on a grid: the longer of the two steps is a whole number of states, the other one of two neighbouring whole
/// numbers, drawn so that its mean is right.
struct Chain {
    /// Of a state, on the scale of the sum.
    width: f64,
    up: Step,
    down: Step,
    /// Defectives are what goes up.
    defective_is_up: bool,
}

/// So many states, and how often one more.
struct Step {
    states: usize,
    one_more: f64,
}

impl Step {
    fn of(states: f64) -> Self {
        // What is whole but for rounding is whole.
        let whole = (states + 1e-9).floor();
        Self { states: whole as usize, one_more: (states - whole).max(0.0) }
    }

    fn ways(&self) -> [(usize, f64); 2] {
        [(self.states, 1.0 - self.one_more), (self.states + 1, self.one_more)]
    }
}

impl Chain {
    const LONGER_STEP: usize = 100;
    const MOST_STATES: usize = 12_800;

    fn of(shares: BernoulliShares) -> Self {
        let (of_defective, of_other) = shares.steps();
        let (up, down) = (of_defective.max(of_other), -of_defective.min(of_other));
        let width = up.max(down) / Self::LONGER_STEP as f64;
        Self {
            width,
            up: Step::of(up / width),
            down: Step::of(down / width),
            defective_is_up: of_defective > 0.0,
        }
    }

    /// Mean steps from 0 until the state is above `highest`: N(j) = 1 + Σ P(j → i) N(i).
    ///
    /// Elimination within the band that a step can reach. The matrix is diagonally dominant, so no pivot is sought.
    fn run_length(&self, share: f64, highest: usize) -> Option<f64> {
        let up = if self.defective_is_up { share } else { 1.0 - share };
        let below = (self.down.states + 1).min(highest);
        let above = self.up.states + 1;
        let width = below + above + 1;
        let mut rows = vec![0.0; (highest + 1) * width];
        let mut right = vec![1.0; highest + 1];
        let place = |row: usize, column: usize| row * width + column + below - row;
        for row in 0..=highest {
            rows[place(row, row)] += 1.0;
            for (states, part) in self.down.ways() {
                rows[place(row, row.saturating_sub(states))] -= (1.0 - up) * part;
            }
            for (states, part) in self.up.ways() {
                if row + states <= highest {
                    rows[place(row, row + states)] -= up * part;
                }
            }
        }
        for column in 0..=highest {
            let (done, rest) = rows.split_at_mut((column + 1) * width);
            let pivot_row = &done[place(column, column)..];
            for row in column + 1..=(column + below).min(highest) {
                let from = place(row, column) - done.len();
                let factor = rest[from] / pivot_row[0];
                if factor != 0.0 {
                    let reached = rest[from..].iter_mut().zip(pivot_row);
                    reached.for_each(|(part, of_pivot)| *part -= factor * of_pivot);
                    right[row] -= factor * right[column];
                }
            }
        }
        for row in (0..=highest).rev() {
            let coefficients = &rows[place(row, row)..(row + 1) * width];
            let later = coefficients.iter().zip(&right[row..]).skip(1);
            let known: f64 = later.map(|(part, mean)| part * mean).sum();
            right[row] = (right[row] - known) / coefficients[0];
        }
        Some(right[0]).filter(|mean| mean.is_finite() && *mean >= 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        BernoulliShares, EVENTS_BETWEEN_FALSE_ALARMS, bernoulli_cusum, bernoulli_limit,
        bernoulli_run_length,
    };
    use crate::draws::Draws;

    /// Events until the first signal, on average over simulated runs.
    fn simulated(shares: BernoulliShares, limit: f64, share: f64) -> f64 {
        const RUNS: u32 = 400;
        let (of_defective, of_other) = shares.steps();
        let mut draws = Draws::seeded(8);
        let mut events = 0_u64;
        for _ in 0..RUNS {
            let mut sum = 0.0_f64;
            while sum <= limit {
                let step = if draws.unit() < share { of_defective } else { of_other };
                sum = (sum + step).max(0.0);
                events += 1;
            }
        }
        events as f64 / f64::from(RUNS)
    }

    /// A run length is spread like its mean, so the mean of 400 is off by a tenth at most in 95 of 100 cases.
    #[test]
    fn the_chain_runs_as_long_as_simulated_events() {
        for (usual, changed) in [(0.02, 0.04), (0.1, 0.2), (0.3, 0.6), (0.004, 0.008), (0.1, 0.04)]
        {
            let shares = BernoulliShares::new(usual, changed).unwrap();
            let limit = bernoulli_limit(shares, EVENTS_BETWEEN_FALSE_ALARMS).unwrap();
            let chain = bernoulli_run_length(shares, limit, usual).unwrap();
            assert!((1000.0..1100.0).contains(&chain), "{usual} {changed}: {chain}");
            for share in [usual, changed] {
                let chain = bernoulli_run_length(shares, limit, share).unwrap();
                let events = simulated(shares, limit, share);
                assert!(
                    (events / chain - 1.0).abs() < 0.12,
                    "{usual} {changed} {share}: {events} {chain}"
                );
            }
        }
    }

    #[test]
    fn a_rare_defect_needs_no_sum_at_all() {
        let shares = BernoulliShares::doubled(0.0005).unwrap();
        let limit = bernoulli_limit(shares, 1000.0).unwrap();
        let run_length = bernoulli_run_length(shares, limit, 0.0005).unwrap();
        assert!(limit < 0.01 && (run_length - 2000.0).abs() < 1e-6, "{limit} {run_length}");
    }

    #[test]
    fn shares_must_differ_and_be_shares() {
        for (usual, changed) in [(0.0, 0.1), (0.1, 0.1), (0.6, 1.2), (f64::NAN, 0.1)] {
            assert_eq!(BernoulliShares::new(usual, changed), None);
        }
        let shares = BernoulliShares::new(0.1, 0.2).unwrap();
        assert_eq!(bernoulli_cusum(&[Some(true)], shares, f64::NAN), None);
        let chart = bernoulli_cusum(&[Some(true), None, Some(true)], shares, 1.0).unwrap();
        assert_eq!((chart.points[1].value, chart.first_signal()), (None, Some(2)));
    }
}
