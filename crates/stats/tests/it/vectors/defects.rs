//! Defects, yields, Pareto.

use serde_json::{Value, json};
use stats::{
    StepCount, defect_rate, defects_per_unit, dpmo, journey_first_pass_yield, pareto,
    rolled_throughput_yield,
};

use super::inputs::{Inputs, number, whole};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    match name {
        "defect_rate" => Some(rate(inputs)),
        "defects_per_unit" => Some(per_unit(inputs)),
        "dpmo_sigma" => Some(sigma(inputs)),
        "rolled_throughput_yield" => Some(rolled(inputs)),
        "journey_first_pass_yield" => Some(first_pass(inputs)),
        "pareto" => Some(vital_few(inputs)),
        _ => None,
    }
}

fn rate(inputs: Inputs<'_>) -> Value {
    let defects = defect_rate(inputs.count("defective"), inputs.count("units"), inputs.conf());
    json!({
        "rate": number(defects.rate.share),
        "lower": number(defects.rate.low),
        "upper": number(defects.rate.high),
        "conformance": number(defects.conformance.share),
        "conformance_lower": number(defects.conformance.low),
        "conformance_upper": number(defects.conformance.high),
    })
}

fn per_unit(inputs: Inputs<'_>) -> Value {
    let defects = defects_per_unit(inputs.count("defects"), inputs.number("units"), inputs.conf());
    json!({
        "dpu": number(defects.rate.value),
        "lower": number(defects.rate.lower),
        "upper": number(defects.rate.upper),
        "yield_poisson": number(defects.yield_poisson),
    })
}

fn sigma(inputs: Inputs<'_>) -> Value {
    let (defects, units) = (inputs.count("defects"), inputs.count("units"));
    let shift = inputs.maybe("shift").unwrap_or(1.5);
    let level = dpmo(defects, units, inputs.count("opportunities_per_unit"), shift, inputs.conf());
    json!({
        "dpmo": number(level.as_ref().map(|level| level.dpmo)),
        "sigma_level": number(level.as_ref().and_then(|level| level.sigma)),
        "sigma_no_shift": number(level.as_ref().and_then(|level| level.sigma_unshifted)),
    })
}

fn rolled(inputs: Inputs<'_>) -> Value {
    let steps: Vec<StepCount> = inputs
        .items("steps")
        .map(|step| StepCount { defective: step.count("defective"), units: step.count("units") })
        .collect();
    let rolled = rolled_throughput_yield(&steps, inputs.conf());
    let part =
        |part: fn(&stats::RolledYield) -> Option<f64>| number(rolled.as_ref().and_then(part));
    json!({
        "rty": part(|rolled| rolled.yield_.value),
        "lower": part(|rolled| rolled.yield_.lower),
        "upper": part(|rolled| rolled.yield_.upper),
        "normalized_yield": part(|rolled| Some(rolled.normalized)),
        "total_dpu_equivalent": part(|rolled| rolled.total_dpu),
    })
}

fn first_pass(inputs: Inputs<'_>) -> Value {
    let places = |item: Inputs<'_>| -> Vec<usize> {
        item.0
            .as_array()
            .unwrap()
            .iter()
            .map(|place| usize::try_from(whole(place).unwrap()).unwrap())
            .collect()
    };
    let journeys: Vec<Vec<usize>> = inputs.items("journeys_defect_steps").map(places).collect();
    let n_steps = usize::try_from(inputs.count("steps")).unwrap();
    let yields = journey_first_pass_yield(n_steps, &journeys, inputs.conf());
    let share = yields.as_ref().map(|yields| &yields.first_pass);
    json!({
        "first_pass_yield": number(share.and_then(|share| share.share)),
        "lower": number(share.and_then(|share| share.low)),
        "upper": number(share.and_then(|share| share.high)),
        "rty": number(yields.as_ref().map(|yields| yields.rolled)),
        "dependence_ratio": number(yields.as_ref().and_then(|yields| yields.dependence_ratio)),
    })
}

fn vital_few(inputs: Inputs<'_>) -> Value {
    let sizes: Vec<(String, f64)> =
        inputs.object("counts").map(|(name, size)| (name.to_owned(), size.unwrap())).collect();
    let pareto = pareto(&sizes, inputs.maybe("threshold").unwrap_or(0.8));
    let names = |items: &[stats::ParetoItem]| {
        items.iter().map(|item| item.name.clone()).collect::<Vec<_>>()
    };
    json!({
        "order": names(&pareto.items),
        "share": pareto.items.iter().map(|item| number(item.share)).collect::<Vec<_>>(),
        "cumulative": pareto.items.iter().map(|item| number(item.cumulative)).collect::<Vec<_>>(),
        "vital_few": names(pareto.vital_few()),
    })
}
