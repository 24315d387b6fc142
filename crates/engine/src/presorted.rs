//! The short way for a Parquet file that is already sorted by customer and time: no scatter, no sort, no copy.
//!
//! Threads share the file by row groups. Each hands complete customers to the kernel straight from the decoded columns and
//! keeps aside the first and the last customer of its part, which may go on in the neighbour's; those are joined at the
//! end. Whether the file is sorted is seen while it is read: at the first row out of order the pass gives up, and the file
//! is scattered like any other.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use kernel::{Events, Measurer, Plan, Summary, run_end};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use report::plan::{Compiled, Question};
use report::symbols::{Attributes, Symbols};

use crate::error::Error;
use crate::gather::Coding;
use crate::import::{self, Chunk, FileRead, Intake, Names, RawKey, Source, read_row_groups};
use crate::kept::Kept;
use crate::measure::Passed;
use crate::quarantine::Quarantine;
use crate::scan::{Files, absent_attributes, wanted};

/// What a pass needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) files: &'a Files<'a>,
    pub(crate) attributes: &'a Attributes,
    pub(crate) symbols: &'a Symbols,
    /// Channels that the document names.
    pub(crate) channels: &'a [String],
}

/// Makes the plan once the last event's time and the names of channels are known.
pub(crate) type Planner<'a> = dyn Fn(Option<i64>, Vec<String>) -> (Question, Compiled) + Sync + 'a;

/// Room for so many channels.
pub(crate) const CHANNELS: usize = 255;

/// `None`: the files are not of this kind, and nothing was counted.
pub(crate) fn pass(job: &Job<'_>, planner: &Planner<'_>) -> Result<Option<Passed>, Error> {
    let [source] = job.files.events else { return Ok(None) };
    let Some(groups) = import::row_groups(&source.path)? else { return Ok(None) };
    let Some(latest) = import::latest(source)? else { return Ok(None) };
    let shared = Shared { channels: Channels::new(job.channels), gave_up: AtomicBool::new(false) };
    let (mut question, compiled) = planner(Some(latest), room(job.channels));
    let parts = parts(&groups.iter().map(|group| group.rows).collect::<Vec<_>>());
    let bad = Quarantine::default();
    let run = |range| Part::new(job, &compiled.plan, &shared).run(source, range, &bad);
    let parts: Vec<Part<'_>> = parts.into_par_iter().map(run).collect::<Result<_, Error>>()?;
    let is_latest = parts.iter().filter_map(|part| part.latest).max() == Some(latest);
    if shared.gave_up.load(Ordering::Relaxed) || !is_latest || !are_in_order(&parts) {
        // Bad rows will be met again.
        return Ok(None);
    }
    job.files.quarantine.absorb(bad)?;
    let mut passed = joined(parts, &compiled.plan, Question::default())?;
    shared.channels.name(&mut question.channels);
    passed.question = question;
    passed.reads.iter_mut().for_each(|read| read.format.push_str(", sorted"));
    job.files.judge(&passed.reads)?;
    absent_attributes(job.attributes, &passed.reads)?;
    Ok(Some(passed))
}

/// What threads share.
struct Shared {
    channels: Channels,
    gave_up: AtomicBool,
}

/// Codes of channels, given as they are met, by whichever thread meets one first.
#[derive(Debug)]
struct Channels(Mutex<Vec<String>>);

/// Names for as many channels as may be met; those that are known already come first.
pub(crate) fn room(known: &[String]) -> Vec<String> {
    let mut room = known.to_vec();
    room.resize(CHANNELS.max(known.len()), String::new());
    room
}

impl Channels {
    fn new(known: &[String]) -> Self {
        Self(Mutex::new(known.to_vec()))
    }

    /// Puts the names that were met into their places.
    fn name(&self, room: &mut [String]) {
        let channels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        room[..channels.len()].clone_from_slice(&channels);
    }

    /// The code of a channel, from 1 on; `None` when there are too many.
    fn code(&self, name: &str) -> Option<u16> {
        let mut channels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = channels.iter().position(|known| known == name);
        let code = known.unwrap_or_else(|| {
            channels.push(name.to_owned());
            channels.len() - 1
        });
        (code < CHANNELS.max(1)).then_some(code as u16 + 1)
    }
}

