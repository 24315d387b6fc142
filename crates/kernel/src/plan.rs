//! A compiled journey: what the kernel needs of a document, in tables by symbol.
//!
//! A *symbol* stands for all events that no part of the document tells apart. Sets of symbols that rules name are
//! numbered, and symbols that always occur in the same sets share one *class*, so that an event sets one bit.

use std::collections::BTreeMap;

use crate::design::Design;
use crate::funnel::Funnel;

/// A symbol that is bound to no touchpoint.
pub const UNBOUND: u16 = u16::MAX;

/// No limit on a time.
pub const FOREVER: i64 = i64::MAX;

/// A set of symbols that rules refer to; made by [`PlanBuilder::set`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetId(pub(crate) u16);

/// A journey, ready to be held against events.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) symbols: Vec<Symbol>,
    pub(crate) touchpoints: usize,
    /// How many places marks need: one for each class and each set. A set that is one class shares its place, so that
    /// place `s` below `sets` holds the marks of set `s`; the last places are those of symbols that no rule names.
    pub(crate) places: usize,
    pub(crate) sets: usize,
    /// Sets made of several classes, each with the place of one of those.
    pub(crate) unions: Vec<(u16, u16)>,
    /// The symbols that begin an instance, and those that end one, if there are any.
    pub(crate) starts: Option<SetId>,
    pub(crate) ends: Option<SetId>,
    pub(crate) settings: Settings,
}

pub(crate) const STARTS: u8 = 1;
pub(crate) const ENDS: u8 = 2;
/// The activities that mean "the customer came back".
pub(crate) const AGAIN: u8 = 4;

/// Symbols that no rule names are marked too, where nobody looks. In so many places, because a mark that lands where the one
/// before it landed has to wait for that.
const SPARE_PLACES: usize = 8;

/// What a plan knows of a symbol, so that one look tells all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Symbol {
    /// The bit of its touchpoint, if that is among the first 64.
    pub(crate) met: u64,
    /// Where counts by channel of its touchpoint begin; those of unbound symbols come after all others.
    pub(crate) channels: u32,
    /// Or [`UNBOUND`].
    pub(crate) touchpoint: u16,
    /// Where its class keeps its marks.
    pub(crate) class: u16,
    /// `STARTS`, `ENDS` and `AGAIN`.
    pub(crate) bounds: u8,
}

/// Everything of a plan that is not a table by symbol.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Attribute (index of its column) that tells instances apart; `None`: all events of a customer belong together.
    pub instance_by: Option<usize>,
    /// µs without an event after which an instance is over; `None`: never.
    pub closes_after: Option<i64>,
    /// Only instances whose first known value of the attribute is among these text hashes.
    pub segment: Vec<(usize, Vec<u64>)>,
    /// Events after this are invisible, µs.
    pub horizon: i64,
    /// Events before this are invisible, and what came before is unknown, µs.
    pub from: Option<i64>,
    pub rules: Vec<Rule>,
    pub funnels: Vec<Funnel>,
    pub design: Option<Design>,
    /// How many channels there are, none included; 0 when channels are not counted.
    pub channels: usize,
    /// µs after the end of an instance within which a customer who comes back is retained.
    pub again_within: Option<i64>,
    /// Attribute (index of its column) with the value that an event carries.
    pub value: Option<usize>,
    /// Attribute and text hashes of its values: instances are told apart by the first known one, others are one stratum more.
    pub strata: Option<(usize, Vec<u64>)>,
    /// The same of groups whose checks are counted apart.
    pub groups: Option<(usize, Vec<u64>)>,
    /// Keys of customers whose checks are told one by one, ascending.
    pub watched: Vec<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            instance_by: None,
            closes_after: None,
            segment: Vec::new(),
            horizon: i64::MAX / 4,
            from: None,
            rules: Vec::new(),
            funnels: Vec::new(),
            design: None,
            channels: 0,
            again_within: None,
            value: None,
            strata: None,
            groups: None,
            watched: Vec::new(),
        }
    }
}

