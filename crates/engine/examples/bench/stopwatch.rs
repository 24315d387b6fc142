//! How long a pass takes, by the same rule for every program: one pass to warm up, then at least three that count.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Seconds of passes may add up to this before no more are made than are needed.
const ENOUGH: Duration = Duration::from_secs(4);
const FEWEST: usize = 3;
const MOST: usize = 15;

/// Seconds of each pass, and what the last one answered.
pub fn time<T>(mut pass: impl FnMut() -> T) -> (Vec<f64>, T) {
    let mut answer = black_box(pass());
    let mut seconds = Vec::new();
    let began = Instant::now();
    while seconds.len() < FEWEST || (began.elapsed() < ENOUGH && seconds.len() < MOST) {
        let since = Instant::now();
        let latest = black_box(pass());
        seconds.push(since.elapsed().as_secs_f64());
        // The old answer is dropped out of the measured time.
        answer = latest;
    }
    (seconds, answer)
}
