//! What each instance, and then each customer, adds to the summary.

use crate::batch::Batch;
use crate::bits::Bits;
use crate::days::Stand;
use crate::events::Events;
use crate::funnel::Progress;
use crate::instances::State;
use crate::pairs::END;
use crate::plan::{FOREVER, Plan, UNBOUND};
use crate::summary::{FunnelCounts, Summary, Watched};
use crate::visits::Path;
use crate::waits::Waits;
use crate::walk::Run;

/// Counts that grow as instances and customers are added.
#[derive(Debug)]
pub(crate) struct Tally<'p> {
    plan: &'p Plan,
    summary: Summary,
    waits: Waits,
    channels: Channels,
    customer: Customer,
    reach: Reach,
    progress: Progress,
}

/// What customers met, counted for many of them at a time: touchpoint by touchpoint there is nothing to guess.
#[derive(Debug, Default)]
struct Reach {
    waiting: Vec<u64>,
}

const TOGETHER: usize = 64;

impl Reach {
    #[inline]
    fn add(&mut self, met: &Bits, reach: &mut [u64]) {
        self.waiting.push(met.first());
        if self.waiting.len() >= TOGETHER {
            self.settle(reach);
        }
        for touchpoint in met.beyond_first() {
            reach[touchpoint] += 1;
        }
    }

    fn settle(&mut self, reach: &mut [u64]) {
        for (touchpoint, reach) in reach.iter_mut().enumerate().take(64) {
            *reach += self.waiting.iter().map(|met| met >> touchpoint & 1).sum::<u64>();
        }
        self.waiting.clear();
    }
}

/// Counts of visits by touchpoint and channel. Rows wait until there are many that stand together: one loop over all of
/// them ends once, and where a loop ends costs more to guess than a count.
#[derive(Debug)]
struct Channels {
    /// As in the summary, with one touchpoint more for visits that are bound to none.
    counts: Vec<u64>,
    from: usize,
    to: usize,
}

/// So many rows lie in a near cache still.
const ROWS: usize = 1024;

impl Channels {
    fn new(plan: &Plan) -> Self {
        let counts = vec![0; (plan.touchpoints + 1) * plan.settings.channels];
        Self { counts, from: 0, to: 0 }
    }

    #[inline]
    fn add(&mut self, from: usize, to: usize, events: &Events<'_>, plan: &Plan) {
        if from != self.to || to - self.from > ROWS {
            self.settle(events, plan);
            self.from = from;
        }
        self.to = to;
    }

    fn settle(&mut self, events: &Events<'_>, plan: &Plan) {
        let (from, to) = (self.from, self.to);
        if !self.counts.is_empty() {
            for (symbol, channel) in events.symbols[from..to].iter().zip(&events.channels[from..to])
            {
                let row = plan.symbols[usize::from(*symbol)].channels as usize;
                self.counts[row + usize::from(*channel)] += 1;
            }
        }
        (self.from, self.to) = (0, 0);
    }
}

/// What is known of the customer at hand.
#[derive(Debug)]
struct Customer {
    instances: u64,
    /// Whether one of them is.
    is_open: bool,
    /// Whether the segment leaves one out.
    is_beside: bool,
    met: Bits,
}

