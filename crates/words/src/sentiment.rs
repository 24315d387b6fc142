//! How a comment without a score would have been scored, where that can be told at all.
//!
//! The customer's own score is the sentiment; nothing here replaces one. Lists of good and bad words fail on complaints,
//! which are mostly plain facts ("nobody came"), so the words' weights are learned from the comments that have a score:
//! ridge regression (Hoerl & Kennard 1970) on hashed tf-idf, solved by conjugate gradients. Before its answers are used,
//! it is tried on customers that it did not learn from: R² = 1 − Σ(score − answer)²/Σ(score − mean)², where the mean too is
//! that of the others. Below [`R2_NEEDED`] it is not used.

use stats::{Confidence, Estimate, Method, clustered_mean, mean};

use crate::reading::{FOLDS, Reading, Who, n_customers};
use crate::{CommentKey, Hashing, Vector};

/// With fewer customers R² itself is too uncertain.
const CUSTOMERS_NEEDED: u64 = 100;
/// A quarter of the spread of scores; a single answer is then still off by 0.87 of the spread, so it is for means.
const R2_NEEDED: f64 = 0.25;
/// The weight of the penalty. Rows have length 1, so it holds a word back until several comments have it.
const PENALTY: f64 = 1.0;
/// More comments than this add little and cost time.
const MOST_LEARNED: usize = 10_000;
const MOST_STEPS: usize = 60;

/// What the words say of scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentiment {
    /// On customers that it did not learn from; n is the number of their comments. Below 0 it is worse than the mean.
    pub r2: Estimate,
    pub n_customers: u64,
    /// Why its answers are not used; `None` if they are.
    pub not_enough: Option<NotEnough>,
    /// Of comments without a score, by key; empty if answers are not used.
    pub answers: Vec<(CommentKey, f64)>,
}

/// Why scores are not read out of words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NotEnough {
    TooFewScored {
        customers: u64,
        needed: u64,
    },
    /// All scores are the same: there is nothing to learn.
    NoSpread,
    TooLittleExplained {
        r2: f64,
        needed: f64,
    },
}

impl std::fmt::Display for NotEnough {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooFewScored { customers, needed } => {
                write!(
                    f,
                    "not enough: {customers} customers gave a score with a comment, {needed} are needed"
                )
            }
            Self::NoSpread => f.write_str("not enough: all scores are the same"),
            Self::TooLittleExplained { r2, needed } => {
                write!(
                    f,
                    "not enough: words explain {r2:.2} of the spread of scores, {needed:.2} is needed"
                )
            }
        }
    }
}

