//! Instances collected until there are enough to ask each rule of many in a row.

use crate::checks::{Checks, Verdicts, Walk, check};
use crate::events::Events;
use crate::instances::State;
use crate::marks::{Marks, Scratch};
use crate::plan::Plan;
use crate::summary::Summary;
use crate::visits::Path;

/// So many instances wait at least before they are checked: enough that the choice of the rule costs nothing, few
/// enough that all they need stays in the nearest cache.
const ENOUGH: usize = 64;

/// Instances of whole customers whose rules have not been checked yet.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    short: Items,
    long: Items,
    /// Customers that are complete; the one at hand has this number.
    customers: usize,
    /// The latest closed instance of the customer at hand of which it is known whether the customer came back.
    outcome: Option<Outcome>,
    /// Numbers of watched customers, and their places in the summary.
    watched: Vec<(usize, usize)>,
    /// Of each customer, for the rule at hand.
    of_customers: Vec<Verdicts>,
    scratch: Scratch,
}

#[derive(Debug, Clone, Copy)]
struct Outcome {
    ended_at: i64,
    is_short: bool,
    item: usize,
}

/// Instances with one word of marks per set, or with many.
#[derive(Debug, Default)]
struct Items {
    items: Vec<Item>,
    paths: Vec<u16>,
    marks: Vec<u64>,
}

#[derive(Debug)]
struct Item {
    /// Rows of the events.
    from: usize,
    to: usize,
    /// Where path and marks end; they begin where those of the item before end.
    path_to: usize,
    marks_to: usize,
    state: State,
    customer: usize,
    /// Whether the customer came back after it, if it is the instance that tells.
    came_back: Option<bool>,
}

impl Batch {
    /// Takes rows `from..to` as an instance of the customer at hand.
    #[inline]
    pub(crate) fn add(
        &mut self,
        is_short: bool,
        (from, to, state): (usize, usize, State),
        path: Path<'_>,
        marks: &[u64],
    ) {
        let customer = self.customers;
        let items = if is_short { &mut self.short } else { &mut self.long };
        items.paths.extend_from_slice(path.touchpoints);
        items.marks.extend_from_slice(marks);
        let (path_to, marks_to) = (items.paths.len(), items.marks.len());
        items.items.push(Item { from, to, path_to, marks_to, state, customer, came_back: None });
    }

    /// Says of the instance just added whether the customer came back after it.
    pub(crate) fn came_back(&mut self, is_short: bool, ended_at: i64, came_back: bool) {
        if let Some(earlier) = self.outcome {
            if earlier.ended_at > ended_at {
                return;
            }
            self.items(earlier.is_short).items[earlier.item].came_back = None;
        }
        let items = self.items(is_short);
        let item = items.items.len() - 1;
        items.items[item].came_back = Some(came_back);
        self.outcome = Some(Outcome { ended_at, is_short, item });
    }

    fn items(&mut self, is_short: bool) -> &mut Items {
        if is_short { &mut self.short } else { &mut self.long }
    }

    /// The customer at hand is complete.
    #[inline]
    pub(crate) fn end_customer(&mut self, watched: Option<usize>) {
        self.watched.extend(watched.map(|place| (self.customers, place)));
        self.customers += 1;
        self.outcome = None;
    }

    #[inline]
    pub(crate) fn is_full(&self) -> bool {
        self.short.items.len() >= ENOUGH || !self.long.items.is_empty()
    }

