//! Journey document ↔ map. The way there and back changes nothing that a document can hold; ids of cards, and what is
//! deleted, exist on the map alone.

use std::collections::{BTreeSet, HashMap};

use super::{Card, Lane, Map, Settings, Stage, Touchpoint, order};
use crate::journey::{self, Cards, Journey, LaneKind, LaneView, OwnKind, STANDING, find_standing};

impl Map {
    /// The map of a journey; `new_id` gives each card its UUID.
    pub fn of(journey: &Journey, mut new_id: impl FnMut() -> String) -> Self {
        let mut map = Self::new(journey.journey.clone(), journey.title.clone());
        map.scope = journey.scope;
        map.settings = settings(journey);
        map.lanes = lanes(journey);
        let mut stage_order = None;
        for stage in &journey.stages {
            let place = order::between(stage_order.as_deref(), None);
            stage_order = Some(place.clone());
            map.stages.push(Stage {
                id: stage.id.clone(),
                title: stage.title.clone(),
                phase: stage.phase,
                owner: stage.owner.clone(),
                goal: stage.goal.clone(),
                order: place,
                deleted_at: None,
            });
            let mut last = None;
            for it in &stage.touchpoints {
                let place = order::between(last.as_deref(), None);
                last = Some(place.clone());
                map.touchpoints.push(touchpoint(it, &stage.id, place));
                for lane in map.lanes.iter().filter(|lane| lane.kind.holds_cards()) {
                    let Some(there) = it.lane(&lane.id) else { continue };
                    map.cards.extend(cards(there, &it.id, &lane.id, &mut new_id));
                }
            }
        }
        map
    }

    /// The document of what is shown. It need not be valid: a map may be empty, or half done.
    pub fn document(&self) -> Journey {
        let map = self.visible();
        let shown: BTreeSet<&str> = map.touchpoints.iter().map(|it| it.id.as_str()).collect();
        let mut stages: Vec<journey::Stage> = map.stages.iter().map(document_stage).collect();
        let stage_at: HashMap<&str, usize> =
            map.stages.iter().enumerate().map(|(at, stage)| (&*stage.id, at)).collect();
        let mut cards: HashMap<(&str, &str), Vec<&Card>> = HashMap::new();
        for card in &map.cards {
            cards.entry((&card.touchpoint, &card.lane)).or_default().push(card);
        }
        for it in &map.touchpoints {
            let mut touchpoint = document_touchpoint(it, &shown);
            for lane in map.lanes.iter().filter(|lane| lane.kind.holds_cards()) {
                if let Some(there) = cards.get(&(&*it.id, &*lane.id)) {
                    *touchpoint.lane_mut(&lane.id) =
                        Cards(there.iter().map(|card| document_card(card)).collect());
                }
            }
            if let Some(stage) = stage_at.get(&*it.stage).and_then(|at| stages.get_mut(*at)) {
                stage.touchpoints.push(touchpoint);
            }
        }
        let mut settings = map.settings.clone();
        settings
            .handoffs
            .retain(|it| shown.contains(it.from.as_str()) && shown.contains(it.to.as_str()));
        let lanes = document_lanes(&map.lanes);
        document_of(map.id, map.title, settings, Parts { scope: map.scope, lanes, stages })
    }
}

/// The lanes that every map has, all shown.
pub(super) fn standing_lanes() -> Vec<Lane> {
    ordered(STANDING.iter().map(|lane| Lane {
        id: lane.id.to_owned(),
        title: lane.title.to_owned(),
        kind: lane.kind,
        view: lane.view,
        on: true,
        order: String::new(),
        deleted_at: None,
    }))
}

fn ordered(lanes: impl Iterator<Item = Lane>) -> Vec<Lane> {
    let mut last = None;
    lanes
        .map(|lane| {
            let order = order::between(last.as_deref(), None);
            last = Some(order.clone());
            Lane { order, ..lane }
        })
        .collect()
}

/// Those that the journey names, in its order; the standing ones that it does not name follow.
fn lanes(journey: &Journey) -> Vec<Lane> {
    let own = journey.lanes.iter().map(|lane| {
        let standing = find_standing(&lane.id);
        Lane {
            id: lane.id.clone(),
            title: match (&lane.title, standing) {
                (Some(title), _) => title.clone(),
                (None, Some(standing)) => standing.title.to_owned(),
                (None, None) => lane.id.clone(),
            },
            kind: standing
                .map(|it| it.kind)
                .or(lane.kind.map(LaneKind::from))
                .unwrap_or(LaneKind::Text),
            view: lane.view.or(standing.map(|it| it.view)).unwrap_or(LaneView::Both),
            on: lane.on.unwrap_or(true),
            order: String::new(),
            deleted_at: None,
        }
    });
    let is_named = |lane: &Lane| journey.lanes.iter().any(|named| named.id == lane.id);
    let rest = standing_lanes().into_iter().filter(|lane| !is_named(lane));
    ordered(own.chain(rest))
}

