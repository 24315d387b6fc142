//! A control chart that can be drawn whatever its kind: centre, limits, points, and what each point signals.

use std::fmt;
use std::ops::Range;

use crate::ranks::TIE;

#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub kind: ChartKind,
    pub centre: Option<f64>,
    /// One per period or event, in time.
    pub points: Vec<ChartPoint>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ChartPoint {
    /// The place in the series given.
    pub index: usize,
    /// What is drawn: the share, rate or score, or the statistic that follows it. `None` for a period without data.
    pub value: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// It helped to set the limits.
    pub in_baseline: bool,
    /// Sorted. A point of a frozen baseline signals nothing: it is not judged by limits that it made.
    pub signals: Vec<Signal>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Shares of defectives.
    P,
    /// Defects per unit.
    U,
    /// Shares that vary more than binomial ones (Laney 2002).
    LaneyP,
    /// Single values.
    Individuals,
    /// How far each value is from the one before.
    MovingRange,
    Ewma,
    Cusum,
    BernoulliCusum,
}

impl ChartKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::P => "p",
            Self::U => "u",
            Self::LaneyP => "laney_p",
            Self::Individuals => "individuals",
            Self::MovingRange => "moving_range",
            Self::Ewma => "ewma",
            Self::Cusum => "cusum",
            Self::BernoulliCusum => "bernoulli_cusum",
        }
    }
}

/// What a point says is not chance; the numbers are those of Nelson (1984).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// Rule 1.
    BeyondThreeSigma,
    /// Rule 2.
    NineOnOneSide,
    /// Rule 3.
    SixInOneDirection,
    /// Rule 5.
    TwoOfThreeBeyondTwoSigma,
    /// Limits that are not three sigma wide, or a statistic that adds up.
    BeyondTheLimit,
}

impl Signal {
    pub fn name(self) -> &'static str {
        match self {
            Self::BeyondThreeSigma => "one point beyond three sigma",
            Self::NineOnOneSide => "nine in a row on one side",
            Self::SixInOneDirection => "six in a row rising or falling",
            Self::TwoOfThreeBeyondTwoSigma => "two of three beyond two sigma on one side",
            Self::BeyondTheLimit => "one point beyond the limit",
        }
    }
}

impl Chart {
    /// The first point that signals anything.
    pub fn first_signal(&self) -> Option<usize> {
        self.points.iter().find(|point| !point.signals.is_empty()).map(|point| point.index)
    }

    /// The points beyond their limits.
    pub fn out(&self) -> Vec<usize> {
        let is_out = |point: &&ChartPoint| {
            [Signal::BeyondThreeSigma, Signal::BeyondTheLimit]
                .iter()
                .any(|signal| point.signals.contains(signal))
        };
        self.points.iter().filter(is_out).map(|point| point.index).collect()
    }
}

impl ChartPoint {
    /// A point that signals when it is beyond its limits, and nothing else: of statistics that add up, whose runs mean
    /// nothing.
    pub(crate) fn against_limits(
        index: usize,
        value: Option<f64>,
        lower: Option<f64>,
        upper: Option<f64>,
    ) -> Self {
        let above = value.zip(upper).is_some_and(|(value, upper)| value > upper + TIE);
        let below = value.zip(lower).is_some_and(|(value, lower)| value < lower - TIE);
        let signals = if above || below { vec![Signal::BeyondTheLimit] } else { Vec::new() };
        Self { index, value, lower, upper, in_baseline: false, signals }
    }
}

/// Which periods set the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baseline {
    /// These, at least [`Baseline::FEWEST`] of them with data; all others are judged by what these were.
    Frozen(Range<usize>),
    /// All of them, each judged by limits that it helped to set: for a look back, never for an alarm.
    All,
}

impl Baseline {
    /// Periods with data that limits need before anything may be judged by them.
    pub const FEWEST: usize = 20;

    pub fn holds(&self, index: usize) -> bool {
        match self {
            Self::Frozen(periods) => periods.contains(&index),
            Self::All => true,
        }
    }

    /// What a series has in the baseline; an error if that is too little to freeze.
    pub(crate) fn of<T: Copy>(&self, series: &[Option<T>]) -> Result<Vec<T>, NoChart> {
        let inside = series.iter().enumerate().filter(|(index, _)| self.holds(*index));
        let known: Vec<T> = inside.filter_map(|(_, value)| *value).collect();
        if matches!(self, Self::Frozen(_)) && known.len() < Self::FEWEST {
            return Err(NoChart::ShortBaseline { needed: Self::FEWEST, got: known.len() });
        }
        Ok(known)
    }
}

/// Why there are no limits to judge by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoChart {
    ShortBaseline {
        needed: usize,
        got: usize,
    },
    /// Every period of the baseline is the same: any change at all would be an alarm.
    NoVariation,
}

impl fmt::Display for NoChart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ShortBaseline { needed, got } => {
                write!(f, "the baseline has {got} periods with data, and {needed} are needed")
            }
            Self::NoVariation => write!(f, "nothing varies in the baseline"),
        }
    }
}

impl std::error::Error for NoChart {}
