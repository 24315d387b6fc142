//! Instances one by one, with what became of each rule in each: for whoever asks questions of rows. Counts of many are
//! [`super::measure`]'s, which asks each rule of many instances in a row.

use super::Measurer;
use crate::batch::Batch;
use crate::checks::Checks;
use crate::events::{Events, Runs};
use crate::gathered::Gathered;
use crate::instances::{Instance, State, split};
use crate::plan::Plan;
use crate::summary::Summary;

/// One walk of one customer.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    pub customer: u64,
    /// From 1 on, in the order in which the customer's instances are met.
    pub number: u64,
    /// Moments of the first and the last event.
    pub span: (i64, i64),
    pub events: u64,
    /// 0 ended, 1 timed out, 2 open.
    pub state: usize,
    /// Touchpoints in order, and when each was visited.
    pub touchpoints: &'a [u16],
    pub at: &'a [i64],
    /// Kept, broken, pending and unknown checks of each rule of the plan.
    pub checks: &'a [[u64; 4]],
}

/// Tells the instances of whole customers.
pub fn list(events: &Events<'_>, plan: &Plan, on_instance: &mut dyn FnMut(Listed<'_>)) {
    let mut listing = Listing {
        plan,
        measurer: Measurer::new(plan),
        batch: Batch::default(),
        instances: Vec::new(),
        summary: Summary::new(plan),
        nothing: Summary::new(plan).checks,
        checks: Vec::new(),
        number: 0,
    };
    let mut gathered = Gathered::default();
    for (from, to) in Runs::of(events.customers) {
        let (from, to) = listing.measurer.visible(events.at, from, to);
        if from >= to {
            continue;
        }
        listing.number = 0;
        let Some(attribute) = plan.settings.instance_by else {
            listing.walks(events, (from, to), on_instance);
            continue;
        };
        gathered.fill(events, (from, to), events.attributes[attribute]);
        let columns = gathered.columns();
        let of_ids = gathered.events(&columns);
        for rows in gathered.ranges() {
            listing.walks(&of_ids, rows, on_instance);
        }
    }
}

/// What is used again for the next instance.
struct Listing<'p> {
    plan: &'p Plan,
    measurer: Measurer<'p>,
    batch: Batch,
    instances: Vec<Instance>,
    summary: Summary,
    /// Checks of which nothing was counted, in the shape that the plan gives them.
    nothing: Vec<Checks>,
    checks: Vec<[u64; 4]>,
    number: u64,
}

impl Listing<'_> {
    fn walks(
        &mut self,
        events: &Events<'_>,
        (from, to): (usize, usize),
        on_instance: &mut dyn FnMut(Listed<'_>),
    ) {
        let mut instances = std::mem::take(&mut self.instances);
        split(&events.at[from..to], &events.symbols[from..to], self.plan, &mut instances);
        for instance in &instances {
            let rows = (from + instance.from, from + instance.to, instance.state);
            if self.measurer.is_in_segment(events, rows.0, rows.1) {
                self.measurer.follow(events, rows.0, rows.1);
                self.tell(events, rows, on_instance);
            }
        }
        self.instances = instances;
    }

    /// The instance that was just followed.
    fn tell(
        &mut self,
        events: &Events<'_>,
        (from, to, state): (usize, usize, State),
        on_instance: &mut dyn FnMut(Listed<'_>),
    ) {
        let visits = &self.measurer.visits;
        let (path, (is_short, marks)) = (visits.path(), visits.marks(self.plan));
        let is_timed = self.plan.settings.again_within.is_some();
        self.batch.add((is_short, is_timed), (from, to, state), path, marks);
        self.batch.end_customer(None);
        self.summary.checks.clone_from(&self.nothing);
        self.batch.check(events, self.plan, &mut self.summary);
        let counts = |checks: &Checks| [checks.kept, checks.broken, checks.pending, checks.unknown];
        self.checks.clear();
        self.checks.extend(self.summary.checks.iter().map(counts));
        self.number += 1;
        on_instance(Listed {
            customer: events.customers[from],
            number: self.number,
            span: (events.at[from], events.at[to - 1]),
            events: (to - from) as u64,
            state: state.index(),
            touchpoints: path.touchpoints,
            at: path.at,
            checks: &self.checks,
        });
    }
}
