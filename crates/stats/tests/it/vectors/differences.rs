//! Differences and many comparisons.

use serde_json::{Value, json};
use stats::{
    Adjustment, NpsDifferenceMethod, adjust_p, category_chi2, mann_whitney, mcnemar,
    nps_difference, nps_paired, proportion_difference, welch_t,
};

use super::inputs::{Inputs, interval, number, whole};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    match name {
        "nps_diff" => nps(inputs),
        "category_chi2" => Some(categories(inputs)),
        "proportion_diff" => Some(proportions(inputs)),
        "welch_t" => Some(welch(inputs)),
        "mann_whitney" => Some(ranks(inputs)),
        "nps_paired" => Some(paired(inputs)),
        "mcnemar" => {
            let test = mcnemar(inputs.count("only_before"), inputs.count("only_after"));
            Some(
                json!({"p_exact": number(Some(test.p_exact)), "odds_ratio": number(test.odds_ratio)}),
            )
        }
        "adjust_p" => adjusted(inputs),
        _ => None,
    }
}

fn nps(inputs: Inputs<'_>) -> Option<Value> {
    let method = match inputs.text("method") {
        "wald" => NpsDifferenceMethod::Wald,
        "adjusted_wald" => NpsDifferenceMethod::AdjustedWald,
        _ => return None,
    };
    let (a, b) = (inputs.at("a").nps_counts(), inputs.at("b").nps_counts());
    let difference = nps_difference(&a, &b, method, inputs.conf());
    Some(json!({
        "diff": number(difference.estimate.value),
        "se": number(difference.estimate.se),
        "z": number(difference.z),
        "p": number(difference.p),
        "lower": number(difference.estimate.lower),
        "upper": number(difference.estimate.upper),
    }))
}

fn categories(inputs: Inputs<'_>) -> Value {
    let counts = |key| inputs.items(key).map(|count| whole(count.0).unwrap()).collect::<Vec<u64>>();
    let test = category_chi2(&counts("a"), &counts("b"));
    json!({
        "chi2": number(test.map(|test| test.chi2)),
        "df": test.map(|test| test.df),
        "p": number(test.map(|test| test.p)),
        "min_expected": number(test.map(|test| test.min_expected)),
    })
}

fn proportions(inputs: Inputs<'_>) -> Value {
    let first = (inputs.count("k1"), inputs.count("n1"));
    let second = (inputs.count("k2"), inputs.count("n2"));
    let difference = proportion_difference(first, second, inputs.conf());
    json!({
        "diff": number(difference.estimate.value),
        "newcombe": interval(&difference.estimate),
        "z_pooled": number(difference.z),
        "p_pooled": number(difference.p_pooled),
        "p_fisher": number(difference.p_fisher),
    })
}

fn welch(inputs: Inputs<'_>) -> Value {
    let test = welch_t(&inputs.numbers("a"), &inputs.numbers("b"), inputs.conf());
    json!({
        "diff": number(test.difference.value),
        "t": number(test.t),
        "df": number(test.df),
        "p": number(test.p),
        "lower": number(test.difference.lower),
        "upper": number(test.difference.upper),
    })
}

fn ranks(inputs: Inputs<'_>) -> Value {
    let test = mann_whitney(&inputs.values("a"), &inputs.values("b"));
    json!({
        "u": number(test.map(|test| test.u)),
        "p": number(test.map(|test| test.p)),
        "prob_superiority": number(test.map(|test| test.prob_superiority)),
    })
}

fn paired(inputs: Inputs<'_>) -> Value {
    let pairs: Vec<_> = inputs.values("before").into_iter().zip(inputs.values("after")).collect();
    let test = nps_paired(&pairs, inputs.conf());
    json!({
        "diff": number(test.difference.value),
        "se": number(test.difference.se),
        "lower": number(test.difference.lower),
        "upper": number(test.difference.upper),
        "p": number(test.p),
        "stuart_maxwell_chi2": number(test.stuart_maxwell.map(|margins| margins.chi2)),
        "stuart_maxwell_p": number(test.stuart_maxwell.map(|margins| margins.p)),
        "stuart_maxwell_df": test.stuart_maxwell.map(|margins| margins.df),
    })
}

fn adjusted(inputs: Inputs<'_>) -> Option<Value> {
    let adjustment = match inputs.text("method") {
        "bh" => Adjustment::BenjaminiHochberg,
        "by" => Adjustment::BenjaminiYekutieli,
        "holm" => Adjustment::Holm,
        _ => return None,
    };
    let adjusted = adjust_p(&inputs.values("p"), adjustment);
    Some(json!({"adjusted": adjusted.into_iter().map(number).collect::<Vec<_>>()}))
}
