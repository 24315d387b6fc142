//! A journey as a flat list of things with fields, ready to be compared.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Noun;
use crate::journey::{Journey, TEXT_LANES};
use crate::rule::Standard;

#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) noun: Noun,
    /// Matches it with its other version; the id, made unique where a (wrong) document repeats it.
    pub(crate) key: String,
    pub(crate) id: String,
    pub(crate) title: Option<String>,
    pub(crate) within: Option<String>,
    /// Its place among its siblings means something.
    pub(crate) ordered: bool,
    pub(crate) fields: Vec<(String, Value)>,
}

/// Every thing of a journey, in document order.
pub(crate) fn items(journey: &Journey) -> Vec<Item> {
    let mut list = List { items: Vec::new(), seen: HashMap::new() };
    list.journey(journey);
    for persona in &journey.personas {
        list.plain(Noun::Persona, &persona.id, None, persona);
    }
    for principle in journey.statement.iter().flat_map(|statement| &statement.principles) {
        list.plain(Noun::Principle, &principle.id, None, principle);
    }
    for stage in &journey.stages {
        list.plain(Noun::Stage, &stage.id, None, stage);
        for touchpoint in &stage.touchpoints {
            list.plain(Noun::Touchpoint, &touchpoint.id, Some(&stage.id), touchpoint);
        }
    }
    for (touchpoint, standard) in journey.all_standards() {
        list.standard(standard, touchpoint.map(|touchpoint| touchpoint.id.as_str()));
    }
    for handoff in &journey.handoffs {
        list.plain(Noun::Handoff, &format!("{} → {}", handoff.from, handoff.to), None, handoff);
    }
    for funnel in &journey.funnels {
        list.plain(Noun::Funnel, &funnel.id, None, funnel);
    }
    for theme in &journey.themes {
        list.plain(Noun::Theme, &theme.id, None, theme);
    }
    for contact in &journey.contact_points {
        list.plain(Noun::ContactPoint, &contact.id, None, contact);
    }
    list.items
}

/// Every thing of a map as it is shown: what a journey has, without its lanes of text, then lanes and cards by their ids.
pub(crate) fn items_of_map(map: &crate::map::Map) -> Vec<Item> {
    let map = map.visible();
    let mut journey = map.document();
    journey.lanes.clear();
    for touchpoint in journey.stages.iter_mut().flat_map(|stage| &mut stage.touchpoints) {
        for lane in TEXT_LANES {
            touchpoint.lane_mut(lane).0.clear();
        }
        touchpoint.cards.clear();
    }
    let mut items = items(&journey);
    let mut list = List { items: Vec::new(), seen: HashMap::new() };
    for lane in &map.lanes {
        list.plain(Noun::Lane, &lane.id, None, lane);
    }
    for card in &map.cards {
        let cell = format!("{}/{}", card.touchpoint, card.lane);
        list.plain(Noun::Card, &card.id, Some(&cell), card);
    }
    items.extend(list.items);
    items
}

/// What a touchpoint may leave out reads better as `false` than as missing.
const FLAGS: [&str; 3] = ["optional", "repeatable", "moment_of_truth"];

struct List {
    items: Vec<Item>,
    seen: HashMap<(Noun, String), usize>,
}

impl List {
    /// There is one journey on each side, so it matches its other version under any id, and its id is a field.
    fn journey(&mut self, journey: &Journey) {
        let mut value = object(journey);
        for children in
            ["personas", "stages", "handoffs", "standards", "funnels", "themes", "contact_points"]
        {
            value.shift_remove(children);
        }
        if let Some(Value::Object(statement)) = value.get_mut("statement") {
            statement.shift_remove("principles");
        }
        value.entry("scope").or_insert_with(|| Value::from("current"));
        value.entry("instance").or_insert_with(|| Value::Object(object(&journey.instance)));
        self.push(Noun::Journey, &journey.journey, None, value);
    }

    fn standard(&mut self, standard: &Standard, within: Option<&str>) {
        let mut value = object(standard);
        value.entry("promise").or_insert_with(|| Value::from(1.0));
        value.entry("tolerance").or_insert_with(|| Value::from(0.0));
        value.shift_remove("id");
        value.shift_insert(0, "rule".to_owned(), Value::from(standard.rule.key()));
        self.push(Noun::Standard, &standard.id, within, value);
    }

    fn plain(&mut self, noun: Noun, id: &str, within: Option<&str>, thing: &impl Serialize) {
        let mut value = object(thing);
        for key in ["id", "touchpoints", "standards"] {
            value.shift_remove(key);
        }
        if matches!(noun, Noun::Lane | Noun::Card) {
            for key in ["order", "text_rev", "touchpoint", "lane"] {
                value.shift_remove(key);
            }
        }
        if noun == Noun::Handoff {
            value.shift_remove("from");
            value.shift_remove("to");
        }
        if noun == Noun::Touchpoint {
            for flag in FLAGS {
                value.entry(flag).or_insert(Value::Bool(false));
            }
        }
        self.push(noun, id, within, value);
    }

    fn push(&mut self, noun: Noun, id: &str, within: Option<&str>, value: Map<String, Value>) {
        let times = self.seen.entry((noun, id.to_owned())).or_insert(0);
        *times += 1;
        let key = match (noun, *times) {
            (Noun::Journey, _) => String::new(),
            (_, 1) => id.to_owned(),
            (_, times) => format!("{id} #{times}"),
        };
        let title = value
            .get("title")
            .or_else(|| value.get("text"))
            .and_then(Value::as_str)
            .map(str::to_owned);
        let mut fields = Vec::new();
        flatten("", &value, &mut fields);
        let ordered = matches!(noun, Noun::Stage | Noun::Touchpoint | Noun::Lane | Noun::Card);
        let within = within.map(str::to_owned);
        self.items.push(Item { noun, key, id: id.to_owned(), title, within, ordered, fields });
    }
}

/// Mappings become dotted names, so that `targets.csat` is a field; an empty one stays a value.
fn flatten(prefix: &str, map: &Map<String, Value>, fields: &mut Vec<(String, Value)>) {
    for (key, value) in map {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Object(inner) if !inner.is_empty() => flatten(&name, inner, fields),
            _ => fields.push((name, value.clone())),
        }
    }
}

fn object(thing: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(thing) {
        Ok(Value::Object(map)) => map,
        // Every type of a document is a mapping with text keys, which serde_json always can hold.
        Ok(_) | Err(_) => Map::new(),
    }
}
