//! What customers told, as a data folder keeps it: the same values that files of answers and complaints are read into.

use std::collections::{BTreeMap, BTreeSet};

use report::answers::Complaint;
use store::{About, Kept, Response};

use super::View;
use crate::error::Error;
use crate::import::{FileRead, hash};
use crate::responses::Answer;

/// Read in one statement.
const PAGE: u32 = 20_000;

/// Answers and complaints about one journey.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) answers: Vec<Answer>,
    pub(crate) complaints: Vec<Complaint>,
    /// As if the answers had been one file.
    pub(crate) read: FileRead,
}

impl View<'_> {
    /// What was told about a journey before this view was taken, in the order in which it came; of the attributes of answers
    /// those named.
    ///
    /// Customers have the keys that files give them, so that chance that is drawn from keys falls the same way.
    pub(crate) fn told(&self, journey: &str, attributes: &[String]) -> Result<Told, Error> {
        let mut there = BTreeSet::new();
        let mut answers = Vec::new();
        self.pages(|view, range| {
            let page = view.lake.wait(view.lake.workspace().responses(journey, range, PAGE))?;
            let (n, last) = (page.len(), page.last().map(|kept| kept.seq));
            for Kept { seq, told } in page {
                answers.push(answer(seq, told, attributes, &mut there)?);
            }
            Ok((n, last))
        })?;
        let mut complaints = Vec::new();
        self.pages(|view, range| {
            let page = view.lake.wait(view.lake.workspace().complaints(journey, range, PAGE))?;
            let (n, last) = (page.len(), page.last().map(|kept| kept.seq));
            complaints.extend(page.into_iter().map(|Kept { told, .. }| Complaint {
                customer: customer(&told.about),
                at: told.about.at.unwrap_or(0),
                touchpoint: told.about.touchpoint,
                severity: told.severity,
                text: told.text,
            }));
            Ok((n, last))
        })?;
        let absent = attributes.iter().filter(|name| !there.contains(*name)).cloned().collect();
        let read = FileRead {
            path: "answers of the data folder".into(),
            format: "lake".to_owned(),
            rows_read: answers.len() as u64,
            columns: there.into_iter().collect(),
            absent,
            ..FileRead::default()
        };
        Ok(Told { answers, complaints, read })
    }

    /// Reads until a page is not full; a page is given the numbers that it may lie between.
    fn pages(
        &self,
        mut page: impl FnMut(&Self, (i64, i64)) -> Result<(usize, Option<i64>), Error>,
    ) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let (n, last) = page(self, (after, self.version.told))?;
            after = last.unwrap_or(after);
            if n < PAGE as usize {
                return Ok(());
            }
        }
    }
}

fn answer(
    seq: i64,
    told: Response,
    attributes: &[String],
    there: &mut BTreeSet<String>,
) -> Result<Answer, Error> {
    let Response { about, question, score, comment, invited_at } = told;
    let mut carried = texts(seq, about.attributes.as_deref())?;
    there.extend(carried.keys().cloned());
    Ok(Answer {
        customer: customer(&about),
        at: about.at,
        question,
        touchpoint: about.touchpoint,
        score,
        comment,
        invited_at,
        attributes: attributes.iter().map(|name| carried.remove(name)).collect(),
        row: seq.cast_unsigned(),
    })
}

fn customer(about: &About) -> Option<u64> {
    about.person.as_ref().map(|person| hash(person.id.as_bytes()))
}

fn texts(seq: i64, attributes: Option<&str>) -> Result<BTreeMap<String, String>, Error> {
    let Some(text) = attributes else { return Ok(BTreeMap::new()) };
    serde_json::from_str(text).map_err(|_| {
        Error::caller(format!(
            "answer {seq} has attributes that are no JSON object of texts; restore the database from a backup"
        ))
    })
}
