//! All event files of a question, read into buckets; all answers, into a list.

use std::collections::BTreeSet;

use model::journey::Theme;
use report::answers::{Answer, Code, Silent, Told};
use report::symbols::{Attributes, Kind};

use crate::codes::read_codes;
use crate::columns::Layout;
use crate::complaints::read_complaints;
use crate::error::Error;
use crate::import::{self, FileRead, Intake, Names, Source, Wanted, Watch};
use crate::lake::{Elsewhere, View};
use crate::quarantine::Quarantine;
use crate::responses::{self, read_responses};
use crate::scatter::Scatter;

/// What to read, and what to mind while reading.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    pub events: &'a [Source],
    /// Events at rest; then there are no files of events.
    pub lake: Option<&'a View<'a>>,
    /// Other machines that measure the events at rest; `None`: this one does.
    pub elsewhere: Option<Elsewhere<'a>>,
    pub responses: &'a [Source],
    pub complaints: &'a [Source],
    /// Sheets of comments coded by hand.
    pub codes: &'a [Source],
    /// Share of rows that may be bad; more is a failure.
    pub bad_share: f64,
    /// Bytes of rows kept in memory before they go to temporary files.
    pub memory: usize,
    pub quarantine: &'a Quarantine,
    pub watch: &'a Watch,
}

/// Events by bucket, and what their codes mean.
#[derive(Debug)]
pub(crate) struct Scanned {
    pub(crate) scatter: Scatter,
    pub(crate) names: Names,
    pub(crate) reads: Vec<FileRead>,
}

/// What customers told, and what it was read from: first the answers, so many, then the others.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) told: Told,
    pub(crate) reads: Vec<FileRead>,
    pub(crate) answers: usize,
}

/// Who was asked and said nothing is silent; everybody else answered.
fn take(told: &mut Told, answer: responses::Answer) {
    let said = answer.score.is_some() || answer.comment.is_some();
    match answer.invited_at {
        Some(invited_at) if !said => told.silent.push(Silent {
            invited_at,
            question: answer.question,
            touchpoint: answer.touchpoint,
        }),
        invited_at => told.answers.push(Answer {
            customer: answer.customer,
            at: answer.at.unwrap_or(0),
            question: answer.question,
            touchpoint: answer.touchpoint,
            score: answer.score,
            comment: answer.comment,
            invited_at,
            attributes: answer.attributes,
        }),
    }
}

/// The columns that events are wanted with.
pub(crate) fn wanted(attributes: &Attributes) -> Wanted {
    let kind = |kind: &Kind| match kind {
        Kind::Text => import::Kind::Text,
        Kind::Number => import::Kind::Number,
        Kind::Time => import::Kind::Time,
    };
    let attributes =
        attributes.wanted().iter().map(|(name, of)| (name.clone(), kind(of))).collect();
    Wanted { attributes, channel: true, event_id: true }
}

impl<'a> Files<'a> {
    /// Nothing to read yet: a hundredth of the rows may be bad, and 512 MiB of memory be used.
    pub fn none(quarantine: &'a Quarantine, watch: &'a Watch) -> Self {
        Self {
            events: &[],
            lake: None,
            elsewhere: None,
            responses: &[],
            complaints: &[],
            codes: &[],
            bad_share: 0.01,
            memory: 512 << 20,
            quarantine,
            watch,
        }
    }
}

