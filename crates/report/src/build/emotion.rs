//! The emotion curve in numbers: stage by stage what customers felt, and which figure of it they remember.
//!
//! The feeling of a customer at a stage is the mean of the answers about its touchpoints, each stretched from its scale onto
//! −5 to 5; the feeling of a stage is the mean over customers.

use std::collections::BTreeMap;

use kernel::Summary;
use model::question::find_question;
use model::resolve::Resolved;
use stats::drivers::{self, Answer as Said, Matters, Options, Row, Survey};
use stats::{CURVE_ROUNDS, EmotionCurve, FeltCurve, emotion_curve, felt_curve};

use super::confidence;
use super::importance::caution;
use super::sheets::Sheets;
use crate::answers::{Answer, Answers, latest_of_each, valid};
use crate::document::{Curve, Drop, Emotion, Estimate, Predictor, Predicts, StageFeeling};
use crate::small_cells::FLOOR;

const SEED: u64 = 20_250_301;
/// The ends of the scale of feelings.
const FEELINGS: (f64, f64) = (-5.0, 5.0);
/// Answers that tell a feeling, best first.
const QUESTIONS: [&str; 3] = ["csat", "delight", "nps"];
/// Under so many customers their figures are not told: drawing a few anew says little.
const FEWEST: u64 = 30;
/// A valence in the document, −2 to 2, on the scale of feelings.
const PER_VALENCE: f64 = 2.5;
/// A curve of fewer stages has no peak apart from its ends.
const STAGES: usize = 3;

/// Feelings by customer; those of an anonymous answer are somebody's of their own.
struct Feelings {
    stages: Vec<usize>,
    by_customer: Vec<Vec<Option<f64>>>,
}

/// `None` where fewer than two stages have the answers of five customers.
pub(super) fn emotion(
    journey: &Resolved<'_>,
    answers: &[Answer],
    summary: &Summary,
) -> Option<Emotion> {
    let (question, feelings) = QUESTIONS
        .iter()
        .map(|question| (*question, Feelings::of(journey, answers, question)))
        .reduce(|best, next| if next.1.stages.len() > best.1.stages.len() { next } else { best })?;
    if feelings.stages.len() < 2 {
        return None;
    }
    let ids: Vec<String> =
        feelings.stages.iter().map(|stage| journey.journey.stages[*stage].id.clone()).collect();
    let felt = felt_curve(&ids, &feelings.by_customer, FEELINGS, SEED, confidence())?;
    let assumed: Vec<Option<f64>> =
        feelings.stages.iter().map(|stage| assumed_feeling(journey, *stage)).collect();
    let named = ids.iter().cloned().zip(&assumed);
    let assumed_curve: Vec<(String, f64)> =
        named.filter_map(|(id, feeling)| Some((id, (*feeling)?))).collect();
    let is_enough = felt.n_customers >= FEWEST;
    let why_not = format!(
        "not enough data: {} customers told a feeling, and {FEWEST} are needed",
        felt.n_customers
    );
    let stages = ids.into_iter().zip(&felt.stages).zip(assumed);
    Some(Emotion {
        question: question.to_owned(),
        stages: stages
            .map(|((stage, feeling), assumed)| StageFeeling {
                stage,
                n: feeling.n,
                measured: Estimate::from(feeling),
                assumed,
            })
            .collect(),
        customers: felt.n_customers,
        measured: is_enough.then(|| measured(&felt)),
        why_not: (!is_enough).then_some(why_not),
        assumed: emotion_curve(&assumed_curve).as_ref().map(assumed_figures),
        rounds: CURVE_ROUNDS,
        seed: SEED,
        predicts: predicts(journey, summary, answers),
    })
}

