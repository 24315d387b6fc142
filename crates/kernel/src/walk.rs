//! The one pass: every question of a plan answered while each event is looked at once.

use crate::bits::Bits;
use crate::checks::{self, Walk};
use crate::events::{Column, Events, run_end};
use crate::funnel::Progress;
use crate::instances::{Instance, State, split};
use crate::pairs::{END, Pairs, START};
use crate::plan::{AGAIN, FOREVER, Plan, UNBOUND};
use crate::summary::{FunnelCounts, Summary, Watched};
use crate::values::Values;

/// Measures events, customer by customer, and keeps one summary.
#[derive(Debug)]
pub struct Measurer<'p> {
    plan: &'p Plan,
    summary: Summary,
    pairs: Pairs,
    waits: Vec<Values>,
    customer: Customer,
    instances: Vec<Instance>,
    path: Vec<u16>,
    marks: Vec<u64>,
    used: Vec<u64>,
    progress: Progress,
    gathered: Gathered,
    events_since_settling: usize,
}

/// What is known of the customer at hand, as bits.
#[derive(Debug, Default)]
struct Customer {
    instances: u64,
    /// Whether one of them is.
    is_open: bool,
    met: Bits,
    kept: Bits,
    broken: Bits,
    /// Kept and broken in one instance.
    instance_kept: Bits,
    instance_broken: Bits,
    /// Whether the customer came back after the last closed instance of which that is known, and what it was like.
    outcome: Option<Outcome>,
}

#[derive(Debug)]
struct Outcome {
    ended_at: i64,
    came_back: bool,
    kept: Bits,
    broken: Bits,
}

/// Rows of one instance id, brought together.
#[derive(Debug, Default)]
struct Gathered {
    order: Vec<(u32, u32)>,
    ids: std::collections::HashMap<u64, u32>,
    customers: Vec<u64>,
    at: Vec<i64>,
    symbols: Vec<u16>,
    channels: Vec<u16>,
}

/// Measures events in one go.
pub fn measure(events: &Events<'_>, plan: &Plan) -> Summary {
    let mut measurer = Measurer::new(plan);
    measurer.add(events);
    measurer.finish()
}

impl<'p> Measurer<'p> {
    pub fn new(plan: &'p Plan) -> Self {
        let rules = Bits::new(plan.settings.rules.len());
        let customer = Customer {
            instances: 0,
            is_open: false,
            met: Bits::new(plan.touchpoints),
            kept: rules.clone(),
            broken: rules.clone(),
            instance_kept: rules.clone(),
            instance_broken: rules,
            outcome: None,
        };
        Self {
            plan,
            summary: Summary::new(plan),
            pairs: Pairs::new(plan.touchpoints),
            waits: Vec::new(),
            customer,
            instances: Vec::new(),
            path: Vec::new(),
            marks: vec![0; plan.places],
            used: Vec::new(),
            progress: Progress::default(),
            gathered: Gathered::default(),
            events_since_settling: 0,
        }
    }

    /// Measures whole customers: a customer's events are never split over two calls.
    pub fn add(&mut self, events: &Events<'_>) {
        let mut from = 0;
        let mut columns = Vec::new();
        while from < events.len() {
            let to = run_end(events.customers, from);
            let (from_seen, to_seen) = self.visible(events.at, from, to);
            if from_seen < to_seen {
                let run = events.rows(from_seen, to_seen, &mut columns);
                self.customer(&run);
            }
            from = to;
        }
        self.events_since_settling += events.len();
        if self.events_since_settling > 1 << 22 {
            self.events_since_settling = 0;
            self.settle();
        }
    }

    pub fn finish(mut self) -> Summary {
        self.settle();
        self.summary
    }

    fn settle(&mut self) {
        let waits = std::mem::take(&mut self.waits);
        let pairs = std::mem::replace(&mut self.pairs, Pairs::new(self.plan.touchpoints));
        for (pair, waits) in pairs.met().iter().zip(waits) {
            if pair.0 != START {
                self.summary.waits.entry(*pair).or_default().merge(waits);
            }
        }
        self.summary.settle();
    }

