//! Everything that was written: comments of answers and complaints, as one list.

use std::collections::BTreeMap;

use ::words::{Comment, CommentKey, Language};
use model::question::find_question;
use model::resolve::Resolved;

use crate::answers::{Answer, DYSFUNCTIONAL, FUNCTIONAL, Told};

/// Everything that was written.
pub(crate) struct Written {
    pub(crate) all: Vec<Comment>,
    /// Which of it are complaints, and whose.
    pub(super) complaints: BTreeMap<CommentKey, Option<u64>>,
    pub(super) n_complaints: u64,
}

impl Written {
    pub(crate) fn of(journey: &Resolved<'_>, told: &Told) -> Self {
        let place = |id: &Option<String>| {
            id.as_deref().filter(|id| journey.find_touchpoint(id).is_some()).map(place)
        };
        // An answer about a touchpoint that nobody knows is left out whole; a complaint is one wherever it was.
        let is_known = |id: &Option<String>| id.is_none() || place(id).is_some();
        let answers = told.answers.iter().filter(|answer| is_known(&answer.touchpoint));
        let comments = answers.filter_map(|answer| {
            Some(Comment {
                customer: answer.customer,
                at: answer.at,
                touchpoint: place(&answer.touchpoint),
                score: out_of_ten(answer),
                text: answer.comment.clone()?,
                language: None,
            })
        });
        let mut all: Vec<Comment> = comments.collect();
        let mut complaints = BTreeMap::new();
        for complaint in &told.complaints {
            let comment = Comment {
                customer: complaint.customer,
                at: complaint.at,
                touchpoint: place(&complaint.touchpoint),
                score: None,
                text: complaint.text.clone(),
                language: None,
            };
            complaints.insert(comment.key(), complaint.customer);
            all.push(comment);
        }
        let n_complaints = complaints.len() as u64;
        let language = common_language(&all);
        for comment in all.iter_mut().filter(|comment| detected(comment).is_none()) {
            comment.language.clone_from(&language);
        }
        // A comment is known by what it is, its language left out.
        Self { all, complaints, n_complaints }
    }
}

/// A number for a touchpoint by its id alone, so that codes by hand outlive a change of the document (FNV-1a, 32 bits).
pub(crate) fn place(id: &str) -> u32 {
    id.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The language that nearly all comments are in whose language can be told: that of the short ones too.
fn common_language(comments: &[Comment]) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for language in comments.iter().filter_map(detected) {
        *counts.entry(language).or_default() += 1;
    }
    let all: usize = counts.values().sum();
    let (language, most) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (10 * most >= 9 * all).then_some(language)
}

fn detected(comment: &Comment) -> Option<String> {
    Language::of(None, &comment.text).map(|language| language.code().to_owned())
}

/// Scores of all questions on one scale, so that the unhappy can be told from the happy.
fn out_of_ten(answer: &Answer) -> Option<f64> {
    let (question, score) = (answer.question.as_str(), answer.score?);
    if [FUNCTIONAL, DYSFUNCTIONAL].contains(&question) {
        return None;
    }
    let (lowest, highest) = find_question(question)?.answers;
    (lowest..=highest).contains(&score).then(|| 10.0 * (score - lowest) / (highest - lowest))
}
