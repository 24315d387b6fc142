//! `measure`: a designed journey held against events and answers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kernel::{Measurer, PathFacts, Plan, Summary};
use model::document::{PlanReading, Reading};
use model::resolve::Resolved;
use model::write::write;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use report::answers::{Answer, Known, Told};
use report::build::{self, Further, Measured};
use report::coding;
use report::document::{ActivityCount, Events, Report};
use report::plan::Question;
use report::small_cells;

use crate::asked_columns::{columns, groups, known_columns};
use crate::duplicates;
use crate::error::Error;
use crate::gather::Coding;
use crate::import::{FileRead, Interner};
use crate::known;
use crate::lake::{self, Lake, View};
use crate::looked_at::LookedAt;
use crate::notes::notes;
use crate::presorted::{self, Planner};
use crate::scan::{Files, Heard, Scanned};
use crate::unknown::known_activities;

/// What is asked, beside the files.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The horizon; the last event's time if `None`.
    pub as_of: Option<Timestamp>,
    pub from: Option<Timestamp>,
    /// Half-open: an event at this moment is not seen.
    pub to: Option<Timestamp>,
    /// Attribute and the values that it may have.
    pub segment: Vec<(String, Vec<String>)>,
    /// Attribute and the values of it that make strata, in which defects are held against outcomes.
    pub strata: Option<(String, Vec<String>)>,
    /// What is known of customers who did not answer.
    pub known: Known,
    /// The column of answers whose values are compared.
    pub compare: Option<String>,
    /// Answers and checks from this moment on are compared with those before it.
    pub since: Option<Timestamp>,
    pub plans: Vec<Planned>,
    /// Fewer customers than this are not told; five if `None`.
    pub floor: Option<u64>,
    /// Of times in plans that carry none; UTC if `None`.
    pub zone: Option<TimeZone>,
    /// Version of the program, for the report.
    pub program: String,
}

/// `region=north,channel=app`; values of one attribute are alternatives: `region=north|south`.
///
/// # Errors
/// Which part is no condition.
pub fn parse_segment(text: &str) -> Result<Vec<(String, Vec<String>)>, String> {
    let conditions = text.split(',').map(|condition| {
        let (name, values) = condition
            .split_once('=')
            .filter(|(name, values)| !name.trim().is_empty() && !values.is_empty())
            .ok_or_else(|| format!("`{condition}` is no condition; write `attribute=value`"))?;
        let values = values.split('|').map(|value| value.trim().to_owned());
        Ok((name.trim().to_owned(), values.collect()))
    });
    conditions.collect()
}

/// A change plan with its place on disk, for messages.
#[derive(Debug, Clone)]
pub struct Planned {
    pub path: PathBuf,
    pub reading: PlanReading,
}

/// A report, and what is worth saying beside it.
#[derive(Debug)]
pub struct Answered {
    pub report: Report,
    pub reads: Vec<FileRead>,
    pub notes: Vec<String>,
}

/// A document with its place on disk, for messages.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    pub path: &'a Path,
    pub reading: &'a Reading,
    pub journey: &'a Resolved<'a>,
}

/// Measures a journey.
pub fn measure(
    document: Document<'_>,
    files: &Files<'_>,
    asked: &Asked,
) -> Result<Answered, Error> {
    let journey = document.journey;
    let looked_at =
        LookedAt::of(journey, &asked.segment, asked.strata.as_ref(), asked.compare.as_deref());
    let (told, mut reads) = asked.told(journey, files)?;
    let question = |as_of: Option<i64>, channels: Vec<String>| {
        let mut question = asked.question(as_of, channels, &told.answers);
        question.groups = groups(asked, &told);
        if let Some(lake) = files.lake {
            lake.keys().rewrite(&mut question.watched);
            question.watched.sort_unstable();
        }
        question
    };
    let planned = |as_of, channels| {
        let question = question(as_of, channels);
        let compiled = looked_at.compile(&question);
        (question, compiled)
    };
    let mut passed =
        pass(document, files, &looked_at, &planned).map_err(|it| document.placed(it, asked))?;
    if let Some(lake) = files.lake {
        as_answers_know(&mut passed.summary, lake, &told.answers);
    }
    known_activities(document, &passed.activities)?;
    if !asked.segment.is_empty() {
        let (within, beside) = (passed.summary.customers, passed.summary.beside);
        let floor = asked.floor.unwrap_or(small_cells::FLOOR);
        small_cells::segment(within, (beside.wholly, beside.partly), floor)
            .map_err(|why| Error::caller(format!("--segment: {why}")))?;
    }
    let compiled = looked_at.compile(&passed.question);
    let facts = facts(&passed.summary, &compiled.plan);
    let read_events = passed.reads.clone();
    let measured = passed.measured(facts, asked, files.quarantine.rows(), &reads);
    let told = asked.in_time(told);
    let report = build::report(journey, &compiled, &measured, &told, &asked.further());
    let notes = notes(document, &report, &told);
    reads.splice(0..0, read_events);
    Ok(Answered { report, reads, notes })
}