/// Learns scores from words and answers for the comments that have none.
pub(crate) fn sentiment(
    readings: &[Reading<'_>],
    hashing: &Hashing,
    conf: Confidence,
) -> Sentiment {
    let mut scored: Vec<(&Reading<'_>, f64)> =
        readings.iter().filter_map(|reading| Some((reading, reading.score()?))).collect();
    if scored.len() > MOST_LEARNED {
        scored.sort_by_key(|(reading, _)| reading.key);
        scored.truncate(MOST_LEARNED);
    }
    let rows: Vec<Row> = scored
        .iter()
        .map(|(reading, score)| Row {
            who: reading.who,
            fold: reading.fold,
            x: hashing.embed_words(&reading.words),
            y: *score,
        })
        .collect();
    let n_customers = n_customers(scored.iter().map(|(reading, _)| *reading));
    let nothing = Estimate::none(Method::ClusteredT, conf);
    let because = |r2: Estimate, why: NotEnough| Sentiment {
        r2,
        n_customers,
        not_enough: Some(why),
        answers: Vec::new(),
    };
    if n_customers < CUSTOMERS_NEEDED {
        let needed = CUSTOMERS_NEEDED;
        return because(nothing, NotEnough::TooFewScored { customers: n_customers, needed });
    }
    let r2 = held_out_r2(&rows, conf);
    match r2.value {
        None => return because(r2, NotEnough::NoSpread),
        Some(value) if value < R2_NEEDED => {
            return because(r2, NotEnough::TooLittleExplained { r2: value, needed: R2_NEEDED });
        }
        Some(_) => {}
    }
    let line = Line::fit(&rows.iter().collect::<Vec<_>>());
    let without = readings.iter().filter(|reading| reading.score().is_none());
    let mut answers: Vec<(CommentKey, f64)> = without
        .map(|reading| (reading.key, line.answer(&hashing.embed_words(&reading.words))))
        .collect();
    answers.sort_by_key(|(key, _)| *key);
    answers.dedup();
    Sentiment { r2, n_customers, not_enough: None, answers }
}

#[derive(Debug)]
struct Row {
    who: Who,
    fold: u64,
    x: Vector,
    y: f64,
}

/// R² over the folds, with the interval of a ratio of two means (delta method, customers as clusters). `None` if the scores
/// do not vary.
fn held_out_r2(rows: &[Row], conf: Confidence) -> Estimate {
    // Squared distances of a score from the answer, and from the mean of the others.
    let mut squares: Vec<(Who, f64, f64)> = Vec::new();
    for fold in 0..FOLDS {
        let others: Vec<&Row> = rows.iter().filter(|row| row.fold != fold).collect();
        let line = Line::fit(&others);
        for row in rows.iter().filter(|row| row.fold == fold) {
            let off = row.y - line.answer(&row.x);
            squares.push((row.who, off * off, (row.y - line.mean).powi(2)));
        }
    }
    let [off, spread] = [|square: &(Who, f64, f64)| square.1, |square: &(Who, f64, f64)| square.2]
        .map(|part| mean(&squares.iter().map(part).collect::<Vec<f64>>()).unwrap_or_default());
    if spread <= 0.0 {
        return Estimate::none(Method::ClusteredT, conf);
    }
    let ratio = off / spread;
    let parts: Vec<(Option<Who>, f64)> = squares
        .iter()
        .map(|(who, off, square)| (Some(*who), 1.0 - ratio - (off - ratio * square) / spread))
        .collect();
    let estimate = clustered_mean(&parts, conf).estimate;
    Estimate { value: Some(1.0 - ratio), ..estimate }.clipped(f64::MIN, 1.0)
}

/// A straight line from words to scores.
#[derive(Debug)]
struct Line {
    mean: f64,
    /// The places that the comments had which it learned from, ascending, and the weight of each.
    places: Vec<u32>,
    weights: Vec<f64>,
    /// Answers beyond the scores that were learned from are cut.
    lowest: f64,
    highest: f64,
}

/// A comment over the places that were seen: where among them, and how much.
type Seen = Vec<(usize, f64)>;

impl Line {
    /// Minimises Σ(y − mean − x·w)² + penalty·|w|² over the rows.
    fn fit(rows: &[&Row]) -> Self {
        let scores: Vec<f64> = rows.iter().map(|row| row.y).collect();
        let mean = mean(&scores).unwrap_or_default();
        let mut places: Vec<u32> =
            rows.iter().flat_map(|row| row.x.parts()).map(|(place, _)| *place).collect();
        places.sort_unstable();
        places.dedup();
        let seen: Vec<Seen> = rows.iter().map(|row| seen(&row.x, &places)).collect();
        let targets: Vec<f64> = scores.iter().map(|score| score - mean).collect();
        Self {
            mean,
            weights: solve(&seen, &spread_over(&seen, &targets, places.len())),
            places,
            lowest: scores.iter().copied().fold(f64::INFINITY, f64::min),
            highest: scores.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }

    fn answer(&self, x: &Vector) -> f64 {
        let answer = self.mean + dot(&seen(x, &self.places), &self.weights);
        answer.max(self.lowest).min(self.highest)
    }
}

/// Words that no comment had have no weight.
fn seen(x: &Vector, places: &[u32]) -> Seen {
    let known = x.parts().iter();
    known
        .filter_map(|(place, x)| Some((places.binary_search(place).ok()?, f64::from(*x))))
        .collect()
}

/// Conjugate gradients (Hestenes & Stiefel 1952) for the weights w with `XᵀXw` + penalty·w = b.
fn solve(rows: &[Seen], b: &[f64]) -> Vec<f64> {
    let square = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
    let mut w = vec![0.0; b.len()];
    let (mut residual, mut direction) = (b.to_vec(), b.to_vec());
    let mut size = square(&residual);
    let good_enough = size * 1e-8;
    for _ in 0..MOST_STEPS {
        if size <= good_enough {
            break;
        }
        let along: Vec<f64> = rows.iter().map(|row| dot(row, &direction)).collect();
        let mut image = spread_over(rows, &along, b.len());
        for (image, direction) in image.iter_mut().zip(&direction) {
            *image += PENALTY * direction;
        }
        let step = size / direction.iter().zip(&image).map(|(x, y)| x * y).sum::<f64>();
        for (place, w) in w.iter_mut().enumerate() {
            *w += step * direction[place];
            residual[place] -= step * image[place];
        }
        let before = size;
        size = square(&residual);
        for (direction, residual) in direction.iter_mut().zip(&residual) {
            *direction = residual + size / before * *direction;
        }
    }
    w
}

/// Xᵀ times a value per row.
fn spread_over(rows: &[Seen], values: &[f64], n_places: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n_places];
    for (row, value) in rows.iter().zip(values) {
        for (place, x) in row {
            sums[*place] += x * value;
        }
    }
    sums
}

fn dot(row: &Seen, weights: &[f64]) -> f64 {
    row.iter().map(|(place, x)| x * weights[*place]).sum()
}

#[cfg(test)]
mod tests {
    use super::{Line, PENALTY, Row, held_out_r2};
    use crate::Vector;
    use crate::reading::Who;
    use stats::Confidence;

    fn row(customer: u64, x: &[f32], y: f64) -> Row {
        Row { who: Who::Customer(customer), fold: customer % 5, x: Vector::dense(x), y }
    }

    #[test]
    fn weights_are_those_of_the_closed_form() {
        // Two words that never meet: each weight is Σ(y − mean)/(n + penalty).
        let rows = [row(0, &[1.0, 0.0], 9.0), row(1, &[1.0, 0.0], 7.0), row(2, &[0.0, 1.0], 2.0)];
        let line = Line::fit(&rows.iter().collect::<Vec<_>>());
        let expected = [(3.0 + 1.0) / (2.0 + PENALTY), -4.0 / (1.0 + PENALTY)];
        for (weight, expected) in line.weights.iter().zip(expected) {
            assert!((weight - expected).abs() < 1e-9, "{weight} {expected}");
        }
        assert_eq!(line.answer(&Vector::default()), 6.0);
    }

    #[test]
    fn r2_is_high_where_words_tell_and_none_where_scores_do_not_vary() {
        let told = |n: u64| {
            row(
                n,
                if n.is_multiple_of(3) { &[1.0] } else { &[0.0, 1.0] },
                if n.is_multiple_of(3) { 2.0 } else { 9.0 },
            )
        };
        let rows: Vec<Row> = (0..60).map(told).collect();
        let r2 = held_out_r2(&rows, Confidence::P95);
        let (lower, upper) = r2.interval().unwrap();
        assert!(r2.value.unwrap() > 0.9 && lower <= r2.value.unwrap() && upper <= 1.0, "{r2:?}");
        let same: Vec<Row> = (0..60).map(|n| row(n, &[1.0], 5.0)).collect();
        assert_eq!(held_out_r2(&same, Confidence::P95).value, None);
    }
}
