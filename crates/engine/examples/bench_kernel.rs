//! The kernel alone on one thread, over the very file that its peers read.
//!
//!     cargo run --release -p footpath-engine --example bench_kernel -- --log target/bench/log.parquet --journey bench/journey.yaml --ask transitions,funnel,fused
//!
//! The file becomes columns once, outside of the measured time; each question is one JSON line with the seconds of its
//! passes and with its answer, which is held against the answers of others.

#![expect(clippy::print_stdout, reason = "a program that prints what it measured")]

#[path = "bench/args.rs"]
mod args;
#[path = "bench/columns.rs"]
mod columns;
#[path = "bench/decode.rs"]
mod decode;
#[path = "bench/stopwatch.rs"]
mod stopwatch;

use std::error::Error;

use args::Args;
use columns::Columns;
use decode::Log;
use kernel::{Events, Summary, measure, transitions};
use model::journey::Journey;
use model::resolve::Resolved;
use report::plan::{Compiled, Question, compile};
use report::symbols::{Attributes, Symbols};
use serde_json::{Map, Value, json};
use stopwatch::time;

/// A question that never ends would leave checks open that other programs count.
const LONG_AFTER: i64 = 1000 * 86_400_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::read(&["log", "journey", "ask"])?;
    let path = args.text("journey")?;
    let reading = model::document::read_bytes(&std::fs::read(path)?);
    let journey = reading.journey.ok_or_else(|| format!("{path} is no valid journey"))?;
    let bench = Bench::load(&Log::open(args.text("log")?)?, &journey)?;
    for question in args.text("ask")?.split(',') {
        let (seconds, answer) = bench.ask(question)?;
        println!(
            "{}",
            json!({"peer": "kernel", "question": question, "way": "kernel", "threads": 1,
                   "events": bench.columns.len(), "seconds": seconds, "answer": answer})
        );
    }
    Ok(())
}

struct Bench<'a> {
    journey: &'a Journey,
    symbols: Symbols,
    columns: Columns,
    last: i64,
}

impl<'a> Bench<'a> {
    fn load(log: &Log, journey: &'a Journey) -> Result<Self, Box<dyn Error>> {
        let mut attributes = Attributes::default();
        let symbols = Symbols::of(&Resolved::of(journey), &mut attributes, hash);
        if !attributes.wanted().is_empty() {
            return Err("the log has no attributes to test; take them out of the journey".into());
        }
        let columns = Columns::read(log, &symbols)?;
        let last = columns.at.iter().copied().max().ok_or("the log is empty")?;
        Ok(Self { journey, symbols, columns, last })
    }

    fn ask(&self, question: &str) -> Result<(Vec<f64>, Value), Box<dyn Error>> {
        match question {
            "transitions" => Ok(self.transitions()),
            "funnel" => self.funnel(),
            // Rules, waits, variants, reach, channels: everything of a pass but funnels.
            "fused" => Ok(self.measure(&without_funnels(self.journey), self.last)),
            "fused-without-rules" => {
                Ok(self.measure(&without_rules(without_funnels(self.journey)), self.last))
            }
            "measured" => Ok(self.measure(self.journey, self.last)),
            "closed" => Ok(self.measure(&without_funnels(self.journey), self.last + LONG_AFTER)),
            other => Err(format!("--ask {other}: nobody can answer that").into()),
        }
    }

    fn events(&self) -> Events<'_> {
        let Columns { customers, at, symbols, channels, .. } = &self.columns;
        Events { customers, at, symbols, channels, attributes: &[] }
    }

    fn transitions(&self) -> (Vec<f64>, Value) {
        let Columns { customers, symbols, .. } = &self.columns;
        let n_symbols = self.symbols.touchpoint_of().len();
        let (seconds, counted) = time(|| transitions(customers, symbols, n_symbols));
        let mut answer = Map::new();
        for (from, from_symbol) in &self.columns.activities {
            for (to, to_symbol) in &self.columns.activities {
                let count = counted.count_of(*from_symbol, *to_symbol);
                if count > 0 {
                    answer.insert(format!("{from} > {to}"), count.into());
                }
            }
        }
        (seconds, answer.into())
    }

    /// The document's own first funnel.
    fn funnel(&self) -> Result<(Vec<f64>, Value), Box<dyn Error>> {
        let compiled = self.compile(&Resolved::of(self.journey), self.last);
        let funnel = compiled.plan.settings().funnels.get(1).ok_or("the journey has no funnel")?;
        let Columns { customers, at, symbols, .. } = &self.columns;
        let (seconds, levels) = time(|| funnel.levels(customers, at, symbols));
        Ok((seconds, levels.into()))
    }

    fn measure(&self, journey: &Journey, horizon: i64) -> (Vec<f64>, Value) {
        let resolved = Resolved::of(journey);
        let compiled = self.compile(&resolved, horizon);
        let events = self.events();
        let (seconds, summary) = time(|| measure(&events, &compiled.plan));
        (seconds, told(&resolved, &compiled, &summary))
    }

    fn compile(&self, journey: &Resolved<'_>, horizon: i64) -> Compiled {
        let question = Question {
            horizon,
            channels: self.columns.channel_names.clone(),
            ..Question::default()
        };
        compile(journey, &self.symbols, &Attributes::default(), &question, hash)
    }
}

/// Attribute values are never looked at here, but names of symbols want one.
fn hash(text: &str) -> u64 {
    engine::import::hash(text.as_bytes())
}

/// All touchpoints in one stage: a funnel of one step is over with a customer's first event.
fn without_funnels(journey: &Journey) -> Journey {
    let mut journey = journey.clone();
    journey.funnels.clear();
    let others: Vec<_> = journey.stages.drain(1..).flat_map(|stage| stage.touchpoints).collect();
    journey.stages[0].touchpoints.extend(others);
    journey
}

fn without_rules(mut journey: Journey) -> Journey {
    journey.standards.clear();
    for touchpoint in journey.stages.iter_mut().flat_map(|stage| &mut stage.touchpoints) {
        touchpoint.standards.clear();
    }
    journey
}

/// What others can count too.
fn told(journey: &Resolved<'_>, compiled: &Compiled, summary: &Summary) -> Value {
    let mut standards = Map::new();
    for (held, rule) in journey.standards.iter().zip(&compiled.rule_of) {
        if let Some(checks) = rule.map(|rule| &summary.checks[rule]) {
            let counts = json!({"kept": checks.kept, "broken": checks.broken, "pending": checks.pending,
                                "instances_broken": checks.instances_broken});
            standards.insert(held.standard.id.clone(), counts);
        }
    }
    let funnels: Map<String, Value> = compiled
        .funnels
        .iter()
        .zip(&summary.funnels)
        .map(|((id, _), funnel)| {
            (id.clone(), funnel.steps.iter().map(|step| step.reached).collect::<Vec<_>>().into())
        })
        .collect();
    json!({"customers": summary.customers, "instances": summary.instances,
           "variants": summary.variants.len(), "standards": standards, "funnels": funnels})
}