/// Customers whose checks were asked for, by the keys that answers have: chance that is drawn from keys falls as it would have
/// for files.
fn as_answers_know(summary: &mut Summary, lake: &View<'_>, answers: &[Answer]) {
    let told = answers.iter().filter_map(|answer| answer.customer);
    let known: HashMap<u64, u64> =
        told.map(|customer| (lake.keys().of(customer), customer)).collect();
    for watched in &mut summary.watched {
        watched.customer = known.get(&watched.customer).copied().unwrap_or(watched.customer);
    }
    summary.watched.sort_by_key(|watched| watched.customer);
}

/// One pass over all events, wherever they are.
fn pass(
    document: Document<'_>,
    files: &Files<'_>,
    looked_at: &LookedAt<'_>,
    planned: &Planner<'_>,
) -> Result<Passed, Error> {
    let LookedAt { attributes, symbols, channels, .. } = looked_at;
    if let Some(view) = files.lake {
        let watch = files.watch;
        let written = files.elsewhere.map(|_| write(document.journey.journey));
        let elsewhere = files.elsewhere.zip(written.as_deref());
        return lake::pass(
            &lake::Job { view, attributes, symbols, channels, watch, elsewhere },
            &|last, channels| {
                let (question, compiled) = planned(last, channels);
                (question, compiled.plan)
            },
        );
    }
    let job = presorted::Job { files, attributes, symbols, channels };
    if let Some(passed) = presorted::pass(&job, planned)? {
        return Ok(passed);
    }
    let scanned = files.scan(attributes)?;
    let channels: Vec<String> = scanned.names.channels.texts().map(str::to_owned).collect();
    let (question, compiled) = planned(scanned.scatter.span().map(|span| span.1), channels);
    pass_buckets(scanned, files, &Coding::of(symbols, attributes), &compiled.plan, question)
}

/// What one pass over all events left.
#[derive(Debug)]
pub(crate) struct Passed {
    pub(crate) summary: Summary,
    /// Events that are bound to no touchpoint, by activity code.
    pub(crate) unbound: Vec<u64>,
    pub(crate) activities: Interner,
    pub(crate) question: Question,
    pub(crate) reads: Vec<FileRead>,
}

impl Asked {
    /// The part of a lake that the question can see.
    pub fn view<'a>(&self, lake: &'a Lake) -> Result<View<'a>, Error> {
        let last =
            [self.to.map(|to| to.as_microsecond() - 1), self.as_of.map(Timestamp::as_microsecond)];
        lake.view(self.from.map(Timestamp::as_microsecond), last.into_iter().flatten().min())
    }

    fn further(&self) -> Further<'_> {
        Further {
            compare: self.compare.as_deref(),
            since: self.since.map(Timestamp::as_microsecond),
            plans: self.plans.iter().filter_map(|plan| plan.reading.plan.as_ref()).collect(),
            zone: self.zone.clone(),
        }
    }

    /// The question to the kernel, once the last event's time and the names of channels are known.
    pub(crate) fn question(
        &self,
        last: Option<i64>,
        channels: Vec<String>,
        answers: &[Answer],
    ) -> Question {
        let mut watched: Vec<u64> = answers.iter().filter_map(|answer| answer.customer).collect();
        watched.sort_unstable();
        watched.dedup();
        let to = self.to.map(|to| to.as_microsecond() - 1);
        let as_of = self.as_of.map(Timestamp::as_microsecond);
        let last = last.unwrap_or(0);
        let horizon = match (as_of, to) {
            (Some(as_of), Some(to)) => as_of.min(to),
            (Some(as_of), None) => as_of,
            (None, Some(to)) => to.min(last),
            (None, None) => last,
        };
        let from = self.from.map(Timestamp::as_microsecond);
        let (segment, strata) = (self.segment.clone(), self.strata.clone());
        Question { segment, horizon, from, channels, watched, strata, groups: None }
    }

    /// Everything that was told, codes included, once it is known to fit together.
    fn told(
        &self,
        journey: &Resolved<'_>,
        files: &Files<'_>,
    ) -> Result<(Told, Vec<FileRead>), Error> {
        let id = &journey.journey.journey;
        let Heard { mut told, mut reads, answers } = files.told(id, columns(self))?;
        known_columns(self, &told, &reads[..answers])?;
        told.known = self.known.clone();
        known::check(&told, &reads[..answers])?;
        if !files.codes.is_empty() {
            let known = coding::keys(journey, &told);
            let (codes, more) = files.coded(&journey.journey.themes, &known)?;
            told.codes = codes;
            reads.extend(more);
        }
        Ok((told, reads))
    }

    /// What was told in the period. Those without a time stay, and so do late ones unless an end was asked for: people
    /// answer after the last event.
    fn in_time(&self, mut told: Told) -> Told {
        let from = self.from.map_or(i64::MIN, Timestamp::as_microsecond);
        let until =
            [self.as_of, self.to].into_iter().flatten().map(Timestamp::as_microsecond).min();
        let until = until.unwrap_or(i64::MAX);
        let is_in_time = |at: i64| at == 0 || (from..=until).contains(&at);
        told.answers.retain(|answer| is_in_time(answer.at));
        told.complaints.retain(|complaint| is_in_time(complaint.at));
        told.silent.retain(|silent| is_in_time(silent.invited_at));
        told
    }
}

