//! Control charts and their run lengths.

use serde_json::{Value, json};
use stats::{
    Baseline, BernoulliShares, Chart, ChartPoint, Count, CusumRule, EwmaRule, Signal, Steady,
    bernoulli_cusum, cusum, cusum_run_length, ewma_chart, ewma_run_length, laney_p, p_chart,
    run_rules, u_chart,
};

use super::inputs::{Inputs, number, whole};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    match name {
        "p_chart" => {
            let counts = counts(inputs, "defective", "n");
            Some(limits(p_chart(&counts, &Baseline::All, sigmas(inputs)).ok()?))
        }
        "u_chart" => {
            let counts = counts(inputs, "defects", "units");
            Some(limits(u_chart(&counts, &Baseline::All, sigmas(inputs)).ok()?))
        }
        "laney_p" => Some(laney(inputs)),
        "ewma" => Some(average(inputs)),
        "cusum" => Some(sums(inputs)),
        "bernoulli_cusum" => Some(events(inputs)),
        "run_rules" => Some(rules(inputs)),
        "arl_cusum" => {
            let rule = CusumRule { allowance: inputs.number("k"), limit: inputs.number("h") };
            Some(json!({"arl": number(cusum_run_length(rule, inputs.number("mu")))}))
        }
        "arl_ewma" => {
            let rule = EwmaRule { memory: inputs.number("lambda"), width: inputs.number("L") };
            Some(json!({"arl": number(ewma_run_length(rule, inputs.number("mu")))}))
        }
        _ => None,
    }
}

fn counts(inputs: Inputs<'_>, events: &str, of: &str) -> Vec<Count> {
    let events = inputs.items(events).map(|events| whole(events.0));
    let count = |(events, of): (Option<u64>, Option<f64>)| match events.zip(of) {
        Some((events, of)) => Count { events, of },
        None => Count { events: 0, of: 0.0 },
    };
    events.zip(inputs.values(of)).map(count).collect()
}

fn sigmas(inputs: Inputs<'_>) -> f64 {
    inputs.maybe("nsigma").unwrap_or(3.0)
}

fn each(chart: &Chart, part: fn(&ChartPoint) -> Option<f64>) -> Value {
    chart.points.iter().map(|point| number(part(point))).collect()
}

fn limits(chart: Chart) -> Value {
    json!({
        "center": number(chart.centre),
        "lcl": each(&chart, |point| point.lower),
        "ucl": each(&chart, |point| point.upper),
        "out": chart.out(),
    })
}

fn laney(inputs: Inputs<'_>) -> Value {
    let counts = counts(inputs, "defective", "n");
    let laney = laney_p(&counts, &Baseline::All, sigmas(inputs)).unwrap();
    json!({
        "sigma_z": number(laney.sigma_z),
        "lcl": each(&laney.chart, |point| point.lower),
        "ucl": each(&laney.chart, |point| point.upper),
    })
}

fn steady(inputs: Inputs<'_>) -> Steady {
    Steady { centre: inputs.number("center"), sd: inputs.number("sd") }
}

fn average(inputs: Inputs<'_>) -> Value {
    let rule = EwmaRule { memory: inputs.number("lambda"), width: inputs.number("L") };
    let Some(chart) = ewma_chart(&inputs.values("x"), steady(inputs), rule) else {
        return Value::Null;
    };
    json!({
        "z": each(&chart, |point| point.value),
        "lcl": each(&chart, |point| point.lower),
        "ucl": each(&chart, |point| point.upper),
        "first_signal": chart.first_signal(),
    })
}

fn sums(inputs: Inputs<'_>) -> Value {
    let rule = CusumRule { allowance: inputs.number("k"), limit: inputs.number("h") };
    let Some(cusum) = cusum(&inputs.values("x"), steady(inputs), rule) else {
        return Value::Null;
    };
    json!({
        "pos": cusum.up.iter().map(|sum| number(*sum)).collect::<Vec<_>>(),
        "neg": cusum.down.iter().map(|sum| number(*sum)).collect::<Vec<_>>(),
        "first_signal": cusum.chart.first_signal(),
    })
}

fn events(inputs: Inputs<'_>) -> Value {
    let defective: Vec<Option<bool>> = inputs
        .items("y")
        .map(|y| y.0.as_bool().or_else(|| y.0.as_f64().map(|y| y == 1.0)))
        .collect();
    let chart = BernoulliShares::new(inputs.number("p0"), inputs.number("p1"))
        .and_then(|shares| bernoulli_cusum(&defective, shares, inputs.number("h")));
    let Some(chart) = chart else { return Value::Null };
    json!({"s": each(&chart, |point| point.value), "first_signal": chart.first_signal()})
}

fn rules(inputs: Inputs<'_>) -> Value {
    let signals = run_rules(&inputs.values("z"));
    let with = |signal: Signal| -> Vec<usize> {
        (0..signals.len()).filter(|index| signals[*index].contains(&signal)).collect()
    };
    json!({
        "rule1": with(Signal::BeyondThreeSigma),
        "rule2": with(Signal::NineOnOneSide),
        "rule3": with(Signal::SixInOneDirection),
        "rule5": with(Signal::TwoOfThreeBeyondTwoSigma),
    })
}