    /// Checks all rules on everything collected from these events.
    pub(crate) fn check(&mut self, events: &Events<'_>, plan: &Plan, summary: &mut Summary) {
        if self.customers == 0 {
            return;
        }
        let (mut scratch, mut of_customers) =
            (std::mem::take(&mut self.scratch), std::mem::take(&mut self.of_customers));
        let short_sets: Vec<&[u64]> = self.short.marks().collect();
        let short_walks = self.short.walks(&short_sets, events, plan);
        let long_sets: Vec<Vec<&[u64]>> = self.long.sets_of_words().collect();
        let long_sets: Vec<&[&[u64]]> = long_sets.iter().map(Vec::as_slice).collect();
        let long_walks = self.long.walks(&long_sets, events, plan);
        let mut verdicts = vec![Verdicts::default(); short_walks.len() + long_walks.len()];
        let rules = plan.settings.rules.iter().zip(&mut summary.checks).enumerate();
        for (number, (rule, checks)) in rules {
            let (of_short, of_long) = verdicts.split_at_mut(short_walks.len());
            check(&short_walks, rule, of_short, &mut scratch, checks);
            if !long_walks.is_empty() {
                check(&long_walks, rule, of_long, &mut scratch, checks);
            }
            self.count(&verdicts, plan, &mut of_customers, checks);
            for (customer, place) in &self.watched {
                summary.watched[*place].add(number, of_customers[*customer]);
            }
        }
        (self.scratch, self.of_customers) = (scratch, of_customers);
        self.clear();
    }

    /// Counts instances and customers with a broken check, and those who came back.
    fn count(
        &self,
        verdicts: &[Verdicts],
        plan: &Plan,
        of_customers: &mut Vec<Verdicts>,
        checks: &mut Checks,
    ) {
        let items = || self.short.items.iter().chain(&self.long.items).zip(verdicts);
        let broken = verdicts.iter().map(|verdicts| u64::from(verdicts.broken)).sum::<u64>();
        checks.instances_broken += broken;
        if plan.settings.again_within.is_some() {
            items().for_each(|(item, verdicts)| checks.add_outcome(*verdicts, item.came_back));
        }
        if self.customers == verdicts.len() && self.watched.is_empty() {
            checks.customers_broken += broken;
            return;
        }
        of_customers.clear();
        of_customers.resize(self.customers, Verdicts::default());
        for (item, verdicts) in items() {
            let of_customer = &mut of_customers[item.customer];
            of_customer.kept |= verdicts.kept;
            of_customer.broken |= verdicts.broken;
        }
        let broken = of_customers.iter().filter(|verdicts| verdicts.broken);
        checks.customers_broken += broken.count() as u64;
    }

    fn clear(&mut self) {
        for items in [&mut self.short, &mut self.long] {
            items.items.clear();
            items.paths.clear();
            items.marks.clear();
        }
        self.customers = 0;
        self.watched.clear();
    }
}

impl Items {
    /// Marks of each item.
    fn marks(&self) -> impl Iterator<Item = &[u64]> {
        let mut to = 0;
        self.items.iter().map(move |item| {
            let from = std::mem::replace(&mut to, item.marks_to);
            &self.marks[from..to]
        })
    }

    /// Marks of each item, and of each set in it.
    fn sets_of_words(&self) -> impl Iterator<Item = Vec<&[u64]>> {
        let items = self.items.iter().zip(self.marks());
        items.map(|(item, marks)| marks.chunks((item.to - item.from).div_ceil(64)).collect())
    }

    fn walks<'a, M: Marks>(
        &'a self,
        sets: &[&'a [M]],
        events: &Events<'a>,
        plan: &Plan,
    ) -> Vec<Walk<'a, M>> {
        let mut path_from = 0;
        let walk = |(item, sets): (&'a Item, &&'a [M])| {
            let from = std::mem::replace(&mut path_from, item.path_to);
            Walk {
                at: &events.at[item.from..item.to],
                channels: if events.channels.is_empty() {
                    &[]
                } else {
                    &events.channels[item.from..item.to]
                },
                attributes: events.attributes,
                from: item.from,
                path: &self.paths[from..item.path_to],
                state: item.state,
                horizon: plan.settings.horizon,
                known_from: plan.settings.from,
                sets,
            }
        };
        self.items.iter().zip(sets).map(walk).collect()
    }
}