    /// The rows at or after `from` and not after the horizon.
    #[inline]
    fn visible(&self, at: &[i64], from: usize, to: usize) -> (usize, usize) {
        let settings = &self.plan.settings;
        let mut seen = (from, to);
        if at[to - 1] > settings.horizon {
            seen.1 = from + at[from..to].partition_point(|at| *at <= settings.horizon);
        }
        if let Some(known_from) = settings.from.filter(|known_from| at[from] < *known_from) {
            seen.0 = from + at[from..to].partition_point(|at| *at < known_from);
        }
        seen
    }

    fn customer(&mut self, run: &Events<'_>) {
        self.begin_customer();
        if let Some(attribute) = self.plan.settings.instance_by {
            self.walk_by_id(run, run.attributes[attribute]);
        } else {
            self.walk_all(run, run);
        }
        if self.customer.instances > 0 {
            self.end_customer(run);
        }
    }

    fn begin_customer(&mut self) {
        self.customer.instances = 0;
        self.customer.is_open = false;
        self.customer.met.clear();
        self.customer.kept.clear();
        self.customer.broken.clear();
        self.customer.outcome = None;
    }

    /// Walks the instances among these rows; `run` is all that is visible of the customer.
    fn walk_all(&mut self, rows: &Events<'_>, run: &Events<'_>) {
        let mut instances = std::mem::take(&mut self.instances);
        split(rows, self.plan, &mut instances);
        let mut columns = Vec::new();
        for instance in &instances {
            let is_whole = instance.from == 0 && instance.to == rows.len();
            let rows = if is_whole { *rows } else { rows.rows(instance.from, instance.to, &mut columns) };
            if self.is_in_segment(&rows) {
                self.walk(&rows, instance.state, run);
            }
        }
        self.instances = instances;
    }

    /// Brings rows of the same id together, in the order in which ids are first met, and walks each.
    fn walk_by_id(&mut self, run: &Events<'_>, ids: Column<'_>) {
        let mut gathered = std::mem::take(&mut self.gathered);
        gathered.ids.clear();
        gathered.order.clear();
        for row in 0..run.len() {
            let id = ids.text(row);
            if id != 0 {
                let next = gathered.ids.len() as u32;
                let number = *gathered.ids.entry(id).or_insert(next);
                gathered.order.push((number, row as u32));
            }
        }
        gathered.order.sort_unstable();
        let mut from = 0;
        while from < gathered.order.len() {
            let number = gathered.order[from].0;
            let to = from + gathered.order[from..].partition_point(|(other, _)| *other == number);
            let rows: Vec<usize> = gathered.order[from..to].iter().map(|(_, row)| *row as usize).collect();
            gathered.fill(run, &rows);
            let columns: Vec<Owned> = run.attributes.iter().map(|column| Owned::of(column, &rows)).collect();
            let columns: Vec<Column<'_>> = columns.iter().map(Owned::borrow).collect();
            let events = Events {
                customers: &gathered.customers,
                at: &gathered.at,
                symbols: &gathered.symbols,
                channels: &gathered.channels,
                attributes: &columns,
            };
            self.walk_all(&events, run);
            from = to;
        }
        self.gathered = gathered;
    }

    fn is_in_segment(&self, rows: &Events<'_>) -> bool {
        self.plan.settings.segment.iter().all(|(attribute, values)| {
            let column = rows.attributes[*attribute];
            let first = (0..rows.len()).map(|row| column.text(row)).find(|text| *text != 0);
            first.is_some_and(|text| values.contains(&text))
        })
    }

    /// One instance.
    fn walk(&mut self, rows: &Events<'_>, state: State, run: &Events<'_>) {
        self.customer.instances += 1;
        self.customer.is_open |= state == State::Open;
        let summary = &mut self.summary;
        summary.instances[state.index()] += 1;
        summary.events += rows.len() as u64;
        let (first, last) = (rows.at[0], rows.at[rows.len() - 1]);
        let span = summary.span.get_or_insert((first, last));
        *span = (span.0.min(first), span.1.max(last));
        summary.durations[state.index()].push(last - first);
        self.path.clear();
        if rows.len() <= 64 {
            self.follow::<false>(rows, state);
            self.check_short(rows, state);
        } else {
            self.follow::<true>(rows, state);
            self.check_long(rows, state);
        }
        self.summary.variants.add(&self.path, state.index());
        if self.plan.settings.again_within.is_some() && state.is_closed() {
            self.see_return(last, run);
        }
    }

