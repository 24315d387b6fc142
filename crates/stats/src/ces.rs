//! Customer effort, CES 2.0: "the company made it easy for me to handle my issue", 1 (disagree) to 7 (agree).
//!
//! The older question from 1 to 5 ran the other way and must not be pooled with this one.

use crate::moments::split_on_scale;
use crate::{Confidence, Estimate, Proportion, mean_interval, wilson};

#[derive(Debug, Clone, PartialEq)]
pub struct Ces {
    pub n_invalid: u64,
    /// Student's interval, **not** cut to the scale: `mean.clipped(1.0, 7.0)` is what a reader should see.
    pub mean: Estimate,
    /// Share of the answers 5 to 7.
    pub easy: Proportion,
    /// Points from −100 to 100: share of 5..7 less share of 1..3.
    pub net_easy: Option<f64>,
}

pub fn ces(answers: &[Option<f64>], conf: Confidence) -> Ces {
    let (valid, n_invalid) = split_on_scale(answers, 1.0, 7.0);
    let easy = valid.iter().filter(|&&answer| answer >= 5.0).count();
    let hard = valid.iter().filter(|&&answer| answer <= 3.0).count();
    let n = valid.len();
    let values: Vec<Option<f64>> = valid.into_iter().map(Some).collect();
    Ces {
        n_invalid,
        mean: mean_interval(&values, conf, None),
        easy: wilson(easy as u64, n as u64, conf),
        net_easy: (n > 0).then(|| 100.0 * (easy as f64 - hard as f64) / n as f64),
    }
}
