//! Do the intervals keep their word: 10,000 samples of a known truth, and how many of their 95 % intervals hold it.
//!
//! Each must be within two points of 95 %. Where a method is known to be conservative, only the lower side is held. With 10,000
//! samples a share of .95 is known to ±.004, so what fails here fails by more than chance.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use stats::{
    Confidence, Estimate, FourSamples, NpsCounts, NpsDifferenceMethod, NpsMethod,
    contact_rate_ratio, mean_interval, nps_did, nps_difference, nps_interval,
    proportion_difference, weighted_nps, wilson,
};

const SAMPLES: u32 = 10_000;
const ALLOWED: std::ops::RangeInclusive<f64> = 0.93..=0.97;
const CONSERVATIVE: std::ops::RangeInclusive<f64> = 0.945..=1.0;

struct Chance(ChaCha8Rng);

impl Chance {
    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn count(&mut self, n: u64, share: f64) -> u64 {
        (0..n).filter(|_| self.unit() < share).count() as u64
    }

    /// So many answers of promoters, passives and detractors with these shares.
    fn nps(&mut self, n: u64, promoters: f64, detractors: f64) -> NpsCounts {
        let mut counts = [0; 3];
        for _ in 0..n {
            let at = self.unit();
            let category = if at < promoters { 0 } else { usize::from(at < 1.0 - detractors) + 1 };
            counts[category] += 1;
        }
        NpsCounts::new(counts[0], counts[2], counts[1])
    }

    /// Events of a Poisson process in a time in which this many are expected.
    fn poisson(&mut self, expected: f64) -> u64 {
        let (mut time, mut events) = (0.0, 0);
        loop {
            time -= (1.0 - self.unit()).ln();
            if time > expected {
                return events;
            }
            events += 1;
        }
    }
}

fn check(
    name: &str,
    truth: f64,
    allowed: std::ops::RangeInclusive<f64>,
    mut sample: impl FnMut(&mut Chance) -> Estimate,
) {
    let mut chance = Chance(ChaCha8Rng::seed_from_u64(20_26));
    let held = (0..SAMPLES).filter(|_| {
        let interval = sample(&mut chance).interval();
        interval.is_some_and(|(lower, upper)| lower <= truth && truth <= upper)
    });
    let coverage = held.count() as f64 / f64::from(SAMPLES);
    assert!(allowed.contains(&coverage), "{name}: {coverage}");
}

const P95: Confidence = Confidence::P95;

#[test]
fn nps_adjusted_wald() {
    for (n, promoters, detractors) in [(30, 0.45, 0.25), (100, 0.6, 0.15), (100, 0.3, 0.4)] {
        let truth = 100.0 * (promoters - detractors);
        check("adjusted Wald", truth, ALLOWED, |chance| {
            let counts = chance.nps(n, promoters, detractors);
            nps_interval(&counts, NpsMethod::AdjustedWald, P95)
        });
    }
}

#[test]
fn shares_by_wilson() {
    for (n, share) in [(50, 0.3), (200, 0.12), (400, 0.9)] {
        check("Wilson", share, ALLOWED, |chance| {
            Estimate::from(&wilson(chance.count(n, share), n, P95))
        });
    }
}

/// Answers on a scale of 0 to 10 that lean to its upper end.
#[test]
fn means_by_student() {
    check("t", 7.0, ALLOWED, |chance| {
        let answers: Vec<Option<f64>> =
            (0..50).map(|_| Some(chance.count(10, 0.7) as f64)).collect();
        mean_interval(&answers, P95, Some((0.0, 10.0)))
    });
}

#[test]
fn differences_of_shares_by_newcombe() {
    for (first, second) in [((80, 0.3), (120, 0.45)), ((150, 0.9), (150, 0.85))] {
        check("Newcombe", second.1 - first.1, ALLOWED, |chance| {
            let drawn = [first, second].map(|(n, share)| (chance.count(n, share), n));
            proportion_difference(drawn[0], drawn[1], P95).estimate
        });
    }
}

#[test]
fn differences_of_nps() {
    check("NPS difference", 15.0, ALLOWED, |chance| {
        let (a, b) = (chance.nps(100, 0.6, 0.15), chance.nps(80, 0.7, 0.1));
        nps_difference(&a, &b, NpsDifferenceMethod::AdjustedWald, P95).estimate
    });
}

#[test]
fn differences_of_differences_of_nps() {
    check("NPS difference in differences", 12.0, ALLOWED, |chance| {
        let samples = FourSamples {
            treated_before: chance.nps(60, 0.6, 0.15),
            treated_after: chance.nps(60, 0.7, 0.1),
            control_before: chance.nps(60, 0.52, 0.2),
            control_after: chance.nps(60, 0.54, 0.19),
        };
        nps_did(&samples, P95).estimate
    });
}

/// Two in ten count three times: the linearised standard error must know it.
#[test]
fn weighted_scores() {
    check("weighted NPS", 30.0, ALLOWED, |chance| {
        let mut answers = Vec::new();
        for (n, weight) in [(96, 1.0), (24, 3.0)] {
            let counts = chance.nps(n, 0.5, 0.2);
            for (answer, n) in
                [(10.0, counts.promoters), (8.0, counts.passives), (0.0, counts.detractors)]
            {
                answers.extend((0..n).map(|_| (weight, Some(answer))));
            }
        }
        weighted_nps(&answers, P95).estimate
    });
}

/// Garwood's interval never covers less than it says: of few contacts it covers more.
#[test]
fn contact_rates_by_garwood() {
    for expected in [4.0, 13.0, 60.0] {
        check("Garwood", 1.0, CONSERVATIVE, |chance| {
            contact_rate_ratio(chance.poisson(expected), 30.0 * expected, 30.0, P95).ratio
        });
    }
}
