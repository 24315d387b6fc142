//! The feeling along a journey, −5 to 5 per stage: its level, its peak, its end and its deepest fall.

use crate::moments::mean;
use crate::ranks::TIE;

#[derive(Debug, Clone, PartialEq)]
pub struct EmotionCurve {
    pub mean: f64,
    /// The largest feeling either way; among equals the negative one, then the earliest.
    pub peak: f64,
    pub peak_stage: String,
    pub end: f64,
    /// (peak + end)/2: a heuristic of memory (Kahneman et al. 1993), to be tested on each journey, not believed.
    pub peak_end: f64,
    pub best: f64,
    pub worst: f64,
    /// Trapezoids, one stage apart.
    pub area: f64,
    /// The largest fall from one stage to the next and the stage it leads into, the earliest among equals; `None` if the
    /// feeling never falls.
    pub largest_drop: Option<(f64, String)>,
}

/// From (stage, feeling) in the order of the journey; `None` without stages.
pub fn emotion_curve(stages: &[(String, f64)]) -> Option<EmotionCurve> {
    let feelings: Vec<f64> = stages.iter().map(|(_, feeling)| *feeling).collect();
    let (mut peak_stage, mut peak) = stages.first().map(|(stage, feeling)| (stage, *feeling))?;
    for (stage, feeling) in stages {
        let further = feeling.abs() - peak.abs();
        if further > TIE || (further.abs() <= TIE && *feeling < 0.0 && peak > 0.0) {
            (peak_stage, peak) = (stage, *feeling);
        }
    }
    let end = *feelings.last()?;
    let mut largest_drop: Option<(f64, String)> = None;
    for pair in stages.windows(2) {
        let drop = pair[0].1 - pair[1].1;
        let largest = largest_drop.as_ref().map_or(0.0, |(drop, _)| *drop);
        if drop > largest + TIE {
            largest_drop = Some((drop, pair[1].0.clone()));
        }
    }
    Some(EmotionCurve {
        mean: mean(&feelings)?,
        peak,
        peak_stage: peak_stage.clone(),
        end,
        peak_end: f64::midpoint(peak, end),
        best: feelings.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        worst: feelings.iter().copied().fold(f64::INFINITY, f64::min),
        area: feelings.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).sum(),
        largest_drop,
    })
}
