//! A ratio of two totals over customers, such as money by years or time too late by time watched, from sums that can be added up.
//!
//! r = Σx/Σy; variance n/(n − 1) Σ(x − r y)²/(Σy)², linearised (Cochran 1977), with Student's t over customers. Σ(x − r y)² is
//! Σx² − 2r Σxy + r² Σy², so that no customer need be remembered.

use crate::{Confidence, Estimate, Flag, Method};

/// Sums over customers, a pair (x, y) for each.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RatioSums {
    pub customers: u64,
    pub x: f64,
    pub y: f64,
    pub xx: f64,
    pub xy: f64,
    pub yy: f64,
}

/// No value unless the lower total is positive, no interval for a single customer.
pub fn ratio_of_totals(sums: &RatioSums, conf: Confidence) -> Estimate {
    if sums.y.is_nan() || sums.y <= 0.0 {
        return Estimate::none(Method::ClusteredT, conf);
    }
    let (n, ratio) = (sums.customers as f64, sums.x / sums.y);
    let estimate =
        Estimate::point(ratio, sums.customers, Method::ClusteredT, conf).with_size_flag();
    if sums.customers < 2 {
        return estimate;
    }
    let squares = (sums.xx - 2.0 * ratio * sums.xy + ratio * ratio * sums.yy).max(0.0);
    // What is left of a difference of large numbers may be nothing but rounding.
    let squares = if squares <= 1e-12 * sums.xx.abs() { 0.0 } else { squares };
    let se = (n / (n - 1.0) * squares).sqrt() / sums.y;
    let half = conf.t(n - 1.0) * se;
    let estimate = estimate.with_se(se).with_interval(ratio - half, ratio + half);
    if squares == 0.0 { estimate.flagged(Flag::ZeroVariance) } else { estimate }
}

#[cfg(test)]
mod tests {
    use super::{RatioSums, ratio_of_totals};
    use crate::Confidence;

    fn sums(pairs: &[(f64, f64)]) -> RatioSums {
        let sum = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum();
        RatioSums {
            customers: pairs.len() as u64,
            x: sum(|p| p.0),
            y: sum(|p| p.1),
            xx: sum(|p| p.0 * p.0),
            xy: sum(|p| p.0 * p.1),
            yy: sum(|p| p.1 * p.1),
        }
    }

    #[test]
    fn the_spread_is_that_of_the_customers() {
        let pairs = [(10.0, 1.0), (30.0, 2.0), (5.0, 1.0), (0.0, 0.5)];
        let found = ratio_of_totals(&sums(&pairs), Confidence::P95);
        let ratio = 45.0 / 4.5;
        assert_eq!(found.value, Some(ratio));
        let squares: f64 = pairs.iter().map(|(x, y)| (x - ratio * y).powi(2)).sum();
        let se = (4.0 / 3.0 * squares).sqrt() / 4.5;
        assert!((found.se.unwrap() - se).abs() < 1e-12);
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert_eq!(ratio_of_totals(&sums(&[]), Confidence::P95).value, None);
        assert_eq!(ratio_of_totals(&sums(&[(3.0, 0.0)]), Confidence::P95).value, None);
        let one = ratio_of_totals(&sums(&[(3.0, 2.0)]), Confidence::P95);
        assert_eq!((one.value, one.interval()), (Some(1.5), None));
        let same = ratio_of_totals(&sums(&[(3.0, 2.0), (6.0, 4.0)]), Confidence::P95);
        assert_eq!(same.interval(), Some((1.5, 1.5)));
    }
}
