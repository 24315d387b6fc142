//! From a journey document to the kernel's plan.

use kernel::{
    Cadence, Design, FOREVER, Funnel, FunnelMode, MAX_STEPS, Mode, Plan, PlanBuilder, Response,
    SetId, Settings, Steps, Test,
};
use model::journey::Scalar;
use model::resolve::Resolved;
use model::rule::{Name, Names, ResponseMode, Rule, ValueRange};
use model::span::Span;
use serde::{Deserialize, Serialize};

use crate::symbols::{Attributes, Hash, Kind, Symbols, spellings};

/// What is asked of a journey, beside the document itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Question {
    /// Attribute and the values that an instance's first known value must be among.
    pub segment: Vec<(String, Vec<String>)>,
    /// µs; events after it are invisible.
    pub horizon: i64,
    /// µs; events before it are invisible.
    pub from: Option<i64>,
    /// Names of channels by code, from code 1 on.
    pub channels: Vec<String>,
    /// Keys of customers who have answered, ascending.
    pub watched: Vec<u64>,
    /// Attribute by whose values customers are told apart when defects are held against outcomes.
    pub strata: Option<(String, Vec<String>)>,
    /// Attribute by whose values kept shares are compared.
    pub groups: Option<(String, Vec<String>)>,
}

/// A document as the kernel takes it.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub plan: Plan,
    /// For each standard of [`Resolved::standards`], its rule in the plan; `None`: it is judged by responses or walks.
    pub rule_of: Vec<Option<usize>>,
    /// Ids of the plan's funnels, and the label of each step.
    pub funnels: Vec<(String, Vec<String>)>,
}

/// The attributes that a document's rules, instances and the question look at.
pub fn needed(
    journey: &Resolved<'_>,
    segment: &[(String, Vec<String>)],
    strata: Option<&(String, Vec<String>)>,
    attributes: &mut Attributes,
) {
    if let Some(value) = value(journey) {
        attributes.column(value, Kind::Number);
    }
    if let Some((name, _)) = strata {
        attributes.column(name, Kind::Text);
    }
    if journey.journey.instance.by != "customer" {
        attributes.column(&journey.journey.instance.by, Kind::Text);
    }
    for (name, _) in segment {
        attributes.column(name, Kind::Text);
    }
    for held in &journey.standards {
        match &held.standard.rule {
            Rule::Response(rule) => {
                rule.same.iter().for_each(|name| _ = attributes.column(name, Kind::Text))
            }
            Rule::Due(rule) => _ = attributes.column(&rule.by, Kind::Time),
            Rule::Consistent(rule) => _ = attributes.column(&rule.attribute, Kind::Text),
            Rule::Value(rule) => _ = attributes.column(&rule.attribute, kind_of(rule)),
            _ => {}
        }
    }
}

/// The attribute with what a customer is worth, where the document says what it is to stay one.
fn value<'a>(journey: &Resolved<'a>) -> Option<&'a str> {
    let outcomes = &journey.journey.outcomes;
    outcomes.retained.as_ref()?;
    Some(outcomes.value.as_ref()?.attribute.as_str())
}

/// Whether any rule looks at channels.
pub fn asks_for_channels(journey: &Resolved<'_>) -> bool {
    journey.standards.iter().any(|held| matches!(held.standard.rule, Rule::Channel(_)))
}

