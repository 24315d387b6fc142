//! Names of activities and touchpoints, wherever a document uses them.

use std::collections::HashSet;

use super::Check;
use crate::document::structure::short;
use crate::journey::Journey;
use crate::nearest::nearest;
use crate::rule::{Name, Names};

/// Every name outside the bindings, with its pointer: of rules, funnels, the instance and the outcomes.
pub(super) fn all(journey: &Journey) -> Vec<(&Name, String)> {
    let mut all = Vec::new();
    let instance = [("starts", &journey.instance.starts), ("ends", &journey.instance.ends)];
    for (key, names) in instance {
        all.extend(
            names.iter().enumerate().map(|(at, name)| (name, format!("/instance/{key}/{at}"))),
        );
    }
    if let Some(retained) = &journey.outcomes.retained {
        extend(&mut all, &retained.again, "/outcomes/retained/again");
    }
    for (at, funnel) in journey.funnels.iter().enumerate() {
        for (step, names) in funnel.steps.iter().enumerate() {
            extend(&mut all, names, &format!("/funnels/{at}/steps/{step}"));
        }
    }
    for (_, standard, pointer) in super::standards::placed(journey) {
        let rule = format!("{pointer}/{}", standard.rule.key());
        for (key, names) in standard.rule.names() {
            match key {
                "" => extend(&mut all, names, &rule),
                key => extend(&mut all, names, &format!("{rule}/{key}")),
            }
        }
    }
    all
}

fn extend<'a>(all: &mut Vec<(&'a Name, String)>, names: &'a Names, pointer: &str) {
    match names {
        Names::One(name) => all.push((name, pointer.to_owned())),
        Names::Any(names) => {
            all.extend(names.iter().enumerate().map(|(at, name)| (name, format!("{pointer}/{at}"))))
        }
    }
}

/// Warns of activities that no touchpoint binds (they may be real, and mean nothing on the map), and of touchpoints in
/// rules that no event can mean.
pub(super) fn check(check: &mut Check<'_>) {
    let journey = check.journey;
    let bindings = journey.touchpoints().flat_map(|(_, touchpoint)| &touchpoint.events);
    let bound: Vec<&str> = bindings.map(|binding| binding.activity()).collect();
    let bound_set: HashSet<&str> = bound.iter().copied().collect();
    let touchpoints: HashSet<&str> =
        journey.touchpoints().map(|(_, touchpoint)| &*touchpoint.id).collect();
    let silent = journey.touchpoints().filter(|(_, touchpoint)| touchpoint.events.is_empty());
    let silent: HashSet<&str> = silent.map(|(_, touchpoint)| &*touchpoint.id).collect();
    let mut told: HashSet<&Name> = HashSet::new();
    for (name, pointer) in all(journey) {
        match name {
            Name::Activity(activity)
                if activity.is_empty() || bound_set.contains(activity.as_str()) => {}
            _ if !told.insert(name) => {}
            Name::Activity(activity) => {
                let suggestion = if touchpoints.contains(activity.as_str()) {
                    format!("did you mean `touchpoint:{activity}`?")
                } else {
                    let close = if check.problems.is_full() {
                        None
                    } else {
                        nearest(activity, bound.iter().copied())
                    };
                    match close {
                        Some(close) => format!("did you mean `{close}`?"),
                        None => "bind it under `events:` of a touchpoint, if it belongs on the map"
                            .to_owned(),
                    }
                };
                check.warn(
                    &pointer,
                    format!("no touchpoint binds the activity `{}`", short(activity)),
                    suggestion,
                );
            }
            Name::Touchpoint(id) if silent.contains(id.as_str()) => {
                let message = format!(
                    "touchpoint `{}` binds no events, so nothing here can ever match",
                    short(id)
                );
                check.warn(&pointer, message, "add `events:` to the touchpoint".to_owned());
            }
            Name::Touchpoint(_) => {}
        }
    }
}
