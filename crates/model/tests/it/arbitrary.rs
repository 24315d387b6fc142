//! Any valid journey, built from a row of numbers and texts; proptest shrinks both.

use std::collections::BTreeMap;

use model::journey::{
    Belief, Binding, BindingWhere, Card, Cards, ContactPoint, Feeling, Funnel, FunnelMode, Grade,
    Handoff, Importance, Initiator, Instance, Journey, Lane, LaneView, Link, Loyalty, OneOf,
    Outcomes, OwnKind, Persona, Phase, Principle, Retained, STANDING, Scalar, Scope, Segment,
    Stage, Statement, Theme, Touchpoint, Value,
};
use model::rule::{Name, Names, Standard};
use model::span::Span;
use proptest::prelude::{Just, Strategy, any, prop};
use proptest::prop_oneof;

mod rules;

pub(crate) fn journey() -> impl Strategy<Value = Journey> {
    let nasty = prop_oneof![
        Just(": "),
        Just("# a"),
        Just("a: b"),
        Just("a #b"),
        Just("- a"),
        Just("yes"),
        Just("NULL"),
        Just("~"),
        Just("12"),
        Just("0x1f"),
        Just("1e3"),
        Just(".nan"),
        Just("12:30"),
        Just("2024-01-01"),
        Just("a,b"),
        Just("[a"),
        Just("{"),
        Just("'a'"),
        Just("\"a\""),
        Just("a\\n"),
        Just("a\nb\n"),
        Just("\ta "),
        Just("!a"),
        Just("&a"),
        Just("*a"),
        Just("@a"),
        Just("%a"),
        Just("---"),
        Just("..."),
        Just("a:"),
        Just("?"),
        Just("|"),
        Just("\u{85}a\u{2028}"),
        Just("\u{feff}a"),
        Just("007"),
        Just("true"),
        Just("5m"),
        Just("<<"),
        Just("=")
    ];
    let text = prop_oneof![
        nasty.prop_map(str::to_owned),
        any::<String>(),
        prop::collection::vec(any::<char>(), 1..8).prop_map(|chars| chars.into_iter().collect()),
    ];
    let filled = text.prop_filter("blank", |text: &String| {
        !text.trim().is_empty() && !text.starts_with("touchpoint:")
    });
    (prop::collection::vec(any::<u32>(), 0..400), prop::collection::vec(filled, 1..12)).prop_map(
        |(numbers, texts)| {
            Source {
                numbers,
                texts,
                at: 0,
                next_id: 0,
                activities: Vec::new(),
                own_lanes: Vec::new(),
            }
            .journey()
        },
    )
}

pub(crate) struct Source {
    numbers: Vec<u32>,
    texts: Vec<String>,
    at: usize,
    next_id: usize,
    activities: Vec<String>,
    own_lanes: Vec<String>,
}

impl Source {
    fn journey(mut self) -> Journey {
        let principles: Vec<Principle> =
            self.some(3, |s| Principle { id: s.id("q"), text: s.text() });
        let statement = (!principles.is_empty()).then(|| Statement {
            text: self.text(),
            emotions: self.some(3, Self::text),
            principles: principles.clone(),
        });
        let lanes = self.lanes();
        let n_stages = 1 + self.below(3);
        let mut stages: Vec<Stage> = (0..n_stages).map(|_| self.stage(&principles)).collect();
        let ids: Vec<String> =
            stages.iter().flat_map(|stage| &stage.touchpoints).map(|t| t.id.clone()).collect();
        for touchpoint in stages.iter_mut().flat_map(|stage| &mut stage.touchpoints) {
            touchpoint.next = self.perhaps(|s| s.some(2, |s| s.pick(&ids)));
        }
        let standards: Vec<Standard> = self.some(3, |s| s.standard(&principles, Some(&ids)));
        let mut handoffs = Vec::new();
        if let [first, second, ..] = ids.as_slice() {
            handoffs = self.some(2, |s| Handoff {
                from: first.clone(),
                to: second.clone(),
                giver: s.perhaps(Self::text),
                receiver: s.perhaps(Self::text),
                passes: s.some(2, Self::text),
                standard: standards.first().map(|standard| standard.id.clone()),
            });
        }
        Journey {
            footpath: 1,
            journey: self.id("j"),
            title: self.text(),
            scope: if self.flag() { Scope::Target } else { Scope::Current },
            code: self.perhaps(Self::text),
            scenario: self.perhaps(Self::text),
            owner: self.perhaps(Self::text),
            sponsor: self.perhaps(Self::text),
            dimensions: self.some(2, |s| (s.text(), s.text())).into_iter().collect(),
            review_every: self.perhaps(Self::span),
            personas: self.some(2, |s| Persona {
                id: s.id("p"),
                title: s.text(),
                segment: s.perhaps(Self::segment),
                needs: s.some(2, Self::text),
            }),
            statement,
            instance: Instance {
                by: if self.flag() { "order_id".to_owned() } else { "customer".to_owned() },
                starts: self.some(2, Self::name),
                ends: self.some(2, Self::name),
                closes_after: self.perhaps(Self::span),
            },
            outcomes: Outcomes {
                loyalty: self.perhaps(|s| Loyalty { question: s.text() }),
                retained: self.perhaps(|s| Retained { again: s.names(), within: s.span() }),
                value: self
                    .perhaps(|s| Value { attribute: s.text(), currency: s.perhaps(Self::text) }),
            },
            lanes,
            stages,
            handoffs,
            standards,
            funnels: self.some(2, Self::funnel),
            themes: self.some(2, |s| Theme {
                id: s.id("h"),
                title: s.text(),
                seeds: vec![s.text()],
                must: s.some(2, Self::text),
                never: s.some(2, Self::text),
            }),
            contact_points: self.some(2, |s| ContactPoint {
                id: s.id("c"),
                kind: s.text(),
                value: s.text(),
                owner: s.perhaps(Self::text),
                hours: s.perhaps(Self::text),
            }),
        }
    }

