//! Which events a journey document tells apart: the symbols that the kernel counts in.
//!
//! An activity that the document names is one symbol, and one more for each binding with conditions on its attributes.
//! Everything else is symbol 0. In `discover` every activity found is a symbol and a touchpoint.

use std::collections::HashMap;

use kernel::UNBOUND;
use model::journey::{Journey, OneOf, Scalar};
use model::resolve::Resolved;
use model::rule::{Name, Names};

/// How an attribute of events is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Time,
}

/// The attributes that somebody looks at, each in the kind it is needed in.
#[derive(Debug, Clone, Default)]
pub struct Attributes {
    wanted: Vec<(String, Kind)>,
    /// Those that no event need carry.
    optional: Vec<String>,
}

impl Attributes {
    /// The column of an attribute; asks for it if nobody has.
    pub fn column(&mut self, name: &str, kind: Kind) -> usize {
        let known = self.find(name, kind);
        known.unwrap_or_else(|| {
            self.wanted.push((name.to_owned(), kind));
            self.wanted.len() - 1
        })
    }

    /// Asks for an attribute that may be in no file.
    pub fn optional(&mut self, name: &str, kind: Kind) {
        if self.wanted.iter().all(|(known, _)| known != name) {
            self.optional.push(name.to_owned());
        }
        self.column(name, kind);
    }

    pub fn is_optional(&self, name: &str) -> bool {
        self.optional.iter().any(|optional| optional == name)
    }

    pub fn find(&self, name: &str, kind: Kind) -> Option<usize> {
        self.wanted.iter().position(|(known, of)| known == name && *of == kind)
    }

    pub fn wanted(&self) -> &[(String, Kind)] {
        &self.wanted
    }
}

/// Symbols of a document.
#[derive(Debug, Clone)]
pub struct Symbols {
    activities: HashMap<String, Activity>,
    touchpoint_of: Vec<u16>,
}

/// One activity that the document names.
#[derive(Debug, Clone)]
pub struct Activity {
    /// Its symbol when no condition holds.
    pub symbol: u16,
    /// Conditions in document order; the first that holds decides.
    pub conditions: Vec<Condition>,
}

/// Attribute columns with the text hashes of which each must carry one.
#[derive(Debug, Clone)]
pub struct Condition {
    pub symbol: u16,
    pub tests: Vec<(usize, Vec<u64>)>,
}

/// The hash of a text as event columns carry it.
pub type Hash = fn(&str) -> u64;

impl Symbols {
    /// The symbols of a journey; the attributes that its conditions test are asked for.
    pub fn of(journey: &Resolved<'_>, attributes: &mut Attributes, hash: Hash) -> Self {
        let mut symbols = Self { activities: HashMap::new(), touchpoint_of: vec![UNBOUND] };
        for (touchpoint, stop) in journey.touchpoints.iter().enumerate() {
            for binding in &stop.touchpoint.events {
                let tests: Vec<(usize, Vec<u64>)> = binding
                    .conditions()
                    .map(|(name, values)| {
                        (attributes.column(name, Kind::Text), hashes(values, hash))
                    })
                    .collect();
                let symbol = symbols.activity(binding.activity());
                if tests.is_empty() {
                    symbols.touchpoint_of[usize::from(symbol)] = touchpoint as u16;
                } else {
                    let symbol = symbols.new_symbol(touchpoint as u16);
                    if let Some(activity) = symbols.activities.get_mut(binding.activity()) {
                        activity.conditions.push(Condition { symbol, tests });
                    }
                }
            }
        }
        for name in named(journey.journey) {
            if let Name::Activity(activity) = name {
                symbols.activity(activity);
            }
        }
        symbols
    }

    /// One symbol and one touchpoint for each of these activities.
    pub fn discovered<'a>(activities: impl Iterator<Item = &'a str>) -> Self {
        let mut symbols = Self { activities: HashMap::new(), touchpoint_of: vec![UNBOUND] };
        for (touchpoint, activity) in activities.enumerate() {
            let symbol = symbols.activity(activity);
            symbols.touchpoint_of[usize::from(symbol)] = touchpoint as u16;
        }
        symbols
    }

    fn activity(&mut self, name: &str) -> u16 {
        if let Some(activity) = self.activities.get(name) {
            return activity.symbol;
        }
        let symbol = self.new_symbol(UNBOUND);
        self.activities.insert(name.to_owned(), Activity { symbol, conditions: Vec::new() });
        symbol
    }

    fn new_symbol(&mut self, touchpoint: u16) -> u16 {
        self.touchpoint_of.push(touchpoint);
        (self.touchpoint_of.len() - 1) as u16
    }

    /// How an activity of a file becomes a symbol; `None`: symbol 0.
    pub fn find(&self, activity: &str) -> Option<&Activity> {
        self.activities.get(activity)
    }

    /// Touchpoint of each symbol.
    pub fn touchpoint_of(&self) -> &[u16] {
        &self.touchpoint_of
    }

    /// All symbols that a name stands for, ascending.
    pub(crate) fn named(&self, name: &Name, journey: &Resolved<'_>) -> Vec<u16> {
        match name {
            Name::Activity(activity) => {
                let activity = self.activities.get(activity).into_iter();
                let mut symbols: Vec<u16> = activity
                    .flat_map(|a| {
                        std::iter::once(a.symbol).chain(a.conditions.iter().map(|c| c.symbol))
                    })
                    .collect();
                symbols.sort_unstable();
                symbols
            }
            Name::Touchpoint(id) => {
                let Some(touchpoint) = journey.find_touchpoint(id) else { return Vec::new() };
                self.of_touchpoint(touchpoint)
            }
        }
    }

    /// All symbols bound to a touchpoint.
    pub(crate) fn of_touchpoint(&self, touchpoint: usize) -> Vec<u16> {
        let symbols = self.touchpoint_of.iter().enumerate();
        symbols
            .filter(|(_, of)| usize::from(**of) == touchpoint)
            .map(|(symbol, _)| symbol as u16)
            .collect()
    }
}

fn hashes(values: &OneOf, hash: Hash) -> Vec<u64> {
    values.values().iter().flat_map(spellings).map(|text| hash(&text)).collect()
}

/// How files spell a value: `5` is also `5.0`, `true` also `True` and `TRUE`.
pub(crate) fn spellings(value: &Scalar) -> Vec<String> {
    let text = value.text();
    match value {
        Scalar::Number(number) if number.fract() == 0.0 => vec![text.clone(), format!("{text}.0")],
        Scalar::Bool(true) => vec![text, "True".to_owned(), "TRUE".to_owned()],
        Scalar::Bool(false) => vec![text, "False".to_owned(), "FALSE".to_owned()],
        _ => vec![text],
    }
}

/// Every name in the rules, funnels, outcome and instance of a document.
pub fn named(journey: &Journey) -> impl Iterator<Item = &Name> {
    let rules = journey.all_standards().flat_map(|(_, standard)| standard.rule.names());
    let rules = rules.flat_map(|(_, names)| names.names());
    let funnels =
        journey.funnels.iter().flat_map(|funnel| funnel.steps.iter().flat_map(Names::names));
    let again = journey.outcomes.retained.iter().flat_map(|retained| retained.again.names());
    let instance = journey.instance.starts.iter().chain(&journey.instance.ends);
    rules.chain(funnels).chain(again).chain(instance)
}
