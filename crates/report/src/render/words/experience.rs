//! Sentences on how it was for customers, and on who was heard.

use crate::document::{Emotion, Estimate, ExperienceWeights, Predicts, Report, Silence, Weighed};
use crate::draw::number::{count, decimal, n, percent, percent_interval, signed};

/// What stands above the tables, where a form has no other place for it.
pub(in crate::render) fn how_it_was(report: &Report) -> Vec<String> {
    let weights = report.experience_weights.as_ref().map(experience_weights);
    let emotion = report.emotion.as_ref().map(emotion);
    let weighed = report.weighed.as_ref().map(weighed);
    weights.into_iter().chain(emotion).chain(weighed).collect()
}

/// What need, ease and delight weigh, and why.
pub(in crate::render) fn experience_weights(weights: &ExperienceWeights) -> String {
    let explained = weights.r2.map(|r2| format!("; the three explain {} of it", percent(r2)));
    let explained = explained.unwrap_or_default();
    if let Some(why) = &weights.why_equal {
        let explained = weights.r2.map(|r2| format!(" ({} of its differences)", percent(r2)));
        let explained = explained.unwrap_or_default();
        return format!("Need, ease and delight weigh alike in the index: {why}{explained}.");
    }
    let share = |name: &str, weight: &Estimate| {
        let interval = percent_interval(weight.low, weight.high);
        let interval = interval.map(|interval| format!(" [{interval}]")).unwrap_or_default();
        format!("{name} {}{interval}", weight.value.map_or("–".to_owned(), percent))
    };
    format!(
        "In the index {}, {} and {}: what each holds of the answer about the whole, {}{explained}.",
        share("need weighs", &weights.need),
        share("ease", &weights.ease),
        share("delight", &weights.delight),
        n(weights.complete)
    )
}

/// On how many customers the curve rests, and which of its figures they remember.
pub(in crate::render) fn emotion(emotion: &Emotion) -> String {
    let rests = match &emotion.why_not {
        Some(why) => format!("{why}."),
        None => format!(
            "From {}, {} customers, {} rounds in which customers were drawn anew.",
            emotion.question,
            count(emotion.customers),
            count(emotion.rounds)
        ),
    };
    match &emotion.predicts {
        Some(predicts) => format!("{rests} {}", remembered(predicts)),
        None => rests,
    }
}

fn remembered(predicts: &Predicts) -> String {
    if let Some(why) = &predicts.why_not {
        return format!("Whether mean, peak or end goes along with {}: {why}.", predicts.outcome);
    }
    let best = match predicts.best.as_deref() {
        Some(best) => format!("the {best} goes along with {} most", predicts.outcome),
        None => format!("which of them goes along with {} most is not proven", predicts.outcome),
    };
    let warnings = predicts.warnings.iter().map(|warning| format!(" To mind: {warning}."));
    format!(
        "Of mean, peak and end of a customer's own curve, {best}: together they explain {} of it ({} adjusted), {} by {} \
         customers; an association.{}",
        predicts.r2.map_or("–".to_owned(), percent),
        predicts.adjusted_r2.map_or("–".to_owned(), |r2| decimal(r2, 2)),
        n(predicts.n),
        count(predicts.customers),
        warnings.collect::<String>()
    )
}

/// What those who kept silent could make of the score.
pub(in crate::render) fn silence(silence: &Silence) -> String {
    let points = |points: f64| signed(points, 0);
    let even = match silence.break_even {
        Some(even) => {
            format!("They would need an average of {} for the true score to be 0.", signed(even, 1))
        }
        None if silence.answered == silence.invited => "Nobody kept silent.".to_owned(),
        None => "No average of theirs would make the true score 0.".to_owned(),
    };
    format!(
        "Of {} customers asked {} answered nps, {}: {} of these. If all who kept silent were detractors the true score would \
         be {}, if all were promoters {}. {even} No number of answers narrows this, only a larger part of those asked.",
        count(silence.invited),
        count(silence.answered),
        percent(silence.response_rate),
        points(silence.score),
        points(silence.low),
        points(silence.high)
    )
}

/// What was weighed, and what weights cannot do.
pub(in crate::render) fn weighed(weighed: &Weighed) -> String {
    let without = match weighed.without {
        0 => String::new(),
        n => format!(" {} answers carry no {} and are in none of it.", count(n), weighed.attribute),
    };
    format!(
        "Every {} counts as many customers as it has, {} altogether; the latest answer of each customer. Weights mend who \
         answered, not why: where the score itself decides who answers, they mend nothing.{without}",
        weighed.attribute,
        count(weighed.customers)
    )
}
