//! Answers as independent samples: of several answers by one customer the latest counts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use model::question::find_question;
use stats::{NpsCounts, Sides};

use super::periods::date;
use crate::answers::{Answer, is_on};
use crate::document::Unit;

/// A group of fewer customers is not told: it is noise, and it may tell of somebody.
pub(super) const FEWEST_CUSTOMERS: usize = 5;

/// A valid answer on its scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Given<'a> {
    pub(super) customer: Option<u64>,
    pub(super) at: i64,
    pub(super) score: f64,
    pub(super) answer: &'a Answer,
}

/// Valid answers to a question that has a scale.
pub(super) fn given<'a>(question: &str, answers: &[&'a Answer]) -> Vec<Given<'a>> {
    let Some(known) = find_question(question) else { return Vec::new() };
    let given = answers.iter().filter_map(|answer| {
        let score = answer.score.filter(|score| is_on(*score, known.answers))?;
        Some(Given { customer: answer.customer, at: answer.at, score, answer })
    });
    given.collect()
}

impl Given<'_> {
    /// The day of the answer; `None` where nobody knows it.
    pub(super) fn date(&self) -> Option<Date> {
        date(self.at)
    }
}

/// The latest score of each customer, and all anonymous ones, in order.
pub(super) fn latest<'g>(given: impl Iterator<Item = &'g Given<'g>>) -> Vec<f64> {
    let mut of_customers: BTreeMap<u64, (i64, f64)> = BTreeMap::new();
    let mut scores = Vec::new();
    for it in given {
        let Some(customer) = it.customer else {
            scores.push(it.score);
            continue;
        };
        let known = of_customers.entry(customer).or_insert((it.at, it.score));
        // Of two answers of one moment the higher one, so that no order of files matters.
        if (it.at, it.score) > *known {
            *known = (it.at, it.score);
        }
    }
    scores.extend(of_customers.into_values().map(|(_, score)| score));
    scores.sort_by(f64::total_cmp);
    scores
}

/// What a score of the question is in.
pub(super) fn unit(question: &str) -> Unit {
    if question == "nps" { Unit::Points } else { Unit::Score }
}

/// The score of some answers.
pub(super) fn score(question: &str, scores: &[f64]) -> Option<f64> {
    if question == "nps" { counts(scores).score() } else { stats::mean(scores) }
}

/// Two samples of one question, the second less the first.
pub(super) fn sides(question: &str, first: &[f64], second: &[f64]) -> Sides {
    if question == "nps" {
        Sides::Nps(counts(first), counts(second))
    } else {
        Sides::Mean(first.to_vec(), second.to_vec())
    }
}

pub(super) fn counts(scores: &[f64]) -> NpsCounts {
    NpsCounts::of(&scores.iter().copied().map(Some).collect::<Vec<_>>())
}

/// The groups that are not told, by their sizes: those that are too small, and as many of the next smallest that nobody can
/// find out a small one by subtracting what is told from the whole.
pub(super) fn withheld(sizes: &[usize]) -> BTreeSet<usize> {
    let mut by_size: Vec<usize> = (0..sizes.len()).collect();
    by_size.sort_by_key(|group| (sizes[*group], *group));
    let mut hidden = BTreeSet::new();
    let mut sum = 0;
    for group in by_size {
        let is_small = (1..FEWEST_CUSTOMERS).contains(&sizes[group]);
        let tells_of_others = (1..FEWEST_CUSTOMERS).contains(&sum);
        if is_small || tells_of_others {
            hidden.insert(group);
            sum += sizes[group];
        }
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::withheld;

    fn check(sizes: &[usize], expected: &[usize]) {
        assert_eq!(withheld(sizes).into_iter().collect::<Vec<_>>(), expected, "{sizes:?}");
    }

    #[test]
    fn a_small_group_hides_behind_the_next_smallest() {
        check(&[], &[]);
        check(&[5, 9], &[]);
        check(&[4, 90, 30], &[0, 2]);
        check(&[2, 3, 40], &[0, 1]);
        check(&[1, 2, 40, 41], &[0, 1, 2]);
        check(&[0, 40, 41], &[]);
        check(&[3], &[0]);
    }

    /// Whoever knows the whole and every group that is told knows of the rest only that it is nobody, or five at least; or
    /// that it is everybody.
    #[test]
    fn no_set_of_groups_pins_a_hidden_one() {
        for code in 0..8_usize.pow(5) {
            let sizes: Vec<usize> = (0..5).map(|place| code / 8_usize.pow(place) % 8).collect();
            let hidden = withheld(&sizes);
            let sum: usize = hidden.iter().map(|group| sizes[*group]).sum();
            let told = (0..5).filter(|group| !hidden.contains(group) && sizes[*group] > 0).count();
            assert!(sum == 0 || sum >= 5 || told == 0, "{sizes:?}: {hidden:?}");
            let is_small = |group: &usize| (1..5).contains(&sizes[*group]);
            assert!((0..5).filter(is_small).all(|group| hidden.contains(&group)), "{sizes:?}");
        }
    }
}
