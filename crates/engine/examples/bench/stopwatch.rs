//! How long a pass takes, by the rule of `bench/peers/clock.py`: one pass to warm up, then at least one that counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Passes are made until their time adds up to this.
const ENOUGH: Duration = Duration::from_secs(4);
const MOST: usize = 15;

/// Seconds of each pass, and what the last one answered.
pub(crate) fn time<T>(mut pass: impl FnMut() -> T) -> (Vec<f64>, T) {
    let mut answer = black_box(pass());
    let mut seconds = Vec::new();
    let began = Instant::now();
    while seconds.is_empty() || (began.elapsed() < ENOUGH && seconds.len() < MOST) {
        let since = Instant::now();
        let latest = black_box(pass());
        seconds.push(since.elapsed().as_secs_f64());
        // The old answer is dropped out of the measured time.
        answer = latest;
    }
    (seconds, answer)
}
