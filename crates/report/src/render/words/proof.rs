//! Differences, and what became of planned changes, in sentences. What may be said of a cause is the evidence's to decide.

use crate::document::{Comparison, Direction, Estimate, Proof, ProofMethod, ProofVerdict, Unit};
use crate::draw::number::{count, n, plural, signed};

/// An effect with its sign, in its unit: `+0.42`, `−12 points`, `+3.1 percentage points`.
pub(in crate::render) fn effect(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Points => format!("{}\u{a0}points", signed(value, 1)),
        Unit::Share => format!("{}\u{a0}percentage points", signed(100.0 * value, 1)),
        _ => signed(value, 2),
    }
}

/// The same with its interval.
pub(in crate::render) fn difference(unit: Unit, of: &Estimate) -> Option<String> {
    let number = |value: f64| match unit {
        Unit::Points => signed(value, 1),
        Unit::Share => signed(100.0 * value, 1),
        _ => signed(value, 2),
    };
    let interval = of.low.zip(of.high);
    let interval = interval.map(|(low, high)| format!(" [{} to {}]", number(low), number(high)));
    Some(format!("{}{}", effect(unit, of.value?), interval.unwrap_or_default()))
}

pub(in crate::render) fn proof_verdict(proof: ProofVerdict) -> &'static str {
    match proof {
        ProofVerdict::Improved => "● improved",
        ProofVerdict::NoChangeShown => "◌ no change shown",
        ProofVerdict::Worse => "▲ worse",
        ProofVerdict::NotEnoughData => "– not enough data",
    }
}

pub(in crate::render) fn proof_method(method: ProofMethod) -> &'static str {
    match method {
        ProofMethod::DifferenceInDifferences => "difference in differences",
        ProofMethod::Staggered => "staggered change",
        ProofMethod::Cuped => "by lot, known before (CUPED)",
        ProofMethod::InterruptedSeries => "interrupted series",
        ProofMethod::BeforeAfter => "before and after",
    }
}

/// In one breath.
pub(in crate::render) fn proof_said(proof: &Proof) -> String {
    let verdict = proof_verdict(proof.proof);
    match difference(proof.unit, &proof.effect) {
        Some(effect) => format!("{verdict}: {effect}, evidence {}", proof.rank),
        None => verdict.to_owned(),
    }
}

/// Everything that is to be said of a planned change, sentence by sentence.
pub(in crate::render) fn proof(proof: &Proof) -> Vec<String> {
    let mut says = vec![found(proof)];
    let is_shown = matches!(proof.proof, ProofVerdict::Improved | ProofVerdict::Worse);
    says.push(match (is_shown, proof.rank.as_str()) {
        (true, rank) => format!("Evidence {rank}: {}.", proof.wording),
        (false, "D") => "Evidence D: nothing could be said of a cause.".to_owned(),
        (false, rank) => format!("Evidence {rank}, of A to D."),
    });
    says.extend(proof.why_not.as_ref().map(|why| format!("{}.", upper_first(why))));
    says.extend(history(proof));
    says.extend(series(proof));
    if let Some(ratio) = proof.variance_ratio {
        let part = crate::draw::number::percent(ratio);
        says.push(format!(
            "What is known of customers from before is taken out: {part} of them would have been enough otherwise."
        ));
    }
    says.extend(power(proof));
    says
}

fn found(proof: &Proof) -> String {
    let better = match proof.direction {
        Direction::Higher => "higher",
        Direction::Lower => "lower",
    };
    let worth = effect(proof.unit, proof.smallest);
    let worth = worth.trim_start_matches('+');
    let effect = difference(proof.unit, &proof.effect);
    let effect = effect.map_or("no effect could be computed".to_owned(), |effect| {
        format!("effect {effect}, {} {}", n(proof.n), proof.counted)
    });
    let units = match (proof.units_changed, proof.units_compared) {
        (0, 0) => String::new(),
        (changed, compared) => {
            format!("; {} changed and {} unchanged units", count(changed), count(compared))
        }
    };
    format!(
        "{}: {effect}, by {}{units}. {} is better, and {worth} the smallest effect worth having.",
        upper_first(proof_verdict(proof.proof).trim_start_matches(|c: char| !c.is_alphabetic())),
        proof_method(proof.approach),
        upper_first(better)
    )
}

/// Whether both sides were on one way before.
fn history(proof: &Proof) -> Option<String> {
    let trend = difference(proof.unit, proof.pre_trend.as_ref()?)?;
    Some(format!(
        "Before the change the trend of the changed less that of the others was {trend} a {}; an interval that holds 0 is no \
         proof that they went the same way.",
        proof.period
    ))
}

fn series(proof: &Proof) -> Option<String> {
    let level = difference(proof.unit, proof.level_change.as_ref()?)?;
    let trend = difference(proof.unit, proof.trend_change.as_ref()?)?;
    let watson = proof.durbin_watson.map_or(String::new(), |it| {
        let it = crate::draw::number::decimal(it, 2);
        format!(
            " Durbin and Watson's statistic is {it}, 2 where neighbouring periods are independent."
        )
    });
    Some(format!(
        "The effect is how far the last {} lies from where the old course led. At the change the level broke by {level}, the \
         trend by {trend} a {}.{watson}",
        proof.period, proof.period
    ))
}

/// What would have been found, and what it takes.
fn power(proof: &Proof) -> Vec<String> {
    let plain = |value: f64| effect(proof.unit, value).trim_start_matches('+').to_owned();
    let mut says = Vec::new();
    if let Some(detectable) = proof.detectable {
        says.push(format!(
            "An effect of {} would have been found in four of five times.",
            plain(detectable)
        ));
    }
    let is_open = proof.proof == ProofVerdict::NotEnoughData;
    let missing = proof.needed.filter(|needed| is_open && *needed > proof.n);
    if let Some(needed) = missing {
        let when = proof.earliest.as_ref().map_or(String::new(), |day| {
            format!(
                ", at the present rate on {day}: read the result then, not every day until then"
            )
        });
        says.push(format!(
            "To find {} it takes {} {}{when}.",
            plain(proof.smallest),
            count(needed),
            proof.counted
        ));
    }
    says
}

/// How much was compared, and what is not told.
pub(in crate::render) fn left_out(comparison: &Comparison) -> String {
    let compared = plural(comparison.rows.len(), "row is compared", "rows are compared");
    let withheld = match comparison.withheld {
        0 => String::new(),
        rows => format!(
            "; {} withheld, because a group has fewer than 5 customers or would tell of one that has",
            plural(rows as usize, "row is", "rows are")
        ),
    };
    let unknown = match comparison.unknown {
        0 => String::new(),
        answers => format!("; {} answers are on neither side", count(answers)),
    };
    format!("{compared}{withheld}{unknown}.")
}

fn upper_first(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_uppercase().collect::<String>());
    first.unwrap_or_default() + chars.as_str()
}