impl Feelings {
    fn of(journey: &Resolved<'_>, answers: &[Answer], question: &str) -> Self {
        let n_stages = journey.journey.stages.len();
        // Sums and numbers of feelings, stage by stage.
        let mut named: BTreeMap<u64, Vec<(f64, u64)>> = BTreeMap::new();
        let mut all: Vec<Vec<(f64, u64)>> = Vec::new();
        for stop in &journey.touchpoints {
            let Some(stage) = stage_of(journey, &stop.stage.id) else { continue };
            let about = Answers::about(answers, Some(&stop.touchpoint.id));
            for answer in latest_of_each(about.to(question)) {
                let Some(feeling) = feeling(answer) else { continue };
                let nothing = vec![(0.0, 0); n_stages];
                let told = match answer.customer {
                    Some(customer) => named.entry(customer).or_insert(nothing),
                    None => {
                        all.push(nothing);
                        let Some(last) = all.last_mut() else { continue };
                        last
                    }
                };
                told[stage] = (told[stage].0 + feeling, told[stage].1 + 1);
            }
        }
        all.extend(named.into_values());
        let told = |stage: usize| all.iter().filter(|told| told[stage].1 > 0).count() as u64;
        let stages: Vec<usize> = (0..n_stages).filter(|stage| told(*stage) >= FLOOR).collect();
        let mean = |(sum, n): (f64, u64)| (n > 0).then(|| sum / n as f64);
        let row = |told: &Vec<(f64, u64)>| stages.iter().map(|it| mean(told[*it])).collect();
        let by_customer = all.iter().map(row).collect();
        Self { by_customer, stages }
    }
}

fn stage_of(journey: &Resolved<'_>, id: &str) -> Option<usize> {
    journey.journey.stages.iter().position(|stage| stage.id == id)
}

fn feeling(answer: &Answer) -> Option<f64> {
    stretched(&answer.question, valid(answer)?)
}

/// From the scale of a question's answers onto that of feelings.
fn stretched(question: &str, score: f64) -> Option<f64> {
    let (lowest, highest) = find_question(question)?.answers;
    let share = (score - lowest) / (highest - lowest);
    Some(FEELINGS.0 + share * (FEELINGS.1 - FEELINGS.0))
}

/// The mean over the touchpoints of a stage for which the document assumes a feeling.
fn assumed_feeling(journey: &Resolved<'_>, stage: usize) -> Option<f64> {
    let touchpoints = journey.journey.stages[stage].touchpoints.iter();
    let assumed: Vec<f64> = touchpoints
        .filter_map(|touchpoint| touchpoint.feels.as_ref())
        .map(|feels| PER_VALENCE * feels.valence)
        .collect();
    stats::mean(&assumed)
}

fn measured(felt: &FeltCurve) -> Curve {
    let drop = felt.curve.largest_drop.as_ref().zip(felt.largest_drop.as_ref());
    Curve {
        mean: Estimate::from(&felt.mean),
        area: Estimate::from(&felt.area),
        peak: Estimate::from(&felt.peak),
        peak_stage: felt.curve.peak_stage.clone(),
        peak_there: Some(felt.peak_there),
        end: Estimate::from(&felt.end),
        peak_end: Estimate::from(&felt.peak_end),
        largest_drop: drop.map(|((_, into), size)| Drop {
            size: Estimate::from(size),
            into: into.clone(),
            there: felt.drop_there,
        }),
    }
}

fn assumed_figures(curve: &EmotionCurve) -> Curve {
    let point = |value: f64| Estimate { value: Some(value), low: None, high: None };
    Curve {
        mean: point(curve.mean),
        area: point(curve.area),
        peak: point(curve.peak),
        peak_stage: curve.peak_stage.clone(),
        peak_there: None,
        end: point(curve.end),
        peak_end: point(curve.peak_end),
        largest_drop: curve.largest_drop.as_ref().map(|(size, into)| Drop {
            size: point(*size),
            into: into.clone(),
            there: None,
        }),
    }
}

