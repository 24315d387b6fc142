//! Before and after, with and without a comparison.

use serde_json::{Value, json};
use stats::{
    BeforeAfterRow, Estimate, FourSamples, WelchTest, cuped, difference_in_differences,
    interrupted_series, nps_did,
};

use super::inputs::{Inputs, interval, number, whole};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    match name {
        "difference_in_differences" => Some(differences(inputs)),
        "interrupted_time_series" => Some(series(inputs)),
        "cuped" => Some(with_history(inputs)),
        "nps_did" => Some(samples(inputs)),
        _ => None,
    }
}

fn differences(inputs: Inputs<'_>) -> Value {
    let groups = inputs.flags("treated").into_iter().zip(inputs.flags("post"));
    let units = inputs.items("customer").map(|customer| customer.0.to_string());
    let rows: Vec<BeforeAfterRow<String>> = inputs
        .values("y")
        .into_iter()
        .zip(groups.zip(units))
        .filter_map(|(value, ((treated, after), unit))| {
            Some(BeforeAfterRow { value: value?, treated, after, unit })
        })
        .collect();
    let found = difference_in_differences(&rows, inputs.conf());
    json!({
        "did": number(found.estimate.value),
        "se_cluster": number(found.estimate.se),
        "n_clusters": found.n_units,
        "lower": number(found.estimate.lower),
        "upper": number(found.estimate.upper),
        "change_treated": number(found.change_treated),
        "change_control": number(found.change_control),
    })
}

fn series(inputs: Inputs<'_>) -> Value {
    let changed_at = usize::try_from(inputs.count("t0")).unwrap();
    let lag = whole(&inputs.0["nw_lag"]).map(|lag| usize::try_from(lag).unwrap());
    let found = interrupted_series(&inputs.values("y"), changed_at, lag, inputs.conf());
    let Some(found) = found else { return Value::Null };
    let terms = [&found.intercept, &found.trend, &found.level_change, &found.trend_change];
    let [intercept, trend, level, slope] = terms.map(|term: &Estimate| number(term.value));
    json!({
        "intercept": intercept,
        "trend": trend,
        "level_change": level,
        "trend_change": slope,
        "se_newey_west": terms.map(|term| number(term.se)),
        "se_ols": found.se_independent.map(|se| number(Some(se))),
        "durbin_watson": number(found.durbin_watson),
        "effect_at_end": number(found.effect_at_end.value),
    })
}

fn with_history(inputs: Inputs<'_>) -> Value {
    let group = |y: &str, before: &str| -> Vec<(Option<f64>, Option<f64>)> {
        inputs.values(y).into_iter().zip(inputs.values(before)).collect()
    };
    let (control, changed) = (group("control_y", "control_pre"), group("treat_y", "treat_pre"));
    let found = cuped(&control, &changed, inputs.conf());
    let value = |test: &WelchTest| number(test.difference.value);
    json!({
        "theta": number(found.theta),
        "diff_raw": value(&found.raw),
        "raw_ci": interval(&found.raw.difference),
        "diff": value(&found.adjusted),
        "ci": interval(&found.adjusted.difference),
        "p": number(found.adjusted.p),
        "variance_ratio": number(found.variance_ratio),
    })
}

fn samples(inputs: Inputs<'_>) -> Value {
    let samples = FourSamples {
        treated_before: inputs.at("treated_before").nps_counts(),
        treated_after: inputs.at("treated_after").nps_counts(),
        control_before: inputs.at("control_before").nps_counts(),
        control_after: inputs.at("control_after").nps_counts(),
    };
    let found = nps_did(&samples, inputs.conf());
    json!({
        "did": number(found.estimate.value),
        "se": number(found.estimate.se),
        "lower": number(found.estimate.lower),
        "upper": number(found.estimate.upper),
        "p": number(found.p),
    })
}
