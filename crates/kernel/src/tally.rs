//! What each instance, and then each customer, adds to the summary.

use crate::bits::Bits;
use crate::checks::{self, Walk};
use crate::events::Events;
use crate::funnel::Progress;
use crate::instances::State;
use crate::marks::Marks;
use crate::pairs::END;
use crate::plan::{AGAIN, FOREVER, Plan, UNBOUND};
use crate::summary::{FunnelCounts, Summary, Watched};
use crate::visits::Path;
use crate::waits::Waits;

/// Counts that grow as instances and customers are added.
#[derive(Debug)]
pub(crate) struct Tally<'p> {
    plan: &'p Plan,
    summary: Summary,
    waits: Waits,
    /// As in the summary, with one touchpoint more for visits that are bound to none.
    channels: Vec<u64>,
    customer: Customer,
    used: Vec<u64>,
    progress: Progress,
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

impl<'p> Tally<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Self {
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
            waits: Waits::new(plan.touchpoints),
            channels: vec![0; (plan.touchpoints + 1) * plan.settings.channels],
            customer,
            used: Vec::new(),
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
        self.channels.truncate(self.summary.channels.len());
        self.summary.channels = self.channels;
        self.summary.settle();
        self.summary
    }

    pub(crate) fn begin_customer(&mut self) {
        self.customer.instances = 0;
        self.customer.is_open = false;
        self.customer.met.clear();
        self.customer.kept.clear();
        self.customer.broken.clear();
        self.customer.outcome = None;
    }

    /// Whether the customer has any instance.
    pub(crate) fn has_instances(&self) -> bool {
        self.customer.instances > 0
    }

    /// One instance; `run` is all that is visible of the customer.
    #[inline]
    pub(crate) fn add<M: Marks>(
        &mut self,
        (rows, state): (&Events<'_>, State),
        path: Path<'_>,
        sets: &[M],
        run: &Events<'_>,
    ) {
        let (first, last) = (rows.at[0], rows.at[rows.len() - 1]);
        let summary = &mut self.summary;
        summary.instances[state.index()] += 1;
        summary.events += rows.len() as u64;
        let span = summary.span.get_or_insert((first, last));
        *span = (span.0.min(first), span.1.max(last));
        summary.durations[state.index()].push(last - first);
        self.customer.instances += 1;
        self.customer.is_open |= state == State::Open;
        self.add_path(rows, state, path);
        if !self.plan.settings.rules.is_empty() {
            self.check(rows, state, path, sets);
        }
        if self.plan.settings.again_within.is_some() && state.is_closed() {
            self.see_return(last, run);
        }
    }

    #[inline]
    fn add_path(&mut self, rows: &Events<'_>, state: State, path: Path<'_>) {
        self.waits.add(path.touchpoints, path.at);
        self.summary.variants.add(path.touchpoints, state.index());
        self.customer.met.add_first(path.met);
        if self.plan.touchpoints > 64 {
            for touchpoint in path.touchpoints {
                self.customer.met.set(usize::from(*touchpoint), true);
            }
        }
        if !self.channels.is_empty() {
            for (symbol, channel) in rows.symbols.iter().zip(rows.channels) {
                let row = self.plan.symbols[usize::from(*symbol)].channels as usize;
                self.channels[row + usize::from(*channel)] += 1;
            }
        }
        if let (State::Open, Some(touchpoint), Some(at)) =
            (state, path.touchpoints.last(), path.at.last())
        {
            self.summary.waiting[usize::from(*touchpoint)].push(self.plan.settings.horizon - at);
        }
    }

    #[inline]
    fn check<M: Marks>(&mut self, rows: &Events<'_>, state: State, path: Path<'_>, sets: &[M]) {
        let settings = &self.plan.settings;
        let walk = Walk {
            at: rows.at,
            channels: rows.channels,
            attributes: rows.attributes,
            path: path.touchpoints,
            state,
            horizon: settings.horizon,
            known_from: settings.from,
            sets,
        };
        self.customer.instance_kept.clear();
        self.customer.instance_broken.clear();
        for (number, (rule, checks)) in
            settings.rules.iter().zip(&mut self.summary.checks).enumerate()
        {
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
        let (from, to) = (
            run.at.partition_point(|at| *at <= ended_at),
            run.at.partition_point(|at| *at <= limit),
        );
        let is_again = |symbol: &u16| self.plan.symbols[usize::from(*symbol)].bounds & AGAIN != 0;
        let came_back = run.symbols[from..to].iter().any(is_again);
        let is_known = came_back || self.plan.settings.horizon > limit;
        let is_latest =
            self.customer.outcome.as_ref().is_none_or(|outcome| outcome.ended_at <= ended_at);
        if is_known && is_latest {
            let (kept, broken) =
                (self.customer.instance_kept.clone(), self.customer.instance_broken.clone());
            self.customer.outcome = Some(Outcome { ended_at, came_back, kept, broken });
        }
    }

    pub(crate) fn end_customer(&mut self, run: &Events<'_>) {
        self.summary.customers += 1;
        for touchpoint in self.customer.met.iter() {
            self.summary.reach[touchpoint] += 1;
        }
        for rule in self.customer.broken.iter() {
            self.summary.checks[rule].customers_broken += 1;
        }
        if let Some(outcome) = self.customer.outcome.take() {
            for (rule, checks) in self.summary.checks.iter_mut().enumerate() {
                let row = if outcome.broken.has(rule) {
                    Some(0)
                } else {
                    outcome.kept.has(rule).then_some(2)
                };
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
                after
                    .map(|symbol| self.plan.symbols[usize::from(*symbol)].touchpoint)
                    .find(|t| *t != UNBOUND)
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
