//! `truth.yaml`: what the generator planted, and what must be measured of it.

use std::fs;
use std::path::Path;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// The truths of one example.
#[derive(Debug)]
pub(crate) struct Planted {
    /// How many findings are the first ones.
    pub(crate) first: u64,
    /// Standards that hold.
    pub(crate) sound: Vec<String>,
    pub(crate) truths: Vec<Truth>,
    /// Touchpoint → share of all that touchpoints hold of the answer about the whole.
    pub(crate) importance: Map<String, Value>,
    /// Theme → shares of customers and of complaints.
    pub(crate) themes: Map<String, Value>,
}

#[derive(Debug)]
pub(crate) struct Truth {
    pub(crate) id: String,
    pub(crate) kind: String,
    /// Kinds under which the same defect may show as well.
    pub(crate) also: Vec<String>,
    /// As findings write it: `a`, or `a <-> b`.
    pub(crate) about: String,
    pub(crate) touchpoint: String,
    pub(crate) expect: Map<String, Value>,
    pub(crate) recovered_by: String,
}

impl Planted {
    pub(crate) fn read(path: &Path) -> Self {
        let file = yaml(&fs::read_to_string(path).unwrap());
        let truths = file["truths"].as_array().unwrap().iter().map(Truth::of).collect();
        let map = |key: &str| file[key].as_object().cloned().unwrap_or_default();
        Self {
            first: file["first"].as_u64().unwrap(),
            sound: texts(&file["sound"]),
            truths,
            importance: map("importance"),
            themes: map("themes"),
        }
    }

    /// Those that findings must tell.
    pub(crate) fn measured(&self) -> impl Iterator<Item = &Truth> {
        let others = ["contact-audit", "plan"];
        self.truths.iter().filter(move |truth| !others.contains(&truth.recovered_by.as_str()))
    }

    /// Those that a change plan must prove.
    pub(crate) fn planned(&self) -> impl Iterator<Item = &Truth> {
        self.truths.iter().filter(|truth| truth.recovered_by == "plan")
    }
}

impl Truth {
    fn of(truth: &Value) -> Self {
        let text = |key: &str| truth[key].as_str().unwrap().to_owned();
        Self {
            id: text("id"),
            kind: text("kind"),
            also: texts(&truth["also"]),
            about: texts(&truth["about"]).join(" <-> "),
            touchpoint: text("touchpoint"),
            expect: truth["expect"].as_object().unwrap().clone(),
            recovered_by: text("recovered_by"),
        }
    }
}

/// A text or a list of texts; nothing where the key is not there.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        one => vec![one.as_str().unwrap().to_owned()],
    }
}

/// A YAML document as a JSON value; plain scalars that look like numbers are numbers.
fn yaml(text: &str) -> Value {
    let mut parser = Parser::new_from_str(text);
    loop {
        match parser.next_event().unwrap().unwrap().0 {
            Event::StreamStart | Event::DocumentStart(_) => {}
            event => return value(event, &mut || parser.next_event().unwrap().unwrap().0),
        }
    }
}

fn value<'a>(event: Event<'a>, next: &mut dyn FnMut() -> Event<'a>) -> Value {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) => {
            serde_json::from_str(&text).unwrap_or_else(|_| Value::from(text.as_ref()))
        }
        Event::Scalar(text, ..) => Value::from(text.as_ref()),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match next() {
                    Event::SequenceEnd => return Value::from(items),
                    item => items.push(value(item, next)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut entries = Map::new();
            loop {
                match next() {
                    Event::MappingEnd => return Value::from(entries),
                    Event::Scalar(key, ..) => {
                        let event = next();
                        entries.insert(key.into_owned(), value(event, next));
                    }
                    other => panic!("{other:?} is no key"),
                }
            }
        }
        other => panic!("{other:?} is no value"),
    }
}
