//! Time to leaving, or to the next contact, when some have not come to it yet: those are censored, not dropped.
//!
//! Kaplan & Meier (1958) with Greenwood's variance and the log–log interval. At tied times events precede censorings.

use crate::ranks::TIE;
use crate::{Confidence, Estimate, Method};

/// How long one customer was watched, and whether the event came at the end of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lifetime {
    /// In any unit, on the same clock for all.
    pub time: f64,
    /// False: still without the event when last seen.
    pub event: bool,
}

/// The survival curve: falls at each step, flat in between.
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    /// By time, one per distinct time with an event.
    pub steps: Vec<Step>,
    pub n: u64,
    pub events: u64,
    /// The longest time watched; what is said beyond it extends the curve flat.
    pub last_time: Option<f64>,
    pub conf: Confidence,
}

/// The curve from this time on, until the next step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub time: f64,
    pub at_risk: u64,
    pub events: u64,
    pub survival: f64,
    /// Greenwood's sum of d/(n(n − d)); infinite once nobody is left.
    greenwood: f64,
}

/// How many lifetimes were equally long, by how they ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tied {
    pub time: f64,
    pub events: u64,
    pub censored: u64,
}

/// Lifetimes whose time is not finite are left out.
pub fn kaplan_meier(lifetimes: &[Lifetime], conf: Confidence) -> KaplanMeier {
    let one = |life: &Lifetime| Tied {
        time: life.time,
        events: u64::from(life.event),
        censored: u64::from(!life.event),
    };
    kaplan_meier_of_counts(&lifetimes.iter().map(one).collect::<Vec<Tied>>(), conf)
}

/// The same from lifetimes that were counted by their length, which may stand in several rows and in any order.
pub fn kaplan_meier_of_counts(counts: &[Tied], conf: Confidence) -> KaplanMeier {
    let is_there = |tied: &Tied| tied.time.is_finite() && tied.events + tied.censored > 0;
    let mut sorted: Vec<Tied> = counts.iter().copied().filter(is_there).collect();
    sorted.sort_by(|a, b| a.time.total_cmp(&b.time));
    let n: u64 = sorted.iter().map(|tied| tied.events + tied.censored).sum();
    let mut steps = Vec::new();
    let (mut survival, mut greenwood) = (1.0, 0.0);
    let mut at_risk = n;
    for tied in sorted.chunk_by(|a, b| a.time == b.time) {
        let events: u64 = tied.iter().map(|tied| tied.events).sum();
        if events > 0 {
            let (n, d) = (at_risk as f64, events as f64);
            survival *= (n - d) / n;
            greenwood += d / (n * (n - d));
            steps.push(Step { time: tied[0].time, at_risk, events, survival, greenwood });
        }
        at_risk -= events + tied.iter().map(|tied| tied.censored).sum::<u64>();
    }
    KaplanMeier {
        n,
        events: steps.iter().map(|step| step.events).sum(),
        last_time: sorted.last().map(|tied| tied.time),
        steps,
        conf,
    }
}

/// How much longer, up to a horizon, the first curve's customers stay than the second's: a difference of areas whose
/// variances add up. `None` where either has no interval.
pub fn restricted_mean_difference(
    first: &KaplanMeier,
    second: &KaplanMeier,
    horizon: f64,
) -> Estimate {
    let (a, b) = (first.restricted_mean(horizon), second.restricted_mean(horizon));
    let none = Estimate::none(Method::Greenwood, first.conf);
    let (Some(value), Some(se)) = (
        a.value.zip(b.value).map(|(a, b)| a - b),
        a.se.zip(b.se).map(|(a, b)| (a * a + b * b).sqrt()),
    ) else {
        return none;
    };
    let half = first.conf.z() * se;
    Estimate::point(value, a.n + b.n, Method::Greenwood, first.conf)
        .with_se(se)
        .with_interval(value - half, value + half)
        .clipped(-horizon, horizon)
}