/// Compiles a checked document.
pub fn compile(
    journey: &Resolved<'_>,
    symbols: &Symbols,
    attributes: &Attributes,
    question: &Question,
    hash: Hash,
) -> Compiled {
    let mut work = Work {
        journey,
        symbols,
        attributes,
        channels: &question.channels,
        hash,
        design: design(journey),
        builder: PlanBuilder::new(symbols.touchpoint_of().to_vec(), journey.touchpoints.len()),
    };
    let document = journey.journey;
    let starts = work.all(&document.instance.starts);
    work.builder.starts(&starts);
    let ends = work.all(&document.instance.ends);
    work.builder.ends(&ends);
    let retained = document.outcomes.retained.as_ref();
    if let Some(retained) = retained {
        let again = work.all(retained.again.names());
        work.builder.again(&again);
    }
    let mut rules = Vec::new();
    let rule_of = journey.standards.iter().map(|held| {
        let rule = work.rule(&held.standard.rule)?;
        rules.push(rule);
        Some(rules.len() - 1)
    });
    let rule_of = rule_of.collect();
    let (funnels, labels) = work.funnels().into_iter().unzip();
    let segment = question.segment.iter().filter_map(|(name, values)| {
        let column = attributes.find(name, Kind::Text)?;
        Some((column, values.iter().map(|value| hash(value)).collect()))
    });
    let known = |asked: &Option<(String, Vec<String>)>| {
        let (name, values) = asked.as_ref()?;
        let column = attributes.find(name, Kind::Text)?;
        Some((column, values.iter().map(|value| hash(value)).collect()))
    };
    let settings = Settings {
        instance_by: attributes
            .find(&document.instance.by, Kind::Text)
            .filter(|_| document.instance.by != "customer"),
        closes_after: document.instance.closes_after.map(Span::micros),
        segment: segment.collect(),
        horizon: question.horizon,
        from: question.from,
        rules,
        funnels,
        design: Some(work.design),
        channels: if question.channels.is_empty() { 0 } else { question.channels.len() + 1 },
        again_within: retained.map(|retained| retained.within.micros()),
        value: value(journey).and_then(|name| attributes.find(name, Kind::Number)),
        strata: known(&question.strata),
        groups: known(&question.groups),
        watched: question.watched.clone(),
    };
    Compiled { plan: work.builder.build(settings), rule_of, funnels: labels }
}

/// A plan without a document: every activity is a touchpoint, an instance is all of a customer's events.
pub fn discover(
    symbols: &Symbols,
    touchpoints: usize,
    funnels: Vec<Funnel>,
    question: &Question,
) -> Plan {
    let settings = Settings {
        horizon: question.horizon,
        from: question.from,
        funnels,
        channels: if question.channels.is_empty() { 0 } else { question.channels.len() + 1 },
        ..Settings::default()
    };
    PlanBuilder::new(symbols.touchpoint_of().to_vec(), touchpoints).build(settings)
}

/// The designed graph of a document.
pub fn design(journey: &Resolved<'_>) -> Design {
    let stops = &journey.touchpoints;
    Design::new(
        stops.iter().map(|stop| stop.next.iter().map(|next| *next as u16).collect()).collect(),
        stops.iter().map(|stop| stop.touchpoint.optional).collect(),
        stops.iter().map(|stop| stop.touchpoint.repeatable).collect(),
    )
}

/// A funnel over sets of symbols.
pub fn funnel(
    steps: &[Vec<u16>],
    n_symbols: usize,
    within: Option<i64>,
    mode: model::journey::FunnelMode,
) -> Funnel {
    let mut steps_of = vec![0_u32; n_symbols];
    for (step, symbols) in steps.iter().enumerate().take(MAX_STEPS) {
        for symbol in symbols {
            steps_of[usize::from(*symbol)] |= 1 << step;
        }
    }
    let mode = match mode {
        model::journey::FunnelMode::Default => FunnelMode::Default,
        model::journey::FunnelMode::StrictOrder => FunnelMode::StrictOrder,
        model::journey::FunnelMode::StrictIncrease => FunnelMode::StrictIncrease,
        model::journey::FunnelMode::StrictOnce => FunnelMode::StrictOnce,
    };
    Funnel { steps_of, steps: steps.len().min(MAX_STEPS), within: within.unwrap_or(FOREVER), mode }
}

/// A value rule is about numbers unless one of its values is not one.
fn kind_of(rule: &ValueRange) -> Kind {
    let mut values = rule.equals.iter().chain(rule.one_of.iter().flatten());
    let is_number = |value: &Scalar| matches!(value, Scalar::Number(_));
    if values.all(is_number) { Kind::Number } else { Kind::Text }
}

struct Work<'a> {
    journey: &'a Resolved<'a>,
    symbols: &'a Symbols,
    attributes: &'a Attributes,
    channels: &'a [String],
    hash: Hash,
    design: Design,
    builder: PlanBuilder,
}

