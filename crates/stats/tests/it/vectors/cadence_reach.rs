//! Cadence, reach and priority.

use serde_json::{Map, Value, json};
use stats::{
    Candidate, Contacts, Estimate, Method, Priority, PriorityFactors, Seen, cadence,
    contact_rate_ratio, priorities, priority_interval, reach,
};

use super::inputs::{Inputs, number};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    match name {
        "contact_rate_ratio" => Some(rate(inputs)),
        "cadence" => Some(gaps(inputs)),
        "reach" => Some(reached(inputs)),
        "priority" => Some(ranked(inputs)),
        "priority_interval" => Some(priority(inputs)),
        _ => None,
    }
}

fn rate(inputs: Inputs<'_>) -> Value {
    let (exposure, expected) =
        (inputs.number("exposure_days"), inputs.number("expected_interval_days"));
    let rate = contact_rate_ratio(inputs.count("contacts"), exposure, expected, inputs.conf());
    json!({
        "expected_contacts": number(rate.expected),
        "ratio": number(rate.ratio.value),
        "lower": number(rate.ratio.lower),
        "upper": number(rate.ratio.upper),
        "verdict": rate.verdict.map(|verdict| verdict.name()),
    })
}

fn gaps(inputs: Inputs<'_>) -> Value {
    let day = |day: &Value| day.as_f64().map(|day| day as i64);
    let customers: Vec<Contacts> = inputs
        .items("customers")
        .map(|customer| Contacts {
            since: day(&customer.0["acquired_day"]),
            until: day(&customer.0["left_day"]),
            days: customer.items("contact_days").filter_map(|item| day(item.0)).collect(),
        })
        .collect();
    let as_of = day(&inputs.0["as_of_day"]).unwrap();
    let expected = inputs.number("expected_interval_days");
    let Some(found) = cadence(&customers, as_of, expected, inputs.conf()) else {
        return Value::Null;
    };
    json!({
        "n_gaps": found.n_gaps,
        "n_open": found.n_open,
        "median_gap": number(found.median_gap.value),
        "median_gap_ci": [number(found.median_gap.lower), number(found.median_gap.upper)],
        "mean_completed_gap_naive": number(found.mean_completed),
        "within_expected": number(found.within_expected.value),
        "within_lower": number(found.within_expected.lower),
        "within_upper": number(found.within_expected.upper),
        "overdue": found.overdue.k,
        "overdue_share": number(found.overdue.share),
        "overdue_lower": number(found.overdue.low),
        "overdue_upper": number(found.overdue.high),
    })
}

fn reached(inputs: Inputs<'_>) -> Value {
    let seen = if inputs.0["sampled"].as_bool() == Some(true) { Seen::Sample } else { Seen::All };
    let (mut shares, mut intervals) = (Map::new(), Map::new());
    for touchpoint in inputs.items("touchpoints") {
        let (met, active) =
            (touchpoint.count("distinct_customers"), touchpoint.count("active_customers"));
        let found = reach(met, active, seen, inputs.conf());
        let name = touchpoint.text("name").to_owned();
        let limits = found.low.zip(found.high);
        intervals.insert(
            name.clone(),
            limits.map_or(Value::Null, |(low, high)| {
                [low, high].map(|limit| number(Some(limit))).to_vec().into()
            }),
        );
        shares.insert(name, number(found.share));
    }
    json!({"reach": shares, "interval": intervals})
}

fn ranked(inputs: Inputs<'_>) -> Value {
    let candidates: Vec<Candidate> = inputs
        .items("touchpoints")
        .map(|touchpoint| Candidate {
            name: touchpoint.text("name").to_owned(),
            reach: touchpoint.maybe("reach"),
            importance: touchpoint.maybe("importance"),
            gap: touchpoint.maybe("gap"),
        })
        .collect();
    let ranked = priorities(&candidates);
    let each = |part: fn(&Priority) -> Option<f64>| -> Map<String, Value> {
        ranked.iter().map(|one| (one.name.clone(), number(part(one)))).collect()
    };
    json!({
        "score": each(|one| one.score),
        "share": each(|one| one.share),
        "order": ranked.iter().map(|one| one.name.clone()).collect::<Vec<_>>(),
        "ceiling": each(|one| one.ceiling),
    })
}

fn priority(inputs: Inputs<'_>) -> Value {
    let factor = |name: &str| {
        let none = Estimate::none(Method::T, inputs.conf());
        let se = inputs.maybe(&format!("{name}_se"));
        Estimate { value: inputs.maybe(name), se, ..none }
    };
    let factors = PriorityFactors {
        reach: factor("reach"),
        importance: factor("importance"),
        gap: factor("gap"),
    };
    let found = priority_interval(&factors, inputs.conf());
    json!({
        "score": number(found.value),
        "lower": number(found.lower),
        "upper": number(found.upper),
    })
}
