//! Long work shows how far it is, and stops when asked to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context;
use engine::import::Watch;
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::{is_watched, talk};

/// A watch that is shown while it is alive.
#[derive(Debug)]
pub(crate) struct Watching {
    pub(crate) watch: Arc<Watch>,
    done: Arc<AtomicBool>,
    shown: Option<JoinHandle<()>>,
}

impl Watching {
    /// Begins to listen for Ctrl-C, and to show progress if somebody is at the terminal.
    pub(crate) fn begin() -> anyhow::Result<Self> {
        let watch = Arc::new(Watch::default());
        listen(&watch)?;
        let done = Arc::new(AtomicBool::new(false));
        let shown = is_watched().then(|| {
            let (watch, done) = (Arc::clone(&watch), Arc::clone(&done));
            thread::spawn(move || show(&watch, &done))
        });
        Ok(Self { watch, done, shown })
    }
}

/// How long readers have to see that they should stop, and a result to get onto the disk.
const GRACE: Duration = Duration::from_secs(1);

/// A process has one listener; it stops the work that is under way, and the process if that does not help: a reader
/// that waits for a pipe sees nothing. Temporary files have no name while there is work, so nothing is left lying about.
fn listen(watch: &Arc<Watch>) -> anyhow::Result<()> {
    static CURRENT: OnceLock<Mutex<Weak<Watch>>> = OnceLock::new();
    let is_first = CURRENT.get().is_none();
    let current = CURRENT.get_or_init(Mutex::default);
    *current.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(watch);
    if is_first {
        let stop = || {
            if let Some(watch) = current.lock().unwrap_or_else(PoisonError::into_inner).upgrade() {
                watch.stop();
            }
            thread::sleep(GRACE);
            say_interrupted();
            std::process::exit(2);
        };
        ctrlc::set_handler(stop).context("listen for Ctrl-C")?;
    }
    Ok(())
}

/// What is said when somebody asked to stop.
pub(crate) fn say_interrupted() {
    talk("interrupted: no result was written");
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(shown) = self.shown.take() {
            let _it_only_draws = shown.join();
        }
    }
}

fn show(watch: &Watch, done: &AtomicBool) {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{bar:24} {bytes}/{total_bytes} {msg} {elapsed}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    while !done.load(Ordering::Relaxed) {
        bar.set_length(watch.total().max(watch.read()));
        bar.set_position(watch.read());
        bar.set_message(format!("{} rows", watch.rows()));
        thread::sleep(Duration::from_millis(100));
    }
    bar.finish_and_clear();
}
