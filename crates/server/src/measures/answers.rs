//! Answers that take long to find: found once for all who ask at the same time, kept while there is room, and given up when
//! nobody waits for them any more.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

use engine::import::Watch;
use tokio::sync::{Semaphore, watch};
use tokio::task::spawn_blocking;

use crate::error::{Code, Error, Result};

/// As many questions may be worked on or wait; whoever asks another one is told to come back.
const MOST_QUESTIONS: usize = 64;
/// What an answer takes beside its own bytes.
const OVERHEAD: usize = 512;

/// Permits for as many questions as are worked on at the same time; each spreads over all cores by itself.
pub(crate) fn workers() -> Arc<Semaphore> {
    let workers = available_parallelism().map_or(1, |cores| cores.get().clamp(1, 4));
    Arc::new(Semaphore::new(workers))
}

/// Answers by question.
pub(crate) struct Answers<T> {
    inner: Arc<Inner<T>>,
}

struct Inner<T> {
    state: Mutex<State<T>>,
    /// One for each question that is worked on.
    permits: Arc<Semaphore>,
    most_bytes: usize,
}

struct State<T> {
    kept: HashMap<String, Kept<T>>,
    bytes: usize,
    /// Counts what was asked; who was asked for last stays longest.
    asked: u64,
    open: HashMap<String, Open<T>>,
}

struct Kept<T> {
    value: Arc<T>,
    bytes: usize,
    asked: u64,
}

/// `None`: it is worked on.
type Outcome<T> = Option<Result<Arc<T>, Arc<Error>>>;

/// A question that is not answered yet.
struct Open<T> {
    /// Tells it from an earlier one that was given up.
    number: u64,
    outcome: watch::Receiver<Outcome<T>>,
    watch: Arc<Watch>,
    askers: usize,
}

impl<T: Send + Sync + 'static> Answers<T> {
    /// At most so many bytes are kept; who works takes one of the permits.
    pub(crate) fn new(most_bytes: usize, permits: &Arc<Semaphore>) -> Self {
        let state = State { kept: HashMap::new(), bytes: 0, asked: 0, open: HashMap::new() };
        let permits = Arc::clone(permits);
        Self { inner: Arc::new(Inner { state: Mutex::new(state), permits, most_bytes }) }
    }

    /// The answer to a question: the one that is kept, or what `work` finds together with its size in bytes.
    ///
    /// `work` runs on a thread that may wait; when everybody who asked is gone, its watch says stop.
    pub(crate) async fn get(
        &self,
        question: &str,
        work: impl FnOnce(&Watch) -> Result<(T, usize)> + Send + 'static,
    ) -> Result<Arc<T>> {
        let (mut outcome, _asker) = match self.inner.ask(question)? {
            Asked::Known(value) => return Ok(value),
            Asked::Open(outcome, asker) => (outcome, asker),
            Asked::New(outcome, asker, told) => {
                self.begin(question, asker.number, told, work);
                (outcome, asker)
            }
        };
        let gone = || Error::new(Code::Busy, "the answer was given up; ask again");
        let told = outcome.wait_for(Option::is_some).await.map_err(|_| gone())?.clone();
        told.ok_or_else(gone)?.map_err(|failed| failed.again())
    }

    fn begin(
        &self,
        question: &str,
        number: u64,
        (told, watch): (watch::Sender<Outcome<T>>, Arc<Watch>),
        work: impl FnOnce(&Watch) -> Result<(T, usize)> + Send + 'static,
    ) {
        let (inner, question) = (Arc::clone(&self.inner), question.to_owned());
        tokio::spawn(async move {
            let permit = Arc::clone(&inner.permits).acquire_owned().await;
            // What the work holds is let go on a thread that may wait, also when it is not begun.
            let worked = spawn_blocking(move || {
                watch.check()?;
                work(&watch)
            });
            let worked = worked.await.unwrap_or_else(|cause| Err(Error::Internal(cause.into())));
            drop(permit);
            let outcome = inner.end(&question, number, worked);
            told.send_replace(Some(outcome));
        });
    }
}