    fn stage(&mut self, principles: &[Principle]) -> Stage {
        let n_touchpoints = 1 + self.below(3);
        Stage {
            id: self.id("s"),
            title: self.text(),
            phase: self.perhaps(|s| s.pick(&[Phase::Before, Phase::During, Phase::After])),
            owner: self.perhaps(Self::text),
            goal: self.perhaps(Self::text),
            touchpoints: (0..n_touchpoints).map(|_| self.touchpoint(principles)).collect(),
        }
    }

    fn touchpoint(&mut self, principles: &[Principle]) -> Touchpoint {
        Touchpoint {
            id: self.id("t"),
            title: self.text(),
            channels: self.some(2, Self::text),
            initiator: self.perhaps(|s| {
                s.pick(&[
                    Initiator::Customer,
                    Initiator::Company,
                    Initiator::Partner,
                    Initiator::System,
                ])
            }),
            owner: self.perhaps(Self::text),
            events: self.some(3, Self::binding),
            optional: self.flag(),
            repeatable: self.flag(),
            next: None,
            moment_of_truth: self.flag(),
            does: self.cards(),
            thinks: self.cards(),
            feels: self.perhaps(|s| Feeling {
                label: s.text(),
                valence: s.number(-2.0, 2.0),
                intensity: s.perhaps(|s| s.pick(&[1, 2, 3])),
                grade: s.pick(&[
                    Grade::Measured,
                    Grade::Observed,
                    Grade::Told,
                    Grade::Staff,
                    Grade::Assumed,
                ]),
            }),
            needs: self.cards(),
            expects: self.cards(),
            pains: self.cards(),
            gains: self.cards(),
            quotes: self.cards(),
            evidence: self.cards(),
            frontstage: self.cards(),
            technology: self.cards(),
            backstage: self.cards(),
            support: self.cards(),
            systems: self.cards(),
            opportunities: self.cards(),
            cards: self.own_cards(),
            importance: self.perhaps(|s| Importance {
                customer: s.perhaps(|s| s.number(1.0, 5.0)),
                company: s.perhaps(|s| s.number(1.0, 5.0)),
            }),
            belief: self.perhaps(|s| Belief { by: s.perhaps(Self::text), scores: s.scores() }),
            targets: self.scores(),
            standards: self.some(2, |s| s.standard(principles, None)),
            no_standard: self.perhaps(Self::text),
        }
    }

    /// None, or all that every map has in another order with others between them.
    fn lanes(&mut self) -> Vec<Lane> {
        if self.flag() {
            return Vec::new();
        }
        let named = |id: &str| Lane { id: id.to_owned(), ..Lane::default() };
        let mut lanes: Vec<Lane> = STANDING.iter().map(|lane| named(lane.id)).collect();
        lanes.swap(0, 1);
        for _ in 0..self.below(3) {
            let at = self.below(lanes.len() as u32) as usize;
            let lane = Lane {
                id: self.id("l"),
                title: self.perhaps(Self::text),
                kind: self.perhaps(|_| OwnKind::Tags),
                view: self.perhaps(|s| s.pick(&[LaneView::Customer, LaneView::Company])),
                on: self.perhaps(|_| false),
            };
            self.own_lanes.push(lane.id.clone());
            lanes.insert(at, lane);
        }
        lanes
    }