impl<'p> Tally<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            summary: Summary::new(plan),
            waits: Waits::new(plan.touchpoints),
            channels: Channels::new(plan),
            customer: Customer {
                instances: 0,
                is_open: false,
                is_beside: false,
                met: Bits::new(plan.touchpoints),
            },
            reach: Reach::default(),
            progress: Progress::default(),
        }
    }

    /// Keeps memory bounded; changes nothing.
    pub(crate) fn settle(&mut self) {
        self.summary.waits = self.waits.give();
        self.summary.settle();
        self.waits.take_back(std::mem::take(&mut self.summary.waits));
    }

    pub(crate) fn finish(mut self) -> Summary {
        self.summary.waits = self.waits.give();
        self.reach.settle(&mut self.summary.reach);
        self.channels.counts.truncate(self.summary.channels.len());
        self.summary.channels = self.channels.counts;
        self.summary.settle();
        self.summary
    }

    #[inline]
    pub(crate) fn begin_customer(&mut self) {
        self.customer.instances = 0;
        self.customer.is_open = false;
        self.customer.is_beside = false;
        self.customer.met.clear();
    }

    /// One instance of the customer at hand.
    #[inline]
    pub(crate) fn add(
        &mut self,
        events: &Events<'_>,
        (from, to, state): (usize, usize, State),
        path: Path<'_>,
    ) {
        let (first, last) = (events.at[from], events.at[to - 1]);
        let summary = &mut self.summary;
        summary.instances[state.index()] += 1;
        summary.begun.add(first, Stand::of_instance(state));
        summary.events += (to - from) as u64;
        let span = summary.span.get_or_insert((first, last));
        *span = (span.0.min(first), span.1.max(last));
        summary.durations[state.index()].push(last - first);
        summary.variants.add(path.touchpoints, state.index());
        if let (State::Open, Some(touchpoint), Some(at)) =
            (state, path.touchpoints.last(), path.at.last())
        {
            summary.waiting[usize::from(*touchpoint)].push(self.plan.settings.horizon - at);
        }
        self.waits.add(path.touchpoints, path.at);
        self.channels.add(from, to, events, self.plan);
        self.customer.instances += 1;
        self.customer.is_open |= state == State::Open;
        self.customer.met.add_first(path.met);
        if self.plan.touchpoints > 64 {
            for touchpoint in path.touchpoints {
                self.customer.met.set(usize::from(*touchpoint), true);
            }
        }
    }

    /// An instance of the customer at hand that is not in the segment.
    pub(crate) fn leave_out(&mut self) {
        self.customer.is_beside = true;
    }

    /// What the customer at hand was worth since an end after which the customer came back; all rows of the customer.
    pub(crate) fn worth(&mut self, events: &Events<'_>, (from, to): (usize, usize), since: i64) {
        let Some(value) = self.plan.settings.value else { return };
        let column = events.attributes[value];
        let carried =
            (from..to).filter(|row| events.at[*row] > since).map(|row| column.number(row));
        // Whole thousandths, so that the sum does not hang on the order of customers.
        let thousandths =
            |value: f64| if value.is_nan() { 0 } else { (1000.0 * value).round() as i64 };
        let sum = carried.map(thousandths).fold(0, i64::saturating_add);
        self.summary.worth.add(sum, (self.plan.settings.horizon - since) / 1_000_000);
    }

    /// Counts channels and checks all rules on what was collected from these events.
    pub(crate) fn check(&mut self, batch: &mut Batch, events: &Events<'_>) {
        self.channels.settle(events, self.plan);
        batch.check(events, self.plan, &mut self.summary);
    }

    /// The customer at hand is complete; one without an instance is not counted.
    #[inline]
    pub(crate) fn end_customer(&mut self, run: &Run<'_>, batch: &mut Batch) {
        if self.customer.is_beside {
            self.summary.beside.partly += 1;
            self.summary.beside.wholly += u64::from(self.customer.instances == 0);
        }
        if self.customer.instances == 0 {
            return;
        }
        self.summary.customers += 1;
        self.reach.add(&self.customer.met, &mut self.summary.reach);
        let settings = &self.plan.settings;
        let is_watched = settings.watched.binary_search(&run.customer).is_ok();
        batch.end_customer(is_watched.then_some(self.summary.watched.len()));
        if is_watched {
            let none = vec![0; settings.rules.len().div_ceil(64)];
            let (kept, broken, met) = (none.clone(), none, self.customer.met.words());
            self.summary.watched.push(Watched { customer: run.customer, kept, broken, met });
        }
        if !settings.funnels.is_empty() {
            self.funnels(run);
        }
    }

    fn funnels(&mut self, run: &Run<'_>) {
        for (number, funnel) in self.plan.settings.funnels.iter().enumerate() {
            funnel.progress(run.at, run.symbols, &mut self.progress);
            let horizon = self.plan.settings.horizon;
            let has_time = match funnel.within {
                FOREVER => self.customer.is_open,
                within => horizon.saturating_sub(self.progress.begin) <= within,
            };
            let may_go_on = has_time && !self.progress.is_over;
            let touchpoint = |symbol: &u16| self.plan.symbols[usize::from(*symbol)].touchpoint;
            let next = || {
                let after = run.symbols[self.progress.last_row + 1..].iter();
                after.map(touchpoint).find(|touchpoint| *touchpoint != UNBOUND)
            };
            count_funnel(&mut self.summary.funnels[number], &self.progress, may_go_on, next);
        }
    }
}

fn count_funnel(
    counts: &mut FunnelCounts,
    progress: &Progress,
    may_go_on: bool,
    next: impl Fn() -> Option<u16>,
) {
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
