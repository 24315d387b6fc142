//! What a document makes a pass look at: attributes, symbols, and the channels that it names.

use model::resolve::Resolved;
use model::rule::Rule;
use report::plan::{Compiled, Question, compile, needed};
use report::symbols::{Attributes, Kind, Symbols};

use crate::import::hash;

/// A document as events are read for it. Every machine that is given the same document and question finds the same.
#[derive(Debug)]
pub(crate) struct LookedAt<'a> {
    journey: &'a Resolved<'a>,
    pub(crate) attributes: Attributes,
    pub(crate) symbols: Symbols,
    /// Channels that rules look for, so that their codes are known before the first event is read.
    pub(crate) channels: Vec<String>,
}

pub(crate) fn text_hash(text: &str) -> u64 {
    hash(text.as_bytes())
}

impl<'a> LookedAt<'a> {
    pub(crate) fn of(
        journey: &'a Resolved<'a>,
        segment: &[(String, Vec<String>)],
        strata: Option<&(String, Vec<String>)>,
        compare: Option<&str>,
    ) -> Self {
        let mut attributes = Attributes::default();
        needed(journey, segment, strata, &mut attributes);
        if let Some(compared) = compare {
            attributes.optional(compared, Kind::Text);
        }
        let symbols = Symbols::of(journey, &mut attributes, text_hash);
        Self { journey, attributes, symbols, channels: named_channels(journey) }
    }

    pub(crate) fn compile(&self, question: &Question) -> Compiled {
        compile(self.journey, &self.symbols, &self.attributes, question, text_hash)
    }
}

fn named_channels(journey: &Resolved<'_>) -> Vec<String> {
    let rules = journey.standards.iter().filter_map(|held| match &held.standard.rule {
        Rule::Channel(rule) => Some(rule.only.clone()),
        _ => None,
    });
    let mut channels: Vec<String> = rules.flatten().collect();
    channels.sort_unstable();
    channels.dedup();
    channels
}
