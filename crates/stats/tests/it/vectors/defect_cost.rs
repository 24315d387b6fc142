//! What a defect costs: association, attribution, survival.

use serde_json::{Value, json};
use stats::{
    Claim, CoxFit, CoxRow, CoxTerm, Customer, Estimate, Fix, Lifetime, Ties, TwoByTwo,
    adjusted_attributable_fraction, cox, customers_saved, kaplan_meier, log_rank, mantel_haenszel,
};

use super::inputs::{Inputs, interval, number};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    match name {
        "two_by_two" => Some(two_by_two(inputs)),
        "mantel_haenszel" => Some(stratified(inputs)),
        "adjusted_attributable_fraction" => Some(attributable(inputs)),
        "customers_saved" => Some(saved(inputs)),
        "kaplan_meier" => Some(survival(inputs)),
        "log_rank" => Some(groups(inputs)),
        "cox" => hazards(inputs),
        "cox_time_varying" => Some(changing_hazards(inputs)),
        _ => None,
    }
}

fn two_by_two(inputs: Inputs<'_>) -> Value {
    let table = inputs.churn_table().association(inputs.conf());
    json!({
        "risk_exposed": number(table.risk_exposed.share),
        "risk_unexposed": number(table.risk_unexposed.share),
        "rd": number(table.risk_difference.value),
        "rd_ci": interval(&table.risk_difference),
        "or": number(table.odds_ratio.value),
        "or_ci": interval(&table.odds_ratio),
        "rr": number(table.risk_ratio.value),
        "rr_ci": interval(&table.risk_ratio),
        "continuity_corrected": table.continuity_corrected,
        "paf": number(table.attributable_fraction.value),
        "paf_ci": interval(&table.attributable_fraction),
        "e_value": number(table.e_value),
        "e_value_ci": number(table.e_value_limit),
    })
}

fn stratified(inputs: Inputs<'_>) -> Value {
    let strata: Vec<TwoByTwo> = inputs
        .items("strata")
        .map(|stratum| TwoByTwo {
            exposed_bad: stratum.count("a"),
            exposed_good: stratum.count("b"),
            unexposed_bad: stratum.count("c"),
            unexposed_good: stratum.count("d"),
        })
        .collect();
    let pooled = mantel_haenszel(&strata, inputs.conf());
    json!({
        "rr": number(pooled.risk_ratio.value),
        "rr_ci": interval(&pooled.risk_ratio),
        "rd": number(pooled.risk_difference.value),
        "rd_se": number(pooled.risk_difference.se),
        "rd_ci": interval(&pooled.risk_difference),
        "or": number(pooled.odds_ratio.value),
        "or_ci": interval(&pooled.odds_ratio),
        "cmh_chi2": number(pooled.chi2),
        "cmh_p": number(pooled.p),
    })
}

fn attributable(inputs: Inputs<'_>) -> Value {
    let (churned, defect) = (inputs.flags("churned"), inputs.flags("defect"));
    let covariates =
        if inputs.0["covariates"].is_null() { Vec::new() } else { inputs.rows("covariates") };
    let customers: Vec<Customer> = (0..churned.len())
        .map(|i| Customer {
            bad: churned[i],
            exposed: defect[i],
            covariates: covariates.get(i).cloned().unwrap_or_default(),
        })
        .collect();
    let result = adjusted_attributable_fraction(&customers, inputs.conf()).unwrap();
    let fraction = result.as_ref().map(|result| &result.fraction);
    let column = |part: fn(&(f64, f64)) -> f64| {
        let part = |result: &stats::AdjustedAttribution| {
            result.coefficients.iter().map(part).collect::<Vec<_>>()
        };
        result.as_ref().map(part)
    };
    json!({
        "coef": column(|term| term.0),
        "coef_se": column(|term| term.1),
        "af": number(fraction.and_then(|fraction| fraction.value)),
        "af_se": number(fraction.and_then(|fraction| fraction.se)),
        "af_ci": fraction.map(interval),
        "risk_observed": number(result.as_ref().map(|result| result.risk_observed)),
        "risk_if_fixed": number(result.as_ref().map(|result| result.risk_if_fixed)),
        "af_crude": number(result.as_ref().and_then(|result| result.crude_fraction)),
    })
}

fn saved(inputs: Inputs<'_>) -> Value {
    let fix = Fix {
        exposed_per_year: inputs.number("exposed_per_year"),
        effectiveness: inputs.number("fix_effectiveness"),
        value_per_customer: inputs.maybe("value_per_customer"),
    };
    let saved = customers_saved(&inputs.churn_table(), &fix, inputs.conf());
    json!({
        "saved": number(saved.saved.value),
        "saved_ci": interval(&saved.saved),
        "value": number(saved.value.as_ref().and_then(|value| value.value)),
        "value_ci": saved.value.as_ref().map(interval),
        "claim": match saved.claim {
            Claim::Supported => "supported",
            Claim::NotSupported => "not_supported",
        },
    })
}