/// What came of asking.
enum Asked<T> {
    Known(Arc<T>),
    Open(watch::Receiver<Outcome<T>>, Asker<T>),
    New(watch::Receiver<Outcome<T>>, Asker<T>, (watch::Sender<Outcome<T>>, Arc<Watch>)),
}

impl<T> Inner<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(self: &Arc<Self>, question: &str) -> Result<Asked<T>> {
        let mut state = self.state();
        state.asked += 1;
        let number = state.asked;
        if let Some(kept) = state.kept.get_mut(question) {
            kept.asked = number;
            return Ok(Asked::Known(Arc::clone(&kept.value)));
        }
        let asker =
            |number| Asker { inner: Arc::clone(self), question: question.to_owned(), number };
        if let Some(open) = state.open.get_mut(question) {
            open.askers += 1;
            return Ok(Asked::Open(open.outcome.clone(), asker(open.number)));
        }
        if state.open.len() >= MOST_QUESTIONS {
            let message = "too many questions wait to be answered; ask again in a moment";
            return Err(Error::new(Code::Busy, message));
        }
        let (told, outcome) = watch::channel(None);
        let watch = Arc::new(Watch::default());
        let open = Open { number, outcome: outcome.clone(), watch: Arc::clone(&watch), askers: 1 };
        state.open.insert(question.to_owned(), open);
        Ok(Asked::New(outcome, asker(number), (told, watch)))
    }

    /// The question is answered; what the answer is, is kept.
    fn end(
        &self,
        question: &str,
        number: u64,
        worked: Result<(T, usize)>,
    ) -> Result<Arc<T>, Arc<Error>> {
        let mut state = self.state();
        if state.open.get(question).is_some_and(|open| open.number == number) {
            state.open.remove(question);
        }
        let (value, bytes) = worked.map_err(Arc::new)?;
        let (value, bytes) = (Arc::new(value), bytes + question.len() + OVERHEAD);
        if bytes <= self.most_bytes {
            let asked = state.asked;
            let kept = Kept { value: Arc::clone(&value), bytes, asked };
            let before = state.kept.insert(question.to_owned(), kept);
            state.bytes += bytes;
            state.bytes -= before.map_or(0, |before| before.bytes);
            state.make_room(self.most_bytes);
        }
        Ok(value)
    }
}

impl<T> State<T> {
    /// Lets go of what was not asked for longest.
    fn make_room(&mut self, most_bytes: usize) {
        while self.bytes > most_bytes {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.asked);
            let Some(oldest) = oldest.map(|(question, _)| question.clone()) else { return };
            let gone = self.kept.remove(&oldest);
            self.bytes -= gone.map_or(0, |gone| gone.bytes);
        }
    }
}

/// Somebody who waits; the last one who goes stops the work.
struct Asker<T> {
    inner: Arc<Inner<T>>,
    question: String,
    number: u64,
}

impl<T> Drop for Asker<T> {
    fn drop(&mut self) {
        let mut state = self.inner.state();
        let Some(open) = state.open.get_mut(&self.question) else { return };
        if open.number != self.number {
            return;
        }
        open.askers -= 1;
        if open.askers == 0 {
            open.watch.stop();
            state.open.remove(&self.question);
        }
    }
}

