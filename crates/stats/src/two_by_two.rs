//! What goes along with a defect: the four counts of exposed or not by bad outcome or not. Association, not effect, until
//! a change with a comparison group confirms it.

use crate::estimate::finite;
use crate::{Confidence, Estimate, Flag, Method, Proportion, newcombe, wilson};

/// Customers by whether they met the defect and whether the outcome was bad (left, gave a low score).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TwoByTwo {
    pub exposed_bad: u64,
    pub exposed_good: u64,
    pub unexposed_bad: u64,
    pub unexposed_good: u64,
}

/// How strongly outcome and defect go together. Every part has no value where its table gives none.
#[derive(Debug, Clone, PartialEq)]
pub struct Association {
    pub risk_exposed: Proportion,
    pub risk_unexposed: Proportion,
    /// Exposed less unexposed, Newcombe's hybrid interval (1998).
    pub risk_difference: Estimate,
    /// exp(ln RR ± z √(1/a − 1/n₁ + 1/c − 1/n₀)).
    pub risk_ratio: Estimate,
    /// Woolf's interval (1955).
    pub odds_ratio: Estimate,
    /// Share of all bad outcomes that go along with the defect, (P − p₀)/P, interval on ln(1 − PAF) (Jewell 2004).
    /// Shares of several defects do not add up to at most 1.
    pub attributable_fraction: Estimate,
    /// Half a customer was added to each cell for the ratios, because one was empty.
    pub continuity_corrected: bool,
    /// How strongly an unmeasured cause would have to raise both defect and outcome to explain the risk ratio away
    /// (`VanderWeele` & Ding 2017).
    pub e_value: Option<f64>,
    /// The same for the limit nearer 1; 1 if the interval holds 1.
    pub e_value_limit: Option<f64>,
}

impl TwoByTwo {
    pub fn n_exposed(&self) -> u64 {
        self.exposed_bad + self.exposed_good
    }

    pub fn n_unexposed(&self) -> u64 {
        self.unexposed_bad + self.unexposed_good
    }

    pub fn n(&self) -> u64 {
        self.n_exposed() + self.n_unexposed()
    }

    pub fn association(&self, conf: Confidence) -> Association {
        let risk_exposed = wilson(self.exposed_bad, self.n_exposed(), conf);
        let risk_unexposed = wilson(self.unexposed_bad, self.n_unexposed(), conf);
        let risk_difference = newcombe(&risk_unexposed, &risk_exposed);
        let (cells, continuity_corrected) = self.cells();
        let (risk_ratio, odds_ratio) = if self.n_exposed() == 0 || self.n_unexposed() == 0 {
            (Estimate::none(Method::Log, conf), Estimate::none(Method::Woolf, conf))
        } else {
            (self.risk_ratio(cells, conf), self.odds_ratio(cells, conf))
        };
        let corrected = |estimate: Estimate| {
            if continuity_corrected {
                estimate.flagged(Flag::ContinuityCorrected)
            } else {
                estimate
            }
        };
        Association {
            attributable_fraction: self.attributable_fraction(conf),
            e_value: risk_ratio.value.map(e_value),
            e_value_limit: e_value_of_limit(&risk_ratio),
            risk_ratio: corrected(risk_ratio),
            odds_ratio: corrected(odds_ratio),
            risk_exposed,
            risk_unexposed,
            risk_difference,
            continuity_corrected,
        }
    }

    /// The cells a, b, c, d, with ½ added to each if one is empty.
    fn cells(&self) -> ([f64; 4], bool) {
        let counts = [self.exposed_bad, self.exposed_good, self.unexposed_bad, self.unexposed_good];
        let corrected = counts.contains(&0);
        (counts.map(|count| count as f64 + if corrected { 0.5 } else { 0.0 }), corrected)
    }

    fn risk_ratio(&self, [a, b, c, d]: [f64; 4], conf: Confidence) -> Estimate {
        let (n1, n0) = (a + b, c + d);
        let se = (1.0 / a - 1.0 / n1 + 1.0 / c - 1.0 / n0).sqrt();
        self.ratio((a / n1) / (c / n0), se, Method::Log, conf)
    }

    fn odds_ratio(&self, [a, b, c, d]: [f64; 4], conf: Confidence) -> Estimate {
        let se = (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
        self.ratio(a * d / (b * c), se, Method::Woolf, conf)
    }

    /// An interval that is symmetric on the log scale; `se` is that of the logarithm.
    fn ratio(&self, ratio: f64, se: f64, method: Method, conf: Confidence) -> Estimate {
        let width = (conf.z() * se).exp();
        Estimate::point(ratio, self.n(), method, conf)
            .with_se(se)
            .with_interval(ratio / width, ratio * width)
    }

    fn attributable_fraction(&self, conf: Confidence) -> Estimate {
        let n = self.n() as f64;
        let bad = (self.exposed_bad + self.unexposed_bad) as f64 / n;
        let unexposed = self.unexposed_bad as f64 / self.n_unexposed() as f64;
        let Some(fraction) = finite((bad - unexposed) / bad) else {
            return Estimate::none(Method::Delta, conf);
        };
        let estimate = Estimate::point(fraction, self.n(), Method::Delta, conf);
        // The delta formula degenerates when nobody exposed, or nobody unexposed, had the outcome.
        if self.exposed_bad == 0 || self.unexposed_bad == 0 {
            return estimate;
        }
        let (a, b) = (self.exposed_bad as f64, self.exposed_good as f64);
        let (c, d) = (self.unexposed_bad as f64, self.unexposed_good as f64);
        let variance = (b + fraction * (a + d)) / (n * c);
        let width = (conf.z() * variance.sqrt()).exp();
        estimate.with_interval(1.0 - (1.0 - fraction) * width, 1.0 - (1.0 - fraction) / width)
    }
}

/// The E-value of a risk ratio above 0: RR + √(RR(RR − 1)), of its inverse if below 1.
pub fn e_value(risk_ratio: f64) -> f64 {
    let away = if risk_ratio < 1.0 { 1.0 / risk_ratio } else { risk_ratio };
    away + (away * (away - 1.0)).sqrt()
}

fn e_value_of_limit(risk_ratio: &Estimate) -> Option<f64> {
    let (lower, upper) = risk_ratio.interval()?;
    Some(if lower > 1.0 {
        e_value(lower)
    } else if upper < 1.0 {
        e_value(upper)
    } else {
        1.0
    })
}
