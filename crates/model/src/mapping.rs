//! Which touchpoints of a new version are which of an old one, so that trends go on knowingly.
//!
//! A machine proposes by ids, activities and titles; people correct it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::journey::{Journey, Touchpoint};

/// Ids of old touchpoints, each with those that it has become; none: it is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Mapping(pub BTreeMap<String, Vec<String>>);

/// What became of touchpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fate {
    pub kind: FateKind,
    pub old: Vec<String>,
    pub new: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FateKind {
    /// One became one, under its id.
    Kept,
    /// One became one, under another id.
    Renamed,
    /// One became several.
    Split,
    /// Several became one.
    Merged,
    /// Several became several.
    Mixed,
    /// One became nothing.
    Gone,
    /// One came from nothing.
    New,
}

impl Mapping {
    /// A proposal: the same id is the same touchpoint; who takes over an activity takes over what it meant; of what is
    /// left, titles that are nearly the same.
    pub fn propose(old: &Journey, new: &Journey) -> Self {
        let before: Vec<&Touchpoint> = old.touchpoints().map(|(_, it)| it).collect();
        let after: Vec<&Touchpoint> = new.touchpoints().map(|(_, it)| it).collect();
        let old_ids: BTreeSet<&str> = before.iter().map(|it| it.id.as_str()).collect();
        let new_ids: BTreeSet<&str> = after.iter().map(|it| it.id.as_str()).collect();
        let mut links: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for one in &before {
            let entry = links.entry(one.id.clone()).or_default();
            for other in &after {
                let is_same = one.id == other.id;
                let has_changed =
                    !new_ids.contains(one.id.as_str()) || !old_ids.contains(other.id.as_str());
                if is_same || has_changed && shares_activity(one, other) {
                    entry.push(other.id.clone());
                }
            }
        }
        by_title(&before, &after, &mut links);
        Self(links)
    }

    /// What is wrong with it for these two versions; empty: nothing.
    pub fn problems(&self, old: &Journey, new: &Journey) -> Vec<String> {
        let old_ids = ids(old);
        let new_ids = ids(new);
        let mut problems = Vec::new();
        for (from, to) in &self.0 {
            if !old_ids.contains(from.as_str()) {
                problems.push(format!("the old version has no touchpoint `{from}`"));
            }
            for id in to.iter().filter(|id| !new_ids.contains(id.as_str())) {
                problems.push(format!("the new version has no touchpoint `{id}`"));
            }
            let distinct: BTreeSet<&String> = to.iter().collect();
            if distinct.len() < to.len() {
                problems.push(format!("`{from}` becomes one touchpoint twice"));
            }
        }
        for id in old_ids.iter().filter(|id| !self.0.contains_key(**id)) {
            problems
                .push(format!("nothing is said of `{id}`; an empty list means that it is gone"));
        }
        problems
    }

    /// What became of each touchpoint: those of the old version in its order, then what is new.
    pub fn fates(&self, old: &Journey, new: &Journey) -> Vec<Fate> {
        let mut origins: HashMap<&str, Vec<&str>> = HashMap::new();
        for (from, to) in &self.0 {
            for id in to {
                origins.entry(id).or_default().push(from);
            }
        }
        let mut told: BTreeSet<&str> = BTreeSet::new();
        let mut fates = Vec::new();
        for (_, touchpoint) in old.touchpoints() {
            if told.contains(touchpoint.id.as_str()) {
                continue;
            }
            let (mut olds, mut news) = (vec![touchpoint.id.as_str()], Vec::new());
            self.reach(&origins, &mut olds, &mut news);
            told.extend(olds.iter().copied());
            let kind = match (olds.as_slice(), news.as_slice()) {
                (_, []) => FateKind::Gone,
                ([one], [other]) if one == other => FateKind::Kept,
                ([_], [_]) => FateKind::Renamed,
                ([_], _) => FateKind::Split,
                (_, [_]) => FateKind::Merged,
                _ => FateKind::Mixed,
            };
            fates.push(Fate { kind, old: owned(&olds), new: owned(&news) });
        }
        let came = new.touchpoints().map(|(_, it)| it.id.as_str());
        for id in came.filter(|id| !origins.contains_key(id)) {
            fates.push(Fate { kind: FateKind::New, old: Vec::new(), new: vec![id.to_owned()] });
        }
        fates
    }

    /// Everything that hangs together with the old ones.
    fn reach<'a>(
        &'a self,
        origins: &HashMap<&'a str, Vec<&'a str>>,
        olds: &mut Vec<&'a str>,
        news: &mut Vec<&'a str>,
    ) {
        let mut at = 0;
        while let Some(old) = olds.get(at).copied() {
            at += 1;
            for new in self.0.get(old).into_iter().flatten() {
                if !news.contains(&new.as_str()) {
                    news.push(new);
                }
                for origin in origins.get(new.as_str()).into_iter().flatten() {
                    if !olds.contains(origin) {
                        olds.push(origin);
                    }
                }
            }
        }
    }
}

/// So alike are titles that are taken for the same.
const ALIKE: f64 = 0.6;

/// Of what has no counterpart, the most alike titles first.
fn by_title(
    before: &[&Touchpoint],
    after: &[&Touchpoint],
    links: &mut BTreeMap<String, Vec<String>>,
) {
    let mut taken: BTreeSet<String> = links.values().flatten().cloned().collect();
    let alone = before.iter().filter(|it| links.get(&it.id).is_some_and(Vec::is_empty));
    let mut pairs: Vec<(f64, &str, &str)> = Vec::new();
    for one in alone {
        for other in after.iter().filter(|it| !taken.contains(&it.id)) {
            let alike = strsim::normalized_levenshtein(&folded(&one.title), &folded(&other.title));
            if alike >= ALIKE {
                pairs.push((alike, &one.id, &other.id));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    for (_, old, new) in pairs {
        let entry = links.entry(old.to_owned()).or_default();
        if entry.is_empty() && taken.insert(new.to_owned()) {
            entry.push(new.to_owned());
        }
    }
}

fn shares_activity(one: &Touchpoint, other: &Touchpoint) -> bool {
    one.events.iter().any(|mine| {
        other.events.iter().any(|theirs| {
            mine == theirs
                || mine.activity() == theirs.activity()
                    && (mine.conditions().next().is_none() || theirs.conditions().next().is_none())
        })
    })
}

fn folded(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

fn ids(journey: &Journey) -> BTreeSet<&str> {
    journey.touchpoints().map(|(_, it)| it.id.as_str()).collect()
}

fn owned(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}
