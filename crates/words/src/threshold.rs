//! How near a comment must come to a theme.
//!
//! Where people have said yes and no often enough, the threshold is the one whose answers agree best with theirs by
//! Cohen's kappa, halfway between the two comments that it parts. Until then it is the embedder's default.

use stats::{Confidence, KappaWeights, cohen_kappa};

/// With fewer than so many of either, one odd comment would move it far.
const FEWEST_OF_EACH: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    pub value: f64,
    /// How many codings it was found on; 0 for the default.
    pub n: u64,
}

impl Threshold {
    pub fn is_default(&self) -> bool {
        self.n == 0
    }
}

/// The threshold for comments of which people said whether they are about the theme, each with how near it comes, or
/// `None` if it is out of the question for its words.
pub(crate) fn calibrated(coded: &[(Option<f64>, bool)], default: f64) -> Threshold {
    let n_yes = coded.iter().filter(|(_, holds)| *holds).count();
    if n_yes.min(coded.len() - n_yes) < FEWEST_OF_EACH {
        return Threshold { value: default, n: 0 };
    }
    let mut sorted: Vec<(f64, bool)> =
        coded.iter().filter_map(|(nearness, holds)| Some(((*nearness)?, *holds))).collect();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let n_no = coded.len() - n_yes;
    let kappa = |taken: &[(f64, bool)]| {
        let right = taken.iter().filter(|(_, holds)| *holds).count();
        let wrong = taken.len() - right;
        let table = [[right, n_yes - right], [wrong, n_no - wrong]];
        let table = table.map(|row| row.map(|count| count as u64).to_vec());
        cohen_kappa(&table, KappaWeights::None, Confidence::P95).kappa.value.unwrap_or_default()
    };
    let mut best = (0.0, default);
    for (taken, pair) in (1..).zip(sorted.windows(2)) {
        let (above, below) = (pair[0].0, pair[1].0);
        let here = (kappa(&sorted[..taken]), f64::midpoint(above, below));
        let is_nearer = (here.1 - default).abs() < (best.1 - default).abs();
        // Among thresholds that do equally well, the one nearest the default.
        if above > below && (here.0 > best.0 || (here.0 == best.0 && is_nearer)) {
            best = here;
        }
    }
    Threshold { value: best.1, n: coded.len() as u64 }
}

#[cfg(test)]
mod tests {
    use super::{Threshold, calibrated};

    fn check(coded: &[(f64, bool)], expected: Threshold) {
        let coded: Vec<(Option<f64>, bool)> =
            coded.iter().map(|&(nearness, holds)| (Some(nearness), holds)).collect();
        assert_eq!(calibrated(&coded, 0.2), expected);
    }

    #[test]
    fn it_parts_yes_from_no() {
        let yes = [0.75, 0.8, 0.85, 0.9, 0.95].map(|nearness| (nearness, true));
        let no = [0.05, 0.1, 0.15, 0.2, 0.25].map(|nearness| (nearness, false));
        check(&[yes, no].concat(), Threshold { value: 0.5, n: 10 });
    }

    #[test]
    fn a_few_codings_do_not_move_it() {
        check(&[], Threshold { value: 0.2, n: 0 });
        check(&[(0.9, true); 20], Threshold { value: 0.2, n: 0 });
        check(&[(0.9, true), (0.1, false)], Threshold { value: 0.2, n: 0 });
    }

    #[test]
    fn where_nothing_parts_them_the_default_stays() {
        let alike = [[(0.5, true); 6], [(0.5, false); 6]].concat();
        check(&alike, Threshold { value: 0.2, n: 12 });
        assert_eq!(calibrated(&[[(None, true); 6], [(None, false); 6]].concat(), 0.2).value, 0.2);
    }
}