fn limit(span: Option<Span>) -> i64 {
    span.map_or(FOREVER, Span::micros)
}

fn nothing(span: Option<Span>) -> i64 {
    span.map_or(0, Span::micros)
}

impl Work<'_> {
    fn all(&self, names: &[Name]) -> Vec<u16> {
        names.iter().flat_map(|name| self.symbols.named(name, self.journey)).collect()
    }

    fn set(&mut self, names: &Names) -> SetId {
        let symbols = self.all(names.names());
        self.builder.set(&symbols)
    }

    fn maybe(&mut self, names: Option<&Names>) -> Option<SetId> {
        names.map(|names| self.set(names))
    }

    /// The column of an attribute; one that was not asked for is none, and none is column 0 of nothing.
    fn column(&self, name: &str, kind: Kind) -> Option<usize> {
        self.attributes.find(name, kind)
    }

    fn rule(&mut self, rule: &Rule) -> Option<kernel::Rule> {
        Some(match rule {
            Rule::Response(rule) => self.response(rule),
            Rule::Cadence(rule) => self.cadence(rule),
            Rule::Precedence(rule) => kernel::Rule::Precedence {
                before: self.set(&rule.before),
                then: self.set(&rule.then),
                within: limit(rule.within),
            },
            Rule::Count(rule) => kernel::Rule::Count {
                of: self.set(&rule.of),
                at_least: rule.at_least.unwrap_or(0),
                at_most: rule.at_most.unwrap_or(u64::MAX),
            },
            Rule::AtMost(rule) => kernel::Rule::AtMost {
                of: self.set(&rule.of),
                times: rule.times,
                per: rule.per.micros(),
            },
            Rule::Required(rule) => kernel::Rule::Required {
                of: self.set(&rule.of),
                within: limit(rule.within),
                of_start: self.maybe(rule.of_start.as_ref()),
            },
            Rule::Never(rule) => kernel::Rule::Never {
                of: self.set(&rule.of),
                after: self.set(&rule.after),
                within: limit(rule.within),
            },
            Rule::Order(rule) => kernel::Rule::Order { allowed: self.allowed(rule) },
            Rule::Wait(rule) => kernel::Rule::Wait {
                from: self.set(&rule.from),
                to: self.set(&rule.to),
                at_most: rule.at_most.micros(),
            },
            Rule::Channel(rule) => {
                let code = |name: &String| self.channels.iter().position(|known| known == name);
                let only = rule.only.iter().filter_map(code).map(|code| code as u16 + 1).collect();
                kernel::Rule::Channel { of: self.set(&rule.of), only }
            }
            Rule::Due(rule) => kernel::Rule::Due {
                from: self.set(&rule.from),
                to: self.set(&rule.to),
                by: self.column(&rule.by, Kind::Time)?,
            },
            Rule::Consistent(rule) => kernel::Rule::Consistent {
                attribute: self.column(&rule.attribute, Kind::Text)?,
                first: self.set(&rule.first),
                then: self.set(&rule.then),
            },
            Rule::Value(rule) => kernel::Rule::Value {
                of: self.set(&rule.of),
                attribute: self.column(&rule.attribute, kind_of(rule))?,
                test: self.test(rule),
            },
            Rule::Duration(rule) => kernel::Rule::Duration {
                ends: self.maybe(rule.ends.as_ref()),
                within: rule.within.micros(),
            },
            Rule::Starts(names) => kernel::Rule::Starts { of: self.set(names) },
            Rule::Ends(names) => kernel::Rule::Ends { of: self.set(names) },
            Rule::Score(_) | Rule::Walked(_) => return None,
        })
    }

    fn response(&mut self, rule: &model::rule::Response) -> kernel::Rule {
        let mode = match rule.mode {
            ResponseMode::Each => Mode::Each,
            ResponseMode::First => Mode::First,
            ResponseMode::Consume => Mode::Consume,
            ResponseMode::Alternate => Mode::Alternate,
            ResponseMode::Chain => Mode::Chain,
        };
        kernel::Rule::Response(Response {
            from: self.set(&rule.from),
            to: self.set(&rule.to),
            within: limit(rule.within),
            at_least: nothing(rule.at_least),
            mode,
            same: rule.same.as_ref().and_then(|name| self.column(name, Kind::Text)),
            unless: self.maybe(rule.unless.as_ref()),
        })
    }

    fn cadence(&mut self, rule: &model::rule::Cadence) -> kernel::Rule {
        kernel::Rule::Cadence(Cadence {
            of: self.set(&rule.of),
            every: rule.every.micros(),
            grace: nothing(rule.grace),
            at_least: nothing(rule.at_least),
            from: self.maybe(rule.from.as_ref()),
            until: self.maybe(rule.until.as_ref()),
        })
    }

    fn allowed(&self, rule: &model::rule::Order) -> Steps {
        let Some(allow) = &rule.allow else { return self.design.steps().clone() };
        let mut steps = Steps::none(self.journey.touchpoints.len());
        for (from, to) in allow {
            for from in self.touchpoints(from) {
                for to in to.iter().flat_map(|to| self.touchpoints(to)) {
                    steps.allow(from, to);
                }
            }
        }
        steps
    }

    /// A touchpoint by its id, by `touchpoint:id`, or by an activity bound to it.
    fn touchpoints(&self, name: &str) -> Vec<usize> {
        if let Some(touchpoint) = self.journey.find_touchpoint(name) {
            return vec![touchpoint];
        }
        let symbols = self.symbols.named(&Name::from(name.to_owned()), self.journey);
        let touchpoint_of = self.symbols.touchpoint_of();
        let bound = symbols.iter().map(|symbol| touchpoint_of[usize::from(*symbol)]);
        bound.filter(|touchpoint| *touchpoint != kernel::UNBOUND).map(usize::from).collect()
    }

    fn test(&self, rule: &ValueRange) -> Test {
        let values: Vec<&Scalar> = rule.equals.iter().chain(rule.one_of.iter().flatten()).collect();
        if values.is_empty() {
            return Test::Within(
                rule.at_least.unwrap_or(f64::NEG_INFINITY),
                rule.at_most.unwrap_or(f64::INFINITY),
            );
        }
        match kind_of(rule) {
            Kind::Number => Test::Numbers(
                values
                    .iter()
                    .filter_map(|value| if let Scalar::Number(n) = value { Some(*n) } else { None })
                    .collect(),
            ),
            _ => Test::Texts(
                values.into_iter().flat_map(spellings).map(|text| (self.hash)(&text)).collect(),
            ),
        }
    }

    /// The funnel of the stages, then the document's own, each with its id and the labels of its steps.
    fn funnels(&self) -> Vec<(Funnel, (String, Vec<String>))> {
        let n_symbols = self.symbols.touchpoint_of().len();
        let document = self.journey.journey;
        let of_stage = |stage: usize| -> Vec<u16> {
            let stops = self.journey.touchpoints.iter().enumerate();
            let touchpoints = stops.filter(|(_, stop)| stop.stage_at == stage);
            touchpoints.flat_map(|(touchpoint, _)| self.symbols.of_touchpoint(touchpoint)).collect()
        };
        let stages: Vec<Vec<u16>> = (0..document.stages.len()).map(of_stage).collect();
        let labels = document.stages.iter().take(MAX_STEPS).map(|stage| stage.id.clone()).collect();
        let whole = funnel(&stages, n_symbols, None, model::journey::FunnelMode::Default);
        let mut funnels = vec![(whole, ("stages".to_owned(), labels))];
        for own in &document.funnels {
            let steps: Vec<Vec<u16>> =
                own.steps.iter().map(|names| self.all(names.names())).collect();
            let labels = own.steps.iter().take(MAX_STEPS).map(label).collect();
            let within = own.within.map(Span::micros);
            funnels.push((funnel(&steps, n_symbols, within, own.mode), (own.id.clone(), labels)));
        }
        funnels
    }
}

/// A step of a funnel in words.
fn label(names: &Names) -> String {
    let names: Vec<String> = names.names().iter().map(|name| name.clone().into()).collect();
    names.join(",")
}
