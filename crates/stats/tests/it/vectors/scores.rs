//! Scores and their intervals.

use serde_json::{Value, json};
use stats::{
    Estimate, NpsCounts, NpsMethod, ProportionMethod, ces, clustered_nps, csat, mean_interval,
    nps_finite_population, nps_interval, nps_nonresponse_bounds, proportion_interval,
};

use super::inputs::{Inputs, number};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    match name {
        "nps_from_responses" => Some(nps_from_responses(inputs)),
        "nps_interval" => nps(inputs),
        "mean_ci" => Some(mean_ci(inputs)),
        "proportion_interval" => proportion(inputs),
        "csat" => Some(satisfaction(inputs)),
        "ces" => Some(effort(inputs)),
        "nps_cluster" => Some(cluster(inputs)),
        "nps_fpc" => Some(finite_population(inputs)),
        "nps_nonresponse_bounds" => Some(nonresponse(inputs)),
        _ => None,
    }
}

fn nps_from_responses(inputs: Inputs<'_>) -> Value {
    let counts = NpsCounts::of(&inputs.values("responses"));
    json!({
        "n_valid": counts.n(),
        "n_invalid": counts.invalid,
        "promoters": counts.promoters,
        "passives": counts.passives,
        "detractors": counts.detractors,
        "nps": number(counts.score()),
        "variance": number(counts.variance()),
    })
}

fn nps(inputs: Inputs<'_>) -> Option<Value> {
    let method = match inputs.text("method") {
        "wald" => NpsMethod::Wald,
        "goodman" => NpsMethod::Goodman,
        "adjusted_wald" => NpsMethod::AdjustedWald,
        "score" => NpsMethod::Score,
        _ => return None,
    };
    let nps = nps_interval(&inputs.nps_counts(), method, inputs.conf());
    Some(json!({
        "nps": number(nps.value),
        "se": number(nps.se),
        "lower": number(nps.lower),
        "upper": number(nps.upper),
    }))
}

fn mean_ci(inputs: Inputs<'_>) -> Value {
    let bounds = inputs.0["bounds"]
        .as_array()
        .map(|ends| (ends[0].as_f64().unwrap(), ends[1].as_f64().unwrap()));
    let mean = mean_interval(&inputs.values("values"), inputs.conf(), bounds);
    let sd = |mean: &Estimate| mean.se.map(|se| se * (mean.n as f64).sqrt());
    json!({
        "n": mean.n,
        "mean": number(mean.value),
        "sd": number(sd(&mean)),
        "se": number(mean.se),
        "lower": number(mean.lower),
        "upper": number(mean.upper),
    })
}

fn proportion(inputs: Inputs<'_>) -> Option<Value> {
    let method = match inputs.text("method") {
        "wilson" => ProportionMethod::Wilson,
        "agresti_coull" => ProportionMethod::AgrestiCoull,
        "clopper_pearson" => ProportionMethod::ClopperPearson,
        "jeffreys" => ProportionMethod::Jeffreys,
        _ => return None,
    };
    let share = proportion_interval(inputs.count("k"), inputs.count("n"), method, inputs.conf());
    Some(json!({"p": number(share.share), "lower": number(share.low), "upper": number(share.high)}))
}

fn satisfaction(inputs: Inputs<'_>) -> Value {
    let scale_max = u32::try_from(inputs.count("scale_max")).unwrap();
    let top_k = u32::try_from(inputs.count("top_k")).unwrap();
    let csat = csat(&inputs.values("responses"), scale_max, top_k, inputs.conf());
    json!({
        "n_valid": csat.top.n,
        "n_invalid": csat.n_invalid,
        "share": number(csat.top.share),
        "lower": number(csat.top.low),
        "upper": number(csat.top.high),
        "mean": number(csat.mean),
    })
}

fn effort(inputs: Inputs<'_>) -> Value {
    let ces = ces(&inputs.values("responses"), inputs.conf());
    json!({
        "n": ces.mean.n,
        "mean": number(ces.mean.value),
        "mean_lower": number(ces.mean.lower),
        "mean_upper": number(ces.mean.upper),
        "easy_share": number(ces.easy.share),
        "easy_lower": number(ces.easy.low),
        "easy_upper": number(ces.easy.high),
        "net_easy": number(ces.net_easy),
    })
}

fn cluster(inputs: Inputs<'_>) -> Value {
    let customer = |item: Inputs<'_>| (!item.0.is_null()).then(|| item.0.to_string());
    let answers: Vec<_> =
        inputs.items("customer").map(customer).zip(inputs.values("responses")).collect();
    let nps = clustered_nps(&answers, inputs.conf());
    json!({
        "nps": number(nps.estimate.value),
        "se": number(nps.estimate.se),
        "lower": number(nps.estimate.lower),
        "upper": number(nps.estimate.upper),
        "n_customers": nps.n_customers,
        "design_effect": number(nps.design_effect),
    })
}

fn finite_population(inputs: Inputs<'_>) -> Value {
    let nps =
        nps_finite_population(&inputs.nps_counts(), inputs.count("population"), inputs.conf());
    let estimate = nps.as_ref().map(|nps| &nps.estimate);
    json!({
        "nps": number(estimate.and_then(|nps| nps.value)),
        "fpc": number(nps.as_ref().map(|nps| nps.correction)),
        "lower": number(estimate.and_then(|nps| nps.lower)),
        "upper": number(estimate.and_then(|nps| nps.upper)),
    })
}

fn nonresponse(inputs: Inputs<'_>) -> Value {
    let silence = nps_nonresponse_bounds(&inputs.nps_counts(), inputs.count("invited"));
    json!({
        "response_rate": number(silence.as_ref().map(|silence| silence.response_rate)),
        "lower": number(silence.as_ref().map(|silence| silence.lower)),
        "upper": number(silence.as_ref().map(|silence| silence.upper)),
        "break_even_nonrespondent_nps": number(silence.and_then(|silence| silence.break_even)),
    })
}
