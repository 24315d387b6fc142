//! How long until a chart signals: from a steady process, where it is a false alarm, and after a shift.
//!
//! The mean run length from a starting point solves an integral equation, Page's (1954) for the cumulative sum and
//! Crowder's (1987) for the moving average, here at Gauss–Legendre points (Nyström). The two sides of a cumulative sum
//! combine as 1/ARL = 1/ARL↑ + 1/ARL↓ (van Dobben de Bruyn 1968).

use nalgebra::{DMatrix, DVector};

use crate::distributions::norm_upper;
use crate::{CusumRule, EwmaRule};

/// Beyond this limit, in standard deviations, the equation would need too many points, and Siegmund's formula is near.
const SIEGMUND_FROM: f64 = 100.0;

/// Points until a two-sided [`crate::cusum`] signals, on average, when the mean is `shift` standard deviations off its
/// centre. `None` if that is beyond what can be computed, 10¹² or so.
pub fn cusum_run_length(rule: CusumRule, shift: f64) -> Option<f64> {
    if !rule.is_sound() || !shift.is_finite() {
        return None;
    }
    let rates = [shift, -shift].map(|shift| {
        let run_length =
            if rule.limit > SIEGMUND_FROM { siegmund(rule, shift) } else { one_side(rule, shift) };
        // A side that practically never signals adds nothing to how often the chart does.
        run_length.map_or(0.0, |run_length| 1.0 / run_length)
    });
    computed(1.0 / (rates[0] + rates[1]))
}

/// Points until [`crate::ewma_chart`] with its final limits signals, on average, when the mean is `shift` standard
/// deviations off its centre. `None` if that is beyond what can be computed.
pub fn ewma_run_length(rule: EwmaRule, shift: f64) -> Option<f64> {
    const WIDEST: f64 = 500.0;
    if !rule.is_sound() || !shift.is_finite() {
        return None;
    }
    let EwmaRule { memory, width } = rule;
    let limit = width * (memory / (2.0 - memory)).sqrt();
    // The limits in standard deviations of what one value adds.
    let breadth = 2.0 * limit / memory;
    if breadth > WIDEST {
        return None;
    }
    let points = (24.0 + 3.2 * breadth).min(400.0) as usize;
    let (at, weights) = gauss_legendre(points, -limit, limit);
    let kernel =
        |from: f64, to: f64| density((to - (1.0 - memory) * from) / memory - shift) / memory;
    let matrix = DMatrix::from_fn(points, points, |row, column| {
        let identity = if row == column { 1.0 } else { 0.0 };
        identity - weights[column] * kernel(at[row], at[column])
    });
    let solved = matrix.lu().solve(&DVector::from_element(points, 1.0))?;
    let later = (0..points).map(|i| weights[i] * kernel(0.0, at[i]) * solved[i]);
    computed(1.0 + later.sum::<f64>())
}

/// The upper sum alone, from 0: L(s) = 1 + L(0) Φ(k − s − μ) + ∫ L(x) φ(x + k − s − μ) dx over 0 to h.
fn one_side(rule: CusumRule, shift: f64) -> Option<f64> {
    let CusumRule { allowance, limit } = rule;
    let points = (24.0 + 4.0 * limit) as usize;
    let (at, weights) = gauss_legendre(points, 0.0, limit);
    // The first unknown is L(0), the others are L at the points.
    let from = |row: usize| if row == 0 { 0.0 } else { at[row - 1] };
    let matrix = DMatrix::from_fn(points + 1, points + 1, |row, column| {
        let drift = allowance - from(row) - shift;
        let reached = match column.checked_sub(1) {
            None => norm_upper(-drift),
            Some(i) => weights[i] * density(at[i] + drift),
        };
        let identity = if row == column { 1.0 } else { 0.0 };
        identity - reached
    });
    let solved = matrix.lu().solve(&DVector::from_element(points + 1, 1.0))?;
    computed(solved[0])
}

/// Siegmund's approximation (1985): (e^(−2Δb) + 2Δb − 1)/(2Δ²), Δ = μ − k, b = h + 1.166.
fn siegmund(rule: CusumRule, shift: f64) -> Option<f64> {
    const OVERSHOOT: f64 = 1.166;
    let (drift, limit) = (shift - rule.allowance, rule.limit + OVERSHOOT);
    if drift.abs() < 1e-9 {
        return Some(limit * limit);
    }
    let exponent = -2.0 * drift * limit;
    computed((exponent.exp_m1() - exponent) / (2.0 * drift * drift))
}

/// A run length, if rounding has left anything of it.
fn computed(run_length: f64) -> Option<f64> {
    const LONGEST: f64 = 1e13;
    (1.0 - 1e-6..LONGEST).contains(&run_length).then(|| run_length.max(1.0))
}

fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}

