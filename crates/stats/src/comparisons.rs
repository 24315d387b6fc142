//! Many differences on one page, of periods or segments: which stand when all are judged at once, and what the others could
//! have shown.
//!
//! A row is "higher" or "lower" when its p value, adjusted over all rows (Benjamini & Hochberg 1995), is at most the rate of
//! false claims that is accepted. The intervals are those of each row alone.

use crate::{
    Adjustment, Confidence, Estimate, NpsCounts, NpsDifferenceMethod, Power, adjust_p,
    detectable_effect, nps_difference, proportion_difference, welch_t,
};

/// A row: what is compared, second less first.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub name: String,
    pub sides: Sides,
}

/// Two independent samples of one kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Sides {
    Nps(NpsCounts, NpsCounts),
    /// Each (count, of how many).
    Share((u64, u64), (u64, u64)),
    Mean(Vec<f64>, Vec<f64>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub name: String,
    pub difference: Estimate,
    /// Of the row alone.
    pub p: Option<f64>,
    /// Adjusted for all rows.
    pub q: Option<f64>,
    pub verdict: ComparisonVerdict,
    /// The smallest difference that would be found with the power asked for, among as many rows; `None` without two samples.
    pub detectable: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComparisonVerdict {
    Higher,
    Lower,
    NoDetectableDifference,
}

impl ComparisonVerdict {
    pub fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::NoDetectableDifference => "no detectable difference",
        }
    }
}

/// All rows, in the order given; `power.alpha` is the share of claims that may be false.
///
/// What is detectable is reckoned at the level that one more claim would have had to reach: (claims + 1)/rows of α.
pub fn compare_all(comparisons: &[Comparison], conf: Confidence, power: Power) -> Vec<Compared> {
    let rows: Vec<Row> = comparisons.iter().map(|row| Row::of(&row.sides, conf)).collect();
    let p: Vec<Option<f64>> = rows.iter().map(|row| row.p).collect();
    let q = adjust_p(&p, Adjustment::BenjaminiHochberg);
    let is_claim = |q: &Option<f64>| q.is_some_and(|q| q <= power.alpha);
    let tested = p.iter().flatten().count().max(1);
    let next = (q.iter().filter(|q| is_claim(q)).count() + 1).min(tested);
    let strict = Power { alpha: power.alpha * next as f64 / tested as f64, ..power };
    let compared = |((comparison, row), q): ((&Comparison, Row), Option<f64>)| Compared {
        name: comparison.name.clone(),
        verdict: match row.difference.value {
            Some(value) if is_claim(&q) && value > 0.0 => ComparisonVerdict::Higher,
            Some(value) if is_claim(&q) && value < 0.0 => ComparisonVerdict::Lower,
            _ => ComparisonVerdict::NoDetectableDifference,
        },
        detectable: row.se.and_then(|se| detectable_effect(se, strict)),
        difference: row.difference,
        p: row.p,
        q,
    };
    comparisons.iter().zip(rows).zip(q).map(compared).collect()
}

struct Row {
    difference: Estimate,
    p: Option<f64>,
    se: Option<f64>,
}

impl Row {
    fn of(sides: &Sides, conf: Confidence) -> Self {
        match sides {
            Sides::Nps(a, b) => {
                let test = nps_difference(a, b, NpsDifferenceMethod::AdjustedWald, conf);
                Self { se: test.estimate.se, p: test.p, difference: test.estimate }
            }
            Sides::Share(a, b) => {
                let test = proportion_difference(*a, *b, conf);
                let p = if is_sparse(*a, *b) { test.p_fisher } else { test.p_pooled };
                let se = test.estimate.value.map(|_| agresti_caffo_se(*a, *b));
                Self { se, p, difference: test.estimate }
            }
            Sides::Mean(a, b) => {
                let finite = |values: &[f64]| -> Vec<f64> {
                    values.iter().copied().filter(|value| value.is_finite()).collect()
                };
                let test = welch_t(&finite(a), &finite(b), conf);
                let se = test.difference.se.filter(|se| *se > 0.0);
                Self { se, p: test.p, difference: test.difference }
            }
        }
    }
}

/// Whether any of the four expected counts is below 5, where Fisher's test takes the place of the normal one.
fn is_sparse(a: (u64, u64), b: (u64, u64)) -> bool {
    let n = (a.1 + b.1) as f64;
    let counted = (a.0 + b.0) as f64;
    let smaller_row = a.1.min(b.1) as f64;
    smaller_row * counted.min(n - counted) / n < 5.0
}

/// With an imaginary one and an imaginary other in each sample (Agresti & Caffo 2000): not 0 when all are alike.
fn agresti_caffo_se(a: (u64, u64), b: (u64, u64)) -> f64 {
    let part = |(count, of): (u64, u64)| {
        let n = of as f64 + 2.0;
        let share = (count as f64 + 1.0) / n;
        share * (1.0 - share) / n
    };
    (part(a) + part(b)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{Comparison, ComparisonVerdict, Sides, compare_all};
    use crate::{Confidence, NpsCounts, Power};
    use ComparisonVerdict::{Higher, Lower, NoDetectableDifference};

    fn rows(sides: Vec<Sides>) -> Vec<Comparison> {
        sides.into_iter().map(|sides| Comparison { name: "row".to_owned(), sides }).collect()
    }

    #[test]
    fn kinds_stand_side_by_side() {
        let all = compare_all(
            &rows(vec![
                Sides::Nps(NpsCounts::new(60, 25, 15), NpsCounts::new(90, 8, 2)),
                Sides::Share((90, 100), (50, 100)),
                Sides::Mean(vec![1.0, 2.0, 3.0, 2.0], vec![2.0, 3.0, 1.0, 2.5]),
                Sides::Nps(NpsCounts::new(0, 0, 0), NpsCounts::new(9, 1, 0)),
                Sides::Share((0, 4), (2, 4)),
            ]),
            Confidence::P95,
            Power::CUSTOMARY,
        );
        let verdicts: Vec<ComparisonVerdict> = all.iter().map(|row| row.verdict).collect();
        assert_eq!(
            verdicts,
            [Higher, Lower, NoDetectableDifference, NoDetectableDifference, NoDetectableDifference]
        );
        assert_eq!((all[3].p, all[3].q, all[3].detectable), (None, None, None));
        assert!(all[2].detectable.unwrap() > 1.0);
        // Fisher: 2 of 4 against none of 4.
        assert!((all[4].p.unwrap() - 3.0 / 7.0).abs() < 1e-9);
    }

    /// p = .03 is a difference alone, and none among twenty others.
    #[test]
    fn what_stands_alone_may_fall_among_many() {
        let near = Sides::Share((50, 100), (65, 100));
        let same = Sides::Share((50, 100), (50, 100));
        let verdict = |sides: Vec<Sides>| {
            let all = compare_all(&rows(sides), Confidence::P95, Power::CUSTOMARY);
            (all[0].verdict, all[0].detectable.unwrap())
        };
        let alone = verdict(vec![near.clone()]);
        let among = verdict([vec![near], vec![same; 20]].concat());
        assert_eq!((alone.0, among.0), (Higher, NoDetectableDifference));
        assert!(among.1 > alone.1);
        assert_eq!(compare_all(&[], Confidence::P95, Power::CUSTOMARY), []);
    }
}