fn lifetimes(inputs: Inputs<'_>) -> Vec<Lifetime> {
    let times = inputs.numbers("time");
    times
        .into_iter()
        .zip(inputs.flags("event"))
        .map(|(time, event)| Lifetime { time, event })
        .collect()
}

fn survival(inputs: Inputs<'_>) -> Value {
    let curve = kaplan_meier(&lifetimes(inputs), inputs.conf());
    let points: Vec<Estimate> =
        inputs.numbers("at").into_iter().map(|time| curve.survival_at(time)).collect();
    let column = |part: fn(&Estimate) -> Option<f64>| {
        points.iter().map(|point| number(part(point))).collect::<Vec<_>>()
    };
    let median = curve.median();
    let restricted = inputs.maybe("rmst_tau").map(|horizon| curve.restricted_mean(horizon));
    json!({
        "survival": column(|point| point.value),
        "se": column(|point| point.se),
        "lower": column(|point| point.lower),
        "upper": column(|point| point.upper),
        "median": number(median.value),
        "median_ci": [number(median.lower), number(median.upper)],
        "rmst": number(restricted.as_ref().and_then(|mean| mean.value)),
        "rmst_se": number(restricted.as_ref().and_then(|mean| mean.se)),
    })
}

fn groups(inputs: Inputs<'_>) -> Value {
    // Numbers sort as numbers, words as words.
    let key = |group: Inputs<'_>| (group.0.as_i64(), group.0.to_string());
    let rows: Vec<_> = inputs.items("group").map(key).zip(lifetimes(inputs)).collect();
    let test = log_rank(&rows);
    json!({
        "chi2": number(test.chi2),
        "df": test.df,
        "p": number(test.p),
        "observed": test.groups.iter().map(|group| group.observed).collect::<Vec<_>>(),
        "expected": test.groups.iter().map(|group| number(Some(group.expected))).collect::<Vec<_>>(),
    })
}

fn hazards(inputs: Inputs<'_>) -> Option<Value> {
    let ties = match inputs.0["ties"].as_str() {
        None | Some("efron") => Ties::Efron,
        Some("breslow") => Ties::Breslow,
        _ => return None,
    };
    let rows: Vec<CoxRow> = lifetimes(inputs)
        .into_iter()
        .zip(inputs.rows("x"))
        .map(|(life, x)| CoxRow::whole_life(life.time, life.event, x))
        .collect();
    let fit = cox(&rows, ties, inputs.conf()).unwrap();
    let column = |part: fn(&CoxTerm) -> Option<f64>| {
        fit.as_ref().map(|fit| fit.terms.iter().map(|term| number(part(term))).collect::<Vec<_>>())
    };
    Some(json!({
        "coef": column(|term| term.coefficient),
        "se": column(|term| term.se),
        "hr": column(|term| term.hazard_ratio),
        "hr_lower": column(|term| term.lower),
        "hr_upper": column(|term| term.upper),
        "loglik_null": number(fit.as_ref().map(|fit| fit.loglik_null)),
        "loglik": number(fit.as_ref().map(|fit| fit.loglik)),
    }))
}

fn changing_hazards(inputs: Inputs<'_>) -> Value {
    let (starts, stops, events) =
        (inputs.numbers("start"), inputs.numbers("stop"), inputs.flags("event"));
    let rows: Vec<CoxRow> = inputs
        .rows("x")
        .into_iter()
        .enumerate()
        .map(|(i, covariates)| CoxRow {
            start: starts[i],
            stop: stops[i],
            event: events[i],
            covariates,
        })
        .collect();
    let fit = |rows: &[CoxRow]| cox(rows, Ties::Efron, inputs.conf()).unwrap();
    let first = |fit: &Option<CoxFit>, part: fn(&CoxTerm) -> Option<f64>| {
        number(fit.as_ref().and_then(|fit| part(&fit.terms[0])))
    };
    let right = fit(&rows);
    json!({
        "coef": first(&right, |term| term.coefficient),
        "se": first(&right, |term| term.se),
        "loglik": number(right.as_ref().map(|fit| fit.loglik)),
        "naive_coef": first(&fit(&ever(&rows)), |term| term.coefficient),
    })
}

/// The wrong coding, to show the size of its error: one row per customer, with whatever was ever true of them. A row that
/// begins where the one before it ended goes on with the same customer.
fn ever(rows: &[CoxRow]) -> Vec<CoxRow> {
    let mut customers: Vec<CoxRow> = Vec::new();
    let mut last_stop = f64::NAN;
    for row in rows {
        match customers.last_mut() {
            Some(customer) if row.start > 0.0 && row.start == last_stop => {
                customer.stop = row.stop;
                customer.event = row.event;
                for (ever, now) in customer.covariates.iter_mut().zip(&row.covariates) {
                    *ever = ever.max(*now);
                }
            }
            _ => customers.push(CoxRow { start: f64::NEG_INFINITY, ..row.clone() }),
        }
        last_stop = row.stop;
    }
    customers
}
