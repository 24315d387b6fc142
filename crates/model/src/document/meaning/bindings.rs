//! One event means at most one touchpoint.

use std::collections::{BTreeMap, HashSet};

use super::Check;
use crate::document::structure::short;
use crate::journey::{Binding, Touchpoint};

/// So many bindings of one activity are compared pair by pair; a design has a handful.
const MOST_OF_ONE: usize = 500;

struct Bound<'a> {
    touchpoint: &'a Touchpoint,
    binding: &'a Binding,
    pointer: String,
}

pub(super) fn check(check: &mut Check<'_>) {
    let journey = check.journey;
    let mut by_activity: BTreeMap<&str, Vec<Bound<'_>>> = BTreeMap::new();
    for ((_, touchpoint), pointer) in journey.touchpoints().zip(super::touchpoint_pointers(journey))
    {
        for (at, binding) in touchpoint.events.iter().enumerate() {
            let pointer = format!("{pointer}/events/{at}");
            if let Some(id) = binding.activity().strip_prefix("touchpoint:") {
                let message = format!("`touchpoint:{}` is no activity", short(id));
                check.error(
                    &pointer,
                    message,
                    "write here the activities that the event files carry".to_owned(),
                );
            } else if !binding.activity().is_empty() {
                by_activity.entry(binding.activity()).or_default().push(Bound {
                    touchpoint,
                    binding,
                    pointer,
                });
            }
        }
    }
    for (activity, bound) in &by_activity {
        if let Some(beyond) = bound.get(MOST_OF_ONE) {
            let message = format!(
                "the activity `{}` is bound more than {MOST_OF_ONE} times",
                short(activity)
            );
            check.error(
                &beyond.pointer,
                message,
                "list several values under one `where`".to_owned(),
            );
            continue;
        }
        let values: Vec<Values<'_>> = bound.iter().map(|bound| values(bound.binding)).collect();
        for (at, later) in bound.iter().enumerate() {
            let before = bound.iter().zip(&values).take(at);
            if let Some((earlier, _)) =
                before.into_iter().find(|(_, earlier)| can_both_hold(earlier, &values[at]))
            {
                report(check, activity, earlier, later);
            }
        }
    }
}

/// Attribute → values as an event file would spell them.
type Values<'a> = BTreeMap<&'a str, HashSet<String>>;

fn values(binding: &Binding) -> Values<'_> {
    let spelled = |one_of: &crate::journey::OneOf| {
        one_of.values().iter().map(crate::journey::Scalar::text).collect()
    };
    binding.conditions().map(|(attribute, one_of)| (attribute.as_str(), spelled(one_of))).collect()
}

/// Two conditions exclude each other only by an attribute that both ask for, with no value in common.
fn can_both_hold(one: &Values<'_>, other: &Values<'_>) -> bool {
    one.iter().all(|(attribute, values)| {
        other.get(attribute).is_none_or(|others| !values.is_disjoint(others))
    })
}

fn report(check: &mut Check<'_>, activity: &str, earlier: &Bound<'_>, later: &Bound<'_>) {
    let line = check.line(&earlier.pointer);
    let activity = short(activity);
    if std::ptr::eq(earlier.touchpoint, later.touchpoint) {
        let message =
            format!("`{activity}` is bound twice to this touchpoint; first in line {line}");
        check.warn(&later.pointer, message, "remove one of the two".to_owned());
        return;
    }
    let (first, second) = (short(&earlier.touchpoint.id), short(&later.touchpoint.id));
    let conditions = [earlier.binding, later.binding].map(|binding| binding.conditions().count());
    if conditions.contains(&0) {
        let message = format!(
            "`{activity}` means touchpoint `{first}` (line {line}) and `{second}`: an event can mean only one"
        );
        let suggestion = format!(
            "tell them apart on both: `{{activity: {activity}, where: {{attribute: value}}}}`"
        );
        check.error(&later.pointer, message, suggestion);
    } else {
        let message = format!(
            "the conditions on `{activity}` here (`{second}`) and at `{first}` (line {line}) can both hold"
        );
        check.error(
            &later.pointer,
            message,
            "ask both for one attribute, with different values".to_owned(),
        );
    }
}
