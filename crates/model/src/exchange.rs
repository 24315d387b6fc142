//! Journeys in the forms of other programs: Mermaid, CJML, the grid of a spreadsheet, an outline.
//!
//! None of them holds all of a journey document, so each export says what it left out, and each import what it did not
//! understand.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::journey::{Journey, Stage, Touchpoint};

pub mod cjml;
pub mod mermaid;
pub mod outline;
pub mod sheet;
mod xml;

/// A text for another program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Export {
    pub text: String,
    /// What it does not hold.
    pub warnings: Vec<String>,
}

/// A journey that was read from another program's text; it is a valid document.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    pub journey: Journey,
    /// What was not understood, or had to be guessed.
    pub warnings: Vec<String>,
}

/// Why a text is not in its form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Unreadable {
    /// From 1.
    pub line: usize,
    pub message: String,
}

impl Unreadable {
    fn at(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// Beyond this it is not a journey.
const MOST_BYTES: usize = 8 << 20;
const MOST_TOUCHPOINTS: usize = 1_000;

/// Titles come without ids; each gets one that recalls it.
#[derive(Default)]
struct Ids(HashSet<String>);

impl Ids {
    fn of(&mut self, title: &str, or: &str) -> String {
        let id = crate::id::id_of(title).unwrap_or_else(|| or.to_owned());
        // Beyond a certain length nobody reads it; cut at a word.
        let id = match id.char_indices().nth(60) {
            Some((at, _)) => id[..at].trim_end_matches('-').to_owned(),
            None => id,
        };
        let mut free = id.clone();
        let mut number = 1;
        while !self.0.insert(free.clone()) {
            number += 1;
            free = format!("{id}-{number}");
        }
        free
    }
}

/// A stage with its touchpoints still to come.
fn stage(id: String, title: &str) -> Stage {
    let (phase, owner, goal, touchpoints) = (None, None, None, Vec::new());
    Stage { id, title: title.to_owned(), phase, owner, goal, touchpoints }
}

fn touchpoint(id: String, title: &str) -> Touchpoint {
    Touchpoint { id, title: title.to_owned(), ..Touchpoint::default() }
}

/// A journey of stages; those that stayed empty are left out.
fn journey(title: &str, mut stages: Vec<Stage>) -> Option<Journey> {
    stages.retain(|stage| !stage.touchpoints.is_empty());
    if stages.is_empty() {
        return None;
    }
    let mut map = crate::map::Map::new(Ids::default().of(title, "journey"), title);
    map.scope = crate::journey::Scope::Current;
    Some(Journey { stages, ..map.document() })
}

/// Text in one line, without ends.
fn in_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
