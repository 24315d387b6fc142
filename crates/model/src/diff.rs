//! What changed between two versions of a journey.
//!
//! Things are matched by their ids, so a renamed id is one thing removed and one added. Stages and touchpoints have an
//! order that means something (it is the designed path where `next` is left out); the order of the rest says nothing
//! and is not compared.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::journey::Journey;
use crate::map::Map;

mod items;
mod text;

use items::Item;

/// All changes, in the order of the new document; what was removed follows its kind.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Diff {
    /// Ids of the two journeys; mostly the same.
    pub old: String,
    pub new: String,
    pub changes: Vec<Change>,
}

/// One thing that is new, gone, or not as it was.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    pub kind: Kind,
    pub noun: Noun,
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The stage of a touchpoint, the touchpoint of a standard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<Move>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Added,
    Removed,
    Changed,
    /// To another place; it may have changed as well.
    Moved,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Noun {
    Journey,
    Persona,
    Principle,
    Stage,
    Touchpoint,
    Standard,
    Handoff,
    Funnel,
    Theme,
    ContactPoint,
    Lane,
    Card,
}

/// From where to where: ids of stages or touchpoints; within one, what it stood behind (`None`: nothing, it was first).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Move {
    Parent { from: Option<String>, to: Option<String> },
    Order { from_behind: Option<String>, to_behind: Option<String> },
}

/// One field that differs; nested ones are named with dots, such as `targets.csat`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Field {
    pub field: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

impl Diff {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub fn count(&self, kind: Kind) -> usize {
        self.changes.iter().filter(|change| change.kind == kind).count()
    }
}

/// What changed from `old` to `new`.
pub fn diff(old: &Journey, new: &Journey) -> Diff {
    let (before, after) = (items::items(old), items::items(new));
    Diff { old: old.journey.clone(), new: new.journey.clone(), changes: changes(&before, &after) }
}

/// What changed from one state of a map to another: cards are matched by their ids, wherever they stand.
pub fn diff_maps(old: &Map, new: &Map) -> Diff {
    let (before, after) = (items::items_of_map(old), items::items_of_map(new));
    Diff { old: old.id.clone(), new: new.id.clone(), changes: changes(&before, &after) }
}

fn changes(before: &[Item], after: &[Item]) -> Vec<Change> {
    let mut changes = Vec::new();
    for noun in Noun::ALL {
        let of_noun = |items: &[Item]| {
            items.iter().filter(|item| item.noun == noun).cloned().collect::<Vec<_>>()
        };
        changes.extend(changes_of(&of_noun(before), &of_noun(after)));
    }
    changes
}

fn changes_of(before: &[Item], after: &[Item]) -> Vec<Change> {
    let old_at: HashMap<&str, usize> =
        before.iter().enumerate().map(|(at, item)| (&*item.key, at)).collect();
    let kept: HashSet<&str> =
        after.iter().map(|item| &*item.key).filter(|key| old_at.contains_key(key)).collect();
    let moves = moves(before, after, &old_at);
    let mut changes = Vec::new();
    for item in after {
        let Some(old) = old_at.get(&*item.key).and_then(|at| before.get(*at)) else {
            changes.push(whole(Kind::Added, item));
            continue;
        };
        let fields = fields(old, item);
        let moved = moves.get(&*item.key).cloned();
        let kind = if moved.is_some() { Kind::Moved } else { Kind::Changed };
        if moved.is_some() || !fields.is_empty() {
            changes.push(Change { moved, fields, ..whole(kind, item) });
        }
    }
    changes.extend(
        before
            .iter()
            .filter(|item| !kept.contains(&*item.key))
            .map(|item| whole(Kind::Removed, item)),
    );
    changes
}

fn whole(kind: Kind, item: &Item) -> Change {
    let Item { noun, id, title, within, .. } = item.clone();
    Change { kind, noun, id, title, within, moved: None, fields: Vec::new() }
}

