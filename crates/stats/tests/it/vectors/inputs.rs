//! A case's inputs as the crate wants them, and its answers as JSON.

use serde_json::Value;
use stats::{Confidence, Estimate, NpsCounts, TwoByTwo};

#[derive(Clone, Copy)]
pub(crate) struct Inputs<'a>(pub(crate) &'a Value);

impl<'a> Inputs<'a> {
    pub(crate) fn at(self, key: &str) -> Inputs<'a> {
        Inputs(&self.0[key])
    }

    pub(crate) fn number(self, key: &str) -> f64 {
        self.0[key].as_f64().unwrap()
    }

    pub(crate) fn maybe(self, key: &str) -> Option<f64> {
        self.0[key].as_f64()
    }

    /// A whole number, also when written as 5.0.
    pub(crate) fn count(self, key: &str) -> u64 {
        whole(&self.0[key]).unwrap()
    }

    pub(crate) fn text(self, key: &str) -> &'a str {
        self.0[key].as_str().unwrap()
    }

    /// 95 % if the case does not say.
    pub(crate) fn conf(self) -> Confidence {
        self.maybe("conf").map_or(Confidence::P95, |level| Confidence::new(level).unwrap())
    }

    pub(crate) fn items(self, key: &str) -> impl Iterator<Item = Inputs<'a>> {
        self.0[key].as_array().unwrap().iter().map(Inputs)
    }

    /// Numbers; anything else in the list is a missing value.
    pub(crate) fn values(self, key: &str) -> Vec<Option<f64>> {
        self.items(key).map(|item| item.0.as_f64()).collect()
    }

    pub(crate) fn numbers(self, key: &str) -> Vec<f64> {
        self.values(key).into_iter().flatten().collect()
    }

    /// Yes and no, written as 1 and 0 or as true and false.
    pub(crate) fn flags(self, key: &str) -> Vec<bool> {
        self.items(key)
            .map(|item| item.0.as_bool().unwrap_or_else(|| item.0.as_f64() == Some(1.0)))
            .collect()
    }

    /// Rows of covariates; a bare number is a row of one.
    pub(crate) fn rows(self, key: &str) -> Vec<Vec<f64>> {
        self.items(key)
            .map(|item| match item.0 {
                Value::Array(row) => row.iter().map(|x| x.as_f64().unwrap()).collect(),
                x => vec![x.as_f64().unwrap()],
            })
            .collect()
    }

    /// Rows of numbers with gaps.
    pub(crate) fn table(self, key: &str) -> Vec<Vec<Option<f64>>> {
        let row = |row: Inputs<'_>| row.0.as_array().unwrap().iter().map(Value::as_f64).collect();
        self.items(key).map(row).collect()
    }

    pub(crate) fn object(self, key: &str) -> impl Iterator<Item = (&'a str, Option<f64>)> {
        self.0[key].as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_f64()))
    }

    pub(crate) fn nps_counts(self) -> NpsCounts {
        NpsCounts::new(self.count("promoters"), self.count("passives"), self.count("detractors"))
    }

    pub(crate) fn churn_table(self) -> TwoByTwo {
        TwoByTwo {
            exposed_bad: self.count("exposed_churned"),
            exposed_good: self.count("exposed_kept"),
            unexposed_bad: self.count("unexposed_churned"),
            unexposed_good: self.count("unexposed_kept"),
        }
    }
}

/// A number that is not finite is an error of the crate, and must not pass for `null`.
pub(crate) fn number(value: Option<f64>) -> Value {
    match value {
        None => Value::Null,
        Some(value) if value.is_finite() => value.into(),
        Some(value) => format!("{value}").into(),
    }
}

pub(crate) fn interval(estimate: &Estimate) -> Value {
    match estimate.interval() {
        Some((lower, upper)) => [lower, upper].map(|limit| number(Some(limit))).to_vec().into(),
        None => Value::Null,
    }
}

pub(crate) fn whole(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_f64().filter(|x| x.fract() == 0.0 && *x >= 0.0).map(|x| x as u64))
}