    fn cards(&mut self) -> Cards {
        Cards(self.some(2, |s| Card {
            text: s.text(),
            grade: s.perhaps(|s| s.pick(&[Grade::Told, Grade::Assumed])),
            owner: s.perhaps(Self::text),
            links: s.some(2, |s| Link {
                kind: s.text(),
                to: s.text(),
                title: s.perhaps(Self::text),
            }),
        }))
    }

    fn own_cards(&mut self) -> BTreeMap<String, Cards> {
        let lanes = self.own_lanes.clone();
        let own = lanes.into_iter().map(|lane| (lane, self.cards()));
        own.filter(|(_, cards)| !cards.is_empty()).collect()
    }

    fn funnel(&mut self) -> Funnel {
        let n_steps = 2 + self.below(2);
        Funnel {
            id: self.id("f"),
            steps: (0..n_steps).map(|_| self.names()).collect(),
            within: self.perhaps(Self::span),
            mode: self.pick(&[
                FunnelMode::Default,
                FunnelMode::StrictOrder,
                FunnelMode::StrictIncrease,
                FunnelMode::StrictOnce,
            ]),
        }
    }

    /// Each activity is bound once, so bindings never overlap.
    fn binding(&mut self) -> Binding {
        let activity = format!("{}{}", self.text(), self.activities.len());
        self.activities.push(activity.clone());
        match self.below(3) {
            0 => {
                let conditions = self.some(2, |s| (s.text(), s.one_of())).into_iter().collect();
                Binding::Where(BindingWhere { activity, conditions })
            }
            _ => Binding::Activity(activity),
        }
    }

    fn one_of(&mut self) -> OneOf {
        if self.flag() {
            OneOf::One(self.scalar())
        } else {
            OneOf::Any(vec![self.scalar(), self.scalar()])
        }
    }

    fn segment(&mut self) -> Segment {
        Segment { attribute: self.text(), values: vec![self.scalar(), self.scalar()] }
    }

    fn scores(&mut self) -> BTreeMap<String, f64> {
        let mut scores: BTreeMap<String, f64> = self
            .some(3, |s| {
                let bits = f64::from_bits(u64::from(s.take()) << 32 | u64::from(s.take()));
                (format!("own {}", s.text()), if bits.is_finite() { bits } else { 0.5 })
            })
            .into_iter()
            .collect();
        if self.flag() {
            scores.insert("nps".to_owned(), self.number(-100.0, 100.0));
        }
        scores
    }

    fn scalar(&mut self) -> Scalar {
        match self.below(4) {
            0 => Scalar::Bool(self.flag()),
            1 => Scalar::Number(f64::from(self.take()) - 1e9),
            2 => Scalar::Number(f64::from(self.take()).powi(5) / 7.0),
            _ => Scalar::Text(self.text()),
        }
    }

    fn name(&mut self) -> Name {
        let activities = self.activities.clone();
        Name::Activity(if activities.is_empty() || self.flag() {
            self.text()
        } else {
            self.pick(&activities)
        })
    }

    fn names(&mut self) -> Names {
        if self.flag() {
            Names::One(self.name())
        } else {
            Names::Any(vec![self.name(), self.name()])
        }
    }

    fn span(&mut self) -> Span {
        let unit = self.pick(&[1, 1_000, 60_000_000, 86_400_000_000, 604_800_000_000]);
        Span::from_micros(u64::from(self.take() % 100_000 + 1) * unit)
    }

    fn some<T>(&mut self, most: u32, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    fn perhaps<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| make(self))
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u32) as usize].clone()
    }

    fn number(&mut self, low: f64, high: f64) -> f64 {
        (low + (high - low) * f64::from(self.take()) / f64::from(u32::MAX)).clamp(low, high)
    }

    fn text(&mut self) -> String {
        let at = self.below(self.texts.len() as u32) as usize;
        self.texts[at].clone()
    }

    fn id(&mut self, kind: &str) -> String {
        self.next_id += 1;
        format!("{kind}-{}", self.next_id)
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 1
    }

    fn below(&mut self, end: u32) -> u32 {
        self.take() % end
    }

    fn take(&mut self) -> u32 {
        let number = self.numbers.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        number
    }
}
