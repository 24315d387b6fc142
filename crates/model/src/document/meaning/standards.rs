//! Limits of standards and rules that fit together.

use super::Check;
use crate::document::structure::short;
use crate::journey::{Journey, Touchpoint};
use crate::question::find_question;
use crate::rule::{Rule, Score, Standard, ValueRange};
use crate::span::Span;

/// Every standard with its touchpoint and its pointer, in document order.
pub(super) fn placed(journey: &Journey) -> Vec<(Option<&Touchpoint>, &Standard, String)> {
    let mut placed = Vec::new();
    for ((_, touchpoint), pointer) in journey.touchpoints().zip(super::touchpoint_pointers(journey))
    {
        let standards = touchpoint.standards.iter().enumerate();
        placed.extend(standards.map(|(at, standard)| {
            (Some(touchpoint), standard, format!("{pointer}/standards/{at}"))
        }));
    }
    let standards = journey.standards.iter().enumerate();
    placed.extend(standards.map(|(at, standard)| (None, standard, format!("/standards/{at}"))));
    placed
}

pub(super) fn check(check: &mut Check<'_>) {
    let journey = check.journey;
    let has_currency =
        journey.outcomes.value.as_ref().is_some_and(|value| value.currency.is_some());
    for (touchpoint, standard, pointer) in placed(journey) {
        if standard.tolerance >= standard.promise {
            let message = format!(
                "`tolerance` ({}) must be below the promise ({})",
                standard.tolerance, standard.promise
            );
            check.error(
                &format!("{pointer}/tolerance"),
                message,
                "write a margin such as `0.02`".to_owned(),
            );
        }
        if standard.cost_of_defect.is_some() && !has_currency {
            let message = "`cost_of_defect` has no currency".to_owned();
            check.warn(
                &format!("{pointer}/cost_of_defect"),
                message,
                "add `currency:` to `outcomes: {value: …}`".to_owned(),
            );
        }
        if matches!(standard.rule, Rule::Walked(_)) && touchpoint.is_none() {
            let message =
                "a line of the walk sheet belongs to a touchpoint, not to the whole journey"
                    .to_owned();
            check.error(
                &format!("{pointer}/walked"),
                message,
                "move the standard under its touchpoint".to_owned(),
            );
        }
        rule(check, &standard.rule, &format!("{pointer}/{}", standard.rule.key()));
    }
    if let Some(closes_after) = journey.instance.closes_after {
        positive(check, closes_after, "/instance/closes_after");
    }
    if let Some(retained) = &journey.outcomes.retained {
        positive(check, retained.within, "/outcomes/retained/within");
    }
    for (at, funnel) in journey.funnels.iter().enumerate() {
        if let Some(within) = funnel.within {
            positive(check, within, &format!("/funnels/{at}/within"));
        }
    }
}

fn rule(check: &mut Check<'_>, rule: &Rule, pointer: &str) {
    if let Some((key, span)) = rule.limit() {
        positive(check, span, &format!("{pointer}/{key}"));
    }
    match rule {
        Rule::Response(response) => {
            if let (Some(at_least), Some(within)) = (response.at_least, response.within) {
                ordered(check, ("at_least", at_least), ("within", within), pointer);
            }
        }
        Rule::Cadence(cadence) => {
            if let Some(at_least) = cadence.at_least {
                ordered(check, ("at_least", at_least), ("every", cadence.every), pointer);
            }
        }
        Rule::Count(count) => match (count.at_least, count.at_most) {
            (None, None) => neither(check, pointer),
            (Some(low), Some(high)) if low > high => crossed(check, low, high, pointer),
            _ => {}
        },
        Rule::Value(value) => value_range(check, value, pointer),
        Rule::Score(score) => score_range(check, score, pointer),
        _ => {}
    }
}

fn value_range(check: &mut Check<'_>, value: &ValueRange, pointer: &str) {
    let range = value.at_least.is_some() || value.at_most.is_some();
    let kinds = [range, value.equals.is_some(), value.one_of.is_some()];
    match kinds.iter().filter(|kind| **kind).count() {
        1 => {}
        0 => {
            let message = "`value` has no bound".to_owned();
            check.error_of_whole(
                pointer,
                message,
                "add `at_least:` and/or `at_most:`, or `equals:`, or `in:`".to_owned(),
            );
        }
        _ => {
            let message = "`value` has more than one kind of bound".to_owned();
            let suggestion = "keep a range (`at_least`, `at_most`), or `equals`, or `in`; write a standard for each";
            check.error_of_whole(pointer, message, suggestion.to_owned());
        }
    }
    if let (Some(low), Some(high)) = (value.at_least, value.at_most)
        && low > high
    {
        crossed(check, low, high, pointer);
    }
}

fn score_range(check: &mut Check<'_>, score: &Score, pointer: &str) {
    match (score.at_least, score.at_most) {
        (None, None) => neither(check, pointer),
        (Some(low), Some(high)) if low > high => crossed(check, low, high, pointer),
        _ => {}
    }
    super::known_question(check, &score.question, &format!("{pointer}/question"));
    let Some(question) = find_question(&score.question) else { return };
    let (lowest, highest) = question.answers;
    for (key, limit) in [("at_least", score.at_least), ("at_most", score.at_most)] {
        if limit.is_some_and(|limit| limit < lowest || limit > highest) {
            let limit = limit.unwrap_or_default();
            let message = format!(
                "answers to `{}` go from {lowest} to {highest}, so {limit} cannot be",
                question.name
            );
            check.error(
                &format!("{pointer}/{key}"),
                message,
                "the rule looks at each answer, not at the score of many".to_owned(),
            );
        }
    }
}

fn positive(check: &mut Check<'_>, span: Span, pointer: &str) {
    if span.is_zero() {
        let key = pointer.rsplit('/').next().unwrap_or_default();
        check.error(
            pointer,
            format!("`{}` must be longer than nothing", short(key)),
            "write a span such as `5m`".to_owned(),
        );
    }
}

fn ordered(check: &mut Check<'_>, low: (&str, Span), high: (&str, Span), pointer: &str) {
    if low.1 > high.1 {
        let message = format!("`{}` ({}) is longer than `{}` ({})", low.0, low.1, high.0, high.1);
        check.error(
            &format!("{pointer}/{}", low.0),
            message,
            "no event could keep this; swap them?".to_owned(),
        );
    }
}

fn crossed(
    check: &mut Check<'_>,
    low: impl std::fmt::Display,
    high: impl std::fmt::Display,
    pointer: &str,
) {
    let message = format!("`at_least` ({low}) is more than `at_most` ({high})");
    check.error(
        &format!("{pointer}/at_least"),
        message,
        "nothing could keep this; swap them?".to_owned(),
    );
}

fn neither(check: &mut Check<'_>, pointer: &str) {
    let key = pointer.rsplit('/').next().unwrap_or_default();
    check.error_of_whole(
        pointer,
        format!("`{key}` has no limit"),
        "add `at_least:` or `at_most:`".to_owned(),
    );
}