    /// Looks at each event once: where its symbol occurs, which touchpoint it is, how long after the last one.
    fn follow<const LONG: bool>(&mut self, rows: &Events<'_>, state: State) {
        let words = if LONG { rows.len().div_ceil(64) } else { 1 };
        self.marks.clear();
        self.marks.resize(self.plan.places * words, 0);
        let (mut previous, mut previous_at) = (START, rows.at[0]);
        let n_channels = self.plan.settings.channels;
        for (row, (&at, &symbol)) in rows.at.iter().zip(rows.symbols).enumerate() {
            let symbol = usize::from(symbol);
            let class = usize::from(self.plan.class_of[symbol]);
            let place = if LONG { class * words + row / 64 } else { class };
            self.marks[place] |= 1 << (row % 64);
            let touchpoint = self.plan.touchpoint_of[symbol];
            if touchpoint == UNBOUND {
                continue;
            }
            self.path.push(touchpoint);
            let pair = self.pairs.number(previous, touchpoint);
            if pair == self.waits.len() {
                self.waits.push(Values::default());
            }
            self.waits[pair].push(at - previous_at);
            self.customer.met.set(usize::from(touchpoint), true);
            if n_channels > 0 {
                self.summary.channels[usize::from(touchpoint) * n_channels + usize::from(rows.channels[row])] += 1;
            }
            (previous, previous_at) = (touchpoint, at);
        }
        if state == State::Open && previous != START {
            self.summary.waiting[usize::from(previous)].push(self.plan.settings.horizon - previous_at);
        }
    }

    fn check_short(&mut self, rows: &Events<'_>, state: State) {
        for (set, classes) in &self.plan.unions {
            let union = classes.iter().fold(0, |all, class| all | self.marks[usize::from(*class)]);
            self.marks[usize::from(*set)] = union;
        }
        let marks = std::mem::take(&mut self.marks);
        self.check(rows, state, &marks[..self.plan.sets]);
        self.marks = marks;
    }

    fn check_long(&mut self, rows: &Events<'_>, state: State) {
        let words = rows.len().div_ceil(64);
        for (set, classes) in &self.plan.unions {
            for word in 0..words {
                let union = classes.iter().fold(0, |all, class| all | self.marks[usize::from(*class) * words + word]);
                self.marks[usize::from(*set) * words + word] = union;
            }
        }
        let marks = std::mem::take(&mut self.marks);
        let sets: Vec<&[u64]> = marks.chunks(words).take(self.plan.sets).collect();
        self.check(rows, state, &sets);
        self.marks = marks;
    }

    fn check<M: crate::marks::Marks>(&mut self, rows: &Events<'_>, state: State, sets: &[M]) {
        let settings = &self.plan.settings;
        let walk = Walk {
            at: rows.at,
            channels: rows.channels,
            attributes: rows.attributes,
            path: &self.path,
            state,
            horizon: settings.horizon,
            known_from: settings.from,
            sets,
        };
        self.customer.instance_kept.clear();
        self.customer.instance_broken.clear();
        for (number, (rule, checks)) in settings.rules.iter().zip(&mut self.summary.checks).enumerate() {
            let (kept, broken) = (checks.kept, checks.broken);
            checks::check(&walk, rule, &mut self.used, checks);
            let (kept, broken) = (checks.kept != kept, checks.broken != broken);
            checks.instances_broken += u64::from(broken);
            self.customer.instance_kept.set(number, kept);
            self.customer.instance_broken.set(number, broken);
        }
        self.customer.kept.add(&self.customer.instance_kept);
        self.customer.broken.add(&self.customer.instance_broken);
    }

    /// Whether the customer came back in time after an instance that ended at `ended_at`, once that is known.
    fn see_return(&mut self, ended_at: i64, run: &Events<'_>) {
        let Some(within) = self.plan.settings.again_within else { return };
        let limit = ended_at.saturating_add(within);
        let (from, to) = (run.at.partition_point(|at| *at <= ended_at), run.at.partition_point(|at| *at <= limit));
        let is_again = |symbol: &u16| self.plan.bounds[usize::from(*symbol)] & AGAIN != 0;
        let came_back = run.symbols[from..to].iter().any(is_again);
        let is_known = came_back || self.plan.settings.horizon > limit;
        let is_latest = self.customer.outcome.as_ref().is_none_or(|outcome| outcome.ended_at <= ended_at);
        if is_known && is_latest {
            let (kept, broken) = (self.customer.instance_kept.clone(), self.customer.instance_broken.clone());
            self.customer.outcome = Some(Outcome { ended_at, came_back, kept, broken });
        }
    }

