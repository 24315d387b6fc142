//! Did it do what I came for, was it easy, was it a pleasure: three scores from 0 to 100 and an index of them.

use crate::moments::is_on_scale;
use crate::{Confidence, Estimate, Proportion, mean_interval, wilson};

/// One customer's three answers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct NeedEaseDelightAnswer {
    pub need: Option<f64>,
    pub ease: Option<f64>,
    pub delight: Option<f64>,
}

/// One of the three.
#[derive(Debug, Clone, PartialEq)]
pub struct Aspect {
    /// 100 (mean − lowest)/(highest − lowest), Student's interval.
    pub mean_100: Estimate,
    /// Share of answers in the two best boxes; its n is that of the mean.
    pub top2: Proportion,
}

#[derive(Debug, Clone, PartialEq)]
pub struct NeedEaseDelight {
    pub need: Aspect,
    pub ease: Aspect,
    pub delight: Aspect,
    /// Weighted arithmetic mean over customers who answered all three, 0..100, Student's interval.
    pub index: Estimate,
    /// The same with the geometric mean, which is 0 when the need was not met: delight cannot buy back a failed need.
    pub index_geometric: Estimate,
}

/// `scale` is (lowest, highest); answers off it are left out. `weights` are those of need, ease, delight, and need not
/// add up to 1; without any weight there is no index.
pub fn need_ease_delight(
    answers: &[NeedEaseDelightAnswer],
    scale: (f64, f64),
    weights: [f64; 3],
    conf: Confidence,
) -> NeedEaseDelight {
    let (lowest, highest) = scale;
    let valid = |answer: Option<f64>| answer.filter(|&answer| is_on_scale(answer, lowest, highest));
    let rows: Vec<[Option<f64>; 3]> = answers
        .iter()
        .map(|answer| [valid(answer.need), valid(answer.ease), valid(answer.delight)])
        .collect();
    let hundredths = |scores: &[f64]| -> Vec<Option<f64>> {
        scores.iter().map(|score| Some(percent_of_scale(*score, scale))).collect()
    };
    let aspect = |which: usize| {
        let scores: Vec<f64> = rows.iter().filter_map(|row| row[which]).collect();
        let top2 = scores.iter().filter(|&&score| score >= highest - 1.0).count();
        Aspect {
            mean_100: mean_interval(&hundredths(&scores), conf, Some((0.0, 100.0))),
            top2: wilson(top2 as u64, scores.len() as u64, conf),
        }
    };
    let complete: Vec<[f64; 3]> = rows
        .iter()
        .filter_map(|row| {
            Some([row[0]?, row[1]?, row[2]?].map(|score| percent_of_scale(score, scale)))
        })
        .collect();
    let total: f64 = weights.iter().sum();
    let shares = weights.map(|weight| weight / total);
    let complete: &[[f64; 3]] = if total > 0.0 { &complete } else { &[] };
    let arithmetic: Vec<Option<f64>> = complete
        .iter()
        .map(|row| Some(row.iter().zip(shares).map(|(score, share)| score * share).sum()))
        .collect();
    let geometric: Vec<Option<f64>> = complete
        .iter()
        .map(|row| Some(row.iter().zip(shares).map(|(score, share)| score.powf(share)).product()))
        .collect();
    NeedEaseDelight {
        need: aspect(0),
        ease: aspect(1),
        delight: aspect(2),
        index: mean_interval(&arithmetic, conf, Some((0.0, 100.0))),
        index_geometric: mean_interval(&geometric, conf, Some((0.0, 100.0))),
    }
}

fn percent_of_scale(score: f64, (lowest, highest): (f64, f64)) -> f64 {
    100.0 * (score - lowest) / (highest - lowest)
}
