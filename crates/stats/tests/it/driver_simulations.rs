//! Importance found where the truth is known: surveys made by chance from a seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use stats::drivers::{
    Analysis, Answer, Caution, Drivers, LeftOut, Matters, OTHER_TOUCHPOINTS, Options, Row, Survey,
    drivers,
};
use stats::{Confidence, Covariance, DriverMethod, lmg};

/// Scores share one feeling; the outcome is a weighted sum of what was met, and chance.
struct World {
    effects: Vec<f64>,
    reach: Vec<f64>,
    /// Correlation between any two scores.
    feeling: f64,
    noise: f64,
    rows_per_customer: u64,
}

struct Dice(ChaCha8Rng);

impl Dice {
    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}

impl World {
    fn everybody_meets(effects: &[f64]) -> Self {
        let reach = vec![1.0; effects.len()];
        Self { effects: effects.to_vec(), reach, feeling: 0.3, noise: 1.0, rows_per_customer: 1 }
    }

    fn row(&self, customer: u64, dice: &mut Dice) -> Row {
        let shared = dice.normal() * self.feeling.sqrt();
        let mut outcome = 7.0 + self.noise * dice.normal();
        let mut answer = |(effect, reach): (&f64, &f64)| {
            let score = shared + dice.normal() * (1.0 - self.feeling).sqrt();
            if dice.unit() >= *reach {
                return Answer::NotMet;
            }
            outcome += effect * score;
            Answer::Score(6.0 + score)
        };
        let answers = self.effects.iter().zip(&self.reach).map(&mut answer).collect();
        Row { customer, outcome: Some(outcome), answers, attributes: vec![] }
    }

    fn survey(&self, customers: u64, seed: u64) -> Survey {
        let mut dice = Dice(ChaCha8Rng::seed_from_u64(seed));
        let mut rows = Vec::new();
        for customer in 0..customers {
            let row = self.row(customer, &mut dice);
            rows.extend((0..self.rows_per_customer).map(|_| row.clone()));
        }
        Survey::new((0..self.effects.len()).map(name).collect(), rows).unwrap()
    }

    /// Importance where everybody meets a touchpoint with its reach taken as given: 1 for conditional importance.
    fn truth(&self, reach: &[f64]) -> Vec<f64> {
        let n = self.effects.len();
        let between = |a: usize, b: usize| match a == b {
            true => reach[a],
            false => self.feeling * reach[a] * reach[b],
        };
        let with_outcome = |a: usize| (0..n).map(|b| self.effects[b] * between(a, b)).sum::<f64>();
        let own =
            (0..n).map(|a| self.effects[a] * with_outcome(a)).sum::<f64>() + self.noise.powi(2);
        let cell = |r: usize, c: usize| match (r, c) {
            (0, 0) => own,
            (0, a) | (a, 0) => with_outcome(a - 1),
            (a, b) => between(a - 1, b - 1),
        };
        let rows: Vec<Vec<f64>> = (0..=n).map(|r| (0..=n).map(|c| cell(r, c)).collect()).collect();
        lmg(&Covariance::new(&rows).unwrap()).unwrap()
    }
}

fn name(touchpoint: usize) -> String {
    format!("touchpoint {touchpoint:02}")
}

fn options(matters: Matters) -> Options {
    Options { matters, seed: 11, conf: Confidence::P95 }
}

fn analysis(survey: &Survey, matters: Matters, rounds: u64) -> Analysis {
    let drivers = Drivers::of(survey, &options(matters)).unwrap();
    drivers.analysis(&drivers.rounds(0..rounds)).unwrap()
}

/// Shares of R² in the order of the touchpoints.
fn shares(analysis: &Analysis) -> Vec<f64> {
    let mut drivers: Vec<_> = analysis.drivers.iter().collect();
    drivers.sort_by_key(|driver| &driver.touchpoint);
    drivers.iter().map(|driver| driver.share.value.unwrap()).collect()
}

/// Mean distance of shares, in points of a hundred.
fn distance(found: &[f64], truth: &[f64]) -> f64 {
    let total: f64 = truth.iter().sum();
    let parts = found.iter().zip(truth).map(|(found, truth)| (found - truth / total).abs());
    100.0 * parts.sum::<f64>() / found.len() as f64
}

/// Four touchpoints that everybody meets, scores correlated 0.3, R² 0.56, 300 customers; 80 surveys with 160 rounds each. Of
/// 320 intervals of importance at a nominal 95 % some 300 should hold the truth; five standard errors of room for surveys that
/// are one draw to four drivers.
#[test]
fn percentile_intervals_hold_the_true_importance_about_as_often_as_they_say() {
    let world = World::everybody_meets(&[0.6, 0.5, 0.4, 0.3]);
    intervals_hold(&world, Matters::AcrossAllCustomers, 300);
}

/// The same where most customers meet only some of them.
#[test]
fn intervals_hold_the_importance_to_those_who_meet_where_many_do_not() {
    let mut world = World::everybody_meets(&[0.8, 0.5, 0.4, 0.3]);
    world.reach = vec![0.4, 0.7, 1.0, 0.5];
    intervals_hold(&world, Matters::ToThoseWhoMeet, 800);
}