/// Nothing when all is as on every map; else every lane, with what differs.
fn document_lanes(lanes: &[Lane]) -> Vec<journey::Lane> {
    let written = lanes.iter().map(|lane| {
        let standing = find_standing(&lane.id);
        let id = lane.id.clone();
        let as_ever = standing.map(|it| it.title).unwrap_or(&lane.id);
        let title = Some(lane.title.clone()).filter(|title| title != as_ever);
        let is_tags = standing.is_none() && lane.kind == LaneKind::Tags;
        let kind = is_tags.then_some(OwnKind::Tags);
        let view = standing.map(|it| it.view).unwrap_or(LaneView::Both);
        let view = Some(lane.view).filter(|shown| *shown != view);
        journey::Lane { id, title, kind, view, on: Some(false).filter(|_| !lane.on) }
    });
    let written: Vec<journey::Lane> = written.collect();
    let standing = |lane: &journey::Lane, id: &str| {
        *lane == journey::Lane { id: id.to_owned(), ..journey::Lane::default() }
    };
    let is_usual = written.len() == STANDING.len()
        && written.iter().zip(STANDING).all(|(lane, it)| standing(lane, it.id));
    if is_usual { Vec::new() } else { written }
}

fn touchpoint(it: &journey::Touchpoint, stage: &str, order: String) -> Touchpoint {
    let it = it.clone();
    Touchpoint {
        id: it.id,
        stage: stage.to_owned(),
        title: it.title,
        order,
        channels: it.channels,
        initiator: it.initiator,
        owner: it.owner,
        events: it.events,
        optional: it.optional,
        repeatable: it.repeatable,
        next: it.next,
        moment_of_truth: it.moment_of_truth,
        feels: it.feels,
        importance: it.importance,
        belief: it.belief,
        targets: it.targets,
        standards: it.standards,
        no_standard: it.no_standard,
        deleted_at: None,
    }
}

fn document_touchpoint(it: &Touchpoint, shown: &BTreeSet<&str>) -> journey::Touchpoint {
    let it = it.clone();
    // Where all that came next is gone, what comes next in the document does.
    let next = it.next.map(|ids| {
        let left: Vec<String> =
            ids.iter().filter(|id| shown.contains(id.as_str())).cloned().collect();
        (left.is_empty() == ids.is_empty()).then_some(left)
    });
    journey::Touchpoint {
        id: it.id,
        title: it.title,
        channels: it.channels,
        initiator: it.initiator,
        owner: it.owner,
        events: it.events,
        optional: it.optional,
        repeatable: it.repeatable,
        next: next.flatten(),
        moment_of_truth: it.moment_of_truth,
        feels: it.feels,
        importance: it.importance,
        belief: it.belief,
        targets: it.targets,
        standards: it.standards,
        no_standard: it.no_standard,
        ..journey::Touchpoint::default()
    }
}

fn cards<'a>(
    cards: &'a Cards,
    touchpoint: &'a str,
    lane: &'a str,
    new_id: &'a mut impl FnMut() -> String,
) -> impl Iterator<Item = Card> + 'a {
    let mut last = None;
    cards.0.iter().map(move |card| {
        let order = order::between(last.as_deref(), None);
        last = Some(order.clone());
        Card {
            id: new_id(),
            touchpoint: touchpoint.to_owned(),
            lane: lane.to_owned(),
            order,
            text: card.text.clone(),
            text_rev: 1,
            grade: card.grade,
            owner: card.owner.clone(),
            links: card.links.clone(),
            deleted_at: None,
        }
    })
}

fn document_card(card: &Card) -> journey::Card {
    let Card { text, grade, owner, links, .. } = card.clone();
    journey::Card { text, grade, owner, links }
}

fn document_stage(stage: &Stage) -> journey::Stage {
    let Stage { id, title, phase, owner, goal, .. } = stage.clone();
    journey::Stage { id, title, phase, owner, goal, touchpoints: Vec::new() }
}

fn settings(journey: &Journey) -> Settings {
    let it = journey.clone();
    Settings {
        code: it.code,
        scenario: it.scenario,
        owner: it.owner,
        sponsor: it.sponsor,
        dimensions: it.dimensions,
        review_every: it.review_every,
        personas: it.personas,
        statement: it.statement,
        instance: it.instance,
        outcomes: it.outcomes,
        handoffs: it.handoffs,
        standards: it.standards,
        funnels: it.funnels,
        themes: it.themes,
        contact_points: it.contact_points,
    }
}

struct Parts {
    scope: journey::Scope,
    lanes: Vec<journey::Lane>,
    stages: Vec<journey::Stage>,
}

fn document_of(id: String, title: String, it: Settings, parts: Parts) -> Journey {
    Journey {
        footpath: 1,
        journey: id,
        title,
        scope: parts.scope,
        code: it.code,
        scenario: it.scenario,
        owner: it.owner,
        sponsor: it.sponsor,
        dimensions: it.dimensions,
        review_every: it.review_every,
        personas: it.personas,
        statement: it.statement,
        instance: it.instance,
        outcomes: it.outcomes,
        lanes: parts.lanes,
        stages: parts.stages,
        handoffs: it.handoffs,
        standards: it.standards,
        funnels: it.funnels,
        themes: it.themes,
        contact_points: it.contact_points,
    }
}
