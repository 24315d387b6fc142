//! Scalars: text as written, numbers in their range, words of a list.

use serde_json::Value;

use super::super::scalar::{Plain, is_code, plain};
use super::super::shape::{Range, Shape, TextForm, listed};
use super::super::tree::Node;
use super::{At, Walk, named, short};
use crate::nearest::nearest;
use crate::span::{self, Span};

/// A scalar as it stands in the text.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    pub(super) text: &'a str,
    pub(super) quoted: bool,
}

impl Written<'_> {
    fn meaning(self) -> Plain {
        if self.quoted { Plain::Text } else { plain(self.text) }
    }
}

impl Walk<'_> {
    pub(super) fn scalar(&mut self, written: Written<'_>, shape: &Shape, at: &At) -> Option<Value> {
        if written.meaning() == Plain::Null {
            let suggestion = match shape {
                Shape::Object(object) if object.keys.iter().all(|key| !key.required) => {
                    "write `{}` for none".to_owned()
                }
                shape => format!("write {}", shape.wanted()),
            };
            return self.error(at, format!("{} has no value", named(at)), Some(suggestion));
        }
        match shape {
            Shape::Text(TextForm::Span) => self.span(written.text, at),
            Shape::Text(form) => self.text(written.text, *form, at),
            Shape::Words(words) => self.word(written.text, words, at),
            Shape::Number(range) => self.number(written, range, at),
            Shape::Bool => self.yes_or_no(written, at),
            _ => {
                let node = Node::scalar(at.place, written.text.to_owned(), written.quoted);
                self.wrong_kind(&node, shape, at)
            }
        }
    }

    /// Where text, number and yes/no are all allowed: an attribute's value.
    pub(super) fn free_scalar(&mut self, written: Written<'_>, at: &At) -> Option<Value> {
        let text = written.text;
        match written.meaning() {
            Plain::Null => {
                let suggestion = "write `\"\"` for empty text".to_owned();
                self.error(at, format!("{} has no value", named(at)), Some(suggestion))
            }
            Plain::NotFinite => {
                let message =
                    format!("{} must be a finite number, not `{}`", named(at), short(text));
                self.error(at, message, Some("put it in quotes if it is text".to_owned()))
            }
            Plain::Bool(value) => Some(Value::from(value)),
            Plain::Integer(_) | Plain::Number(_) if is_code(text) => Some(Value::from(text)),
            Plain::Integer(value) => Some(Value::from(value)),
            Plain::Number(value) => Some(Value::from(value)),
            Plain::Text => Some(Value::from(text)),
        }
    }

    /// Text is taken as written: an activity called `100` needs no quotes.
    fn text(&mut self, text: &str, form: TextForm, at: &At) -> Option<Value> {
        if form == TextForm::Filled && text.trim().is_empty() {
            return self.error(at, format!("{} is empty", named(at)), None);
        }
        if form == TextForm::Id && !crate::id::is_id(text) {
            let message =
                format!("`{}` is no id: an id is lower-case words and hyphens", short(text));
            return self.error(
                at,
                message,
                crate::id::id_of(text).map(|id| format!("did you mean `{id}`?")),
            );
        }
        Some(Value::from(text))
    }

    fn span(&mut self, text: &str, at: &At) -> Option<Value> {
        if text.parse::<Span>().is_ok() {
            return Some(Value::from(text));
        }
        let suggestion = match span::meant(text) {
            Some(span) => format!("did you mean `{span}`?"),
            None => "write a number and s, m, h, d or w, such as `90s` or `7d`".to_owned(),
        };
        self.error(
            at,
            format!("{}: `{}` is no span of time", named(at), short(text)),
            Some(suggestion),
        )
    }

    fn word(&mut self, text: &str, words: &[String], at: &At) -> Option<Value> {
        if words.iter().any(|word| word == text) {
            return Some(Value::from(text));
        }
        let message =
            format!("{} must be one of {}, not `{}`", named(at), listed(words), short(text));
        let meant = nearest(text, words.iter().map(String::as_str))
            .map(|word| format!("did you mean `{word}`?"));
        self.error(at, message, meant)
    }

    fn yes_or_no(&mut self, written: Written<'_>, at: &At) -> Option<Value> {
        if let Plain::Bool(value) = written.meaning() {
            return Some(Value::from(value));
        }
        let meant = match written.text.to_lowercase().as_str() {
            "yes" | "y" | "on" | "true" | "1" => Some("true"),
            "no" | "n" | "off" | "false" | "0" => Some("false"),
            _ => None,
        };
        let message =
            format!("{} must be `true` or `false`, not `{}`", named(at), short(written.text));
        self.error(at, message, meant.map(|meant| format!("write `{meant}`, without quotes")))
    }

    fn number(&mut self, written: Written<'_>, range: &Range, at: &At) -> Option<Value> {
        let (number, whole) = match written.meaning() {
            Plain::Integer(value) => (value as f64, Some(value)),
            Plain::Number(value) => (value, None),
            _ => return self.no_number(written, range, at),
        };
        if let Some(limits) = outside(number, range) {
            // 90 was meant in percent; 2 may be anything.
            let share = !range.whole
                && (range.most == Some(1.0) && number >= 10.0 || range.below == Some(1.0));
            let percent = share && number > 0.0 && number <= 100.0;
            let suggestion = percent.then(|| format!("write a share: `{}`", number / 100.0));
            return self.error(
                at,
                format!("{} must be {limits}, not {}", named(at), short(written.text)),
                suggestion,
            );
        }
        match whole {
            Some(whole) => Some(Value::from(whole)),
            None if !range.whole => Some(Value::from(number)),
            None if number.fract() == 0.0 && number.abs() < 9e15 => {
                Some(Value::from(number as i64))
            }
            None => self.error(
                at,
                format!("{} must be a whole number, not {}", named(at), short(written.text)),
                None,
            ),
        }
    }

    fn no_number(&mut self, written: Written<'_>, range: &Range, at: &At) -> Option<Value> {
        let bare = matches!(plain(written.text), Plain::Integer(_) | Plain::Number(_));
        let suggestion = match percent(written.text) {
            Some(share) => Some(format!("write a share: `{share}`")),
            None if bare => Some(format!("write `{}`, without quotes", written.text)),
            None => None,
        };
        let wanted = Shape::Number(*range).wanted();
        self.error(
            at,
            format!("{} must be {wanted}, not `{}`", named(at), short(written.text)),
            suggestion,
        )
    }
}

/// `90 %` → 0.9
fn percent(text: &str) -> Option<f64> {
    match plain(text.trim().strip_suffix('%')?.trim()) {
        Plain::Integer(value) => Some(value as f64 / 100.0),
        Plain::Number(value) => Some(value / 100.0),
        _ => None,
    }
}

/// The limits in words, if the number is outside.
fn outside(number: f64, range: &Range) -> Option<String> {
    let inside = range.least.is_none_or(|limit| number >= limit)
        && range.most.is_none_or(|limit| number <= limit)
        && range.above.is_none_or(|limit| number > limit)
        && range.below.is_none_or(|limit| number < limit);
    if inside {
        return None;
    }
    Some(match (range.least, range.above, range.most, range.below) {
        (Some(least), _, Some(most), _) if least == most => format!("{least}"),
        (Some(least), _, Some(most), _) => format!("from {least} to {most}"),
        (_, Some(above), Some(most), _) => format!("above {above} and at most {most}"),
        (Some(least), _, _, Some(below)) => format!("at least {least} and below {below}"),
        (Some(least), ..) => format!("at least {least}"),
        (None, Some(above), None, None) => format!("above {above}"),
        _ => "in its range".to_owned(),
    })
}
