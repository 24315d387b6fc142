//! The one pass: every question of a plan answered while each event is looked at once.

mod listing;

pub use listing::{Listed, list};

use crate::batch::Batch;
use crate::events::{Column, Events, Runs};
use crate::gathered::Gathered;
use crate::instances::{Instance, State, split, split_short};
use crate::outcomes::Ended;
use crate::plan::Plan;
use crate::summary::Summary;
use crate::tally::Tally;
use crate::visits::Visits;

/// Measures events, customer by customer, and keeps one summary.
#[derive(Debug)]
pub struct Measurer<'p> {
    plan: &'p Plan,
    tally: Tally<'p>,
    visits: Visits,
    batch: Batch,
    instances: Vec<Instance>,
    gathered: Gathered,
    events_since_settling: usize,
}

/// What is visible of one customer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) customer: u64,
    pub(crate) at: &'a [i64],
    pub(crate) symbols: &'a [u16],
}

/// Measures events in one go.
pub fn measure(events: &Events<'_>, plan: &Plan) -> Summary {
    let mut measurer = Measurer::new(plan);
    measurer.add(events);
    measurer.finish()
}

impl<'p> Measurer<'p> {
    pub fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            tally: Tally::new(plan),
            visits: Visits::new(),
            batch: Batch::default(),
            instances: Vec::new(),
            gathered: Gathered::default(),
            events_since_settling: 0,
        }
    }

    /// Measures whole customers: a customer's events are never split over two calls.
    pub fn add(&mut self, events: &Events<'_>) {
        for (from, to) in Runs::of(events.customers) {
            let (from, seen_to) = self.visible(events.at, from, to);
            if from < seen_to {
                self.customer(events, from, seen_to);
            }
            self.events_since_settling += to - from;
            if self.events_since_settling > 1 << 22 {
                self.events_since_settling = 0;
                self.tally.settle();
            }
        }
        self.tally.check(&mut self.batch, events);
    }

    pub fn finish(self) -> Summary {
        self.tally.finish()
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

    #[inline]
    fn customer(&mut self, events: &Events<'_>, from: usize, to: usize) {
        let (at, symbols) = (&events.at[from..to], &events.symbols[from..to]);
        let run = Run { customer: events.customers[from], at, symbols };
        self.tally.begin_customer();
        if let Some(attribute) = self.plan.settings.instance_by {
            let ids = events.attributes[attribute];
            self.by_id(events, (from, to), ids, &run);
        } else {
            self.walks(events, (from, to), &run);
            self.worth(events, (from, to));
            self.tally.end_customer(&run, &mut self.batch);
            if self.batch.is_full() {
                self.tally.check(&mut self.batch, events);
            }
        }
    }

    /// Brings rows of the same id together, in the order in which ids are first met, and walks each.
    fn by_id(&mut self, events: &Events<'_>, rows: (usize, usize), ids: Column<'_>, run: &Run<'_>) {
        let mut gathered = std::mem::take(&mut self.gathered);
        gathered.fill(events, rows, ids);
        let columns = gathered.columns();
        let of_ids = gathered.events(&columns);
        for rows in gathered.ranges() {
            self.walks(&of_ids, rows, run);
        }
        self.worth(events, rows);
        self.tally.end_customer(run, &mut self.batch);
        self.tally.check(&mut self.batch, &of_ids);
        self.gathered = gathered;
    }

    /// What the customer with these rows was worth, if the customer came back after the first closed instance.
    #[inline]
    fn worth(&mut self, events: &Events<'_>, rows: (usize, usize)) {
        if self.plan.settings.value.is_some()
            && let Some(since) = self.batch.first_ended().and_then(Ended::retained_at)
        {
            self.tally.worth(events, rows, since);
        }
    }

    /// Walks the instances among these rows. Few rows are followed once for all; if not all of them are one instance, each
    /// instance is followed again.
    #[inline]
    fn walks(&mut self, events: &Events<'_>, (from, to): (usize, usize), run: &Run<'_>) {
        let (at, symbols) = (&events.at[from..to], &events.symbols[from..to]);
        let mut instances = std::mem::take(&mut self.instances);
        let is_short = Visits::is_short(to - from, self.plan);
        if is_short {
            let late = self.visits.follow_short(at, symbols, self.plan);
            let (_, marks) = self.visits.marks(self.plan);
            split_short(at, (marks, late), self.plan, &mut instances);
        } else {
            split(at, symbols, self.plan, &mut instances);
        }
        for instance in &instances {
            let is_followed = is_short && instance.to - instance.from == to - from;
            let (from, to) = (from + instance.from, from + instance.to);
            if self.is_in_segment(events, from, to) {
                if !is_followed {
                    self.follow(events, from, to);
                }
                self.count(events, (from, to, instance.state), run);
            } else {
                self.tally.leave_out();
            }
        }
        self.instances = instances;
    }

    fn follow(&mut self, events: &Events<'_>, from: usize, to: usize) {
        let (at, symbols) = (&events.at[from..to], &events.symbols[from..to]);
        if Visits::is_short(to - from, self.plan) {
            self.visits.follow_short(at, symbols, self.plan);
        } else {
            self.visits.follow_long(at, symbols, self.plan);
        }
    }

    #[inline]
    fn is_in_segment(&self, events: &Events<'_>, from: usize, to: usize) -> bool {
        self.plan.settings.segment.iter().all(|(attribute, values)| {
            let column = events.attributes[*attribute];
            let first = (from..to).map(|row| column.text(row)).find(|text| *text != 0);
            first.is_some_and(|text| values.contains(&text))
        })
    }

    /// One instance that was just followed.
    #[inline]
    fn count(
        &mut self,
        events: &Events<'_>,
        (from, to, state): (usize, usize, State),
        run: &Run<'_>,
    ) {
        let path = self.visits.path();
        self.tally.add(events, (from, to, state), path);
        if !self.plan.settings.rules.is_empty() {
            let (is_short, marks) = self.visits.marks(self.plan);
            let is_timed = self.plan.settings.again_within.is_some();
            self.batch.add((is_short, is_timed), (from, to, state), path, marks);
            if is_timed && let Some(ended) = Ended::of(events, (from, to, state), run, self.plan) {
                self.batch.end(is_short, ended);
            }
        }
    }
}