/// Ranges of row groups of about equal rows, a few for each thread so that none waits long for another.
fn parts(rows: &[u64]) -> Vec<std::ops::Range<usize>> {
    let total: u64 = rows.iter().sum();
    let wanted = rayon::current_num_threads() as u64;
    let mut parts = Vec::new();
    let (mut from, mut filled, mut seen) = (0, 0, 0);
    for (group, rows) in rows.iter().enumerate() {
        seen += rows;
        if seen * wanted >= total * (filled + 1) {
            parts.push(from..group + 1);
            from = group + 1;
            filled = seen * wanted / total.max(1);
        }
    }
    if from < rows.len() {
        parts.push(from..rows.len());
    }
    parts
}

/// One thread's part of the file.
struct Part<'a> {
    job: &'a Job<'a>,
    shared: &'a Shared,
    names: Names,
    coding: Coding<'a>,
    measurer: Option<Measurer<'a>>,
    summary: Option<Summary>,
    unbound: Vec<u64>,
    /// Channel codes of `names` to shared ones; index 0 is no channel.
    channels: Vec<u16>,
    symbols: Vec<u16>,
    codes: Vec<u16>,
    /// Rows of the first customer, once another one has come.
    head: Option<Kept>,
    /// Rows of the customer at hand.
    tail: Kept,
    first: Option<(RawKey, i64)>,
    last: Option<(RawKey, i64)>,
    latest: Option<i64>,
    read: FileRead,
}

impl<'a> Part<'a> {
    fn new(job: &'a Job<'a>, plan: &'a Plan, shared: &'a Shared) -> Self {
        Self {
            job,
            shared,
            names: Names::default(),
            coding: Coding::of(job.symbols, job.attributes),
            measurer: Some(Measurer::new(plan)),
            summary: None,
            unbound: Vec::new(),
            channels: vec![0],
            symbols: Vec::new(),
            codes: Vec::new(),
            head: None,
            tail: Kept::default(),
            first: None,
            last: None,
            latest: None,
            read: FileRead::default(),
        }
    }

    fn run(
        mut self,
        source: &Source,
        groups: std::ops::Range<usize>,
        bad: &Quarantine,
    ) -> Result<Self, Error> {
        let wanted = wanted(self.job.attributes);
        let mut names = std::mem::take(&mut self.names);
        let files = self.job.files;
        let mut intake = Intake { names: &mut names, quarantine: bad, watch: files.watch };
        let shared = self.shared;
        let read = read_row_groups(source, &wanted, groups, &mut intake, &mut |chunk, names| {
            if shared.gave_up.load(Ordering::Relaxed) || !self.take(&chunk, names) {
                shared.gave_up.store(true, Ordering::Relaxed);
                return Err(Error::Interrupted);
            }
            Ok(())
        });
        match read {
            Ok(read) => self.read = read,
            // Our own word for giving up; a real Ctrl-C is heard by the next check.
            Err(Error::Interrupted) if shared.gave_up.load(Ordering::Relaxed) => {
                files.watch.check()?
            }
            Err(error) => return Err(error),
        }
        self.names = names;
        self.summary = self.measurer.take().map(Measurer::finish);
        Ok(self)
    }

    /// Takes a chunk in; `false` if it is out of order.
    fn take(&mut self, chunk: &Chunk, names: &Names) -> bool {
        let Some((first, last)) = &chunk.order else { return false };
        let (begin, end) = (chunk.at[0], chunk.at[chunk.at.len() - 1]);
        let goes_on = self.last.as_ref().is_none_or(|known| (&known.0, known.1) <= (first, begin));
        if !goes_on || chunk.event_ids.iter().any(|id| *id != 0) || !self.code(chunk, names) {
            return false;
        }
        self.first.get_or_insert_with(|| (first.clone(), begin));
        self.last = Some((last.clone(), end));
        self.latest = self.latest.max(chunk.at.iter().copied().max());
        self.walk(chunk);
        true
    }

