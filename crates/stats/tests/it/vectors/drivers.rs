//! Derived importance.

use serde_json::{Value, json};
use stats::{
    Covariance, adjusted_r2, bca, em_covariance, importance_with_unmet, lmg, lmg_sampled,
    nearest_correlation, pairwise_correlation, percentile_interval, regression, relative_weights,
};

use super::inputs::{Inputs, number};

/// As good as any other.
const SEED: u64 = 20_260_101;

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    Some(match name {
        "driver_importance" => importance(inputs),
        "driver_importance_cov" | "relative_weights_cov" => of_matrix(matrix(inputs).as_ref()),
        "lmg_sampled" => sampled(inputs),
        "driver_importance_unmet" => unmet(inputs),
        "em_covariance" => em(inputs),
        "pairwise_correlation" => pairwise(inputs),
        "nearest_correlation" => nearest(inputs),
        "bootstrap_interval" => bootstrap(inputs),
        _ => return None,
    })
}

fn numbers(values: Option<&[f64]>) -> Value {
    values.map_or(Value::Null, |values| values.iter().map(|&value| number(Some(value))).collect())
}

fn cells(covariance: &Covariance) -> Value {
    covariance.rows().iter().map(|row| numbers(Some(row))).collect()
}

fn matrix(inputs: Inputs<'_>) -> Option<Covariance> {
    let rows = inputs.table("matrix");
    let complete = rows.into_iter().map(|row| row.into_iter().collect());
    Covariance::new(&complete.collect::<Option<Vec<Vec<f64>>>>()?)
}

/// The outcome first, then the other columns as they come.
fn importance(inputs: Inputs<'_>) -> Value {
    let outcome = inputs.maybe("outcome_column").map_or(0, |column| column as usize);
    let mut rows = inputs.table("data");
    rows.iter_mut().for_each(|row| row[..=outcome].rotate_right(1));
    let fitted = Covariance::of_rows(&rows);
    let covariance = fitted.as_ref().map(|(covariance, _)| covariance);
    let found = covariance.and_then(regression);
    let part = |part: fn(&stats::Regression) -> &Vec<f64>| {
        numbers(found.as_ref().map(|found| part(found).as_slice()))
    };
    let r2 = found.as_ref().map(|found| found.r2);
    let share = |parts: Option<Vec<f64>>| {
        let shares: Option<Vec<f64>> = parts
            .zip(r2.filter(|&r2| r2 > 0.0))
            .map(|(parts, r2)| parts.iter().map(|part| part / r2).collect());
        numbers(shares.as_deref())
    };
    let adjusted = r2
        .zip(fitted.as_ref())
        .and_then(|(r2, (covariance, n))| adjusted_r2(r2, *n, covariance.size() - 1));
    json!({
        "r2": number(r2),
        "r2_adjusted": number(adjusted),
        "lmg": numbers(covariance.and_then(lmg).as_deref()),
        "lmg_share": share(covariance.and_then(lmg)),
        "relative_weights": numbers(covariance.and_then(relative_weights).as_deref()),
        "relative_weights_share": share(covariance.and_then(relative_weights)),
        "pratt": part(|found| &found.pratt),
        "std_beta": part(|found| &found.standardised),
        "correlation": part(|found| &found.correlations),
    })
}

fn of_matrix(covariance: Option<&Covariance>) -> Value {
    json!({
        "r2": number(covariance.and_then(regression).map(|found| found.r2)),
        "lmg": numbers(covariance.and_then(lmg).as_deref()),
        "relative_weights": numbers(covariance.and_then(relative_weights).as_deref()),
    })
}

fn sampled(inputs: Inputs<'_>) -> Value {
    let permutations = inputs.count("permutations") as usize;
    let sampled = matrix(inputs).and_then(|matrix| lmg_sampled(&matrix, permutations, SEED));
    if let Some(sampled) = &sampled {
        let sum: f64 = sampled.shares.iter().sum();
        assert!((sum - sampled.r2).abs() < 1e-9, "{sum} is not {}", sampled.r2);
    }
    json!({
        "r2": number(sampled.as_ref().map(|sampled| sampled.r2)),
        "lmg": numbers(sampled.as_ref().map(|sampled| sampled.shares.as_slice())),
    })
}

fn unmet(inputs: Inputs<'_>) -> Value {
    let found = importance_with_unmet(&inputs.values("outcome"), &inputs.table("touchpoints"));
    let shares = found
        .as_ref()
        .map(|found| found.shares.iter().map(|&share| number(share)).collect::<Value>());
    json!({
        "r2": number(found.as_ref().map(|found| found.r2)),
        "lmg": shares,
        "reach": numbers(found.as_ref().map(|found| found.reach.as_slice())),
    })
}

fn em(inputs: Inputs<'_>) -> Value {
    let fit = em_covariance(&inputs.table("data"));
    let mut answer = of_matrix(fit.as_ref().map(|fit| &fit.covariance));
    answer["mean"] = numbers(fit.as_ref().map(|fit| fit.means.as_slice()));
    answer["cov"] = fit.as_ref().map_or(Value::Null, |fit| cells(&fit.covariance));
    answer
}

fn pairwise(inputs: Inputs<'_>) -> Value {
    let pairwise = pairwise_correlation(&inputs.table("data"));
    let matrix = pairwise.as_ref().and_then(stats::Pairwise::matrix);
    let mut answer = of_matrix(matrix.as_ref());
    answer["min_eigenvalue"] = number(matrix.as_ref().and_then(Covariance::smallest_eigenvalue));
    answer["pair_n"] = json!(pairwise.as_ref().map(|pairwise| &pairwise.n));
    answer["corr"] = pairwise.map_or(Value::Null, |pairwise| {
        let row = |row: &Vec<Option<f64>>| row.iter().map(|&cell| number(cell)).collect::<Value>();
        pairwise.correlations.iter().map(row).collect()
    });
    answer
}

fn nearest(inputs: Inputs<'_>) -> Value {
    let nearest = matrix(inputs).and_then(|matrix| nearest_correlation(&matrix));
    json!({
        "matrix": nearest.as_ref().map_or(Value::Null, |(matrix, _)| cells(matrix)),
        "frobenius": number(nearest.map(|(_, distance)| distance)),
    })
}

fn bootstrap(inputs: Inputs<'_>) -> Value {
    let (replicates, conf) = (inputs.numbers("replicates"), inputs.conf());
    let jackknife = inputs.0["jackknife"].as_array().map(|_| inputs.numbers("jackknife"));
    let limits = |interval: Option<(f64, f64)>| {
        numbers(interval.map(|(lower, upper)| [lower, upper]).as_ref().map(<[f64; 2]>::as_slice))
    };
    let corrected = inputs
        .maybe("estimate")
        .zip(jackknife)
        .and_then(|(estimate, jackknife)| bca(estimate, &replicates, &jackknife, conf));
    json!({
        "percentile": limits(percentile_interval(&replicates, conf)),
        "bca": limits(corrected.and_then(|bca| bca.interval)),
        "z0": number(corrected.and_then(|bca| bca.z0)),
        "acceleration": number(corrected.and_then(|bca| bca.acceleration)),
    })
}
