//! What a reader of a report should know first: where the files and the document do not meet.

use std::collections::BTreeMap;

use model::nearest::nearest;
use model::question::{QUESTIONS, find_question};
use model::resolve::{Held, Resolved};
use model::rule::Name;
use report::answers::{Answer, Told};
use report::document::Report;

use crate::measure::Document;

/// Sentences, the gravest first.
pub(crate) fn notes(document: Document<'_>, report: &Report, told: &Told) -> Vec<String> {
    let mut notes = Vec::new();
    if report.instances.total == 0 {
        // Then no touchpoint has an event, and saying so of each would bury the reason.
        notes.push(
            "no event begins an instance; see `instance.starts` in the document, --from, --to, --as-of and --segment"
                .to_owned(),
        );
    } else {
        notes.extend(silent_touchpoints(document, report));
    }
    notes.extend(unknown_touchpoints(document.journey, told));
    notes.extend(misspelt_questions(&told.answers));
    notes.extend(off_scale(report));
    notes
}

/// A rule that waits for events that cannot come calls every case broken, so its verdict is about the binding.
fn silent_touchpoints(document: Document<'_>, report: &Report) -> Vec<String> {
    let journey = document.journey;
    let is_silent = |id: &str| report.touchpoints.iter().any(|it| it.id == id && it.visits == 0);
    let silent = journey.touchpoints.iter().filter(|stop| is_silent(&stop.touchpoint.id));
    let said = silent.map(|stop| {
        let is_of_it = |name: &Name| match name {
            Name::Touchpoint(id) => *id == stop.touchpoint.id,
            Name::Activity(name) => stop.touchpoint.events.iter().any(|it| it.activity() == name),
        };
        let looks_at_it = |held: &&Held<'_>| {
            held.standard.rule.names().iter().any(|(_, names)| names.names().iter().any(is_of_it))
        };
        let standards = journey.standards.iter().filter(looks_at_it);
        let standards: Vec<&str> = standards.map(|held| held.standard.id.as_str()).collect();
        let doubt = match standards.as_slice() {
            [] => String::new(),
            [one] => format!(", so the standard `{one}` says nothing of customers"),
            some => format!(", so the standards `{}` say nothing of customers", some.join("`, `")),
        };
        let place = document.place(&pointer_of_events(document, &stop.touchpoint.id));
        format!("{place}touchpoint `{}` has no event in these files{doubt}", stop.touchpoint.id)
    });
    said.collect()
}

fn pointer_of_events(document: Document<'_>, id: &str) -> String {
    let stages = document.journey.journey.stages.iter().enumerate();
    let mut found = stages.filter_map(|(s, stage)| {
        let t = stage.touchpoints.iter().position(|touchpoint| touchpoint.id == id)?;
        Some(format!("/stages/{s}/touchpoints/{t}/events"))
    });
    found.next().unwrap_or_default()
}

/// What is told about touchpoints that the document does not have.
fn unknown_touchpoints(journey: &Resolved<'_>, told: &Told) -> Vec<String> {
    let unknown = |about: &mut dyn Iterator<Item = &Option<String>>| {
        let named = about.filter_map(|touchpoint| touchpoint.as_deref());
        counted(named.filter(|touchpoint| journey.find_touchpoint(touchpoint).is_none()))
            .into_iter()
            .map(|(touchpoint, n)| (touchpoint.to_owned(), n))
            .collect::<Vec<_>>()
    };
    let known = || journey.touchpoints.iter().map(|stop| stop.touchpoint.id.as_str());
    let say = |(touchpoint, n): (String, u64), (one, many): (&str, &str), then: &str| {
        let hint = meant(nearest(&touchpoint, known()));
        let are = if n == 1 { format!("1 {one} is") } else { format!("{n} {many} are") };
        format!("{are} about `{touchpoint}`, which is no touchpoint of this journey{hint}; {then}")
    };
    let answers = unknown(&mut told.answers.iter().map(|answer| &answer.touchpoint));
    let complaints = unknown(&mut told.complaints.iter().map(|complaint| &complaint.touchpoint));
    let answers = answers.into_iter().map(|it| say(it, ("answer", "answers"), "left out"));
    let complaints = complaints
        .into_iter()
        .map(|it| say(it, ("complaint", "complaints"), "counted without a touchpoint"));
    answers.chain(complaints).collect()
}

/// A question of the journey's own is no slip, unless it looks like one of ours.
fn misspelt_questions(answers: &[Answer]) -> Vec<String> {
    let asked = answers.iter().map(|answer| answer.question.as_str());
    let own = asked.filter(|question| find_question(question).is_none());
    let said = counted(own).into_iter().filter_map(|(question, n)| {
        let near = nearest(question, QUESTIONS.iter().map(|known| known.name))?;
        let (are, hint) = (answers_are(n), meant(Some(near)));
        Some(format!("{are} to the question `{question}`{hint}; taken as a question of its own"))
    });
    said.collect()
}

fn off_scale(report: &Report) -> Vec<String> {
    let of_touchpoints = report.touchpoints.iter().map(|t| (Some(t.id.as_str()), &t.scores));
    let scores = of_touchpoints.chain([(None, &report.scores)]);
    let invalid = scores.flat_map(|(about, scores)| {
        scores.iter().map(move |(question, score)| (about, question, score.invalid))
    });
    let said = invalid.filter(|(_, _, invalid)| *invalid > 0).map(|(about, question, invalid)| {
        let about = about.map_or("the whole journey".to_owned(), |id| format!("`{id}`"));
        let what = match find_question(question).map(|known| known.answers) {
            Some((lowest, highest)) => {
                format!("off its scale, the whole numbers from {lowest} to {highest}")
            }
            None => "without a score".to_owned(),
        };
        let (answers, are) = if invalid == 1 { ("answer", "is") } else { ("answers", "are") };
        format!("{invalid} {answers} to `{question}` about {about} {are} {what}; left out")
    });
    let kano = report.touchpoints.iter().filter_map(|it| Some((it.id.as_str(), it.kano.as_ref()?)));
    let kano = kano.filter(|(_, kano)| kano.invalid > 0).map(|(id, kano)| {
        let (answers, are) = if kano.invalid == 1 { ("answer", "is") } else { ("answers", "are") };
        format!(
            "{} {answers} to `functional` or `dysfunctional` about `{id}` {are} off the scale, the whole numbers from 1 to 5; left out",
            kano.invalid
        )
    });
    said.chain(kano).collect()
}

/// Words with their number, by word.
fn counted<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u64> {
    let mut counted = BTreeMap::new();
    words.for_each(|word| *counted.entry(word).or_insert(0) += 1);
    counted
}

fn answers_are(n: u64) -> String {
    if n == 1 { "1 answer is".to_owned() } else { format!("{n} answers are") }
}

fn meant(near: Option<&str>) -> String {
    near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"))
}
