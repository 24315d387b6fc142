//! A draft journey from what customers walk: a document to begin from, not a design.
//!
//! Every activity becomes a touchpoint. Touchpoints stand in the order of their mean place in walks; a third of them each
//! makes a stage. A step that at least one walk in twenty takes onwards is taken as designed.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{END, PathFacts, START};
use model::id::id_of;
use model::journey::{Binding, Instance, Journey, Outcomes, Phase, Scope, Stage, Touchpoint};

/// Share of the steps onwards from a touchpoint that makes a step designed.
const USUAL: f64 = 0.05;
/// A touchpoint that fewer instances than this have is optional.
const MOST: f64 = 0.80;

/// The draft; `activities` are the touchpoints' names by number.
pub fn draft(id: &str, activities: &[&str], facts: &PathFacts) -> Journey {
    let order = by_place(facts);
    let ids = ids(activities);
    let most =
        facts.touchpoints.iter().map(|touchpoint| touchpoint.instances).max().unwrap_or(0) as f64;
    let touchpoints: Vec<Touchpoint> = order
        .iter()
        .map(|number| {
            let counts = &facts.touchpoints[*number];
            Touchpoint {
                id: ids[*number].clone(),
                title: activities[*number].to_owned(),
                events: vec![Binding::Activity(activities[*number].to_owned())],
                optional: (counts.instances as f64) < MOST * most,
                repeatable: counts.instances_with_repeats as f64 > USUAL * counts.instances as f64,
                next: Some(
                    usual_next(*number as u16, facts)
                        .into_iter()
                        .map(|next| ids[next].clone())
                        .collect(),
                ),
                ..Touchpoint::default()
            }
        })
        .collect();
    Journey {
        footpath: 1,
        journey: id_of(id).unwrap_or_else(|| "draft".to_owned()),
        title: "A journey to be named in the customer's words".to_owned(),
        scope: Scope::Current,
        code: None,
        scenario: None,
        owner: None,
        sponsor: None,
        dimensions: BTreeMap::new(),
        review_every: None,
        personas: Vec::new(),
        statement: None,
        instance: Instance::default(),
        outcomes: Outcomes::default(),
        lanes: Vec::new(),
        stages: stages(touchpoints),
        handoffs: Vec::new(),
        standards: Vec::new(),
        funnels: Vec::new(),
        themes: Vec::new(),
        contact_points: Vec::new(),
    }
}

/// Numbers of touchpoints by their mean place in walks, then by number.
fn by_place(facts: &PathFacts) -> Vec<usize> {
    let place = |touchpoint: usize| {
        let counts = facts
            .flow
            .iter()
            .enumerate()
            .map(|(place, counts)| (place as f64, counts[touchpoint] as f64));
        let (sum, n) =
            counts.fold((0.0, 0.0), |(sum, n), (place, count)| (sum + place * count, n + count));
        if n > 0.0 { sum / n } else { f64::MAX }
    };
    let mut order: Vec<usize> = (0..facts.touchpoints.len()).collect();
    order.sort_by(|a, b| place(*a).total_cmp(&place(*b)).then(a.cmp(b)));
    order
}

/// Where at least [`USUAL`] of the steps from here go, the most walked first; the end counts, and is none.
fn usual_next(from: u16, facts: &PathFacts) -> Vec<usize> {
    let steps = facts.steps.range((from, 0)..=(from, u16::MAX));
    let onwards: Vec<(u16, u64)> =
        steps.map(|((_, to), times)| (*to, times.count)).filter(|(to, _)| *to != from).collect();
    let all: u64 = onwards.iter().map(|(_, count)| count).sum();
    let is_usual = |(to, count): &&(u16, u64)| {
        *to != END && *to != START && *count as f64 >= USUAL * all as f64
    };
    let mut usual: Vec<(u16, u64)> = onwards.iter().filter(is_usual).copied().collect();
    usual.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    usual.into_iter().map(|(to, _)| usize::from(to)).collect()
}

/// An id for each activity, told apart by a number where two would be the same.
fn ids(activities: &[&str]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let ids = activities.iter().enumerate().map(|(number, activity)| {
        let base = id_of(activity).unwrap_or_else(|| format!("touchpoint-{}", number + 1));
        let mut id = base.clone();
        let mut again = 2;
        while !taken.insert(id.clone()) {
            id = format!("{base}-{again}");
            again += 1;
        }
        id
    });
    ids.collect()
}

fn stages(touchpoints: Vec<Touchpoint>) -> Vec<Stage> {
    let third = touchpoints.len().div_ceil(3).max(1);
    let named = [
        ("begin", "I begin", Phase::Before),
        ("on-the-way", "I am on my way", Phase::During),
        ("end", "I come to the end", Phase::After),
    ];
    let mut touchpoints = touchpoints.into_iter().peekable();
    let mut stages = Vec::new();
    for (id, title, phase) in named {
        if touchpoints.peek().is_some() {
            let touchpoints = touchpoints.by_ref().take(third).collect();
            stages.push(Stage {
                id: id.to_owned(),
                title: title.to_owned(),
                phase: Some(phase),
                owner: None,
                goal: None,
                touchpoints,
            });
        }
    }
    stages
}
