//! Sheets on which people code comments by hand, and the comments that a sheet can speak of.
//!
//! A sheet has one row a comment, known by its key alone: no customer, no time. The text is redacted. People write yes or no
//! under each theme and do not see what the program found, so that their word can be held against it.

use std::collections::{BTreeMap, BTreeSet};

use ::words::{Comment, redact, sample};
use model::resolve::Resolved;

use crate::answers::Told;
use crate::build::words::written::{Written, place};
use crate::small_cells::QUOTED_FROM;

/// The columns of a sheet that are not themes: the comment's key, who coded it (empty: one coder), and what the coder reads.
pub const COMMENT: &str = "comment";
pub const CODER: &str = "coder";
pub const BESIDE: [&str; 2] = ["touchpoint", "text"];

/// A sheet to be coded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub csv: String,
    /// Comments on it, and all that there are.
    pub comments: usize,
    pub of: usize,
    /// Customers who wrote them.
    pub customers: usize,
}

/// Keys of all comments of answers and complaints.
pub fn keys(journey: &Resolved<'_>, told: &Told) -> BTreeSet<u64> {
    Written::of(journey, told).all.iter().map(|comment| comment.key().0).collect()
}

/// At least `n` comments of customers drawn at random, each with everything that they wrote; all if there are not as many.
///
/// # Errors
/// What is missing, and what to do.
pub fn sheet(journey: &Resolved<'_>, told: &Told, n: usize, seed: u64) -> Result<Sheet, String> {
    let themes: Vec<&str> = journey.journey.themes.iter().map(|theme| theme.id.as_str()).collect();
    if themes.is_empty() {
        return Err(
            "the journey names no theme; write themes, each with two to five sentences that a customer could have written"
                .to_owned(),
        );
    }
    if let Some(taken) =
        themes.iter().find(|id| [COMMENT, CODER].contains(id) || BESIDE.contains(id))
    {
        return Err(format!(
            "the theme `{taken}` cannot be a column of a sheet; give it another id"
        ));
    }
    let all = Written::of(journey, told).all;
    let n_all = sample(&all, usize::MAX, seed).len();
    let n_writers = writers(all.iter());
    if (n_writers as u64) < QUOTED_FROM {
        return Err(format!(
            "{} wrote anything, and comments are shown only where {QUOTED_FROM} did",
            if n_writers == 1 { "1 customer".to_owned() } else { format!("{n_writers} customers") }
        ));
    }
    let drawn: Vec<&Comment> = sample(&all, n, seed).into_iter().map(|place| &all[place]).collect();
    let stops: BTreeMap<u32, &str> = journey
        .touchpoints
        .iter()
        .map(|stop| (place(&stop.touchpoint.id), stop.touchpoint.id.as_str()))
        .collect();
    let mut csv = String::new();
    let header = [COMMENT, CODER].into_iter().chain(BESIDE).chain(themes.iter().copied());
    push_row(&mut csv, header);
    for comment in &drawn {
        let key = comment.key().to_string();
        let stop = comment.touchpoint.and_then(|place| stops.get(&place)).copied();
        let text = harmless(&redact(comment.text.trim(), &[]));
        let told = [key.as_str(), "", stop.unwrap_or_default(), &text];
        push_row(&mut csv, told.into_iter().chain(themes.iter().map(|_| "")));
    }
    let customers = writers(drawn.iter().copied());
    Ok(Sheet { csv, comments: drawn.len(), of: n_all, customers })
}

/// Customers who wrote anything; an anonymous comment is somebody of their own.
fn writers<'a>(comments: impl Iterator<Item = &'a Comment>) -> usize {
    let written = comments.filter(|comment| !comment.text.trim().is_empty());
    let who: BTreeSet<(bool, u64)> = written
        .map(|comment| (comment.customer.is_some(), comment.customer.unwrap_or(comment.key().0)))
        .collect();
    who.len()
}

/// A text that a spreadsheet does not take for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!(" {text}")
    } else {
        text.to_owned()
    }
}

fn push_row<'a>(csv: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (place, field) in fields.enumerate() {
        if place > 0 {
            csv.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) || field.starts_with(' ') {
            csv.push_str(&format!("\"{}\"", field.replace('"', "\"\"")));
        } else {
            csv.push_str(field);
        }
    }
    csv.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{keys, sheet};
    use crate::answers::{Complaint, Told};
    use model::resolve::Resolved;

    const JOURNEY: &str = "footpath: 1\njourney: j\ntitle: J\nstages:\n  - {id: s, title: S, touchpoints: [{id: t, title: T}]}\n\
                           themes:\n  - {id: cold, title: Cold, seeds: [It was cold]}\n";

    fn told(texts: &[&str]) -> Told {
        let complaint = |(customer, text): (usize, &&str)| Complaint {
            customer: Some(customer as u64),
            at: 1,
            touchpoint: Some("t".to_owned()),
            severity: None,
            text: (*text).to_owned(),
        };
        let complaints = texts.iter().enumerate().map(complaint).collect();
        Told { complaints, ..Told::default() }
    }

    #[test]
    fn a_sheet_tells_no_customer_and_starts_no_formula() {
        let reading = model::document::read(JOURNEY);
        let journey = Resolved::of(reading.journey.as_ref().unwrap());
        let mut texts = vec!["The cup was cold"; 9];
        texts.push("=HYPERLINK(1), call me on +49 170 1234567");
        let told = told(&texts);
        let sheet = sheet(&journey, &told, 100, 1).unwrap();
        assert_eq!((sheet.comments, sheet.of, sheet.customers), (10, 10, 10));
        assert!(sheet.csv.starts_with("comment,coder,touchpoint,text,cold\n"));
        assert!(
            sheet.csv.contains(",,t,\" =HYPERLINK(1), call me on [number]\",\n"),
            "{}",
            sheet.csv
        );
        let known = keys(&journey, &told);
        for line in sheet.csv.lines().skip(1) {
            assert!(known.contains(&u64::from_str_radix(&line[..16], 16).unwrap()));
        }
    }

    #[test]
    fn a_few_are_not_shown() {
        let reading = model::document::read(JOURNEY);
        let journey = Resolved::of(reading.journey.as_ref().unwrap());
        let why = sheet(&journey, &told(&["The cup was cold"; 9]), 100, 1).unwrap_err();
        assert_eq!(why, "9 customers wrote anything, and comments are shown only where 10 did");
    }
}