/// The rules that events can check. Times are µs; [`FOREVER`] where there is no limit.
///
/// Their meaning is in `docs/reference/journey-document.md`.
#[derive(Debug, Clone)]
pub enum Rule {
    Response(Response),
    Precedence { before: SetId, then: SetId, within: i64 },
    Count { of: SetId, at_least: u64, at_most: u64 },
    AtMost { of: SetId, times: u64, per: i64 },
    Required { of: SetId, within: i64, of_start: Option<SetId> },
    Never { of: SetId, after: SetId, within: i64 },
    Order { allowed: Steps },
    Wait { from: SetId, to: SetId, at_most: i64 },
    Cadence(Cadence),
    Channel { of: SetId, only: Vec<u16> },
    Due { from: SetId, to: SetId, by: usize },
    Consistent { attribute: usize, first: SetId, then: SetId },
    Value { of: SetId, attribute: usize, test: Test },
    Duration { ends: Option<SetId>, within: i64 },
    Starts { of: SetId },
    Ends { of: SetId },
}

#[derive(Debug, Clone)]
pub struct Response {
    pub from: SetId,
    pub to: SetId,
    pub within: i64,
    pub at_least: i64,
    pub mode: Mode,
    /// Attribute that must be equal on both; missing equals missing.
    pub same: Option<usize>,
    pub unless: Option<SetId>,
}

impl Response {
    /// Whether any answer will do, however soon and whatever it looks like, and nothing cancels.
    pub(crate) fn is_plain(&self) -> bool {
        self.at_least <= 0 && self.same.is_none() && self.unless.is_none()
    }
}

/// How answers are matched to what they answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Each,
    First,
    Consume,
    Alternate,
    Chain,
}

#[derive(Debug, Clone)]
pub struct Cadence {
    pub of: SetId,
    pub every: i64,
    pub grace: i64,
    pub at_least: i64,
    pub from: Option<SetId>,
    pub until: Option<SetId>,
}

/// What a value must be.
#[derive(Debug, Clone)]
pub enum Test {
    /// From the first to the second, both included.
    Within(f64, f64),
    /// One of these numbers.
    Numbers(Vec<f64>),
    /// One of these text hashes.
    Texts(Vec<u64>),
}

/// Which touchpoints may directly follow which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    touchpoints: usize,
    allowed: Vec<bool>,
}

impl Steps {
    pub fn none(touchpoints: usize) -> Self {
        Self { touchpoints, allowed: vec![false; touchpoints * touchpoints] }
    }

    pub fn allow(&mut self, from: usize, to: usize) {
        self.allowed[from * self.touchpoints + to] = true;
    }

    #[inline]
    pub fn allows(&self, from: u16, to: u16) -> bool {
        self.allowed[usize::from(from) * self.touchpoints + usize::from(to)]
    }
}

/// Collects sets of symbols, then numbers their classes.
#[derive(Debug, Clone)]
pub struct PlanBuilder {
    touchpoint_of: Vec<u16>,
    touchpoints: usize,
    sets: Vec<Vec<u16>>,
    bounds: Vec<u8>,
}

impl PlanBuilder {
    /// `touchpoint_of[symbol]` is a touchpoint under `touchpoints`, or [`UNBOUND`].
    pub fn new(touchpoint_of: Vec<u16>, touchpoints: usize) -> Self {
        let bounds = vec![0; touchpoint_of.len()];
        Self { touchpoint_of, touchpoints, sets: Vec::new(), bounds }
    }

    /// The set of these symbols; the same symbols give the same set.
    pub fn set(&mut self, symbols: &[u16]) -> SetId {
        let mut symbols = symbols.to_vec();
        symbols.sort_unstable();
        symbols.dedup();
        let known = self.sets.iter().position(|set| *set == symbols);
        let index = known.unwrap_or_else(|| {
            self.sets.push(symbols);
            self.sets.len() - 1
        });
        SetId(index as u16)
    }

