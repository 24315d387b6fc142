//! Text → journey, with every problem at once: each with line, column and what to do.
//!
//! Three passes. The text becomes a tree that remembers places (`yaml`, `json`); the tree is held against the
//! shape that the types give (`shape`, `structure`); the journey that comes out is held against the rules that no
//! type can say (`meaning`): ids, references, bindings, limits.

use crate::journey::Journey;

mod change_plan;
mod json;
mod meaning;
mod problem;
mod scalar;
mod shape;
mod structure;
mod tree;
mod yaml;

pub use change_plan::{PlanReading, read_change_plan};
pub use problem::{Problem, Severity};
pub use tree::Place;

use problem::Problems;
use shape::Shape;
use tree::Node;

/// A document beyond these is not a journey but an accident, or an attack.
const MOST_BYTES: usize = 8 << 20;
const MOST_NODES: usize = 200_000;
const MOST_DEPTH: usize = 32;

/// What came of reading a document.
#[derive(Debug, Clone)]
pub struct Reading {
    /// `None` when there is any error; warnings do not matter.
    pub journey: Option<Journey>,
    /// In the order of the document.
    pub problems: Vec<Problem>,
    root: Option<Node>,
}

impl Reading {
    pub fn is_valid(&self) -> bool {
        self.journey.is_some()
    }

    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error)
    }

    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity == Severity::Warning)
    }

    /// Where the value of a JSON pointer stands in the text, for what others find wrong later (an activity that no
    /// event file knows); the nearest thing around it when it is not there.
    pub fn place(&self, pointer: &str) -> Place {
        self.root.as_ref().map_or(Place::START, |root| root.place_of(pointer))
    }
}

/// Whether a plain (not quoted) scalar is text, rather than a number, yes/no or nothing.
pub(crate) fn is_text(plain: &str) -> bool {
    scalar::plain(plain) == scalar::Plain::Text
}

/// Reads a journey document, YAML or JSON.
pub fn read(text: &str) -> Reading {
    let mut problems = Problems::default();
    let begin = "begin with `footpath: 1`, `journey:`, `title:` and `stages:`";
    let root = tree_of(text, begin, &mut problems);
    let journey = root.as_ref().and_then(|root| journey_of(root, &mut problems));
    let journey = journey.filter(|_| !problems.any_error());
    Reading { journey, problems: problems.into_list(), root }
}

/// Reads a journey document from a file's bytes, which must be UTF-8.
pub fn read_bytes(bytes: &[u8]) -> Reading {
    let mut problems = Problems::default();
    match text_of(bytes, &mut problems) {
        Some(text) => read(text),
        None => Reading { journey: None, problems: problems.into_list(), root: None },
    }
}

fn text_of<'a>(bytes: &'a [u8], problems: &mut Problems) -> Option<&'a str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let before =
                String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
            let message = "the file is not UTF-8 text".to_owned();
            refuse(problems, end_of(&before), message, "save it as UTF-8");
            None
        }
    }
}

/// `begin` is what an empty document is told to begin with.
fn tree_of(text: &str, begin: &str, problems: &mut Problems) -> Option<Node> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MOST_BYTES {
        let message = format!("the document is larger than {} MiB", MOST_BYTES >> 20);
        refuse(problems, Place::START, message, "give the journey document, not the events");
        return None;
    }
    // A reader of YAML takes NUL for the end, so what follows would be lost in silence.
    if let Some((before, _)) = text.split_once('\0') {
        refuse(
            problems,
            end_of(before),
            "the text holds a NUL character".to_owned(),
            "remove it; save as UTF-8",
        );
        return None;
    }
    let root = if text.trim_start().starts_with('{') {
        bracketed(text, problems)
    } else {
        yaml::tree(text, problems)
    };
    let empty = match &root {
        None => !problems.any_error(),
        Some(Node { content: tree::Content::Scalar { text, quoted: false }, .. }) => {
            text.is_empty()
        }
        Some(_) => false,
    };
    if empty {
        refuse(problems, Place::START, "the document is empty".to_owned(), begin);
        return None;
    }
    root
}

/// A text that begins with `{` is JSON, or YAML in brackets; when it is neither, it is told off as what it looks like.
fn bracketed(text: &str, problems: &mut Problems) -> Option<Node> {
    let (place, message) = match json::tree(text) {
        Ok(root) => return Some(root),
        Err(problem) => problem,
    };
    let mut as_yaml = Problems::default();
    let root = yaml::tree(text, &mut as_yaml);
    if root.is_some() || !text.trim_start().trim_start_matches('{').trim_start().starts_with('"') {
        as_yaml.into_list().into_iter().for_each(|problem| problems.push(problem));
        return root;
    }
    refuse(
        problems,
        place,
        format!("this is not JSON: {message}"),
        "mend it there; what follows was not read",
    );
    None
}

fn journey_of(root: &Node, problems: &mut Problems) -> Option<Journey> {
    let schema = crate::schema::schema();
    let (value, damaged) = structure::value(root, &Shape::of(&schema, &schema), problems);
    match serde_json::from_value::<Journey>(value) {
        Ok(journey) => {
            meaning::check(&journey, root, &damaged, problems);
            Some(journey)
        }
        Err(error) => {
            // The shape is made from the types, so this needs a mistake of ours; it must not pass in silence.
            refuse(
                problems,
                root.place,
                format!("not a journey: {error}"),
                "see docs/reference/journey-document.md",
            );
            None
        }
    }
}

/// One value as it may stand at a key of the journey (`of`: of one of its parts, by its name in the schema), or what is
/// wrong with it and what to do.
pub(crate) fn part(
    of: Option<&str>,
    key: &str,
    value: &serde_json::Value,
) -> Result<serde_json::Value, String> {
    let schema = crate::schema::schema();
    let object = of.map_or(&schema, |name| &schema["$defs"][name]);
    let Some(property) = object["properties"].get(key) else {
        return Err(format!("unknown key `{key}`"));
    };
    let root = json::tree(&value.to_string())
        .map_err(|(_, message)| format!("`{key}` cannot be read: {message}"))?;
    let mut problems = Problems::default();
    let value = structure::part(&root, &Shape::of(property, &schema), key, &mut problems);
    match problems.into_list().into_iter().next() {
        None => Ok(value),
        Some(Problem { message, suggestion: Some(suggestion), .. }) => {
            Err(format!("{message}; {suggestion}"))
        }
        Some(Problem { message, .. }) => Err(message),
    }
}

fn refuse(problems: &mut Problems, at: Place, message: String, suggestion: &str) {
    problems.push(Problem {
        severity: Severity::Error,
        line: at.line,
        column: at.column,
        pointer: String::new(),
        message,
        suggestion: Some(suggestion.to_owned()),
    });
}

/// The place behind a text.
fn end_of(text: &str) -> Place {
    let line = text.matches('\n').count() + 1;
    let last = text.rsplit('\n').next().unwrap_or_default();
    Place { line, column: last.chars().count() + 1 }
}