impl<T> fmt::Debug for Answers<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.inner.state();
        f.debug_struct("Answers")
            .field("kept", &state.kept.len())
            .field("bytes", &state.bytes)
            .field("open", &state.open.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;

    use tokio::runtime::{Builder, Runtime};

    use super::{Answers, MOST_QUESTIONS, workers};
    use crate::error::{Code, Error};

    fn runtime() -> Runtime {
        Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
    }

    #[test]
    fn the_same_question_is_worked_on_once() {
        runtime().block_on(async {
            let answers: Arc<Answers<usize>> = Arc::new(Answers::new(1 << 20, &workers()));
            let worked = Arc::new(AtomicUsize::new(0));
            let asked = (0..40).map(|_| {
                let (answers, worked) = (Arc::clone(&answers), Arc::clone(&worked));
                tokio::spawn(async move {
                    let work = move |_: &_| Ok((worked.fetch_add(1, Ordering::SeqCst), 8));
                    *answers.get("how many", work).await.unwrap()
                })
            });
            for asked in asked.collect::<Vec<_>>() {
                assert_eq!(asked.await.unwrap(), 0);
            }
            assert_eq!(worked.load(Ordering::SeqCst), 1);
        });
    }

    #[test]
    fn what_was_not_asked_for_longest_makes_room() {
        runtime().block_on(async {
            let answers: Answers<u32> = Answers::new(3 * 1000, &workers());
            let get =
                |question: &'static str, value| answers.get(question, move |_| Ok((value, 400)));
            for (question, value) in [("a", 1), ("b", 2), ("c", 3)] {
                get(question, value).await.unwrap();
            }
            get("a", 9).await.unwrap();
            get("d", 4).await.unwrap();
            assert_eq!(*get("a", 9).await.unwrap(), 1, "it is kept");
            assert_eq!(*get("b", 9).await.unwrap(), 9, "it had to go");
        });
    }

    #[test]
    fn an_error_is_told_to_all_and_not_kept() {
        runtime().block_on(async {
            let answers: Answers<u32> = Answers::new(1 << 20, &workers());
            let told = answers.get("a", |_| Err(Error::invalid("no such thing"))).await;
            assert!(
                matches!(told, Err(Error::Caller { code: Code::InvalidInput, .. })),
                "{told:?}"
            );
            assert_eq!(*answers.get("a", |_| Ok((7, 1))).await.unwrap(), 7);
        });
    }

    #[test]
    fn work_that_nobody_waits_for_is_stopped() {
        runtime().block_on(async {
            let answers: Arc<Answers<u32>> = Arc::new(Answers::new(1 << 20, &workers()));
            let (begun, has_begun) = channel();
            let (stopped, has_stopped) = channel();
            let asking = tokio::spawn({
                let answers = Arc::clone(&answers);
                async move {
                    let work = move |watch: &engine::import::Watch| {
                        begun.send(()).unwrap();
                        while watch.check().is_ok() {
                            std::thread::yield_now();
                        }
                        stopped.send(()).unwrap();
                        Err(Error::invalid("stopped"))
                    };
                    answers.get("a", work).await
                }
            });
            let wait = |it: std::sync::mpsc::Receiver<()>| {
                tokio::task::spawn_blocking(move || it.recv().unwrap())
            };
            wait(has_begun).await.unwrap();
            asking.abort();
            wait(has_stopped).await.unwrap();
            assert_eq!(*answers.get("a", |_| Ok((7, 1))).await.unwrap(), 7);
        });
    }

    #[test]
    fn beyond_the_most_that_may_wait_one_is_told_to_come_back() {
        runtime().block_on(async {
            let answers: Arc<Answers<u32>> = Arc::new(Answers::new(1 << 20, &workers()));
            let questions: Vec<String> = (0..MOST_QUESTIONS).map(|n| n.to_string()).collect();
            let mut asking = Vec::new();
            for question in questions {
                let answers = Arc::clone(&answers);
                let work = |watch: &engine::import::Watch| {
                    while watch.check().is_ok() {
                        std::thread::yield_now();
                    }
                    Ok((1, 1))
                };
                asking.push(tokio::spawn(async move { answers.get(&question, work).await }));
            }
            while answers.inner.state().open.len() < MOST_QUESTIONS {
                tokio::task::yield_now().await;
            }
            let told = answers.get("one more", |_| Ok((1, 1))).await;
            assert!(matches!(told, Err(Error::Caller { code: Code::Busy, .. })), "{told:?}");
            asking.iter().for_each(tokio::task::JoinHandle::abort);
        });
    }
}
