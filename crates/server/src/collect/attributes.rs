//! Nested JSON as the flat texts that an event carries.
//!
//! `{"cart":{"total":12.5,"items":["a","b"]}}` becomes `cart.total` = `12.5` and `cart.items` = `["a","b"]`. Nulls and empty
//! texts are nothing. What is too deep stays JSON; what is too long or too many is left out, and `left_out` says how many.

use std::collections::BTreeMap;

use serde_json::Value;

/// Texts by name, within bounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    texts: BTreeMap<String, String>,
    left_out: usize,
}

/// Objects within objects that are taken apart.
const DEEPEST: usize = 4;
/// Attributes of an event at most.
const MOST: usize = 64;
/// Bytes of a name at most.
const LONGEST_NAME: usize = 128;
/// Bytes of a value at most.
const LONGEST_VALUE: usize = 1024;

impl Attributes {
    /// Everything in an object, with names that begin with `prefix`.
    pub(crate) fn add_all(&mut self, prefix: &str, value: &Value) {
        if let Value::Object(object) = value {
            for (name, value) in object {
                let dot = if prefix.is_empty() { "" } else { "." };
                self.add(&format!("{prefix}{dot}{name}"), value, DEEPEST);
            }
        }
    }

    /// One value, whatever it is.
    pub(crate) fn add_one(&mut self, name: &str, value: &Value) {
        self.add(name, value, DEEPEST);
    }

    fn add(&mut self, name: &str, value: &Value, depth: usize) {
        let text = match value {
            Value::Null => return,
            Value::String(text) => text.trim().to_owned(),
            Value::Object(object) if depth > 0 => {
                for (inner, value) in object {
                    self.add(&format!("{name}.{inner}"), value, depth - 1);
                }
                return;
            }
            other => other.to_string(),
        };
        if text.is_empty() {
            return;
        }
        let name = name.trim();
        let is_text = |text: &str| !text.contains('\0');
        let fits = (1..=LONGEST_NAME).contains(&name.len()) && text.len() <= LONGEST_VALUE;
        if fits && is_text(name) && is_text(&text) && self.texts.len() < MOST {
            self.texts.insert(name.to_owned(), text);
        } else {
            self.left_out += 1;
        }
    }

    /// As the store keeps them.
    pub(crate) fn into_json(mut self) -> Option<String> {
        if self.left_out > 0 {
            self.texts.insert("left_out".to_owned(), self.left_out.to_string());
        }
        if self.texts.is_empty() {
            return None;
        }
        serde_json::to_string(&self.texts).ok()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::Value;

    use super::Attributes;

    fn check(text: &str, expect: Expect) {
        let value: Value = serde_json::from_str(text).unwrap();
        let mut attributes = Attributes::default();
        attributes.add_all("", &value);
        expect.assert_eq(&attributes.into_json().unwrap_or_default());
    }

    #[test]
    fn nested_values_become_flat_texts() {
        check(
            r#"{"cart":{"total":12.50,"items":["a",{"b":1}],"empty":{},"gone":null},"new":true,"note":" "}"#,
            expect![[r#"{"cart.items":"[\"a\",{\"b\":1}]","cart.total":"12.5","new":"true"}"#]],
        );
        check(
            r#"{"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}"#,
            expect![[r#"{"a.b.c.d.e":"{\"f\":1}"}"#]],
        );
        check("{}", expect![""]);
        check("7", expect![""]);
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_counted() {
        check(
            &format!(r#"{{"a":"{}","b\u0000":"x","c":"x"}}"#, "x".repeat(1025)),
            expect![[r#"{"c":"x","left_out":"2"}"#]],
        );
        let many: Vec<String> = (0..100).map(|n| format!("\"k{n}\":{n}")).collect();
        let value: Value = serde_json::from_str(&format!("{{{}}}", many.join(","))).unwrap();
        let mut attributes = Attributes::default();
        attributes.add_all("", &value);
        assert_eq!((attributes.texts.len(), attributes.left_out), (64, 36));
    }
}
