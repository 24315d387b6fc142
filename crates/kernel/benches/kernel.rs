//! How fast the kernel is on one thread. `FOOTPATH_BENCH_EVENTS` sets the length of the log; 2 million by default.

mod log;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kernel::{
    Cadence, Events, FOREVER, Funnel, FunnelMode, Mode, Plan, PlanBuilder, Response, Rule, SetId,
    Settings, Steps, measure, transitions,
};
use log::{CHANNELS, LEFT, Log, SECOND, TOUCHPOINTS};

const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn n_events() -> usize {
    let text = std::env::var_os("FOOTPATH_BENCH_EVENTS").and_then(|text| text.into_string().ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(2_000_000)
}

fn benches(criterion: &mut Criterion) {
    let log = Log::generate(n_events(), 20_240_229);
    let events = Events {
        customers: &log.customers,
        at: &log.at,
        symbols: &log.symbols,
        channels: &log.channels,
        attributes: &[],
    };
    let mut group = criterion.benchmark_group("kernel");
    group.throughput(Throughput::Elements(events.len() as u64)).sample_size(10);
    group.bench_function("transitions", |bench| {
        bench.iter(|| transitions(black_box(&log.customers), &log.symbols, TOUCHPOINTS.into()));
    });
    let funnel = funnel();
    group.bench_function("funnel", |bench| {
        bench.iter(|| funnel.levels(black_box(&log.customers), &log.at, &log.symbols));
    });
    let last = log.at.iter().copied().max().unwrap_or(0);
    let plans = [
        ("fused", plan(true, None, last)),
        ("fused without rules", plan(false, None, last)),
        ("fused with outcomes", plan(true, Some(30 * DAY), last)),
    ];
    for (name, plan) in plans {
        group.bench_function(name, |bench| bench.iter(|| measure(black_box(&events), &plan)));
    }
    group.finish();
}

/// Four steps along the design within a day.
fn funnel() -> Funnel {
    let mut steps_of = vec![0; TOUCHPOINTS.into()];
    for (step, symbol) in [1, 4, 6, 9].into_iter().enumerate() {
        steps_of[symbol] = 1 << step;
    }
    Funnel { steps_of, steps: 4, within: DAY, mode: FunnelMode::Default }
}

/// A visit that ends when the customer leaves or nothing happens for a week.
fn plan(with_rules: bool, again_within: Option<i64>, horizon: i64) -> Plan {
    let mut sets = PlanBuilder::new((0..TOUCHPOINTS).collect(), TOUCHPOINTS.into());
    sets.ends(&[LEFT]);
    sets.again(&[0]);
    let rules = if with_rules { rules(&mut sets) } else { Vec::new() };
    sets.build(Settings {
        closes_after: Some(7 * DAY),
        horizon,
        rules,
        channels: CHANNELS.into(),
        again_within,
        ..Settings::default()
    })
}

/// Twelve rules with a time, the designed order, and the channels.
fn rules(sets: &mut PlanBuilder) -> Vec<Rule> {
    let mut rules = answers(sets);
    let mut set = |symbols: &[u16]| sets.set(symbols);
    rules.extend([
        Rule::Precedence { before: set(&[2]), then: set(&[5]), within: DAY },
        Rule::Required { of: set(&[7, 8]), within: 2 * DAY, of_start: None },
        Rule::Never { of: set(&[0]), after: set(&[13]), within: DAY },
        Rule::Wait { from: set(&[9]), to: set(&[10]), at_most: HOUR },
        Rule::AtMost { of: set(&[11]), times: 1, per: DAY },
        Rule::Cadence(Cadence {
            of: set(&[3, 12]),
            every: DAY,
            grace: HOUR,
            at_least: MINUTE,
            from: Some(set(&[2])),
            until: None,
        }),
        Rule::Duration { ends: Some(set(&[LEFT])), within: 5 * DAY },
        Rule::Channel { of: set(&[4, 6]), only: vec![1, 2] },
    ]);
    let mut allowed = Steps::none(TOUCHPOINTS.into());
    for touchpoint in 0..usize::from(LEFT) {
        allowed.allow(touchpoint, touchpoint + 1);
        allowed.allow(touchpoint, LEFT.into());
    }
    rules.push(Rule::Order { allowed });
    rules
}

fn answers(sets: &mut PlanBuilder) -> Vec<Rule> {
    let mut set = |symbols: &[u16]| sets.set(symbols);
    let mut response =
        |from: &[u16], to: &[u16], within: i64, mode: Mode, unless: Option<SetId>| {
            Rule::Response(Response {
                from: set(from),
                to: set(to),
                within,
                at_least: 0,
                mode,
                same: None,
                unless,
            })
        };
    vec![
        response(&[1], &[3, 4], HOUR, Mode::Each, None),
        response(&[5], &[6], 30 * MINUTE, Mode::First, None),
        response(&[8], &[9], 2 * HOUR, Mode::Consume, None),
        response(&[10], &[12], DAY, Mode::Alternate, None),
        response(&[13], &[14], FOREVER, Mode::Chain, None),
    ]
}

criterion_group!(kernel_benches, benches);
criterion_main!(kernel_benches);
