//! Who answered: those who answered late against those who did so at once, and what the silent could do to a score.

use stats::{Adjustment, NpsCounts, adjust_p, mean_early_late, nps_early_late};

use super::samples::{FEWEST_CUSTOMERS, Given, counts, given};
use super::{confidence, heard};
use crate::answers::{Answers, Told};
use crate::document::{EarlyLate, Estimate, Report, Score, Silence};

/// At most so many of the differences that are told may be chance.
const FALSE_DISCOVERY: f64 = 0.05;

/// Adds to every score what is known of those who gave it.
pub(super) fn tell(told: &Told, report: &mut Report) {
    let whole = &mut report.scores;
    let mut places: Vec<(Option<&str>, &String, &mut Score)> =
        whole.iter_mut().map(|(question, score)| (None, question, score)).collect();
    for touchpoint in &mut report.touchpoints {
        let id = touchpoint.id.as_str();
        places.extend(touchpoint.scores.iter_mut().map(|(q, score)| (Some(id), q, score)));
    }
    for (touchpoint, question, score) in &mut places {
        let answers = Answers::about(&told.answers, *touchpoint);
        let given = given(question, answers.to(question));
        score.early_late = early_late(question, &given);
        score.silence = silence(told, (*touchpoint, question), &given);
    }
    let found = || places.iter().map(|(_, _, score)| score.early_late.as_ref());
    let p: Vec<Option<f64>> = found().map(|found| found?.p).collect();
    let q = adjust_p(&p, Adjustment::BenjaminiHochberg);
    for ((_, _, score), q) in places.into_iter().zip(q) {
        if let Some(found) = &mut score.early_late {
            found.q = q;
            found.supported = q.is_some_and(|q| q <= FALSE_DISCOVERY);
        }
    }
}

fn early_late(question: &str, given: &[Given<'_>]) -> Option<EarlyLate> {
    let delayed = given.iter().filter_map(|it| {
        let delay = it.at.checked_sub(it.answer.invited_at?).filter(|delay| *delay >= 0)?;
        (it.at != 0).then_some((delay as f64 / 1e6, Some(it.score)))
    });
    let delayed: Vec<(f64, Option<f64>)> = delayed.collect();
    let split = if question == "nps" { nps_early_late } else { mean_early_late };
    let found = split(&delayed, confidence());
    let is_enough = found.early.n.min(found.late.n) >= FEWEST_CUSTOMERS as u64;
    Some(EarlyLate {
        median_delay_s: found.median_delay.filter(|_| is_enough)?,
        early: Estimate::from(&found.early),
        early_n: found.early.n,
        late: Estimate::from(&found.late),
        late_n: found.late.n,
        difference: Estimate::from(&found.difference),
        p: found.p,
        q: None,
        supported: false,
    })
}

fn silence(
    told: &Told,
    (touchpoint, question): (Option<&str>, &str),
    given: &[Given<'_>],
) -> Option<Silence> {
    let is_asked = |it: &&crate::answers::Silent| {
        it.question == question && it.touchpoint.as_deref() == touchpoint
    };
    let silent = told.silent.iter().filter(is_asked).count() as u64;
    if question != "nps" || silent == 0 {
        return None;
    }
    let asked = given.iter().filter(|it| it.answer.invited_at.is_some());
    let counts: NpsCounts = counts(&asked.map(|it| it.score).collect::<Vec<_>>());
    heard::silent(&counts, counts.n() + silent)
}
