//! Do people see the themes that the machine sees? Until that is shown, a theme's share is not a measure.
//!
//! Cohen's kappa of codings by hand against the machine, each comment judged by a machine that learned nothing from
//! customers of its fold: a machine that is tried on what it was taught agrees with everybody.

use std::fmt;

use stats::{Confidence, Kappa, KappaWeights, cohen_kappa};

use crate::Tried;

/// With fewer codings kappa's own interval is too wide to lean on.
const CODED_NEEDED: u64 = 200;
/// Landis & Koch (1977) call agreement from here on substantial.
const KAPPA_NEEDED: f64 = 0.6;
const ROUNDING: f64 = 1e-12;

/// How well machine and people agree about a theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// Carries n, the comments coded.
    pub kappa: Kappa,
    pub standing: Standing,
}

/// Whether the share of a theme may be shown as a measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    Measure,
    NotYet(NotYet),
}

/// Why a share is not a measure yet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NotYet {
    TooFewCoded {
        coded: u64,
        needed: u64,
    },
    /// People, and the machine, put every comment on the same side: agreement that chance alone would give.
    OneSided {
        coded: u64,
    },
    TooLittleAgreement {
        kappa: f64,
        needed: f64,
    },
}

impl fmt::Display for NotYet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewCoded { coded, needed } => {
                write!(
                    f,
                    "not a measure yet: {coded} comments are coded by hand, {needed} are needed"
                )
            }
            Self::OneSided { coded } => {
                write!(f, "not a measure yet: all {coded} coded comments are on the same side")
            }
            Self::TooLittleAgreement { kappa, needed } => {
                write!(f, "not a measure yet: kappa is {kappa:.2}, {needed:.2} is needed")
            }
        }
    }
}

/// Agreement of what people and what the machine say.
pub(crate) fn agreement(tried: &[Tried], conf: Confidence) -> Agreement {
    let mut table = vec![vec![0; 2]; 2];
    for Tried { holds, found, .. } in tried {
        table[usize::from(!holds)][usize::from(!found)] += 1;
    }
    let kappa = cohen_kappa(&table, KappaWeights::None, conf);
    let coded = tried.len() as u64;
    let standing = match kappa.kappa.value {
        _ if coded < CODED_NEEDED => {
            Standing::NotYet(NotYet::TooFewCoded { coded, needed: CODED_NEEDED })
        }
        None => Standing::NotYet(NotYet::OneSided { coded }),
        Some(kappa) if kappa < KAPPA_NEEDED - ROUNDING => {
            Standing::NotYet(NotYet::TooLittleAgreement { kappa, needed: KAPPA_NEEDED })
        }
        Some(_) => Standing::Measure,
    };
    Agreement { kappa, standing }
}

#[cfg(test)]
mod tests {
    use super::{Standing, agreement};
    use crate::{CommentKey, Tried};
    use stats::Confidence;

    fn check(counts: [usize; 4], expected: &str) {
        let pairs = [(true, true), (true, false), (false, true), (false, false)];
        let tried = |(holds, found)| Tried { comment: CommentKey(0), holds, found };
        let coded: Vec<Tried> =
            pairs.into_iter().zip(counts).flat_map(|(pair, n)| vec![tried(pair); n]).collect();
        let told = match agreement(&coded, Confidence::P95).standing {
            Standing::Measure => "a measure".to_owned(),
            Standing::NotYet(why) => why.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn a_share_is_a_measure_from_200_codings_and_kappa_of_six_tenths() {
        check([90, 10, 10, 90], "a measure");
        check([80, 20, 20, 80], "a measure");
        check(
            [90, 10, 10, 89],
            "not a measure yet: 199 comments are coded by hand, 200 are needed",
        );
        check([70, 30, 30, 70], "not a measure yet: kappa is 0.40, 0.60 is needed");
        check([0, 0, 0, 300], "not a measure yet: all 300 coded comments are on the same side");
        check([0; 4], "not a measure yet: 0 comments are coded by hand, 200 are needed");
    }
}
