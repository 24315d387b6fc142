//! The quantiles.

use serde_json::{Value, json};
use stats::distributions::{
    beta_quantile, chi2_quantile, gamma_quantile, norm_quantile, norm_two_sided_p, t_quantile,
};

use super::inputs::{Inputs, number};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    if name == "norm_two_sided_p" {
        return Some(json!({"p": number(Some(norm_two_sided_p(inputs.number("z"))))}));
    }
    let p = inputs.maybe("p")?;
    let x = match name {
        "norm_ppf" => norm_quantile(p),
        "t_ppf" => t_quantile(p, inputs.number("df")),
        "chi2_ppf" => chi2_quantile(p, inputs.number("df")),
        "beta_ppf" => beta_quantile(p, inputs.number("a"), inputs.number("b")),
        "gamma_ppf" => gamma_quantile(p, inputs.number("shape")),
        _ => return None,
    };
    Some(json!({"x": number(x)}))
}
