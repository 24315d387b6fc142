//! How much a difference before and after says about its cause: ranks A to D, and the words that each may be told in.
//!
//! What decides is how the change was made, not how small p is. A unit that was chosen because it did badly improves by
//! itself (Galton 1886): without a comparison that was chosen in the same way its rank is D.

use crate::Estimate;

/// How a change was made, and what it is held against.
#[derive(Debug, Clone, PartialEq)]
pub enum StudyDesign {
    /// Who got the change was decided by lot.
    Randomised,
    /// Units without the change, with the difference of the trends before it, if it is known: see `pre_trend`.
    Comparison { pre_trend: Option<Estimate>, chosen: Chosen },
    /// A series long enough to have a course before the change, and no comparison.
    Series { chosen: Chosen },
    /// Before and after, and nothing else.
    BeforeAfter,
}

/// Why the units got the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// For a reason that has nothing to do with the result measured.
    Otherwise,
    /// Because their result was bad, or good.
    ByResult,
    /// Because of their result; and so was the comparison.
    ByResultLikeTheComparison,
}

/// From what shows a cause to what shows a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceRank {
    A,
    B,
    C,
    D,
}

impl EvidenceRank {
    /// A comparison counts as one when its trend before is known and not told apart from that of the changed units.
    pub fn of(design: &StudyDesign) -> Self {
        match design {
            StudyDesign::Randomised => Self::A,
            StudyDesign::Comparison { chosen: Chosen::ByResult, .. } => Self::D,
            StudyDesign::Comparison { pre_trend, .. } => {
                let interval = pre_trend.as_ref().and_then(Estimate::interval);
                let is_parallel =
                    interval.is_some_and(|(lower, upper)| lower <= 0.0 && 0.0 <= upper);
                if is_parallel { Self::B } else { Self::D }
            }
            StudyDesign::Series { chosen: Chosen::Otherwise } => Self::C,
            StudyDesign::Series { .. } | StudyDesign::BeforeAfter => Self::D,
        }
    }

    /// What may be said of a difference that is shown.
    pub fn wording(self) -> &'static str {
        match self {
            Self::A => "the change caused it: who got the change was decided by lot",
            Self::B => {
                "it changed more than in a comparison with the same history: the change is the likely cause"
            }
            Self::C => {
                "its course changed when the change came: whatever else came then may be the cause"
            }
            Self::D => "it changed: nothing shows why",
        }
    }

    /// Whether the word "caused" may stand.
    pub fn may_say_caused(self) -> bool {
        self == Self::A
    }
}

#[cfg(test)]
mod tests {
    use super::{Chosen, EvidenceRank, StudyDesign};
    use crate::{Confidence, Estimate, Method};

    fn comparison(trend: Option<(f64, f64)>, chosen: Chosen) -> EvidenceRank {
        let pre_trend = trend.map(|(lower, upper)| {
            Estimate::point(f64::midpoint(lower, upper), 90, Method::ClusteredT, Confidence::P95)
                .with_interval(lower, upper)
        });
        EvidenceRank::of(&StudyDesign::Comparison { pre_trend, chosen })
    }

    #[test]
    fn a_comparison_needs_a_parallel_history_and_a_like_choice() {
        let parallel = Some((-0.2, 0.3));
        assert_eq!(comparison(parallel, Chosen::Otherwise), EvidenceRank::B);
        assert_eq!(comparison(parallel, Chosen::ByResultLikeTheComparison), EvidenceRank::B);
        for (trend, chosen) in [
            (parallel, Chosen::ByResult),
            (Some((0.1, 0.3)), Chosen::Otherwise),
            (None, Chosen::Otherwise),
        ] {
            assert_eq!(comparison(trend, chosen), EvidenceRank::D);
        }
    }

    #[test]
    fn the_worst_store_has_no_series_to_go_by() {
        let rank = |chosen| EvidenceRank::of(&StudyDesign::Series { chosen });
        assert_eq!(rank(Chosen::Otherwise), EvidenceRank::C);
        assert_eq!(rank(Chosen::ByResult), EvidenceRank::D);
    }

    #[test]
    fn only_a_lot_lets_one_say_caused() {
        use EvidenceRank::{A, B, C, D};
        assert!(A.may_say_caused() && A.wording().contains("caused"));
        for rank in [B, C, D] {
            assert!(!rank.may_say_caused() && !rank.wording().contains("caused"));
        }
        assert_eq!(EvidenceRank::of(&StudyDesign::BeforeAfter), D);
    }
}
