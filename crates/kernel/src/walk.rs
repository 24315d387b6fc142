//! The one pass: every question of a plan answered while each event is looked at once.

use crate::events::{Column, Events, Runs};
use crate::gathered::Gathered;
use crate::instances::{Instance, State, split};
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
    instances: Vec<Instance>,
    gathered: Gathered,
    events_since_settling: usize,
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
            instances: Vec::new(),
            gathered: Gathered::default(),
            events_since_settling: 0,
        }
    }

    /// Measures whole customers: a customer's events are never split over two calls.
    pub fn add(&mut self, events: &Events<'_>) {
        let mut columns = Vec::new();
        for (from, to) in Runs::of(events.customers) {
            let (from, seen_to) = self.visible(events.at, from, to);
            if from < seen_to {
                let run = events.rows(from, seen_to, &mut columns);
                self.customer(&run);
            }
            self.events_since_settling += to - from;
            if self.events_since_settling > 1 << 22 {
                self.events_since_settling = 0;
                self.tally.settle();
            }
        }
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

    fn customer(&mut self, run: &Events<'_>) {
        self.tally.begin_customer();
        if let Some(attribute) = self.plan.settings.instance_by {
            self.walk_by_id(run, run.attributes[attribute]);
        } else {
            self.walk_all(run, run);
        }
        if self.tally.has_instances() {
            self.tally.end_customer(run);
        }
    }

    /// Walks the instances among these rows; `run` is all that is visible of the customer.
    fn walk_all(&mut self, rows: &Events<'_>, run: &Events<'_>) {
        let mut instances = std::mem::take(&mut self.instances);
        split(rows, self.plan, &mut instances);
        let mut columns = Vec::new();
        for instance in &instances {
            let is_whole = instance.from == 0 && instance.to == rows.len();
            let rows =
                if is_whole { *rows } else { rows.rows(instance.from, instance.to, &mut columns) };
            if self.is_in_segment(&rows) {
                self.walk(&rows, instance.state, run);
            }
        }
        self.instances = instances;
    }

    /// Brings rows of the same id together, in the order in which ids are first met, and walks each.
    fn walk_by_id(&mut self, run: &Events<'_>, ids: Column<'_>) {
        let mut gathered = std::mem::take(&mut self.gathered);
        gathered.each_id(run, ids, |rows| self.walk_all(rows, run));
        self.gathered = gathered;
    }

    fn is_in_segment(&self, rows: &Events<'_>) -> bool {
        self.plan.settings.segment.iter().all(|(attribute, values)| {
            let column = rows.attributes[*attribute];
            let first = (0..rows.len()).map(|row| column.text(row)).find(|text| *text != 0);
            first.is_some_and(|text| values.contains(&text))
        })
    }

    fn walk(&mut self, rows: &Events<'_>, state: State, run: &Events<'_>) {
        if Visits::is_short(rows, self.plan) {
            let (path, sets) = self.visits.follow_short(rows, self.plan);
            self.tally.add((rows, state), path, sets, run);
        } else {
            let (path, marks) = self.visits.follow_long(rows, self.plan);
            let sets: Vec<&[u64]> = marks.chunks(rows.len().div_ceil(64)).collect();
            self.tally.add((rows, state), path, &sets, run);
        }
    }
}
