//! Whether an answer is the expected one.

use serde_json::Value;

/// Where the answer is not the expected one; `tol` holds `abs` and `rel`.
pub(crate) fn differences_of(got: &Value, expected: &Value, tol: &Value) -> Vec<String> {
    let tolerance = Tolerance {
        abs: tol["abs"].as_f64().unwrap_or(0.0),
        rel: tol["rel"].as_f64().unwrap_or(0.0),
    };
    let mut differences = Vec::new();
    tolerance.compare("", got, expected, &mut differences);
    differences
}

struct Tolerance {
    abs: f64,
    rel: f64,
}

impl Tolerance {
    fn compare(&self, place: &str, got: &Value, expected: &Value, differences: &mut Vec<String>) {
        let same = match (got, expected) {
            (_, Value::Null) => is_no_value(got),
            (Value::Number(got), Value::Number(expected)) => {
                let (got, expected) = (got.as_f64().unwrap(), expected.as_f64().unwrap());
                (got - expected).abs() <= self.abs + self.rel * expected.abs()
            }
            (Value::Array(got), Value::Array(expected)) if got.len() == expected.len() => {
                for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
                    self.compare(&format!("{place}[{i}]"), got, expected, differences);
                }
                true
            }
            (Value::Object(got), Value::Object(expected)) => {
                for (key, expected) in expected {
                    match got.get(key) {
                        Some(got) => {
                            self.compare(&format!("{place}.{key}"), got, expected, differences)
                        }
                        None => differences
                            .push(format!("{place}.{key} is missing, expected {expected}")),
                    }
                }
                true
            }
            // What does not exist at all has no parts.
            (Value::Null, Value::Object(expected)) => {
                for (key, expected) in expected {
                    self.compare(&format!("{place}.{key}"), &Value::Null, expected, differences);
                }
                true
            }
            _ => got == expected,
        };
        if !same {
            differences.push(format!("{place} got {got}, expected {expected}"));
        }
    }
}

/// `null`, or a list or an object of nothing but `null`: an interval or coefficients none of which exists.
fn is_no_value(got: &Value) -> bool {
    match got {
        Value::Null => true,
        Value::Array(items) => !items.is_empty() && items.iter().all(is_no_value),
        Value::Object(parts) => !parts.is_empty() && parts.values().all(is_no_value),
        _ => false,
    }
}