fn fields(old: &Item, new: &Item) -> Vec<Field> {
    let old_values: HashMap<&str, &Value> =
        old.fields.iter().map(|(name, value)| (&**name, value)).collect();
    let new_names: HashSet<&str> = new.fields.iter().map(|(name, _)| &**name).collect();
    let mut fields = Vec::new();
    for (name, value) in &new.fields {
        let before = old_values.get(&**name).copied();
        if before != Some(value) {
            fields.push(Field {
                field: name.clone(),
                old: before.cloned(),
                new: Some(value.clone()),
            });
        }
    }
    for (name, value) in old.fields.iter().filter(|(name, _)| !new_names.contains(&**name)) {
        fields.push(Field { field: name.clone(), old: Some(value.clone()), new: None });
    }
    fields
}

/// Who stands elsewhere: under another parent, or in another order among those who stayed under theirs.
fn moves<'a>(
    before: &[Item],
    after: &'a [Item],
    old_at: &HashMap<&str, usize>,
) -> HashMap<&'a str, Move> {
    let mut moves = HashMap::new();
    let mut stayed: HashMap<Option<&str>, Vec<(usize, &'a Item)>> = HashMap::new();
    for item in after {
        let Some((at, old)) = old_at.get(&*item.key).and_then(|at| Some((*at, before.get(*at)?)))
        else {
            continue;
        };
        if old.within != item.within {
            let (from, to) = (old.within.clone(), item.within.clone());
            moves.insert(&*item.key, Move::Parent { from, to });
        } else if item.ordered {
            stayed.entry(item.within.as_deref()).or_default().push((at, item));
        }
    }
    for siblings in stayed.values() {
        let order: Vec<usize> = siblings.iter().map(|(at, _)| *at).collect();
        let still = longest_rising(&order);
        for (_, item) in siblings
            .iter()
            .enumerate()
            .filter(|(at, _)| !still.contains(at))
            .map(|(_, sibling)| sibling)
        {
            let from_behind = behind(before, &item.key);
            let to_behind = behind(after, &item.key);
            moves.insert(&*item.key, Move::Order { from_behind, to_behind });
        }
    }
    moves
}

/// The sibling in front of an item.
fn behind(items: &[Item], key: &str) -> Option<String> {
    let at = items.iter().position(|item| item.key == key)?;
    let item = items.get(at)?;
    let front = items.get(..at)?.last().filter(|front| front.within == item.within)?;
    Some(front.id.clone())
}

/// Positions of a longest rising subsequence: the fewest others have moved.
pub(crate) fn longest_rising(order: &[usize]) -> HashSet<usize> {
    // `ends[n]` is the position that ends the best run of n + 1; `previous` leads back along each run.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(order.len());
    for (position, value) in order.iter().enumerate() {
        let length = ends.partition_point(|end| order[*end] < *value);
        previous.push(length.checked_sub(1).map(|at| ends[at]));
        if length == ends.len() {
            ends.push(position);
        } else {
            ends[length] = position;
        }
    }
    let mut kept = HashSet::new();
    let mut next = ends.last().copied();
    while let Some(position) = next {
        kept.insert(position);
        next = previous[position];
    }
    kept
}

impl Noun {
    const ALL: [Self; 12] = [
        Self::Journey,
        Self::Persona,
        Self::Principle,
        Self::Stage,
        Self::Touchpoint,
        Self::Standard,
        Self::Handoff,
        Self::Funnel,
        Self::Theme,
        Self::ContactPoint,
        Self::Lane,
        Self::Card,
    ];

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Journey => "journey",
            Self::Persona => "persona",
            Self::Principle => "principle",
            Self::Stage => "stage",
            Self::Touchpoint => "touchpoint",
            Self::Standard => "standard",
            Self::Handoff => "hand-off",
            Self::Funnel => "funnel",
            Self::Theme => "theme",
            Self::ContactPoint => "contact point",
            Self::Lane => "lane",
            Self::Card => "card",
        }
    }
}
