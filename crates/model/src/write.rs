//! Journey → YAML, in the order and the manner in which a person would write it.
//!
//! Short lists and small mappings stand on one line; the rest is indented. Text is quoted only where a reader of YAML
//! would take it for something else.

use serde_json::{Map, Value};

use crate::document::is_text;
use crate::journey::Journey;
use crate::span::Span;

/// A line does not grow beyond this if it can be broken.
const WIDTH: usize = 110;

/// The document of a journey; reading it gives the same journey.
pub fn write(journey: &Journey) -> String {
    let mut out = String::new();
    if let Ok(Value::Object(map)) = serde_json::to_value(journey) {
        entries(&map, 0, &mut out);
    }
    out
}

/// A value on one line, as a document would show it in a list.
pub(crate) fn inline(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => {
            number.as_f64().map_or(number.to_string(), |value| match number.as_u64() {
                Some(whole) => whole.to_string(),
                None => decimal(value),
            })
        }
        Value::String(text) => text_in_line(text),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| {
                format!("{}: {}", text_in_line(key), inline(value))
            };
            format!("{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

fn entries(map: &Map<String, Value>, depth: usize, out: &mut String) {
    for (at, (key, value)) in map.iter().enumerate() {
        if at > 0 {
            indent(depth, out);
        }
        out.push_str(&text_in_line(key));
        out.push(':');
        entry_value(value, depth, out);
    }
}

fn entry_value(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(map) if !on_one_line(value, depth) => {
            out.push('\n');
            indent(depth + 1, out);
            entries(map, depth + 1, out);
        }
        Value::Array(items) if !on_one_line(value, depth) => {
            out.push('\n');
            for item in items {
                indent(depth + 1, out);
                out.push_str("- ");
                list_item(item, depth + 2, out);
            }
        }
        Value::String(text) => {
            out.push(' ');
            out.push_str(&text_alone(text));
            out.push('\n');
        }
        value => {
            out.push(' ');
            out.push_str(&inline(value));
            out.push('\n');
        }
    }
}

fn list_item(item: &Value, depth: usize, out: &mut String) {
    match item {
        Value::Object(map) if !on_one_line(item, depth) => entries(map, depth, out),
        Value::String(text) => {
            out.push_str(&text_alone(text));
            out.push('\n');
        }
        item => {
            out.push_str(&inline(item));
            out.push('\n');
        }
    }
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

/// Lists of mappings are tables that people edit, so each entry gets its own lines, unless it is as small as a binding.
fn on_one_line(value: &Value, depth: usize) -> bool {
    let small = |value: &Value| match value {
        Value::Object(map) => map.len() <= 2 && !map.values().any(Value::is_array),
        _ => true,
    };
    let plain = match value {
        Value::Array(items) => items.iter().all(small),
        Value::Object(map) => !map.contains_key("id") && !map.values().any(holds_mapping),
        _ => true,
    };
    plain && 2 * depth + 20 + inline(value).chars().count() <= WIDTH
}

fn holds_mapping(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(holds_mapping),
        Value::Object(map) => !map.is_empty(),
        _ => false,
    }
}

/// Rust writes the shortest digits that read back the same; from 1e15 on with an exponent, so that no reader takes a
/// row of digits for a code.
fn decimal(value: f64) -> String {
    if value.abs() >= 1e15 { format!("{value:e}") } else { format!("{value}") }
}

/// Text inside brackets, where commas and brackets mean something.
fn text_in_line(text: &str) -> String {
    let safe = is_safe(text) && !text.contains([',', '[', ']', '{', '}', '?']);
    if safe { text.to_owned() } else { quoted(text) }
}

/// Text behind `key: ` or `- `.
fn text_alone(text: &str) -> String {
    if is_safe(text) { text.to_owned() } else { quoted(text) }
}

/// Plain text is read as text, whole, by every reader: it begins with a letter, holds nothing that could end it, and is
/// no `true` or `null`. Behind a digit some readers find times and dates, so only spans such as `5m` may begin with one.
fn is_safe(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_alphabetic() || "_/(".contains(c))
        || text.parse::<Span>().is_ok();
    let ends = !text.ends_with(char::is_whitespace);
    let marks = text.contains(" #");
    let old_words =
        matches!(text.to_ascii_lowercase().as_str(), "yes" | "no" | "on" | "off" | "y" | "n");
    let colons = text
        .match_indices(':')
        .all(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_alphanumeric()));
    let printable =
        text.chars().all(|c| c == ' ' || !(c.is_control() || c.is_whitespace() || is_invisible(c)));
    begins && ends && !marks && !old_words && colons && printable && is_text(text)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}')
}

/// In double quotes, which can hold everything.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || is_invisible(c) || (c.is_whitespace() && c != ' ') => {
                out.push_str(&format!("\\U{:08x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