impl Files<'_> {
    /// Reads every event file in the order given.
    pub(crate) fn scan(&self, attributes: &Attributes) -> Result<Scanned, Error> {
        let wanted = wanted(attributes);
        let layout = Layout { channel: true, event_id: false, attributes: wanted.attributes.len() };
        let mut scatter = Scatter::new(layout, self.memory);
        let mut names = Names::default();
        let mut reads = Vec::new();
        for (number, source) in self.events.iter().enumerate() {
            let mut intake =
                Intake { names: &mut names, quarantine: self.quarantine, watch: self.watch };
            let read = import::read(source, &wanted, &mut intake, &mut |chunk| {
                scatter.add(&chunk, number)
            })?;
            reads.push(read);
        }
        self.judge(&reads)?;
        absent_attributes(attributes, &reads)?;
        if names.channels.len() >= usize::from(u16::MAX) {
            return Err(Error::caller(format!(
                "the channel column has {} different values: that is no channel; map another column to it",
                names.channels.len()
            )));
        }
        Ok(Scanned { scatter, names, reads })
    }

    /// Refuses files without events, and those with too many bad rows.
    pub(crate) fn judge(&self, reads: &[FileRead]) -> Result<(), Error> {
        let rows: u64 = reads.iter().map(|read| read.rows_read).sum();
        let bad: u64 = reads.iter().map(|read| read.rows_quarantined).sum();
        if rows == 0 {
            let names: Vec<String> =
                reads.iter().map(|read| read.path.display().to_string()).collect();
            return Err(Error::caller(format!(
                "{}: there is no event in it, only a header or nothing at all",
                names.join(", ")
            )));
        }
        if bad as f64 > self.bad_share * rows as f64 {
            return Err(self.too_many_bad(bad, rows));
        }
        Ok(())
    }

    fn too_many_bad(&self, bad: u64, rows: u64) -> Error {
        let mut message = format!(
            "{bad} of {rows} rows cannot be used, more than the {}% that are allowed; mend them, or allow more with --max-bad. Nothing was written.",
            100.0 * self.bad_share
        );
        for trouble in self.quarantine.troubles() {
            message.push_str(&format!("\n  {} × {}", trouble.rows, trouble.reason));
            for example in trouble.examples.iter().take(3) {
                message.push_str(&format!(
                    "\n      {}:{}: {}",
                    example.file, example.line, example.sentence
                ));
            }
        }
        Error::caller(message)
    }

    /// What is told about a journey: by every file of answers, with these columns beside the usual ones, by every file of
    /// complaints, and by the data folder.
    pub(crate) fn told(&self, journey: &str, columns: Vec<String>) -> Result<Heard, Error> {
        let mut told = Told { attributes: columns, ..Told::default() };
        let mut reads = Vec::new();
        for source in self.responses {
            let (answers, read) =
                read_responses(source, &told.attributes, self.quarantine, self.watch)?;
            reads.push(self.accept(read)?);
            answers.into_iter().for_each(|answer| take(&mut told, answer));
        }
        let kept = self.lake.map(|view| view.told(journey, &told.attributes)).transpose()?;
        let mut kept_complaints = Vec::new();
        if let Some(kept) = kept {
            if kept.read.rows_read > 0 {
                reads.push(kept.read);
            }
            kept.answers.into_iter().for_each(|answer| take(&mut told, answer));
            kept_complaints = kept.complaints;
        }
        let answers = reads.len();
        for source in self.complaints {
            let (complaints, read) = read_complaints(source, self.quarantine, self.watch)?;
            reads.push(self.accept(read)?);
            told.complaints.extend(complaints);
        }
        told.complaints.extend(kept_complaints);
        Ok(Heard { told, reads, answers })
    }

    /// Reads every sheet of codes; `known` are the comments that can be meant.
    pub(crate) fn coded(
        &self,
        themes: &[Theme],
        known: &BTreeSet<u64>,
    ) -> Result<(Vec<Code>, Vec<FileRead>), Error> {
        let (mut codes, mut reads) = (Vec::new(), Vec::new());
        for source in self.codes {
            let (some, read) = read_codes(source, themes, known, (self.quarantine, self.watch))?;
            reads.push(self.accept(read)?);
            codes.extend(some);
        }
        Ok((codes, reads))
    }

    /// Refuses a file with too many bad rows.
    fn accept(&self, read: FileRead) -> Result<FileRead, Error> {
        if read.rows_quarantined as f64 > self.bad_share * read.rows_read as f64 {
            return Err(self.too_many_bad(read.rows_quarantined, read.rows_read));
        }
        Ok(read)
    }
}

/// An attribute that no file has would make its rules say nothing at all.
pub(crate) fn absent_attributes(attributes: &Attributes, reads: &[FileRead]) -> Result<(), Error> {
    let is_absent = |name: &String| reads.iter().all(|read| read.absent.contains(name));
    let needed = attributes.wanted().iter().filter(|(name, _)| !attributes.is_optional(name));
    let Some((name, _)) = needed.into_iter().find(|(name, _)| is_absent(name)) else {
        return Ok(());
    };
    let mut there: Vec<String> = reads.iter().flat_map(|read| read.columns.clone()).collect();
    there.sort_unstable();
    there.dedup();
    Err(Error::NoAttribute { attribute: name.clone(), there })
}
