//! Quantiles of data: type 7, linear between order statistics, as R and numpy do by default (Hyndman & Fan 1996).

/// The quantile at `p` of values sorted ascending; `None` of nothing or unless 0 ≤ p ≤ 1.
pub fn quantile_of_sorted(sorted: &[f64], p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let last = sorted.len().checked_sub(1)?;
    let place = p * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    let part = place - below as f64;
    Some(sorted[below] + part * (sorted[above] - sorted[below]))
}

/// The median of values in any order; `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile_of_sorted(&sorted, 0.5)
}

#[cfg(test)]
mod tests {
    use super::{median, quantile_of_sorted};

    #[test]
    fn as_r_computes_them() {
        // R: quantile(c(1, 2, 4, 8, 16), c(0, .1, .25, .5, .9, 1))
        let data = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (p, expected) in
            [(0.0, 1.0), (0.1, 1.4), (0.25, 2.0), (0.5, 4.0), (0.9, 12.8), (1.0, 16.0)]
        {
            let got = quantile_of_sorted(&data, p).unwrap();
            assert!((got - expected).abs() < 1e-12, "{p}: {got}");
        }
    }

    #[test]
    fn nothing_has_no_quantile() {
        assert_eq!(quantile_of_sorted(&[], 0.5), None);
        assert_eq!(quantile_of_sorted(&[1.0], 1.5), None);
        assert_eq!(median(&[3.0, 1.0]), Some(2.0));
    }
}