/// Points and weights that integrate polynomials up to degree 2n − 1 exactly: roots of Legendre's polynomial, by Newton.
fn gauss_legendre(n: usize, from: f64, to: f64) -> (Vec<f64>, Vec<f64>) {
    let (middle, half) = (f64::midpoint(from, to), 0.5 * (to - from));
    let mut at = vec![0.0; n];
    let mut weights = vec![0.0; n];
    for i in 0..n {
        let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..100 {
            let (mut value, mut before) = (x, 1.0);
            for degree in 2..=n {
                let degree = degree as f64;
                let next = ((2.0 * degree - 1.0) * x * value - (degree - 1.0) * before) / degree;
                before = value;
                value = next;
            }
            slope = n as f64 * (x * value - before) / (x * x - 1.0);
            let step = value / slope;
            x -= step;
            if step.abs() < 1e-15 {
                break;
            }
        }
        at[i] = middle - half * x;
        weights[i] = 2.0 * half / ((1.0 - x * x) * slope * slope);
    }
    (at, weights)
}

#[cfg(test)]
mod tests {
    use super::{cusum_run_length, ewma_run_length, gauss_legendre};
    use crate::distributions::norm_two_sided_p;
    use crate::draws::Draws;
    use crate::{CusumRule, EwmaRule};

    fn near(got: Option<f64>, expected: f64) {
        let got = got.unwrap();
        assert!((got / expected - 1.0).abs() < 0.01, "{got}, expected {expected}");
    }

    #[test]
    fn points_and_weights_integrate() {
        let (at, weights) = gauss_legendre(7, -1.0, 3.0);
        let integral: f64 = at.iter().zip(&weights).map(|(x, w)| w * x.powi(5)).sum();
        assert!((integral - 728.0 / 6.0).abs() < 1e-10, "{integral}");
    }

    /// Without memory every point is on its own, and the run length is one over the share beyond the limits.
    #[test]
    fn without_memory_the_limits_alone_decide() {
        for width in [0.5, 1.0, 3.0, 5.0] {
            near(
                ewma_run_length(EwmaRule { memory: 1.0, width }, 0.0),
                1.0 / norm_two_sided_p(width),
            );
        }
        let at_once = CusumRule { allowance: 1.0, limit: 0.0 };
        near(cusum_run_length(at_once, 0.0), 1.0 / norm_two_sided_p(1.0));
    }

    /// Tables of Lucas & Saccucci (1990) and Montgomery.
    #[test]
    fn as_published() {
        for (memory, width, shift, expected) in [
            (0.1, 2.814, 0.0, 500.0),
            (0.1, 2.814, 1.0, 10.3),
            (0.25, 2.998, 0.0, 500.0),
            (0.4, 3.054, 0.5, 71.2),
        ] {
            near(ewma_run_length(EwmaRule { memory, width }, shift), expected);
        }
        for (limit, shift, expected) in
            [(4.0, 0.5, 26.6), (4.0, 2.0, 3.34), (5.0, 1.0, 10.4), (5.0, 4.0, 2.01)]
        {
            near(cusum_run_length(CusumRule { allowance: 0.5, limit }, shift), expected);
        }
    }

    #[test]
    fn short_and_long_memories_and_far_shifts() {
        for (memory, width) in [(0.01, 1.5), (0.03, 2.5), (0.9, 2.5)] {
            let chart = EwmaRule { memory, width };
            assert!(ewma_run_length(chart, 0.0) > ewma_run_length(chart, 0.3));
        }
        near(ewma_run_length(EwmaRule { memory: 0.5, width: 3.0 }, 50.0), 1.0);
        near(cusum_run_length(CusumRule { allowance: 0.5, limit: 3.0 }, -50.0), 1.0);
        near(cusum_run_length(CusumRule { allowance: 0.5, limit: 99.9 }, 1.0), 201.0);
        near(cusum_run_length(CusumRule { allowance: 0.5, limit: 100.1 }, 1.0), 201.0);
        assert_eq!(cusum_run_length(CusumRule { allowance: 0.5, limit: 60.0 }, 0.0), None);
        assert_eq!(cusum_run_length(CusumRule { allowance: 0.5, limit: -1.0 }, 0.0), None);
        assert_eq!(ewma_run_length(EwmaRule { memory: 0.2, width: 3.0 }, f64::NAN), None);
    }

    #[test]
    fn a_long_memory_runs_as_long_as_simulated() {
        let (memory, width) = (0.02_f64, 1.6);
        let limit = width * (memory / (2.0 - memory)).sqrt();
        let mut draws = Draws::seeded(3);
        let mut points = 0_u32;
        for _ in 0..1500 {
            let mut average = 0.0_f64;
            while average.abs() <= limit {
                average = memory * draws.normal() + (1.0 - memory) * average;
                points += 1;
            }
        }
        let got = ewma_run_length(EwmaRule { memory, width }, 0.0).unwrap();
        let simulated = f64::from(points) / 1500.0;
        assert!((got / simulated - 1.0).abs() < 0.08, "{got} {simulated}");
    }
}
