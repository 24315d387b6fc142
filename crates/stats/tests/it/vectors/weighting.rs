//! Weights, and scores with weights.

use serde_json::{Map, Value, json};
use stats::{
    Margin, NpsCounts, ResponseClass, Weighted, nps_poststratified, nps_response_classes, rake,
    trim_weights, weighted_nps,
};

use super::inputs::{Inputs, number, whole};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    match name {
        "nps_weighted" => Some(weighted(inputs)),
        "nps_poststratified" => Some(poststratified(inputs)),
        "rake" => Some(raked(inputs)),
        "trim_weights" => Some(trimmed(inputs)),
        "nps_nonresponse_classes" => Some(classes(inputs)),
        _ => None,
    }
}

/// Weights that are no numbers are none.
fn score(weights: &[Option<f64>], responses: Vec<Option<f64>>, inputs: Inputs<'_>) -> Weighted {
    let weights = weights.iter().map(|weight| weight.unwrap_or(f64::NAN));
    let answers: Vec<_> = weights.zip(responses).collect();
    weighted_nps(&answers, inputs.conf())
}

fn weighted(inputs: Inputs<'_>) -> Value {
    let nps = score(&inputs.values("weights"), inputs.values("responses"), inputs);
    json!({
        "nps": number(nps.estimate.value),
        "se": number(nps.estimate.se),
        "n_eff": number(nps.estimate.n_eff),
        "deff_kish": number(nps.design_effect),
    })
}

fn text(item: Inputs<'_>) -> String {
    item.0.as_str().map_or_else(|| item.0.to_string(), str::to_owned)
}

fn customers(inputs: Inputs<'_>, key: &str) -> std::collections::BTreeMap<String, f64> {
    inputs.object(key).map(|(name, number)| (name.to_owned(), number.unwrap_or(f64::NAN))).collect()
}

fn poststratified(inputs: Inputs<'_>) -> Value {
    let answers: Vec<_> =
        inputs.items("stratum").map(text).zip(inputs.values("responses")).collect();
    let Ok(nps) = nps_poststratified(&answers, &customers(inputs, "population"), inputs.conf())
    else {
        return Value::Null;
    };
    let weights = answers.iter().map(|(stratum, _)| number(nps.weight_of(stratum)));
    let by_stratum: Map<String, Value> = nps
        .strata
        .iter()
        .map(|stratum| (stratum.name.clone(), number(Some(stratum.score))))
        .collect();
    json!({
        "nps": number(nps.estimate.value),
        "se": number(nps.estimate.se),
        "weights": weights.collect::<Vec<_>>(),
        "nps_unweighted": number(nps.unweighted),
        "by_stratum": by_stratum,
    })
}

fn raked(inputs: Inputs<'_>) -> Value {
    let margins: Vec<Margin> = inputs
        .items("margins")
        .map(|margin| Margin {
            labels: margin.items("labels").map(text).collect(),
            targets: customers(margin, "targets"),
        })
        .collect();
    let Ok(raked) = rake(&margins, None) else { return Value::Null };
    let weights: Vec<Option<f64>> = raked.weights.iter().copied().map(Some).collect();
    let nps = inputs
        .0
        .get("responses")
        .map(|_| score(&weights, inputs.values("responses"), inputs).estimate);
    json!({
        "weights": raked.weights.iter().map(|weight| number(Some(*weight))).collect::<Vec<_>>(),
        "nps": number(nps.and_then(|nps| nps.value)),
        "n_eff": number(stats::n_eff(&raked.weights)),
    })
}

fn trimmed(inputs: Inputs<'_>) -> Value {
    let times = inputs.maybe("cap_times_median").unwrap_or(5.0);
    let Some(trimmed) = trim_weights(&inputs.numbers("weights"), times) else {
        return Value::Null;
    };
    json!({
        "weights": trimmed.weights.iter().map(|weight| number(Some(*weight))).collect::<Vec<_>>(),
        "sum": number(Some(trimmed.weights.iter().sum())),
    })
}

fn classes(inputs: Inputs<'_>) -> Value {
    let classes: Vec<ResponseClass> = inputs
        .items("classes")
        .map(|class| {
            let valid = class.nps_counts();
            let answered = whole(&class.0["responded"]).unwrap_or_else(|| valid.n());
            ResponseClass {
                name: class.text("name").to_owned(),
                invited: class.count("invited"),
                counts: NpsCounts { invalid: answered.saturating_sub(valid.n()), ..valid },
            }
        })
        .collect();
    let nps = nps_response_classes(&classes, inputs.conf());
    let rates: Map<String, Value> =
        classes.iter().map(|class| (class.name.clone(), number(class.response_rate()))).collect();
    json!({
        "nps_raw": number(nps.raw.value),
        "nps_adjusted": number(nps.adjusted.value),
        "se_adjusted": number(nps.adjusted.se),
        "response_rates": rates,
    })
}