fn intervals_hold(world: &World, matters: Matters, customers: u64) {
    let truth = world.truth(&[1.0; 4]);
    let (surveys, mut held, mut all) = (80, 0, 0);
    for seed in 0..surveys {
        let found = analysis(&world.survey(customers, seed), matters, 160);
        for driver in &found.drivers {
            let place = (0..4).find(|&i| name(i) == driver.touchpoint).unwrap();
            let (lower, upper) = driver.importance.interval().unwrap();
            held += u32::from(lower <= truth[place] && truth[place] <= upper);
            all += 1;
        }
    }
    let coverage = f64::from(held) / f64::from(all);
    assert!((0.90..=0.985).contains(&coverage), "{held} of {all}");
}

/// Six touchpoints met by everybody down to one in six, scores correlated 0.4, 4,000 customers.
#[test]
fn each_question_has_its_own_answer() {
    let world = World {
        effects: vec![0.2, 0.3, 0.35, 0.4, 0.5, 0.8],
        reach: vec![1.0, 0.8, 0.6, 0.5, 0.35, 0.17],
        feeling: 0.4,
        noise: 1.0,
        rows_per_customer: 1,
    };
    let survey = world.survey(4000, 5);
    let (conditional, population) = (world.truth(&[1.0; 6]), world.truth(&world.reach));
    let to_those = shares(&analysis(&survey, Matters::ToThoseWhoMeet, 0));
    let across = shares(&analysis(&survey, Matters::AcrossAllCustomers, 0));
    let off = [
        (distance(&to_those, &conditional), distance(&to_those, &population)),
        (distance(&across, &population), distance(&across, &conditional)),
    ];
    assert!(off[0].0 < 1.5 && off[0].1 > 2.0 * off[0].0, "{off:?}");
    assert!(off[1].0 < 1.5 && off[1].1 > 2.0 * off[1].0, "{off:?}");
}

/// Mostly customers of long standing are asked about the second touchpoint, and they score higher everywhere: with their
/// standing as an attribute EM comes nearer to the importance that it would have if all were asked.
#[test]
fn attributes_tell_who_is_asked_what() {
    let world = World { feeling: 0.5, ..World::everybody_meets(&[0.3, 0.7, 0.3]) };
    let asked_of_some = |with_attribute: bool| {
        let rows = world.survey(6000, 12).rows().to_vec().into_iter().map(|mut row| {
            let Answer::Score(score) = row.answers[1] else { return row };
            let standing = row.outcome.unwrap() + score;
            if standing < 13.0 {
                row.answers[1] = Answer::NotAsked;
            }
            row.attributes = if with_attribute { vec![Some(standing)] } else { vec![] };
            row
        });
        let survey = Survey::new((0..3).map(name).collect(), rows.collect()).unwrap();
        distance(&shares(&analysis(&survey, Matters::ToThoseWhoMeet, 0)), &world.truth(&[1.0; 3]))
    };
    let (with, without) = (asked_of_some(true), asked_of_some(false));
    assert!(with < 2.0 && with < without / 2.0, "{with} {without}");
}

/// One touchpoint that matters, and five of nothing, one of which only one in five customers meets.
#[test]
fn only_what_beats_chance_is_supported() {
    let mut world = World::everybody_meets(&[0.5, 0.0, 0.0, 0.0, 0.0, 0.0]);
    world.feeling = 0.0;
    world.reach[5] = 0.2;
    let (mut false_claims, mut claims) = (0, 0);
    for seed in 0..6 {
        let survey = world.survey(250, 100 + seed);
        for matters in [Matters::AcrossAllCustomers, Matters::ToThoseWhoMeet] {
            let found = analysis(&survey, matters, 80);
            assert_eq!(
                (found.drivers[0].touchpoint.as_str(), found.drivers[0].supported),
                ("touchpoint 00", Some(true))
            );
            assert_eq!(found.drivers[0].rank_interval.unwrap().0, 1);
            claims += found.drivers.len() - 1;
            false_claims +=
                found.drivers[1..].iter().filter(|driver| driver.supported == Some(true)).count();
        }
    }
    println!("{false_claims} of {claims} touchpoints of nothing are supported");
    assert!(false_claims * 20 <= claims, "{false_claims} of {claims}");
}

/// The same answers three times over are no more customers: intervals stay as wide.
#[test]
fn customers_are_drawn_and_not_rows() {
    let mut world = World::everybody_meets(&[0.6, 0.3, 0.2]);
    let once = analysis(&world.survey(200, 3), Matters::AcrossAllCustomers, 100);
    world.rows_per_customer = 3;
    let thrice = analysis(&world.survey(200, 3), Matters::AcrossAllCustomers, 100);
    for (once, thrice) in once.drivers.iter().zip(&thrice.drivers) {
        let (a, b) = (once.importance.interval().unwrap(), thrice.importance.interval().unwrap());
        assert!((a.0 - b.0).abs() < 1e-9 && (a.1 - b.1).abs() < 1e-9, "{a:?} {b:?}");
    }
    assert_eq!((thrice.n, thrice.n_customers), (600, 200));
}

