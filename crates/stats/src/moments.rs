//! Means and variances that do not depend on the order of the values.

/// The mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| ordered_sum(values) / values.len() as f64)
}

/// The variance with divisor n − 1; `None` of fewer than two values. Exactly 0 when all values are equal.
pub fn variance(values: &[f64]) -> Option<f64> {
    let centre = mean(values)?;
    if values.len() < 2 {
        return None;
    }
    if values.iter().all(|&value| value == values[0]) {
        return Some(0.0);
    }
    let squares: Vec<f64> = values.iter().map(|value| (value - centre).powi(2)).collect();
    Some(ordered_sum(&squares) / (values.len() - 1) as f64)
}

/// The sum over the sorted values: floating-point addition is not associative, and a result must not depend on the order
/// in which rows happen to arrive.
pub(crate) fn ordered_sum(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.iter().sum()
}

/// The values that are there and finite.
pub(crate) fn present(values: &[Option<f64>]) -> Vec<f64> {
    values.iter().flatten().copied().filter(|value| value.is_finite()).collect()
}

/// Whether an answer is one of the whole numbers `lowest..=highest`.
pub(crate) fn is_on_scale(answer: f64, lowest: f64, highest: f64) -> bool {
    answer.is_finite() && answer.fract() == 0.0 && answer >= lowest && answer <= highest
}

/// The valid answers on a scale of whole numbers, and how many were not.
pub(crate) fn split_on_scale(
    answers: &[Option<f64>],
    lowest: f64,
    highest: f64,
) -> (Vec<f64>, u64) {
    let valid: Vec<f64> =
        answers.iter().flatten().copied().filter(|&a| is_on_scale(a, lowest, highest)).collect();
    let invalid = (answers.len() - valid.len()) as u64;
    (valid, invalid)
}
