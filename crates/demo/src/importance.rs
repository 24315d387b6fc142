//! What each touchpoint holds of the answer about the whole, by the dice that the answers are made with.
//!
//! Answers about touchpoints are thrown one by one and none depends on another, so each holds the square of its correlation
//! with the answer about the whole, whatever is brought in before it. The correlations come from a hundred thousand sheets of
//! customers who met everything; the answer about the whole is rounded and cut to its scale there as in the data.

use super::dice::Dice;

const SHEETS: u64 = 100_000;

/// Shares of all that the touchpoints hold together. A sheet is the answers in the order of the names, then the whole.
pub(super) fn shares(
    seed: u64,
    names: &[&'static str],
    mut sheet: impl FnMut(&mut Dice) -> (Vec<i64>, i64),
) -> Vec<(&'static str, f64)> {
    let mut dice = Dice::of(seed, 6, 0);
    let n = names.len();
    // Sums of whole numbers, so that they do not depend on the order of adding.
    let (mut x, mut xx, mut xy) = (vec![0_i64; n], vec![0_i64; n], vec![0_i64; n]);
    let mut y = 0;
    for _ in 0..SHEETS {
        let (answers, whole) = sheet(&mut dice);
        y += whole;
        for (place, answer) in answers.into_iter().enumerate().take(n) {
            x[place] += answer;
            xx[place] += answer * answer;
            xy[place] += answer * whole;
        }
    }
    let all = SHEETS as f64;
    let held = |place: usize| {
        let (mean, whole) = (x[place] as f64 / all, y as f64 / all);
        let variance = xx[place] as f64 / all - mean * mean;
        let together = xy[place] as f64 / all - mean * whole;
        if variance > 0.0 { together * together / variance } else { 0.0 }
    };
    let held: Vec<f64> = (0..n).map(held).collect();
    let total: f64 = held.iter().sum();
    names.iter().zip(held).map(|(name, held)| (*name, held / total)).collect()
}
