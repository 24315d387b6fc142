//! Ids are unique per kind, and what refers to one finds it.

use std::collections::{HashMap, HashSet};

use super::Check;
use crate::document::structure::short;
use crate::rule::Rule;

pub(super) fn check(check: &mut Check<'_>) {
    let journey = check.journey;
    let touchpoints = unique(check, "touchpoint", &touchpoints(check));
    unique(check, "stage", &listed("/stages", journey.stages.iter().map(|stage| &*stage.id)));
    let standards = unique(check, "standard", &standards(check));
    unique(check, "lane", &listed("/lanes", journey.lanes.iter().map(|lane| &*lane.id)));
    unique(
        check,
        "persona",
        &listed("/personas", journey.personas.iter().map(|persona| &*persona.id)),
    );
    let principles = journey.statement.iter().flat_map(|statement| &statement.principles);
    let principles = listed("/statement/principles", principles.map(|principle| &*principle.id));
    let principles = unique(check, "principle", &principles);
    unique(check, "funnel", &listed("/funnels", journey.funnels.iter().map(|funnel| &*funnel.id)));
    unique(check, "theme", &listed("/themes", journey.themes.iter().map(|theme| &*theme.id)));
    unique(
        check,
        "contact point",
        &listed("/contact_points", journey.contact_points.iter().map(|point| &*point.id)),
    );
    references(check, &touchpoints, &standards, &principles);
}

/// An id with the pointer of the thing that has it.
type Named<'a> = (&'a str, String);

fn listed<'a>(list: &str, ids: impl Iterator<Item = &'a str>) -> Vec<Named<'a>> {
    ids.enumerate().map(|(at, id)| (id, format!("{list}/{at}"))).collect()
}

fn touchpoints<'a>(check: &Check<'a>) -> Vec<Named<'a>> {
    let ids = check.journey.touchpoints().map(|(_, touchpoint)| &*touchpoint.id);
    ids.zip(super::touchpoint_pointers(check.journey)).collect()
}

fn standards<'a>(check: &Check<'a>) -> Vec<Named<'a>> {
    super::standards::placed(check.journey)
        .into_iter()
        .map(|(_, standard, pointer)| (&*standard.id, pointer))
        .collect()
}

/// What can be referred to: all ids of a kind, for looking up and for suggesting.
struct Known<'a> {
    kind: &'static str,
    set: HashSet<&'a str>,
    list: Vec<&'a str>,
}

fn unique<'a>(check: &mut Check<'_>, kind: &'static str, named: &[Named<'a>]) -> Known<'a> {
    let mut first: HashMap<&str, &str> = HashMap::new();
    // A stand-in has no id; what stood there was reported.
    for (id, pointer) in named.iter().filter(|(id, _)| !id.is_empty()) {
        if let Some(earlier) = first.get(id) {
            let line = check.line(&format!("{earlier}/id"));
            let message = format!("{kind} `{}` is there twice; first in line {line}", short(id));
            check.error(
                &format!("{pointer}/id"),
                message,
                "give one of them another id".to_owned(),
            );
        } else {
            first.insert(id, pointer);
        }
    }
    let list: Vec<&str> = named.iter().map(|(id, _)| *id).filter(|id| !id.is_empty()).collect();
    Known { kind, set: list.iter().copied().collect(), list }
}

fn references(
    check: &mut Check<'_>,
    touchpoints: &Known<'_>,
    standards: &Known<'_>,
    principles: &Known<'_>,
) {
    let journey = check.journey;
    for ((_, touchpoint), pointer) in journey.touchpoints().zip(super::touchpoint_pointers(journey))
    {
        for (at, next) in touchpoint.next.iter().flatten().enumerate() {
            refer(check, touchpoints, next, &format!("{pointer}/next/{at}"));
        }
    }
    for (at, handoff) in journey.handoffs.iter().enumerate() {
        refer(check, touchpoints, &handoff.from, &format!("/handoffs/{at}/from"));
        refer(check, touchpoints, &handoff.to, &format!("/handoffs/{at}/to"));
        if let Some(standard) = &handoff.standard {
            refer(check, standards, standard, &format!("/handoffs/{at}/standard"));
        }
        if handoff.from == handoff.to && !handoff.from.is_empty() {
            let message = format!("a hand-off from `{}` to itself", short(&handoff.from));
            check.error(
                &format!("/handoffs/{at}/to"),
                message,
                "name the touchpoint that takes over".to_owned(),
            );
        }
    }
    for (_, standard, pointer) in super::standards::placed(journey) {
        if let Some(principle) = &standard.principle {
            refer(check, principles, principle, &format!("{pointer}/principle"));
        }
        let Rule::Order(order) = &standard.rule else { continue };
        for (from, allowed) in order.allow.iter().flatten() {
            let pointer = crate::document::tree::below(&format!("{pointer}/order/allow"), from);
            refer_step(check, touchpoints, from, &pointer);
            for (at, to) in allowed.iter().enumerate() {
                refer_step(check, touchpoints, to, &format!("{pointer}/{at}"));
            }
        }
    }
    for (name, pointer) in super::names::all(journey) {
        if let crate::rule::Name::Touchpoint(id) = name {
            refer(check, touchpoints, id, &pointer);
        }
    }
}

/// A step of a designed order: a touchpoint by its id, as `touchpoint:id`, or by an activity bound to it.
fn refer_step(check: &mut Check<'_>, touchpoints: &Known<'_>, name: &str, pointer: &str) {
    let mut bindings = check.journey.touchpoints().flat_map(|(_, it)| &it.events);
    let is_named = name.strip_prefix("touchpoint:").is_some_and(|id| touchpoints.set.contains(id));
    if !is_named && !bindings.any(|binding| binding.activity() == name) {
        refer(check, touchpoints, name, pointer);
    }
}

fn refer(check: &mut Check<'_>, known: &Known<'_>, id: &str, pointer: &str) {
    if known.set.contains(id) || (id.is_empty() && check.problems.any_error()) {
        return;
    }
    let suggestion = match id.strip_prefix("touchpoint:") {
        Some(bare) if known.set.contains(bare) => Some(format!("write `{bare}` alone here")),
        _ => check.meant(id, &known.list),
    };
    let suggestion = suggestion
        .or_else(|| known.list.is_empty().then(|| format!("the document has no {}", known.kind)));
    check.error(pointer, format!("no {} `{}`", known.kind, short(id)), suggestion);
}
