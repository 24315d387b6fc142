//! Patterns that chance seldom draws: rules 1, 2, 3 and 5 of Nelson (1984), with numbers standardised to z.
//!
//! A signal stands at the last point looked at, so that it is told on the day; "two of three" are two of the last three,
//! whichever. A missing point and a point on the centre line end a run; a tie ends
//! a rise or fall. Four rules together call a steady process out about once in 110 points, rule 1 alone once in 370.

use crate::Signal;
use crate::ranks::TIE;

/// The signals of every point, sorted.
pub fn run_rules(z: &[Option<f64>]) -> Vec<Vec<Signal>> {
    let mut runs = Runs::default();
    (0..z.len()).map(|last| runs.signals(z, last)).collect()
}

/// How long what is going on has been going on.
#[derive(Default)]
struct Runs {
    /// Points on one side, positive above the centre and negative below.
    side: i64,
    /// Steps in one direction.
    direction: i64,
}

impl Runs {
    fn signals(&mut self, z: &[Option<f64>], last: usize) -> Vec<Signal> {
        let now = z[last];
        let step = last.checked_sub(1).and_then(|before| Some(now? - z[before]?));
        self.side = longer(self.side, now);
        self.direction = longer(self.direction, step);
        let mut signals = Vec::new();
        if now.is_some_and(|z| z.abs() > 3.0 + TIE) {
            signals.push(Signal::BeyondThreeSigma);
        }
        if self.side.abs() >= 9 {
            signals.push(Signal::NineOnOneSide);
        }
        // Six points are five steps.
        if self.direction.abs() >= 5 {
            signals.push(Signal::SixInOneDirection);
        }
        if last >= 2 && is_two_of_three(&z[last - 2..=last]) {
            signals.push(Signal::TwoOfThreeBeyondTwoSigma);
        }
        signals
    }
}

/// A run with one more point, or begun again.
fn longer(run: i64, by: Option<f64>) -> i64 {
    match by {
        Some(by) if by > TIE => run.max(0) + 1,
        Some(by) if by < -TIE => run.min(0) - 1,
        _ => 0,
    }
}

fn is_two_of_three(window: &[Option<f64>]) -> bool {
    let beyond = |side: f64| window.iter().flatten().filter(|z| side * **z > 2.0 + TIE).count();
    beyond(1.0) >= 2 || beyond(-1.0) >= 2
}

#[cfg(test)]
mod tests {
    use super::run_rules;
    use crate::Signal::{
        self, BeyondThreeSigma, NineOnOneSide, SixInOneDirection, TwoOfThreeBeyondTwoSigma,
    };

    fn check(z: &[f64], expected: &[(usize, Signal)]) {
        let z: Vec<Option<f64>> = z.iter().map(|z| z.is_finite().then_some(*z)).collect();
        let found = run_rules(&z);
        let found: Vec<(usize, Signal)> = found
            .iter()
            .enumerate()
            .flat_map(|(index, signals)| signals.iter().map(move |signal| (index, *signal)))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn each_rule_at_the_last_point_looked_at() {
        check(&[0.0, 3.1, -3.1], &[(1, BeyondThreeSigma), (2, BeyondThreeSigma)]);
        check(&[3.0, 0.0, -3.0], &[]);
        check(&[0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1], &[(8, NineOnOneSide)]);
        check(&[0.5, 0.4, 0.3, -0.1, -0.2, -0.3], &[(5, SixInOneDirection)]);
        check(&[-2.1, 0.0, -2.2, 2.1], &[(2, TwoOfThreeBeyondTwoSigma)]);
        check(&[2.1, 2.2, 0.0, 2.1], &[2, 3].map(|last| (last, TwoOfThreeBeyondTwoSigma)));
    }

    #[test]
    fn a_gap_the_centre_and_a_tie_end_a_run() {
        let mut nine = [0.1; 9];
        nine[4] = 0.0;
        check(&nine, &[]);
        nine[4] = f64::NAN;
        check(&nine, &[]);
        check(&[0.1, 0.2, 0.3, 0.3, 0.4, 0.5], &[]);
        check(&[], &[]);
    }
}
