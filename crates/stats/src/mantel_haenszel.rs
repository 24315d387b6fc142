//! Association of defect and outcome within strata (segment, tenure), pooled by Mantel & Haenszel (1959).

use crate::distributions::chi2_upper;
use crate::estimate::finite;
use crate::{Confidence, Estimate, Method, TwoByTwo};

#[derive(Debug, Clone, PartialEq)]
pub struct MantelHaenszel {
    /// Variance of the logarithm by Greenland & Robins (1985).
    pub risk_ratio: Estimate,
    /// Variance by Sato, Greenland & Robins (1989).
    pub risk_difference: Estimate,
    /// Variance of the logarithm by Robins, Breslow & Greenland (1986).
    pub odds_ratio: Estimate,
    /// Cochran–Mantel–Haenszel test without continuity correction, one degree of freedom.
    pub chi2: Option<f64>,
    pub p: Option<f64>,
    /// Places of the strata without anybody exposed or anybody unexposed; they contribute nothing.
    pub silent_strata: Vec<usize>,
}

/// Pools the strata; nothing is added to empty cells. A ratio has no value when either side of it is 0.
pub fn mantel_haenszel(strata: &[TwoByTwo], conf: Confidence) -> MantelHaenszel {
    let speaks = |table: &TwoByTwo| table.n_exposed() > 0 && table.n_unexposed() > 0;
    let silent_strata = (0..strata.len()).filter(|&i| !speaks(&strata[i])).collect();
    let mut tables: Vec<TwoByTwo> = strata.iter().copied().filter(speaks).collect();
    tables.sort_by_key(|t| (t.exposed_bad, t.exposed_good, t.unexposed_bad, t.unexposed_good));
    let cells: Vec<Cells> = tables.iter().map(Cells::of).collect();
    let n = tables.iter().map(TwoByTwo::n).sum();
    let chi2 = cmh(&cells);
    MantelHaenszel {
        risk_ratio: risk_ratio(&cells, n, conf),
        risk_difference: risk_difference(&cells, n, conf),
        odds_ratio: odds_ratio(&cells, n, conf),
        chi2,
        p: chi2.and_then(|chi2| chi2_upper(chi2, 1.0)),
        silent_strata,
    }
}

/// One stratum as real numbers: the four cells, the rows and the whole.
struct Cells {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    n1: f64,
    n0: f64,
    n: f64,
}

impl Cells {
    fn of(table: &TwoByTwo) -> Self {
        let [a, b, c, d] =
            [table.exposed_bad, table.exposed_good, table.unexposed_bad, table.unexposed_good]
                .map(|count| count as f64);
        Self { a, b, c, d, n1: a + b, n0: c + d, n: a + b + c + d }
    }
}

fn sum(cells: &[Cells], part: impl Fn(&Cells) -> f64) -> f64 {
    cells.iter().map(part).sum()
}

fn risk_ratio(cells: &[Cells], n: u64, conf: Confidence) -> Estimate {
    let above = sum(cells, |s| s.a * s.n0 / s.n);
    let below = sum(cells, |s| s.c * s.n1 / s.n);
    let spread = sum(cells, |s| (s.n1 * s.n0 * (s.a + s.c) - s.a * s.c * s.n) / (s.n * s.n));
    ratio(above, below, spread / (above * below), n, conf)
}

fn odds_ratio(cells: &[Cells], n: u64, conf: Confidence) -> Estimate {
    let above = sum(cells, |s| s.a * s.d / s.n);
    let below = sum(cells, |s| s.b * s.c / s.n);
    let concordant = |s: &Cells| (s.a + s.d) / s.n;
    let discordant = |s: &Cells| (s.b + s.c) / s.n;
    let pr = sum(cells, |s| concordant(s) * s.a * s.d / s.n);
    let mixed = sum(cells, |s| (concordant(s) * s.b * s.c + discordant(s) * s.a * s.d) / s.n);
    let qs = sum(cells, |s| discordant(s) * s.b * s.c / s.n);
    let variance =
        pr / (2.0 * above * above) + mixed / (2.0 * above * below) + qs / (2.0 * below * below);
    ratio(above, below, variance, n, conf)
}

/// A ratio of two sums with the variance of its logarithm.
fn ratio(above: f64, below: f64, variance: f64, n: u64, conf: Confidence) -> Estimate {
    if above <= 0.0 || below <= 0.0 {
        return Estimate::none(Method::MantelHaenszel, conf);
    }
    let se = variance.sqrt();
    let (ratio, width) = (above / below, (conf.z() * se).exp());
    Estimate::point(ratio, n, Method::MantelHaenszel, conf)
        .with_se(se)
        .with_interval(ratio / width, ratio * width)
}

fn risk_difference(cells: &[Cells], n: u64, conf: Confidence) -> Estimate {
    let weight = sum(cells, |s| s.n1 * s.n0 / s.n);
    let Some(difference) = finite(sum(cells, |s| (s.a * s.n0 - s.c * s.n1) / s.n) / weight) else {
        return Estimate::none(Method::MantelHaenszel, conf);
    };
    let slope = sum(cells, |s| {
        let (exposed, unexposed) = (s.n1 / s.n, s.n0 / s.n);
        s.c * exposed * exposed - s.a * unexposed * unexposed
            + exposed * unexposed * (s.n0 - s.n1) / 2.0
    });
    let level = sum(cells, |s| s.a * s.d / s.n + s.c * s.b / s.n) / 2.0;
    let se = (difference * slope + level).sqrt() / weight;
    Estimate::point(difference, n, Method::MantelHaenszel, conf)
        .with_se(se)
        .with_interval(difference - conf.z() * se, difference + conf.z() * se)
}

fn cmh(cells: &[Cells]) -> Option<f64> {
    let excess = sum(cells, |s| s.a - s.n1 * (s.a + s.c) / s.n);
    let variance =
        sum(cells, |s| s.n1 * s.n0 * (s.a + s.c) * (s.b + s.d) / (s.n * s.n * (s.n - 1.0)));
    (variance > 0.0).then(|| excess * excess / variance)
}