    /// Symbols that begin an instance; without any, the first event does.
    pub fn starts(&mut self, symbols: &[u16]) {
        self.bound(symbols, STARTS);
    }

    /// Symbols that end an instance.
    pub fn ends(&mut self, symbols: &[u16]) {
        self.bound(symbols, ENDS);
    }

    /// Symbols that mean that the customer came back.
    pub fn again(&mut self, symbols: &[u16]) {
        self.bound(symbols, AGAIN);
    }

    fn bound(&mut self, symbols: &[u16], bit: u8) {
        for symbol in symbols {
            self.bounds[usize::from(*symbol)] |= bit;
        }
    }

    /// The set of all symbols with a bound.
    fn bounded(&mut self, bit: u8) -> Option<SetId> {
        let symbols = self.bounds.iter().enumerate().filter(|(_, bounds)| *bounds & bit != 0);
        let symbols: Vec<u16> = symbols.map(|(symbol, _)| symbol as u16).collect();
        (!symbols.is_empty()).then(|| self.set(&symbols))
    }

    pub fn build(mut self, settings: Settings) -> Plan {
        let (starts, ends) = (self.bounded(STARTS), self.bounded(ENDS));
        let mut members: Vec<Vec<u16>> = vec![Vec::new(); self.touchpoint_of.len()];
        for (set, symbols) in self.sets.iter().enumerate() {
            for symbol in symbols {
                members[usize::from(*symbol)].push(set as u16);
            }
        }
        // A class is known by the sets that contain it.
        let mut classes: Vec<Vec<u16>> =
            members.iter().filter(|sets| !sets.is_empty()).cloned().collect();
        classes.sort_unstable();
        classes.dedup();
        let n_sets = self.sets.len();
        let classes_of =
            |set: usize| classes.iter().filter(move |class| class.contains(&(set as u16)));
        let mut places: BTreeMap<&[u16], u16> = BTreeMap::new();
        for set in 0..n_sets {
            if let (Some(only), 1) = (classes_of(set).next(), classes_of(set).count()) {
                places.insert(only, set as u16);
            }
        }
        let mut next = n_sets as u16;
        for class in &classes {
            places.entry(class).or_insert_with(|| {
                next += 1;
                next - 1
            });
        }
        let place = |class: &[u16]| places.get(class).copied().unwrap_or(next);
        let spare = |symbol: usize| next + (symbol % SPARE_PLACES) as u16;
        let parts = |set: usize| classes_of(set).map(move |class| (set as u16, class));
        let unions = (0..n_sets).filter(|set| classes_of(*set).count() > 1).flat_map(parts);
        let unions = unions.map(|(set, class)| (set, place(class))).collect();
        let symbol = |symbol: usize| {
            let touchpoint = self.touchpoint_of[symbol];
            let row = usize::from(touchpoint).min(self.touchpoints);
            Symbol {
                met: if touchpoint < 64 { 1 << touchpoint } else { 0 },
                channels: (row * settings.channels) as u32,
                touchpoint,
                class: if members[symbol].is_empty() {
                    spare(symbol)
                } else {
                    place(&members[symbol])
                },
                bounds: self.bounds[symbol],
            }
        };
        Plan {
            symbols: (0..members.len()).map(symbol).collect(),
            places: usize::from(next) + SPARE_PLACES,
            sets: n_sets,
            unions,
            starts,
            ends,
            touchpoints: self.touchpoints,
            settings,
        }
    }
}

impl Plan {
    /// Whether an instance can ever be over.
    pub fn can_close(&self) -> bool {
        self.ends.is_some() || self.settings.closes_after.is_some()
    }

    /// Whether the document says what ends an instance.
    pub fn has_ends(&self) -> bool {
        self.ends.is_some()
    }

    /// µs without an event after which an instance is over.
    pub(crate) fn closes_after(&self) -> i64 {
        self.settings.closes_after.unwrap_or(FOREVER)
    }

    pub fn touchpoints(&self) -> usize {
        self.touchpoints
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
