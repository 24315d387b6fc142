//! One pass over a lake: buckets over the cores, each a walk that feeds the kernel.

use std::sync::Mutex;

use kernel::{Measurer, Plan, Summary};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use report::symbols::{Attributes, Symbols};

use super::import::stored_name;
use super::layout::BUCKETS;
use super::read::Wanted;
use super::view::View;
use crate::error::Error;
use crate::gather::Coding;
use crate::import::{FileRead, Interner, Kind, Names, Watch};
use crate::measure::Passed;
use report::plan::Question;

use crate::presorted::{Channels, room};
use crate::scan::{self, absent_attributes};

/// What a pass looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) view: &'a View<'a>,
    pub(crate) attributes: &'a Attributes,
    pub(crate) symbols: &'a Symbols,
    /// Channels that the document names.
    pub(crate) channels: &'a [String],
    pub(crate) watch: &'a Watch,
}

/// Makes the plan once the last event's time is known; of channels only room.
pub(crate) type Planner<'a> = dyn Fn(Option<i64>, Vec<String>) -> (Question, Plan) + Sync + 'a;

pub(crate) fn pass(job: &Job<'_>, planner: &Planner<'_>) -> Result<Passed, Error> {
    let (mut question, plan) = planner(job.view.latest(), room(job.channels));
    let read = job.read()?;
    let channels = Channels::new(job.channels);
    let parts = (0..BUCKETS).into_par_iter().map(|bucket| job.bucket(bucket, &plan, &channels));
    let nothing = || Ok(Part::new(&plan));
    let part = parts.reduce(nothing, |a: Result<Part, Error>, b| a?.merge(b?))?;
    channels.name(&mut question.channels);
    Ok(Passed {
        summary: part.summary,
        unbound: part.unbound,
        activities: part.activities,
        question,
        reads: vec![FileRead { rows_read: read.rows_read - part.repeated, ..read }],
    })
}

/// What one bucket left.
struct Part {
    summary: Summary,
    unbound: Vec<u64>,
    activities: Interner,
    repeated: u64,
}

impl Part {
    fn new(plan: &Plan) -> Self {
        Self {
            summary: Summary::new(plan),
            unbound: Vec::new(),
            activities: Interner::default(),
            repeated: 0,
        }
    }

    fn merge(mut self, other: Self) -> Result<Self, Error> {
        self.summary.merge(other.summary);
        let became = self.activities.merge(&other.activities)?;
        self.unbound.resize(self.activities.len(), 0);
        for (code, count) in became.iter().zip(&other.unbound) {
            self.unbound[*code as usize] += count;
        }
        self.repeated += other.repeated;
        Ok(self)
    }
}

impl Job<'_> {
    /// What is known of the lake before it is read; an attribute that it does not have is an error.
    fn read(&self) -> Result<FileRead, Error> {
        let there = self.view.attributes();
        let wanted = scan::wanted(self.attributes);
        let absent = wanted.attributes.iter().map(|(name, _)| name.clone());
        let read = FileRead {
            path: "lake".into(),
            format: "lake".to_owned(),
            rows_read: self.view.events(),
            absent: absent.filter(|name| !there.contains(&stored_name(name))).collect(),
            columns: there,
            ..FileRead::default()
        };
        if read.rows_read == 0 {
            return Err(Error::caller(
                "there is no event in the data folder for this period; fill it with `footpath import`",
            ));
        }
        absent_attributes(self.attributes, std::slice::from_ref(&read))?;
        Ok(read)
    }

    fn wanted(&self) -> Wanted {
        let attributes = scan::wanted(self.attributes).attributes.into_iter();
        let attributes: Vec<(String, Kind)> =
            attributes.map(|(name, kind)| (stored_name(&name), kind)).collect();
        Wanted { attributes, customer: None }
    }

    fn bucket(&self, number: u32, plan: &Plan, shared: &Channels) -> Result<Part, Error> {
        let mut walker = self.view.walk(number, &self.wanted())?;
        let mut coding = Coding::of(self.symbols, self.attributes);
        let mut channels = vec![0];
        let mut unbound = Vec::new();
        let mut measurer = Measurer::new(plan);
        while let Some(mut gathered) = walker.next()? {
            self.watch.check()?;
            coding.learn(&walker.names.activities);
            unbound.resize(walker.names.activities.len(), 0);
            learn(&mut channels, &walker.names, shared)?;
            let columns = &mut gathered.columns;
            columns.channels.iter_mut().for_each(|code| *code = channels[*code as usize].into());
            let coded = coding.code(columns, &mut unbound);
            let attributes = coding.attributes(columns, &coded);
            measurer.add(&coded.events(columns, &attributes));
            self.watch.add_rows(columns.len() as u64);
        }
        Ok(Part {
            summary: measurer.finish(),
            unbound,
            activities: std::mem::take(&mut walker.names.activities),
            repeated: walker.repeated,
        })
    }
}

/// Shared codes for channels that this walk has met since.
fn learn(known: &mut Vec<u16>, names: &Names, shared: &Channels) -> Result<(), Error> {
    for channel in names.channels.texts().skip(known.len() - 1) {
        let code = shared.code(channel).ok_or_else(|| {
            Error::caller("the events have more than 255 different channels: that is no channel")
        })?;
        known.push(code);
    }
    Ok(())
}

/// Names of all activities, by name.
pub(crate) fn activities(view: &View<'_>, watch: &Watch) -> Result<Vec<String>, Error> {
    let all: Mutex<Vec<String>> = Mutex::default();
    (0..BUCKETS).into_par_iter().try_for_each(|bucket| {
        let mut walker = view.walk(bucket, &Wanted::default())?;
        while walker.next()?.is_some() {
            watch.check()?;
        }
        let mut all = all.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.extend(walker.names.activities.texts().map(str::to_owned));
        Ok::<(), Error>(())
    })?;
    let mut all = all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
