//! One bucket's measuring as it is sent to another machine, and what that machine does with it.

use std::fmt;
use std::io::Read as _;

use model::document;
use model::resolve::Resolved;
use report::plan::Question;
use serde::{Deserialize, Serialize};

use super::disk::Disk;
use super::pass::Measuring;
use super::portion::Portion;
use crate::error::Error;
use crate::import::Watch;
use crate::looked_at::LookedAt;
use crate::presorted::room;

/// Everything that measuring a bucket needs beside the files themselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// Version of the program that asks.
    program: String,
    /// The document, as `model::write` writes it.
    journey: String,
    /// Of channels only those that the document names; of watched customers those of the bucket.
    question: Question,
    portion: Portion,
}

/// Takes tasks to other machines, and gives each part that comes back to the function: in any order, each bucket once.
pub type Deliver<'a> = dyn Fn(Vec<Task>, &mut OnPart<'_>) -> Result<(), Error> + Send + Sync + 'a;

/// Takes what [`measure_bucket`] made.
pub type OnPart<'a> = dyn FnMut(&[u8]) -> Result<(), Error> + 'a;

/// Other machines that measure.
#[derive(Clone, Copy)]
pub struct Elsewhere<'a> {
    pub deliver: &'a Deliver<'a>,
}

impl fmt::Debug for Elsewhere<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elsewhere").finish_non_exhaustive()
    }
}

const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// Names of files and rows of the tail repeat themselves; more is not worth the time.
const LEVEL: i32 = 3;

/// A task that unpacks to more is an accident, or an attack.
const MOST_BYTES: u64 = 4 << 30;

impl Task {
    pub(crate) fn new(journey: &str, question: &Question, portion: Portion) -> Self {
        let is_here = |customer: &&u64| super::layout::bucket(**customer) == portion.bucket();
        let watched = question.watched.iter().filter(is_here).copied().collect();
        let named = question.channels.iter().filter(|channel| !channel.is_empty());
        let question = Question { watched, channels: named.cloned().collect(), ..question.clone() };
        Self { program: PROGRAM.to_owned(), journey: journey.to_owned(), question, portion }
    }

    pub fn bucket(&self) -> u32 {
        self.portion.bucket()
    }

    /// Events that it has to look at.
    pub fn events(&self) -> u64 {
        self.portion.events()
    }

    /// The form that [`measure_bucket`] takes.
    pub fn pack(&self) -> Result<Vec<u8>, Error> {
        let json = serde_json::to_vec(self)
            .map_err(|cause| Error::world("packing a task", cause.into()))?;
        zstd::encode_all(json.as_slice(), LEVEL)
            .map_err(|cause| Error::world("packing a task", cause))
    }

    pub fn unpack(bytes: &[u8]) -> Result<Self, Error> {
        let unreadable = |cause: &dyn fmt::Display| {
            Error::caller(format!(
                "the task cannot be read ({cause}); run the same version of footpath everywhere, here it is {PROGRAM}"
            ))
        };
        let mut json = Vec::new();
        let unpacked = zstd::Decoder::new(bytes)
            .and_then(|decoder| decoder.take(MOST_BYTES).read_to_end(&mut json));
        unpacked.map_err(|cause| unreadable(&cause))?;
        let task: Self = serde_json::from_slice(&json).map_err(|cause| unreadable(&cause))?;
        if task.program != PROGRAM {
            let asks = format!("footpath {} asks", task.program);
            return Err(unreadable(&asks));
        }
        Ok(task)
    }
}

/// Measures the bucket of a packed task; gives back its part, packed.
///
/// There is no state beside task and files: whichever machine does it, and however often, what comes back is the same.
pub fn measure_bucket(disk: &dyn Disk, task: &Task, watch: &Watch) -> Result<Vec<u8>, Error> {
    let reading = document::read(&task.journey);
    let journey = reading.journey.as_ref().ok_or_else(|| {
        Error::caller(
            "the task's journey cannot be read; run the same version of footpath everywhere",
        )
    })?;
    let resolved = Resolved::of(journey);
    let question = &task.question;
    let compare = question.groups.as_ref().map(|(name, _)| name.as_str());
    let looked_at = LookedAt::of(&resolved, &question.segment, question.strata.as_ref(), compare);
    let question = Question { channels: room(&question.channels), ..question.clone() };
    let compiled = looked_at.compile(&question);
    let LookedAt { attributes, symbols, channels, .. } = &looked_at;
    let measuring = Measuring { plan: &compiled.plan, attributes, symbols, channels, watch };
    measuring.part(disk, &task.portion)?.pack(task.bucket())
}
