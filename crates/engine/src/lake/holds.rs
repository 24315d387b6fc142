//! Whether a text that somebody sent holds a certain customer.

use serde_json::Value;

use super::keys::Keys;
use crate::import::{Letters, hash};

/// Whom to look for: by the id, or by the key alone, where nobody knows the id any more.
#[derive(Debug)]
pub(crate) struct Sought {
    id: Option<String>,
    customer: u64,
    keys: Keys,
}

impl Sought {
    pub(crate) fn named(id: &str, keys: Keys) -> Self {
        Self { id: Some(id.to_owned()), customer: keys.of(hash(id.as_bytes())), keys }
    }

    pub(crate) fn by_key(customer: u64, keys: Keys) -> Self {
        Self { id: None, customer, keys }
    }

    /// The longest part of the id that is written in the same way in every format; empty if the id is not known.
    pub(crate) fn hint(&self) -> &str {
        let id = self.id.as_deref().unwrap_or_default();
        let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_.@:".contains(it);
        let parts = id.split(|it| !is_plain(it));
        parts.max_by_key(|part| part.len()).unwrap_or_default()
    }

    /// The hint, and whether the id begins and ends with it.
    pub(crate) fn letters(&self) -> Letters<'_> {
        let (text, id) = (self.hint(), self.id.as_deref().unwrap_or_default());
        let [begin, end] = [id.chars().next(), id.chars().next_back()]
            .map(|it| it.is_some_and(|it| it.is_ascii_alphanumeric()));
        Letters { text, begin: begin && id.starts_with(text), end: end && id.ends_with(text) }
    }

    /// Whether a text holds the customer; JSON is looked at value by value.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        match serde_json::from_str::<Value>(text) {
            Ok(value) => self.is_in_value(&value),
            Err(_) => self.is_in_plain(text),
        }
    }

    fn is_in_value(&self, value: &Value) -> bool {
        match value {
            Value::Null | Value::Bool(_) => false,
            Value::Number(number) => self.is_in_plain(&number.to_string()),
            Value::String(text) => self.is_in_plain(text),
            Value::Array(values) => values.iter().any(|it| self.is_in_value(it)),
            Value::Object(fields) => {
                fields.iter().any(|(name, it)| self.is_in_plain(name) || self.is_in_value(it))
            }
        }
    }

    fn is_in_plain(&self, text: &str) -> bool {
        let Some(id) = &self.id else { return self.is_a_piece_of(text) };
        // `C1` is not in `C12`.
        let is_word = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
        let (first, last) = (id.chars().next(), id.chars().next_back());
        !id.is_empty()
            && text.match_indices(id.as_str()).any(|(at, found)| {
                let before = text[..at].chars().next_back();
                let after = text[at + found.len()..].chars().next();
                !(is_word(before) && is_word(first) || is_word(after) && is_word(last))
            })
    }

    fn is_a_piece_of(&self, text: &str) -> bool {
        let is = |text: &str| self.keys.of(hash(text.as_bytes())) == self.customer;
        let pieces = text.split([',', ';', '\t', '|', '\n', ' ']);
        is(text) || pieces.map(|it| it.trim().trim_matches('"')).any(is)
    }
}

#[cfg(test)]
mod tests {
    use store::HashKey;

    use super::{Keys, Sought};

    fn check(id: &str, text: &str, is_there: bool) {
        let keys = Keys::new(HashKey::from_bytes([7; 16]));
        let named = Sought::named(id, keys);
        assert_eq!(named.is_in(text), is_there, "{id} in {text}");
        if is_there {
            assert!(Sought::by_key(named.customer, keys).is_in(text), "{id} by its key in {text}");
        }
    }

    #[test]
    fn a_customer_is_found_as_a_whole_in_every_form() {
        check("C1", "C1,paid,2026", true);
        check("C1", "\"C1\";paid", true);
        check("C1", "C12,paid", false);
        check("C1", "AC1,paid", false);
        check("C1", r#"{"userId":"C1","event":"Paid"}"#, true);
        check("17", r#"{"customer_id":17}"#, true);
        check("17", r#"{"customer_id":170}"#, false);
        check("Zoë \"Z\"", r#"{"userId":"Zo\u00eb \"Z\""}"#, true);
        check("ann@example.org", "mail ann@example.org now", true);
        check("", "anything", false);
    }

    #[test]
    fn a_hint_is_written_alike_everywhere() {
        let hint =
            |id: &str| Sought::named(id, Keys::new(HashKey::from_bytes([7; 16]))).hint().to_owned();
        assert_eq!(hint("C-1"), "C-1");
        assert_eq!(hint("Zoë/Miller"), "Miller");
        assert_eq!(hint("家"), "");
    }
}