    fn end_customer(&mut self, run: &Events<'_>) {
        self.summary.customers += 1;
        for touchpoint in self.customer.met.iter() {
            self.summary.reach[touchpoint] += 1;
        }
        for rule in self.customer.broken.iter() {
            self.summary.checks[rule].customers_broken += 1;
        }
        if let Some(outcome) = self.customer.outcome.take() {
            for (rule, checks) in self.summary.checks.iter_mut().enumerate() {
                let row = if outcome.broken.has(rule) { Some(0) } else { outcome.kept.has(rule).then_some(2) };
                if let Some(row) = row {
                    checks.retention[row + usize::from(outcome.came_back)] += 1;
                }
            }
        }
        if self.plan.settings.watched.binary_search(&run.customers[0]).is_ok() {
            let Customer { kept, broken, met, .. } = &self.customer;
            let (kept, broken, met) = (kept.words(), broken.words(), met.words());
            self.summary.watched.push(Watched { customer: run.customers[0], kept, broken, met });
        }
        for (number, funnel) in self.plan.settings.funnels.iter().enumerate() {
            funnel.progress(run.at, run.symbols, &mut self.progress);
            let limit = if funnel.within == FOREVER { None } else { Some(funnel.within) };
            let horizon = self.plan.settings.horizon;
            let has_time = match limit {
                Some(limit) => horizon.saturating_sub(self.progress.begin) <= limit,
                None => self.customer.is_open,
            };
            let may_go_on = has_time && !self.progress.is_over;
            let next = || {
                let after = run.symbols[self.progress.last_row + 1..].iter();
                after.map(|symbol| self.plan.touchpoint_of[usize::from(*symbol)]).find(|t| *t != UNBOUND)
            };
            count_funnel(&mut self.summary.funnels[number], &self.progress, may_go_on, next);
        }
    }
}

fn count_funnel(counts: &mut FunnelCounts, progress: &Progress, may_go_on: bool, next: impl Fn() -> Option<u16>) {
    for (step, counts) in counts.steps.iter_mut().take(progress.level).enumerate() {
        counts.reached += 1;
        if step > 0 {
            counts.waits.push(progress.waits[step]);
        }
    }
    if progress.level == 0 || progress.level == counts.steps.len() {
        return;
    }
    let last = &mut counts.steps[progress.level - 1];
    if may_go_on {
        last.open += 1;
    } else {
        last.lost += 1;
        *last.instead.entry(next().unwrap_or(END)).or_default() += 1;
    }
}

impl Gathered {
    fn fill(&mut self, run: &Events<'_>, rows: &[usize]) {
        let Self { customers, at, symbols, channels, .. } = self;
        customers.clear();
        at.clear();
        symbols.clear();
        channels.clear();
        customers.extend(rows.iter().map(|row| run.customers[*row]));
        at.extend(rows.iter().map(|row| run.at[*row]));
        symbols.extend(rows.iter().map(|row| run.symbols[*row]));
        if !run.channels.is_empty() {
            channels.extend(rows.iter().map(|row| run.channels[*row]));
        }
    }
}

/// A column of gathered rows.
enum Owned {
    Text(Vec<u64>),
    Number(Vec<f64>),
    Time(Vec<i64>),
}

impl Owned {
    fn of(column: &Column<'_>, rows: &[usize]) -> Self {
        match column {
            Column::Text(_) => Self::Text(rows.iter().map(|row| column.text(*row)).collect()),
            Column::Number(_) => Self::Number(rows.iter().map(|row| column.number(*row)).collect()),
            Column::Time(_) => Self::Time(rows.iter().map(|row| column.time(*row)).collect()),
        }
    }

    fn borrow(&self) -> Column<'_> {
        match self {
            Self::Text(values) => Column::Text(values),
            Self::Number(values) => Column::Number(values),
            Self::Time(values) => Column::Time(values),
        }
    }
}
