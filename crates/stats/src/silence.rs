//! What the silent could do to a score: bounds that no sample size narrows (Manski 1989).

use crate::NpsCounts;

/// Bounds of the NPS of everybody invited, in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Silence {
    pub response_rate: f64,
    /// If all who are silent were detractors.
    pub lower: f64,
    /// If all who are silent were promoters.
    pub upper: f64,
    /// The NPS that the silent would need for the true score to be 0; `None` if nobody is silent or no score would do.
    pub break_even: Option<f64>,
}

/// `None` if nobody was invited or more answered than were.
pub fn nps_nonresponse_bounds(counts: &NpsCounts, invited: u64) -> Option<Silence> {
    let n = counts.n();
    if invited == 0 || n > invited {
        return None;
    }
    let response_rate = n as f64 / invited as f64;
    let silent = 1.0 - response_rate;
    // Rate times score: what the answers contribute, 0 if there are none.
    let known = response_rate * counts.score().unwrap_or(0.0);
    let break_even = if n < invited { Some(-known / silent) } else { None };
    Some(Silence {
        response_rate,
        lower: known - 100.0 * silent,
        upper: known + 100.0 * silent,
        break_even: break_even.filter(|score| score.abs() <= 100.0),
    })
}