impl KaplanMeier {
    /// The share without the event at a time, just after any step there. No interval where the log–log form has none:
    /// while the share is 1 and once it is 0.
    pub fn survival_at(&self, time: f64) -> Estimate {
        if self.n == 0 {
            return Estimate::none(Method::LogLog, self.conf);
        }
        let passed = self.steps.partition_point(|step| step.time <= time);
        let Some(step) = passed.checked_sub(1).map(|last| &self.steps[last]) else {
            return Estimate::point(1.0, self.n, Method::LogLog, self.conf).with_se(0.0);
        };
        let estimate = Estimate::point(step.survival, self.n, Method::LogLog, self.conf);
        let estimate = estimate.with_se(step.survival * step.greenwood.sqrt());
        match step.limits(self.conf) {
            Some((lower, upper)) => estimate.with_interval(lower, upper),
            None => estimate,
        }
    }

    /// The first time with survival of ½ or less; the middle of the flat if it is ½ exactly, as R has it. The limits are
    /// where the curve's own limits pass ½; each is `None` if that is not reached.
    pub fn median(&self) -> Estimate {
        let mut estimate = Estimate::none(Method::LogLog, self.conf);
        estimate.n = self.n;
        estimate.value = self.crossing(|step| Some(step.survival));
        estimate.lower = self.crossing(|step| step.limits(self.conf).map(|limits| limits.0));
        estimate.upper = self.crossing(|step| step.limits(self.conf).map(|limits| limits.1));
        estimate
    }

    /// Mean time without the event up to `horizon`: the area under the curve. Differences of it ("1.2 months longer")
    /// are easier to explain than a hazard ratio. Beyond the last time watched the curve is extended flat.
    pub fn restricted_mean(&self, horizon: f64) -> Estimate {
        if self.n == 0 || horizon.is_nan() || horizon <= 0.0 {
            return Estimate::none(Method::Greenwood, self.conf);
        }
        let within: Vec<&Step> = self.steps.iter().filter(|step| step.time < horizon).collect();
        let end_of = |i: usize| within.get(i + 1).map_or(horizon, |next| next.time);
        let first_end = within.first().map_or(horizon, |first| first.time);
        let (mut area_after, mut variance) = (0.0, 0.0);
        for (i, step) in within.iter().enumerate().rev() {
            area_after += step.survival * (end_of(i) - step.time);
            let (n, d) = (step.at_risk as f64, step.events as f64);
            if n > d {
                variance += area_after * area_after * d / (n * (n - d));
            }
        }
        let (value, se) = (first_end + area_after, variance.sqrt());
        Estimate::point(value, self.n, Method::Greenwood, self.conf)
            .with_se(se)
            .with_interval(value - self.conf.z() * se, value + self.conf.z() * se)
            .clipped(0.0, horizon)
    }

    /// Where a curve passes ½, going down.
    fn crossing(&self, curve: impl Fn(&Step) -> Option<f64>) -> Option<f64> {
        // R's tolerance for "½ exactly": the root of the machine epsilon.
        let tolerance = f64::EPSILON.sqrt();
        let points: Vec<(f64, f64)> =
            self.steps.iter().filter_map(|step| Some((step.time, curve(step)?))).collect();
        let (time, height) =
            points.iter().copied().find(|(_, height)| *height <= 0.5 + tolerance)?;
        if (height - 0.5).abs() >= tolerance {
            return Some(time);
        }
        let below =
            points.iter().find(|(_, height)| *height < 0.5 - tolerance).map(|(time, _)| *time);
        Some(f64::midpoint(time, below.or(self.last_time)?))
    }
}

impl Step {
    /// exp(−exp(ln(−ln S) ± z √G/|ln S|)).
    fn limits(&self, conf: Confidence) -> Option<(f64, f64)> {
        if self.survival <= TIE || self.survival >= 1.0 {
            return None;
        }
        let log = -self.survival.ln();
        let half = conf.z() * self.greenwood.sqrt() / log;
        Some(((-log * half.exp()).exp(), (-log * (-half).exp()).exp()))
    }
}
