//! Weights that meet several known margins at once, age and region say, when their cross table is not known.
//!
//! Every margin is scaled to its targets in turn until nothing moves (Deming & Stephan 1940). It stops visibly where there
//! are no such weights: margins may contradict each other through combinations that nobody belongs to.

use std::collections::BTreeMap;

use crate::Error;
use crate::moments::ordered_sum;
use crate::ranks::TIE;
use crate::weighted::is_weight;

/// One thing known of all customers, and of everybody who answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// The category of each answer.
    pub labels: Vec<String>,
    /// Customers per category; all margins have the same total.
    pub targets: BTreeMap<String, f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Raked {
    /// In the order of the answers.
    pub weights: Vec<f64>,
    pub rounds: u32,
}

const MOST_ROUNDS: u32 = 1000;

/// No scaling of a round may move a weight by more than this, relative to its size.
const SETTLED: f64 = 1e-10;

/// The weights nearest to `start` (1 each, if not given) that meet all targets.
///
/// # Errors
/// Targets of different totals or that are no numbers of customers, an answer without target, a category with customers
/// but without answers, weights that are negative, margins of different length, or no end within 1000 rounds.
pub fn rake(margins: &[Margin], start: Option<&[f64]>) -> Result<Raked, Error> {
    let n = margins.first().map_or(start.map_or(0, <[f64]>::len), |margin| margin.labels.len());
    let start = start.map_or_else(|| vec![1.0; n], <[f64]>::to_vec);
    check(margins, &start)?;
    // Answers of the same categories move together: their cells are scaled, in an order that no row decides.
    let mut cells: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    for row in 0..n {
        let key = margins.iter().map(|margin| margin.labels[row].as_str()).collect();
        cells.entry(key).or_default().push(row);
    }
    let of_rows =
        |rows: &Vec<usize>| ordered_sum(&rows.iter().map(|&row| start[row]).collect::<Vec<f64>>());
    let at_start: Vec<f64> = cells.values().map(of_rows).collect();
    let keys: Vec<&Vec<&str>> = cells.keys().collect();
    let mut sizes = at_start.clone();
    for rounds in 1..=MOST_ROUNDS {
        let mut moved = 0.0_f64;
        for (place, margin) in margins.iter().enumerate() {
            moved = moved.max(scale(&mut sizes, &keys, place, &margin.targets)?);
        }
        if moved < SETTLED {
            let mut weights = start;
            for (rows, (size, before)) in cells.values().zip(sizes.iter().zip(&at_start)) {
                let factor = if *before > 0.0 { size / before } else { 0.0 };
                rows.iter().for_each(|&row| weights[row] *= factor);
            }
            return Ok(Raked { weights, rounds });
        }
    }
    Err(Error::NotConverged { rounds: MOST_ROUNDS })
}

/// Scales the cells to one margin, and tells by how much the farthest one moved.
fn scale(
    sizes: &mut [f64],
    keys: &[&Vec<&str>],
    place: usize,
    targets: &BTreeMap<String, f64>,
) -> Result<f64, Error> {
    let mut sums: BTreeMap<&str, f64> =
        targets.keys().map(|category| (category.as_str(), 0.0)).collect();
    for (size, key) in sizes.iter().zip(keys) {
        *sums.entry(key[place]).or_default() += size;
    }
    let mut factors: BTreeMap<&str, f64> = BTreeMap::new();
    let mut moved = 0.0_f64;
    for (category, sum) in sums {
        let target = targets.get(category).copied().unwrap_or_default();
        let factor = match (sum > 0.0, target > 0.0) {
            (true, _) => target / sum,
            (false, false) => 1.0,
            (false, true) => return Err(Error::NoAnswersIn { category: category.to_owned() }),
        };
        moved = moved.max((factor - 1.0).abs());
        factors.insert(category, factor);
    }
    for (size, key) in sizes.iter_mut().zip(keys) {
        *size *= factors.get(key[place]).copied().unwrap_or(1.0);
    }
    Ok(moved)
}

