//! Weights cut where a few answers would decide everything: a little bias for a lot of variance (Potter 1990).

use crate::median;
use crate::moments::ordered_sum;
use crate::ranks::TIE;
use crate::weighted::is_weight;

#[derive(Debug, Clone, PartialEq)]
pub struct Trimmed {
    /// In the order given; their sum is that of the weights before.
    pub weights: Vec<f64>,
    /// What no weight exceeds.
    pub cap: f64,
    /// How many weights were above the cap.
    pub n_trimmed: u64,
    /// How much weight lay above it in all.
    pub excess: f64,
}

/// Weights at most `times` their median.
///
/// What lies above is spread over the others in proportion, as often as that lifts
/// others above the cap. Five times is customary. `None` without weights, with one that is negative, and where so low a
/// cap cannot hold the sum.
pub fn trim_weights(weights: &[f64], times: f64) -> Option<Trimmed> {
    let cap = times * median(weights)?;
    let are_weights = weights.iter().all(|weight| is_weight(*weight));
    if !are_weights || cap <= 0.0 || !cap.is_finite() {
        return None;
    }
    let mut trimmed = weights.to_vec();
    let room = TIE * cap;
    loop {
        let above: Vec<f64> =
            trimmed.iter().filter(|weight| **weight > cap + room).map(|w| w - cap).collect();
        if above.is_empty() {
            break;
        }
        let below: Vec<f64> =
            trimmed.iter().copied().filter(|weight| *weight < cap - room).collect();
        let free = ordered_sum(&below);
        if free <= 0.0 {
            return None;
        }
        let factor = 1.0 + ordered_sum(&above) / free;
        for weight in &mut trimmed {
            *weight = if *weight < cap - room { *weight * factor } else { weight.min(cap) };
        }
    }
    let above: Vec<f64> = weights.iter().map(|weight| weight - cap).filter(|w| *w > room).collect();
    let (n_trimmed, excess) = (above.len() as u64, ordered_sum(&above));
    Some(Trimmed { weights: trimmed, cap, n_trimmed, excess })
}

#[cfg(test)]
mod tests {
    use super::trim_weights;

    #[test]
    fn what_is_spread_may_lift_another_above_the_cap() {
        let before = [1.0, 1.0, 1.0, 1.0, 1.0, 1.9, 3.5];
        let trimmed = trim_weights(&before, 2.0).unwrap();
        assert_eq!((trimmed.cap, trimmed.n_trimmed, trimmed.excess), (2.0, 1, 1.5));
        assert_eq!(trimmed.weights[5..], [2.0, 2.0]);
        let sum: f64 = trimmed.weights.iter().sum();
        assert!((sum - 10.4).abs() < 1e-12, "{sum}");
    }

    #[test]
    fn a_cap_that_cannot_hold_the_sum_is_none() {
        for (weights, times) in [
            (vec![], 5.0),
            (vec![1.0, 1.0], 0.5),
            (vec![0.0, 0.0, 9.0], 5.0),
            (vec![1.0, -1.0, 1.0], 5.0),
            (vec![1.0, f64::NAN], 5.0),
            (vec![1.0, 1.0, 1.0, 1.9, 10.0], 2.0),
        ] {
            assert_eq!(trim_weights(&weights, times), None, "{weights:?} {times}");
        }
    }
}