    fn code(&mut self, chunk: &Chunk, names: &Names) -> bool {
        self.coding.learn(&names.activities);
        self.unbound.resize(names.activities.len(), 0);
        for channel in names.channels.texts().skip(self.channels.len() - 1) {
            match self.shared.channels.code(channel) {
                Some(code) => self.channels.push(code),
                None => return false,
            }
        }
        self.coding.code_chunk(chunk, &mut self.symbols, &mut self.unbound);
        self.codes.clear();
        self.codes.extend(chunk.channels.iter().map(|channel| self.channels[*channel as usize]));
        true
    }

    /// Complete customers go to the kernel; the last one of the chunk waits.
    fn walk(&mut self, chunk: &Chunk) {
        let customers = &chunk.customers;
        let mut from = 0;
        if self.tail.customer() == Some(customers[0]) {
            from = run_end(customers, 0);
            self.keep(chunk, 0, from);
            if from == customers.len() {
                return;
            }
        }
        self.let_go();
        let last = customers[customers.len() - 1];
        let last_from =
            customers.iter().rposition(|customer| *customer != last).map_or(0, |row| row + 1);
        if self.head.is_none() && from < last_from {
            let end = run_end(customers, from);
            self.keep(chunk, from, end);
            self.let_go();
            from = end;
        }
        if from < last_from {
            let columns = chunk
                .attributes
                .iter()
                .map(|column| column.rows(from, last_from))
                .collect::<Vec<_>>();
            let events = Events {
                customers: &customers[from..last_from],
                at: &chunk.at[from..last_from],
                symbols: &self.symbols[from..last_from],
                channels: &self.codes[from..last_from],
                attributes: &columns,
            };
            if let Some(measurer) = &mut self.measurer {
                measurer.add(&events);
            }
        }
        self.keep(chunk, last_from, customers.len());
    }

    fn keep(&mut self, chunk: &Chunk, from: usize, to: usize) {
        self.tail.extend(chunk, from..to, &self.symbols, &self.codes);
    }

    /// The customer at hand is complete: the first of the part is put aside, any other measured.
    fn let_go(&mut self) {
        if self.tail.is_empty() {
            return;
        }
        let kept = std::mem::take(&mut self.tail);
        if self.head.is_none() {
            self.head = Some(kept);
        } else if let Some(measurer) = &mut self.measurer {
            kept.measure(measurer);
        }
    }
}

fn are_in_order(parts: &[Part<'_>]) -> bool {
    let ends: Vec<_> =
        parts.iter().filter_map(|part| part.first.as_ref().zip(part.last.as_ref())).collect();
    ends.windows(2).all(|two| two[0].1 <= two[1].0)
}

/// The parts as one, with the customers at their edges put together.
fn joined(parts: Vec<Part<'_>>, plan: &Plan, question: Question) -> Result<Passed, Error> {
    let mut measurer = Measurer::new(plan);
    let mut edge = Kept::default();
    let mut names = Names::default();
    let mut unbound = Vec::new();
    let mut read: Option<FileRead> = None;
    let mut summaries = Vec::new();
    for part in parts {
        for kept in part.head.into_iter().chain([part.tail]).filter(|kept| !kept.is_empty()) {
            if edge.customer().is_some_and(|customer| Some(customer) != kept.customer()) {
                std::mem::take(&mut edge).measure(&mut measurer);
            }
            edge.append(kept);
        }
        let became = names.activities.merge(&part.names.activities)?;
        unbound.resize(names.activities.len(), 0);
        for (code, count) in became.iter().zip(&part.unbound) {
            unbound[*code as usize] += count;
        }
        match &mut read {
            Some(read) => read.add(part.read),
            None => read = Some(part.read),
        }
        summaries.extend(part.summary);
    }
    edge.measure(&mut measurer);
    let mut summary = measurer.finish();
    for other in summaries {
        summary.merge(other);
    }
    Ok(Passed {
        summary,
        unbound,
        activities: names.activities,
        question,
        reads: read.into_iter().collect(),
    })
}
