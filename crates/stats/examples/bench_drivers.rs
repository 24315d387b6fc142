//! How long the drivers of a large survey take: one JSON line with the seconds of each part, and with the answer.
//!
//!     cargo run --release -p footpath-stats --example bench_drivers -- --rows 1000000 --touchpoints 30 --rounds 1000 --threads 2
//!
//! `--to-those-who-meet` asks the other question, which takes EM: there the patterns of gaps are what costs.
//!
//! The survey is made of mixed counters, so that `bench/peers/drivers_numpy.py` makes the same one and must find the same
//! importance. Making it is outside of the measured time.

#![expect(clippy::print_stdout, reason = "a program that prints what it measured")]

use std::error::Error;
use std::thread;
use std::time::Instant;

use serde_json::json;
use stats::Confidence;
use stats::drivers::{Answer, Drivers, Matters, Options, Round, Row, Survey};

fn main() -> Result<(), Box<dyn Error>> {
    let argument = |name: &str, default: u64| -> Result<u64, Box<dyn Error>> {
        let mut words = std::env::args().skip_while(|word| word != &format!("--{name}"));
        Ok(words.nth(1).map_or(Ok(default), |word| word.parse())?)
    };
    let (rows, touchpoints) = (argument("rows", 1_000_000)?, argument("touchpoints", 30)?);
    let (rounds, threads) = (argument("rounds", 1000)?, argument("threads", 2)?.max(1));
    let matters = match std::env::args().any(|word| word == "--to-those-who-meet") {
        true => Matters::ToThoseWhoMeet,
        false => Matters::AcrossAllCustomers,
    };
    let survey = survey(rows, touchpoints)?;
    let options = Options { matters, seed: 1, conf: Confidence::P95 };

    let began = Instant::now();
    let drivers = Drivers::of(&survey, &options)?;
    let prepared = began.elapsed();
    let drawn = shared_out(&drivers, rounds, threads)?;
    let resampled = began.elapsed();
    let analysis = drivers.analysis(&drawn).ok_or("the survey has no answer")?;
    let answered = began.elapsed();

    let first: Vec<_> = analysis
        .drivers
        .iter()
        .take(5)
        .map(|driver| {
            let interval = driver.importance.interval();
            json!({"touchpoint": driver.touchpoint, "importance": driver.importance.value, "interval": interval})
        })
        .collect();
    let line = json!({
        "peer": "footpath", "question": "drivers", "rows": rows, "touchpoints": touchpoints, "rounds": rounds,
        "threads": threads,
        "importance": matters.name(),
        "seconds": {
            "sums": prepared.as_secs_f64(),
            "rounds": (resampled - prepared).as_secs_f64(),
            "answer": (answered - resampled).as_secs_f64(),
            "all": answered.as_secs_f64(),
        },
        "cautions": format!("{:?}", analysis.cautions),
        "answer": {"r2": analysis.r2.value, "first": first},
    });
    println!("{line}");
    Ok(())
}

/// As many ranges of rounds as threads.
fn shared_out(drivers: &Drivers, rounds: u64, threads: u64) -> Result<Vec<Round>, Box<dyn Error>> {
    thread::scope(|scope| {
        let range = |part: u64| rounds * part / threads..rounds * (part + 1) / threads;
        let running: Vec<_> =
            (0..threads).map(|part| scope.spawn(move || drivers.rounds(range(part)))).collect();
        let mut drawn = Vec::new();
        for thread in running {
            drawn.extend(thread.join().map_err(|_| "a thread of rounds panicked")?);
        }
        Ok(drawn)
    })
}

/// Customers of one row each; touchpoint j is met by all if j is 0, and by ever fewer down to two in ten.
fn survey(rows: u64, touchpoints: u64) -> Result<Survey, stats::Error> {
    let row = |i: u64| {
        let feeling = unit(i, 1000);
        let mut outcome = 2.0 * unit(i, 1001);
        let mut answer = |j: u64| {
            let reach = 1.0 - 0.8 * j as f64 / touchpoints as f64;
            let score = (11.0 * f64::midpoint(feeling, unit(i, 2 * j))).floor();
            if unit(i, 2 * j + 1) >= reach {
                return Answer::NotMet;
            }
            outcome += (score - 5.0) / (j + 4) as f64;
            Answer::Score(score)
        };
        let answers = (0..touchpoints).map(&mut answer).collect();
        Row { customer: i, outcome: Some(outcome), answers, attributes: Vec::new() }
    };
    let names = (0..touchpoints).map(|j| format!("touchpoint {j:02}"));
    Survey::new(names.collect(), (0..rows).map(row).collect())
}

/// From 0 to below 1, from a mixed counter.
fn unit(row: u64, use_: u64) -> f64 {
    let mut z = (row * 2048 + use_).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
