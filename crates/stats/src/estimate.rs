//! A number that never travels alone: its interval, its n, how it was made and what to mind.

use crate::Confidence;

/// An estimate with its interval. Fields are `None` where there is no value; never NaN or infinite.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    pub value: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// Standard error, in the unit of the value.
    pub se: Option<f64>,
    /// Valid observations behind it.
    pub n: u64,
    /// What n is worth once clustering or weights are counted; `None` where it is n itself.
    pub n_eff: Option<f64>,
    pub method: Method,
    pub conf: Confidence,
    /// Sorted, each at most once.
    pub flags: Vec<Flag>,
}

impl Estimate {
    /// No value: nobody answered, or nothing can be said.
    pub fn none(method: Method, conf: Confidence) -> Self {
        Self {
            value: None,
            lower: None,
            upper: None,
            se: None,
            n: 0,
            n_eff: None,
            method,
            conf,
            flags: Vec::new(),
        }
    }

    /// A value without an interval.
    pub fn point(value: f64, n: u64, method: Method, conf: Confidence) -> Self {
        Self { value: finite(value), n, ..Self::none(method, conf) }
    }

    #[must_use]
    pub fn with_interval(mut self, lower: f64, upper: f64) -> Self {
        (self.lower, self.upper) = match (finite(lower), finite(upper)) {
            (Some(lower), Some(upper)) => (Some(lower), Some(upper)),
            _ => (None, None),
        };
        self
    }

    #[must_use]
    pub fn with_se(mut self, se: f64) -> Self {
        self.se = finite(se);
        self
    }

    #[must_use]
    pub fn with_n_eff(mut self, n_eff: f64) -> Self {
        self.n_eff = finite(n_eff);
        self
    }

    #[must_use]
    pub fn flagged(mut self, flag: Flag) -> Self {
        if let Err(place) = self.flags.binary_search(&flag) {
            self.flags.insert(place, flag);
        }
        self
    }

    /// The interval cut to the possible range; flagged if anything was cut.
    #[must_use]
    pub fn clipped(mut self, lowest: f64, highest: f64) -> Self {
        let cut = |limit: f64| limit.clamp(lowest, highest);
        let was = (self.lower, self.upper);
        self.lower = self.lower.map(cut);
        self.upper = self.upper.map(cut);
        if was == (self.lower, self.upper) { self } else { self.flagged(Flag::Clipped) }
    }

    /// Both limits, where there are any.
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.lower.zip(self.upper)
    }

    /// How it may be shown, by its n.
    pub fn tier(&self) -> Tier {
        Tier::of(self.n)
    }

    /// The flag of a small sample, where it applies.
    pub(crate) fn with_size_flag(self) -> Self {
        if self.n < Tier::NORMAL_FROM { self.flagged(Flag::SmallN) } else { self }
    }
}

/// How an interval was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    Wald,
    Goodman,
    AdjustedWald,
    Score,
    FinitePopulation,
    T,
    PairedT,
    ClusteredT,
    Welch,
    Wilson,
    AgrestiCoull,
    ClopperPearson,
    Jeffreys,
    Newcombe,
    Garwood,
    FayFeuer,
    Log,
    Woolf,
    MantelHaenszel,
    Delta,
    Sandwich,
    LogLog,
    Greenwood,
    WeightedT,
    Stratified,
    NeweyWest,
    Bootstrap,
    Permutation,
    Percentile,
    Bca,
    Jackknife,
}

impl Method {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wald => "wald",
            Self::Goodman => "goodman",
            Self::AdjustedWald => "adjusted_wald",
            Self::Score => "score",
            Self::FinitePopulation => "finite_population",
            Self::T => "t",
            Self::PairedT => "paired_t",
            Self::ClusteredT => "clustered_t",
            Self::Welch => "welch",
            Self::Wilson => "wilson",
            Self::AgrestiCoull => "agresti_coull",
            Self::ClopperPearson => "clopper_pearson",
            Self::Jeffreys => "jeffreys",
            Self::Newcombe => "newcombe",
            Self::Garwood => "garwood",
            Self::FayFeuer => "fay_feuer",
            Self::Log => "log",
            Self::Woolf => "woolf",
            Self::MantelHaenszel => "mantel_haenszel",
            Self::Delta => "delta",
            Self::Sandwich => "sandwich",
            Self::LogLog => "log_log",
            Self::Greenwood => "greenwood",
            Self::WeightedT => "weighted_t",
            Self::Stratified => "stratified",
            Self::NeweyWest => "newey_west",
            Self::Bootstrap => "bootstrap",
            Self::Permutation => "permutation",
            Self::Percentile => "percentile",
            Self::Bca => "bca",
            Self::Jackknife => "jackknife",
        }
    }
}

/// What to mind about an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// Fewer than 30 observations.
    SmallN,
    /// All observations are equal: the interval has no width, which is not certainty.
    ZeroVariance,
    /// Half a customer was added to every cell because one was empty.
    ContinuityCorrected,
    /// The interval was cut to the possible range.
    Clipped,
    /// Customers answered more than once; the variance counts customers, not answers.
    Clustered,
    /// Customers answered more than once; only the latest answer of each counts.
    LatestPerCustomer,
    /// Fewer than 10 customers, stores or other units behind it: the standard error is too small; see the permutation.
    FewClusters,
}

impl Flag {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::SmallN => "small_n",
            Self::ZeroVariance => "zero_variance",
            Self::ContinuityCorrected => "continuity_corrected",
            Self::Clipped => "clipped",
            Self::Clustered => "clustered",
            Self::LatestPerCustomer => "latest_per_customer",
            Self::FewClusters => "few_clusters",
        }
    }
}

/// How a score may be shown, by the number of answers behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Fewer than 5: not at all, for privacy and because it is noise.
    Hidden,
    /// 5 to 29: the interval first, the score greyed.
    Indicative,
    /// 30 and more.
    Normal,
}

impl Tier {
    const INDICATIVE_FROM: u64 = 5;
    const NORMAL_FROM: u64 = 30;

    pub fn of(n: u64) -> Self {
        match n {
            0..Self::INDICATIVE_FROM => Self::Hidden,
            Self::INDICATIVE_FROM..Self::NORMAL_FROM => Self::Indicative,
            _ => Self::Normal,
        }
    }
}

/// A value, unless it is NaN or infinite.
pub(crate) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::{Estimate, Flag, Method, Tier};
    use crate::Confidence;

    #[test]
    fn nothing_infinite_gets_in() {
        let odd = Estimate::point(f64::NAN, 3, Method::T, Confidence::P95)
            .with_interval(f64::NEG_INFINITY, 1.0);
        assert_eq!((odd.value, odd.lower, odd.upper), (None, None, None));
    }

    #[test]
    fn clipping_says_so() {
        let wide = Estimate::point(6.0, 3, Method::T, Confidence::P95).with_interval(4.0, 8.0);
        assert_eq!(wide.clone().clipped(1.0, 7.0).flags, [Flag::Clipped]);
        assert_eq!(wide.clipped(1.0, 9.0).flags, []);
    }

    #[test]
    fn tiers_by_n() {
        let shown: Vec<Tier> = [0, 4, 5, 29, 30].map(Tier::of).to_vec();
        use Tier::{Hidden, Indicative, Normal};
        assert_eq!(shown, [Hidden, Hidden, Indicative, Indicative, Normal]);
    }
}
