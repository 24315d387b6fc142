//! Sample sizes.

use serde_json::{Value, json};
use stats::{
    Power, mean_n_per_group, nps_mde, nps_n_for_margin, nps_n_per_group, proportion_n_for_margin,
    proportion_n_per_group, rule_of_three,
};

use super::inputs::{Inputs, number, whole};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    let power = || Power { alpha: inputs.number("alpha"), power: inputs.number("power") };
    Some(match name {
        "nps_n_for_margin" => {
            let (promoters, detractors) =
                (inputs.number("p_promoter"), inputs.number("p_detractor"));
            let population = whole(&inputs.0["population"]);
            let margin = inputs.number("margin_points");
            let size = nps_n_for_margin(promoters, detractors, margin, population, inputs.conf());
            json!({"n_infinite": number(size.map(|size| size.n_infinite)), "n": size.map(|size| size.n)})
        }
        "nps_mde" => {
            let mde =
                nps_mde(inputs.count("n1"), inputs.count("n2"), inputs.number("variance"), power());
            json!({"mde_points": number(mde)})
        }
        "nps_n_per_group" => {
            let n =
                nps_n_per_group(inputs.number("delta_points"), inputs.number("variance"), power());
            json!({"n_per_group": n})
        }
        "proportion_n_per_group" => {
            let n = proportion_n_per_group(inputs.number("p1"), inputs.number("p2"), power());
            json!({"n": number(n), "n_ceil": number(n.map(f64::ceil))})
        }
        "mean_n_per_group" => {
            json!({"n_ceil": mean_n_per_group(inputs.number("delta"), inputs.number("sd"), power())})
        }
        "proportion_n_for_margin" => {
            let n =
                proportion_n_for_margin(inputs.number("p"), inputs.number("margin"), inputs.conf());
            json!({"n": number(n)})
        }
        "rule_of_three" => {
            let bound = rule_of_three(inputs.count("n"), inputs.conf());
            json!({
                "upper_exact": number(bound.map(|bound| bound.upper_exact)),
                "upper_rule": number(bound.map(|bound| bound.upper_rule)),
            })
        }
        _ => return None,
    })
}
