//! One pass over a lake: buckets over the cores, each a walk that feeds the kernel.

use std::collections::BTreeMap;
use std::sync::Mutex;

use kernel::{Measurer, Plan};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use report::plan::Question;
use report::symbols::{Attributes, Symbols};

use super::disk::Disk;
use super::import::stored_name;
use super::layout::BUCKETS;
use super::part::{Part, learn};
use super::portion::Portion;
use super::read::Wanted;
use super::task::{Elsewhere, Task};
use super::view::View;
use crate::error::Error;
use crate::gather::Coding;
use crate::import::{FileRead, Kind, Watch};
use crate::measure::Passed;
use crate::presorted::room;
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
    /// Other machines that measure the buckets, and the document for them.
    pub(crate) elsewhere: Option<(Elsewhere<'a>, &'a str)>,
}

/// Makes the plan once the last event's time is known; of channels only room.
pub(crate) type Planner<'a> = dyn Fn(Option<i64>, Vec<String>) -> (Question, Plan) + Sync + 'a;

pub(crate) fn pass(job: &Job<'_>, planner: &Planner<'_>) -> Result<Passed, Error> {
    let (mut question, plan) = planner(job.view.latest(), room(job.channels));
    let read = read_of(job.view, job.attributes)?;
    let part = match job.elsewhere {
        None => job.here(&plan)?,
        Some(elsewhere) => job.elsewhere(elsewhere, &plan, &question)?,
    };
    question.channels[..part.channels.len()].clone_from_slice(&part.channels);
    Ok(Passed {
        summary: part.summary,
        unbound: part.unbound,
        activities: part.activities,
        question,
        reads: vec![FileRead { rows_read: read.rows_read - part.repeated, ..read }],
    })
}

impl Job<'_> {
    /// Every bucket on the cores of this machine.
    fn here(&self, plan: &Plan) -> Result<Part, Error> {
        let Job { view, attributes, symbols, channels, watch, .. } = *self;
        let measuring = Measuring { plan, attributes, symbols, channels, watch };
        let parts = (0..BUCKETS)
            .into_par_iter()
            .map(|number| measuring.part(view.disk(), &view.portion(number)));
        let nothing = || Ok(Part::new(plan, channels));
        parts.reduce(nothing, |a: Result<Part, Error>, b| a?.merge(b?))
    }

    /// Every bucket on other machines; parts are added up here as they come.
    fn elsewhere(
        &self,
        (elsewhere, journey): (Elsewhere<'_>, &str),
        plan: &Plan,
        question: &Question,
    ) -> Result<Part, Error> {
        let tasks: Vec<Task> = (0..BUCKETS)
            .map(|number| Task::new(journey, question, self.view.portion(number)))
            .collect();
        let mut missing: BTreeMap<u32, u64> =
            tasks.iter().map(|task| (task.bucket(), task.events())).collect();
        let mut whole = Some(Part::new(plan, self.channels));
        (elsewhere.deliver)(tasks, &mut |packed| {
            self.watch.check()?;
            let (bucket, part) = Part::unpack(packed, plan)?;
            let events = missing.remove(&bucket).ok_or_else(|| {
                Error::caller(format!("the cluster measured bucket {bucket} twice; ask again"))
            })?;
            self.watch.add_rows(events);
            whole = whole.take().map(|whole| whole.merge(part)).transpose()?;
            Ok(())
        })?;
        let missing: Vec<String> = missing.keys().map(u32::to_string).collect();
        whole.filter(|_| missing.is_empty()).ok_or_else(|| {
            Error::caller(format!(
                "the cluster did not measure bucket {}; ask again",
                missing.join(" and ")
            ))
        })
    }
}

/// What is known of a lake before it is read; an attribute that it does not have is an error.
pub(crate) fn read_of(view: &View<'_>, attributes: &Attributes) -> Result<FileRead, Error> {
    let there = view.attributes();
    let wanted = scan::wanted(attributes);
    let absent = wanted.attributes.iter().map(|(name, _)| name.clone());
    let read = FileRead {
        path: "lake".into(),
        format: "lake".to_owned(),
        rows_read: view.events(),
        absent: absent.filter(|name| !there.contains(&stored_name(name))).collect(),
        columns: there,
        ..FileRead::default()
    };
    if read.rows_read == 0 {
        return Err(Error::caller(
            "there is no event in the data folder for this period; fill it with `footpath import`",
        ));
    }
    absent_attributes(attributes, std::slice::from_ref(&read))?;
    Ok(read)
}

/// How a bucket is measured, whichever machine does it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measuring<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) attributes: &'a Attributes,
    pub(crate) symbols: &'a Symbols,
    pub(crate) channels: &'a [String],
    pub(crate) watch: &'a Watch,
}

impl Measuring<'_> {
    pub(crate) fn part(&self, disk: &dyn Disk, portion: &Portion) -> Result<Part, Error> {
        let mut walker = portion.walk(disk, &wanted(self.attributes))?;
        let mut coding = Coding::of(self.symbols, self.attributes);
        let mut codes = vec![0];
        let mut part = Part::new(self.plan, self.channels);
        let mut measurer = Measurer::new(self.plan);
        while let Some(mut gathered) = walker.next()? {
            self.watch.check()?;
            coding.learn(&walker.names.activities);
            part.unbound.resize(walker.names.activities.len(), 0);
            learn(&mut codes, &walker.names, &mut part.channels)?;
            let columns = &mut gathered.columns;
            columns.channels.iter_mut().for_each(|code| *code = codes[*code as usize].into());
            let coded = coding.code(columns, &mut part.unbound);
            let attributes = coding.attributes(columns, &coded);
            measurer.add(&coded.events(columns, &attributes));
            self.watch.add_rows(columns.len() as u64);
        }
        part.summary = measurer.finish();
        part.activities = std::mem::take(&mut walker.names.activities);
        part.repeated = walker.repeated;
        Ok(part)
    }
}

/// The attributes under the names that they are stored with.
pub(crate) fn wanted(attributes: &Attributes) -> Wanted {
    let attributes = scan::wanted(attributes).attributes.into_iter();
    let attributes: Vec<(String, Kind)> =
        attributes.map(|(name, kind)| (stored_name(&name), kind)).collect();
    Wanted { attributes, customer: None }
}

/// Names of all activities, by name.
pub(crate) fn activities(view: &View<'_>, watch: &Watch) -> Result<Vec<String>, Error> {
    let all: Mutex<Vec<String>> = Mutex::default();
    (0..BUCKETS).into_par_iter().try_for_each(|bucket| {
        let portion = view.portion(bucket);
        let mut walker = portion.walk(view.disk(), &Wanted::default())?;
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
