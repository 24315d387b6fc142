//! Customer satisfaction: the share of answers in the best boxes, with the mean beside it, because the share throws away
//! where the rest sit.

use crate::moments::{mean, split_on_scale};
use crate::{Confidence, Proportion, wilson};

/// Satisfaction on a scale from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Csat {
    pub n_invalid: u64,
    /// Share of answers in the `top_k` best boxes, Wilson.
    pub top: Proportion,
    pub mean: Option<f64>,
}

/// Answers are the whole numbers from 1 to `scale_max`; `top_k` is 2 by custom.
pub fn csat(answers: &[Option<f64>], scale_max: u32, top_k: u32, conf: Confidence) -> Csat {
    let highest = f64::from(scale_max);
    let (valid, n_invalid) = split_on_scale(answers, 1.0, highest);
    let satisfied = valid.iter().filter(|&&answer| answer > highest - f64::from(top_k)).count();
    Csat { n_invalid, top: wilson(satisfied as u64, valid.len() as u64, conf), mean: mean(&valid) }
}