/// Which of mean, peak and end of a customer's own curve goes along with the answer about the whole.
fn predicts(journey: &Resolved<'_>, summary: &Summary, answers: &[Answer]) -> Option<Predicts> {
    let outcome = &journey.journey.outcomes.loyalty.as_ref()?.question;
    let sheets = Sheets::of(journey, summary, answers, outcome)?;
    const FIGURES: [&str; STAGES] = ["mean", "peak", "end"];
    let stage_of_driver: Vec<Option<usize>> = sheets
        .drivers
        .iter()
        .map(|(number, _)| stage_of(journey, &journey.touchpoints[*number].stage.id))
        .collect();
    let row = |row: &Row| {
        let curve = own_curve(row, &stage_of_driver, &sheets)?;
        let figures = [curve.mean, curve.peak, curve.end].map(Said::Score).to_vec();
        Some(Row { answers: figures, ..row.clone() })
    };
    let rows: Vec<Row> = sheets.survey.rows().iter().filter_map(row).collect();
    if rows.is_empty() {
        return None;
    }
    let n = rows.len() as u64;
    let mut customers: Vec<u64> = rows.iter().map(|row| row.customer).collect();
    customers.sort_unstable();
    customers.dedup();
    let nothing = |why: String| Predicts {
        outcome: outcome.clone(),
        n,
        customers: customers.len() as u64,
        r2: None,
        adjusted_r2: None,
        parts: Vec::new(),
        best: None,
        why_not: Some(why),
        warnings: Vec::new(),
    };
    const NEEDED: u64 = 100;
    if n < NEEDED {
        let why = format!(
            "not enough data: {n} answers about the whole come with feelings of three stages, and {NEEDED} are needed"
        );
        return Some(nothing(why));
    }
    let survey = Survey::new(FIGURES.map(str::to_owned).to_vec(), rows).ok()?;
    let options = Options { matters: Matters::ToThoseWhoMeet, seed: SEED, conf: confidence() };
    let analysis = match drivers::drivers(&survey, &options) {
        Ok(analysis) => analysis,
        Err(why) => return Some(nothing(why.to_string())),
    };
    let part = |figure: &str| {
        let driver = analysis.drivers.iter().find(|driver| driver.touchpoint == figure)?;
        let range = driver.rank_interval;
        Some(Predictor {
            figure: figure.to_owned(),
            share: Estimate::from(&driver.share),
            rank: Estimate {
                value: Some(driver.rank as f64),
                low: range.map(|range| range.0 as f64),
                high: range.map(|range| range.1 as f64),
            },
            supported: driver.supported == Some(true),
        })
    };
    let parts: Vec<Predictor> = FIGURES.iter().filter_map(|figure| part(figure)).collect();
    let best = parts.iter().find(|part| part.supported && part.rank.high == Some(1.0));
    Some(Predicts {
        best: best.map(|part| part.figure.clone()),
        n: analysis.n,
        customers: analysis.n_customers,
        r2: analysis.r2.value,
        adjusted_r2: analysis.adjusted_r2,
        warnings: analysis.cautions.iter().map(caution).collect(),
        why_not: None,
        parts,
        ..nothing(String::new())
    })
}

/// The curve of one customer before one answer about the whole; `None` with fewer than three stages.
fn own_curve(row: &Row, stages: &[Option<usize>], sheets: &Sheets) -> Option<EmotionCurve> {
    let mut by_stage: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for ((said, stage), (_, question)) in row.answers.iter().zip(stages).zip(&sheets.drivers) {
        if let (Said::Score(score), Some(stage)) = (said, stage) {
            by_stage.entry(*stage).or_default().extend(stretched(question, *score));
        }
    }
    let curve: Vec<(String, f64)> = by_stage
        .into_iter()
        .filter_map(|(stage, feelings)| Some((stage.to_string(), stats::mean(&feelings)?)))
        .collect();
    if curve.len() < STAGES { None } else { emotion_curve(&curve) }
}