#[test]
fn equal_ones_matter_as_much_and_unequal_ones_do_not() {
    let mut world = World::everybody_meets(&[0.5, 0.5, 0.1]);
    world.noise = 0.4;
    let found = analysis(&world.survey(6000, 8), Matters::AcrossAllCustomers, 100);
    let equivalence = |a, b| found.equivalence(&name(a), &name(b), 0.05);
    assert!(equivalence(0, 1).unwrap().as_much, "{:?}", equivalence(0, 1));
    assert!(!equivalence(0, 2).unwrap().as_much);
    assert_eq!(found.equivalence("till", &name(0), 0.05), None);
}

/// Fourteen touchpoints with one feeling in all, one of which repeats another, one that turns round, and one that nobody meets.
#[test]
fn what_to_mind_is_told() {
    let mut world = World::everybody_meets(&[0.3; 15]);
    (world.feeling, world.noise, world.effects[12]) = (0.7, 8.0, -2.5);
    world.effects[13] = 0.0;
    let mut survey = world.survey(120, 2);
    let mut rows: Vec<Row> = Vec::new();
    for mut row in std::mem::replace(&mut survey, world.survey(0, 0)).rows().to_vec() {
        row.answers[13] = row.answers[0];
        row.answers[14] = Answer::NotMet;
        rows.push(row);
    }
    rows.push(Row { outcome: None, ..rows[0].clone() });
    let survey = Survey::new((0..15).map(name).collect(), rows).unwrap();
    let found = analysis(&survey, Matters::ToThoseWhoMeet, 40);
    assert_eq!((found.method, found.n_without_outcome), (DriverMethod::RelativeWeights, 1));
    assert_eq!(found.left_out, [(name(14), LeftOut::NobodyMet)]);
    assert!(
        found.cautions.contains(&Caution::FewCustomers { have: 120, want: 140 }),
        "{:?}",
        found.cautions
    );
    assert!(
        found.cautions.contains(&Caution::Alike { a: name(0), b: name(13) }),
        "{:?}",
        found.cautions
    );
    assert!(found.cautions.iter().any(|caution| matches!(caution, Caution::Halo { .. })));
    assert!(found.check.is_some() && found.drivers.iter().all(|driver| driver.slope.is_none()));
}

/// A touchpoint whose slope turns round once the one it goes along with is held.
#[test]
fn a_turned_sign_is_suppressed() {
    let mut world = World::everybody_meets(&[1.0, -0.3]);
    world.feeling = 0.8;
    let found = analysis(&world.survey(2000, 4), Matters::AcrossAllCustomers, 0);
    let signs: Vec<_> =
        found.drivers.iter().map(|d| (d.correlation.unwrap() > 0.0, d.suppressed)).collect();
    assert_eq!(signs, [(true, false), (true, true)]);
    assert_eq!((found.rounds, found.drivers[0].supported, found.r2.interval()), (0, None, None));
    assert!((found.drivers[1].slope.unwrap() + 0.3).abs() < 0.1);
}

/// Touchpoints that the same customers meet cannot be told apart by who met them, which must not stop the rest.
#[test]
fn touchpoints_of_the_same_customers_share_what_meeting_holds() {
    let world = World::everybody_meets(&[0.5, 0.5, 0.3]);
    let rows: Vec<Row> = world.survey(400, 6).rows().to_vec();
    let together = rows.into_iter().enumerate().map(|(i, mut row)| {
        if i % 3 == 0 {
            row.answers[0] = Answer::NotMet;
            row.answers[1] = Answer::NotMet;
        }
        row
    });
    let survey = Survey::new((0..3).map(name).collect(), together.collect()).unwrap();
    let found = drivers(&survey, &options(Matters::AcrossAllCustomers)).unwrap();
    assert!(found.cautions.contains(&Caution::Alike { a: name(0), b: name(1) }));
    assert_eq!((found.rounds, found.rounds_failed), (1000, 0));
    let sum: f64 = found.drivers.iter().filter_map(|driver| driver.importance.value).sum();
    assert!((sum - found.r2.value.unwrap()).abs() < 1e-9);
}

/// Many touchpoints with gaps of their own go by pairs; rare ones are pooled.
#[test]
fn beyond_em_there_are_pairs() {
    let mut world = World::everybody_meets(&[0.2; 34]);
    world.reach = vec![0.7; 34];
    world.reach[32..].fill(0.01);
    let found = analysis(&world.survey(1500, 9), Matters::ToThoseWhoMeet, 4);
    assert!(
        found.cautions.iter().any(|caution| matches!(caution, Caution::ByPair { .. })),
        "{:?}",
        found.cautions
    );
    assert!(
        found.drivers.iter().any(|driver| driver.touchpoint == OTHER_TOUCHPOINTS)
            || found.left_out.len() == 2
    );
    assert!(found.drivers.iter().all(|driver| driver.importance.interval().is_some()));
}