/// Every bucket through the kernel, over all cores.
pub(crate) fn pass_buckets(
    scanned: Scanned,
    files: &Files<'_>,
    coding: &Coding<'_>,
    plan: &Plan,
    question: Question,
) -> Result<Passed, Error> {
    let Scanned { scatter, names, reads } = scanned;
    let coding = coding.with(&names.activities);
    let n_activities = names.activities.len();
    let measured = scatter.into_buckets()?.into_par_iter().map(|bucket| {
        files.watch.check()?;
        let mut unbound = vec![0; n_activities];
        let bucket = duplicates::take_out(bucket.load()?, files.events, files.quarantine)?;
        let coded = coding.code(&bucket, &mut unbound);
        let columns = coding.attributes(&bucket, &coded);
        let mut measurer = Measurer::new(plan);
        measurer.add(&coded.events(&bucket, &columns));
        Ok((measurer.finish(), unbound))
    });
    let nothing = || Ok((Summary::new(plan), vec![0; n_activities]));
    let merge = |a: Result<(Summary, Vec<u64>), Error>, b: Result<(Summary, Vec<u64>), Error>| {
        let ((mut summary, mut unbound), (other, more)) = (a?, b?);
        summary.merge(other);
        unbound.iter_mut().zip(more).for_each(|(ours, theirs)| *ours += theirs);
        Ok((summary, unbound))
    };
    let (summary, unbound) = measured.reduce(nothing, merge)?;
    files.judge(&reads)?;
    Ok(Passed { summary, unbound, activities: names.activities, question, reads })
}

/// What the order of touchpoints tells, variants shared over the cores.
pub(crate) fn facts(summary: &Summary, plan: &Plan) -> PathFacts {
    let parts = 4 * rayon::current_num_threads();
    let part = |part| PathFacts::of(summary.variants.part(part, parts), plan);
    (0..parts).into_par_iter().map(part).reduce(PathFacts::default, |mut a, b| {
        a.merge(b);
        a
    })
}

impl Passed {
    /// The counts that the report needs beside the summary.
    pub(crate) fn measured(
        self,
        facts: PathFacts,
        asked: &Asked,
        bad: u64,
        answers: &[FileRead],
    ) -> Measured {
        let bad_answers: u64 = answers.iter().map(|read| read.rows_quarantined).sum();
        let quarantined = bad - bad_answers;
        let read: u64 = self.reads.iter().map(|read| read.rows_read).sum();
        let unbound: u64 = self.unbound.iter().sum();
        let named = self.unbound.iter().enumerate().filter(|(_, count)| **count > 0);
        let mut unbound_activities: Vec<ActivityCount> = named
            .map(|(code, count)| ActivityCount {
                activity: self.activities.text(code as u32).to_owned(),
                count: *count,
            })
            .collect();
        unbound_activities
            .sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.activity.cmp(&b.activity)));
        Measured {
            summary: self.summary,
            facts,
            channels: self.question.channels,
            events: Events {
                read,
                bound: read - quarantined - unbound,
                unbound,
                quarantined,
                unbound_activities,
            },
            as_of: self.question.horizon,
            from: self.question.from,
            segment: self.question.segment,
            strata: self.question.strata,
            groups: self.question.groups,
            program: asked.program.clone(),
        }
    }
}