fn check(margins: &[Margin], start: &[f64]) -> Result<(), Error> {
    if let Some(row) = start.iter().position(|weight| !is_weight(*weight)) {
        return Err(Error::BadWeight { row });
    }
    let total =
        |margin: &Margin| ordered_sum(&margin.targets.values().copied().collect::<Vec<f64>>());
    let mut first_total = None;
    for (place, margin) in margins.iter().enumerate() {
        if margin.labels.len() != start.len() {
            let got = margin.labels.len();
            return Err(Error::RaggedMargin { margin: place, expected: start.len(), got });
        }
        if let Some((category, _)) = margin.targets.iter().find(|(_, target)| !is_weight(**target))
        {
            return Err(Error::BadTarget { category: category.clone() });
        }
        if let Some(label) = margin.labels.iter().find(|label| !margin.targets.contains_key(*label))
        {
            return Err(Error::NoTargetFor { category: label.clone() });
        }
        let expected = *first_total.get_or_insert_with(|| total(margin));
        if (total(margin) - expected).abs() > 1e-9 * expected.abs() + TIE {
            return Err(Error::TargetsDiffer { margin: place });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Margin, rake};
    use crate::Error;

    fn margin(labels: &str, targets: &[(&str, f64)]) -> Margin {
        let targets = targets.iter().map(|(name, target)| ((*name).to_owned(), *target));
        Margin {
            labels: labels.split(' ').map(str::to_owned).collect(),
            targets: targets.collect::<BTreeMap<String, f64>>(),
        }
    }

    fn check(margins: &[Margin], expected: Result<Vec<f64>, Error>) {
        let got = rake(margins, None).map(|raked| raked.weights);
        match (&got, &expected) {
            (Ok(got), Ok(expected)) => {
                let near = got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9);
                assert!(near && got.len() == expected.len(), "{got:?} {expected:?}");
            }
            _ => assert_eq!(got, expected),
        }
    }

    #[test]
    fn one_margin_is_a_poststratification() {
        check(&[margin("a a b", &[("a", 10.0), ("b", 20.0)])], Ok(vec![5.0, 5.0, 20.0]));
        check(&[margin("a a b", &[("a", 10.0), ("b", 0.0)])], Ok(vec![5.0, 5.0, 0.0]));
    }

    #[test]
    fn what_no_weight_can_meet_is_told() {
        let empty = Err(Error::NoAnswersIn { category: "c".to_owned() });
        check(&[margin("a b", &[("a", 1.0), ("b", 1.0), ("c", 1.0)])], empty);
        let unknown = Err(Error::NoTargetFor { category: "b".to_owned() });
        check(&[margin("a b", &[("a", 1.0)])], unknown);
        let first = margin("a b", &[("a", 1.0), ("b", 2.0)]);
        let differ = [first.clone(), margin("x y", &[("x", 1.0), ("y", 3.0)])];
        check(&differ, Err(Error::TargetsDiffer { margin: 1 }));
        let ragged = [first, margin("x", &[("x", 3.0)])];
        check(&ragged, Err(Error::RaggedMargin { margin: 1, expected: 2, got: 1 }));
    }

    /// Everybody in a is in x: a and x cannot have different targets, however long one scales.
    #[test]
    fn margins_that_contradict_each_other_never_settle() {
        let contradiction =
            [margin("a b", &[("a", 1.0), ("b", 2.0)]), margin("x y", &[("x", 2.0), ("y", 1.0)])];
        check(&contradiction, Err(Error::NotConverged { rounds: 1000 }));
    }

    #[test]
    fn weights_to_begin_with_keep_their_proportions() {
        let raked =
            rake(&[margin("a a b", &[("a", 10.0), ("b", 20.0)])], Some(&[1.0, 3.0, 1.0])).unwrap();
        assert_eq!(raked.weights, [2.5, 7.5, 20.0]);
        let bad = rake(&[margin("a", &[("a", 1.0)])], Some(&[-1.0]));
        assert_eq!(bad, Err(Error::BadWeight { row: 0 }));
    }
}
