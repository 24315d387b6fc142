//! The rules that no type can say: ids and references, bindings that exclude each other, limits that fit together.

use std::collections::HashSet;

use super::problem::{Problem, Problems, Severity};
use super::shape::listed;
use super::structure::short;
use super::tree::Node;
use crate::journey::{Journey, Phase};
use crate::nearest::nearest;
use crate::question::{QUESTIONS, find_question};

mod bindings;
mod ids;
mod lanes;
mod names;
mod standards;

/// Adds what is wrong with the meaning. `damaged` are objects whose keys are wrong, so that a stand-in may have taken
/// the place of what was written: of them as a whole nothing more is said, and nobody is warned of anything yet.
pub(crate) fn check(
    journey: &Journey,
    root: &Node,
    damaged: &HashSet<String>,
    problems: &mut Problems,
) {
    let warns = !problems.any_error();
    let mut check = Check { journey, root, damaged, problems, warns };
    ids::check(&mut check);
    lanes::check(&mut check);
    names::check(&mut check);
    bindings::check(&mut check);
    standards::check(&mut check);
    instance(&mut check);
    questions(&mut check);
    gaps(&mut check);
}

pub(crate) struct Check<'a> {
    journey: &'a Journey,
    root: &'a Node,
    damaged: &'a HashSet<String>,
    problems: &'a mut Problems,
    warns: bool,
}

impl Check<'_> {
    fn error(&mut self, pointer: &str, message: String, suggestion: impl Into<Option<String>>) {
        self.push(Severity::Error, pointer, message, suggestion.into());
    }

    /// An error of an object as a whole, rather than of one of its keys.
    fn error_of_whole(
        &mut self,
        pointer: &str,
        message: String,
        suggestion: impl Into<Option<String>>,
    ) {
        if !self.damaged.contains(pointer) {
            self.error(pointer, message, suggestion);
        }
    }

    fn warn(&mut self, pointer: &str, message: String, suggestion: impl Into<Option<String>>) {
        if self.warns {
            self.push(Severity::Warning, pointer, message, suggestion.into());
        }
    }

    fn push(
        &mut self,
        severity: Severity,
        pointer: &str,
        message: String,
        suggestion: Option<String>,
    ) {
        let place = self.root.place_of(pointer);
        let (line, column, pointer) = (place.line, place.column, pointer.to_owned());
        self.problems.push(Problem { severity, line, column, pointer, message, suggestion });
    }

    fn line(&self, pointer: &str) -> usize {
        self.root.place_of(pointer).line
    }

    /// "did you mean", or the few that there are.
    fn meant(&self, word: &str, known: &[&str]) -> Option<String> {
        if self.problems.is_full() {
            return None;
        }
        match nearest(word, known.iter().copied()) {
            Some(meant) => Some(format!("did you mean `{meant}`?")),
            None if (1..=8).contains(&known.len()) => Some(format!("there are {}", listed(known))),
            None => None,
        }
    }
}

/// Pointers of all touchpoints, in document order.
fn touchpoint_pointers(journey: &Journey) -> Vec<String> {
    let stages = journey.stages.iter().enumerate();
    stages
        .flat_map(|(stage, s)| {
            (0..s.touchpoints.len()).map(move |at| format!("/stages/{stage}/touchpoints/{at}"))
        })
        .collect()
}

fn instance(check: &mut Check<'_>) {
    let by = check.journey.instance.by.as_str();
    if by == "customer" || by.is_empty() {
        return;
    }
    if by.trim() != by || by.chars().any(char::is_control) {
        let message = format!("`{}` cannot be the name of an attribute", short(by));
        check.error("/instance/by", message, format!("write `{}`", short(by.trim())));
    } else if matches!(by, "customer_id" | "at" | "activity" | "event_id") {
        let message =
            format!("`{by}` is a column that every event has, not an attribute of an instance");
        check.error(
            "/instance/by",
            message,
            "write `customer`, or the attribute that carries the instance's id".to_owned(),
        );
    } else if nearest(by, ["customer"]).is_some() {
        let message = format!("instances are told apart by the attribute `{}`", short(by));
        check.warn("/instance/by", message, "did you mean `customer`?".to_owned());
    }
}

/// Numbers that the company gives lie on the scale of their question.
fn questions(check: &mut Check<'_>) {
    let journey = check.journey;
    for ((_, touchpoint), pointer) in journey.touchpoints().zip(touchpoint_pointers(journey)) {
        for (question, value) in &touchpoint.targets {
            score(check, question, *value, &format!("{pointer}/targets"));
        }
        for (question, value) in touchpoint.belief.iter().flat_map(|belief| &belief.scores) {
            score(check, question, *value, &format!("{pointer}/belief"));
        }
    }
    if let Some(loyalty) = &journey.outcomes.loyalty {
        known_question(check, &loyalty.question, "/outcomes/loyalty/question");
    }
}

fn score(check: &mut Check<'_>, question: &str, value: f64, map: &str) {
    let pointer = super::tree::below(map, question);
    match find_question(question) {
        Some(known) if value < known.score.0 || value > known.score.1 => {
            let (low, high) = known.score;
            let points = if question == "nps" { " points" } else { "" };
            check.error(
                &pointer,
                format!("`{question}` goes from {low} to {high}{points}, so {value} cannot be"),
                None,
            );
        }
        Some(_) => {}
        None => known_question(check, question, &pointer),
    }
}

/// A journey may ask questions of its own; one that is nearly ours is rather a slip.
fn known_question(check: &mut Check<'_>, question: &str, pointer: &str) {
    let known = QUESTIONS.iter().map(|question| question.name);
    if find_question(question).is_some() || check.problems.is_full() {
        return;
    }
    // Names of three letters are all near each other.
    let close =
        nearest(question, known).filter(|name| name.len() > 3 || question.to_lowercase() == *name);
    if let Some(meant) = close {
        let message = format!("`{}` is taken as a question of your own", short(question));
        check.warn(pointer, message, format!("did you mean `{meant}`?"));
    }
}

/// What a map can do without, but a measured journey cannot.
fn gaps(check: &mut Check<'_>) {
    let journey = check.journey;
    for ((stage, touchpoint), pointer) in journey.touchpoints().zip(touchpoint_pointers(journey)) {
        if touchpoint.owner.is_none() && stage.owner.is_none() {
            let message = format!("touchpoint `{}` has no owner", touchpoint.id);
            check.warn(&pointer, message, "add `owner:` here or to its stage".to_owned());
        }
        if touchpoint.events.is_empty() && touchpoint.standards.is_empty() {
            let message = format!(
                "touchpoint `{}` has neither events nor standards: nothing can measure it",
                touchpoint.id
            );
            check.warn(
                &pointer,
                message,
                "add `events:` with the activities that mean it".to_owned(),
            );
        }
        // Left out and empty are two designs here, so a key without a value must not be taken for either.
        if touchpoint.next.is_none() && check.root.has(&format!("{pointer}/next")) {
            let suggestion = "write `next: []` if the journey ends here, or remove the key for the next in the document";
            check.error_of_whole(
                &format!("{pointer}/next"),
                "`next` has no value".to_owned(),
                suggestion.to_owned(),
            );
        }
    }
    for (at, handoff) in journey.handoffs.iter().enumerate() {
        for (key, person) in [("giver", &handoff.giver), ("receiver", &handoff.receiver)] {
            if person.is_none() {
                let message = format!(
                    "the hand-off from `{}` to `{}` has no {key}",
                    handoff.from, handoff.to
                );
                check.warn(&format!("/handoffs/{at}"), message, format!("add `{key}:`"));
            }
        }
    }
    let phases: Vec<Phase> = journey.stages.iter().filter_map(|stage| stage.phase).collect();
    for (phase, word) in [(Phase::Before, "before"), (Phase::After, "after")] {
        if !phases.is_empty() && !phases.contains(&phase) {
            let message = format!("no stage lies {word} the purchase");
            check.warn(
                "/stages",
                message,
                format!("add one with `phase: {word}`, or leave phases out"),
            );
        }
    }
}
