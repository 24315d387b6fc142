//! Instances collected until there are enough to ask each rule of many in a row.

use crate::checks::{Checks, Found, Verdicts, Walk, check};
use crate::events::Events;
use crate::groups::{self, first_known};
use crate::instances::State;
use crate::marks::{Marks, Scratch};
use crate::outcomes::{Ended, Judged, Outcomes};
use crate::plan::{Plan, Rule};
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
    /// What came after closed instances, where the plan says what coming back is.
    outcomes: Outcomes,
    /// Numbers of watched customers, and their places in the summary.
    watched: Vec<(usize, usize)>,
    /// Of each customer, for the rule at hand.
    of_customers: Vec<Verdicts>,
    scratch: Scratch,
}

/// Where an instance is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    is_short: bool,
    item: usize,
}

/// What became of the rule at hand in each instance, short ones first.
#[derive(Debug, Default)]
struct Judgement {
    verdicts: Vec<Verdicts>,
    /// When the first check broke; empty where nobody asks.
    broke_at: Vec<i64>,
}

/// Instances with one word of marks per set, or with many.
#[derive(Debug, Default)]
struct Items {
    items: Vec<Item>,
    paths: Vec<u16>,
    /// When each touchpoint of a path was visited; empty where nobody asks.
    path_at: Vec<i64>,
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
}

impl Batch {
    /// Takes rows `from..to` as an instance of the customer at hand; `is_timed`: somebody asks when checks broke.
    #[inline]
    pub(crate) fn add(
        &mut self,
        (is_short, is_timed): (bool, bool),
        (from, to, state): (usize, usize, State),
        path: Path<'_>,
        marks: &[u64],
    ) {
        let customer = self.customers;
        let items = if is_short { &mut self.short } else { &mut self.long };
        items.paths.extend_from_slice(path.touchpoints);
        if is_timed {
            items.path_at.extend_from_slice(path.at);
        }
        items.marks.extend_from_slice(marks);
        let (path_to, marks_to) = (items.paths.len(), items.marks.len());
        items.items.push(Item { from, to, path_to, marks_to, state, customer });
    }

    /// Says of the instance just added that it is closed, and what came after it.
    pub(crate) fn end(&mut self, is_short: bool, ended: Ended) {
        let items = if is_short { &self.short } else { &self.long };
        let place = Place { is_short, item: items.items.len() - 1 };
        self.outcomes.add(self.customers, place, ended);
    }

    /// The first closed instance of the customer at hand, if it is known what came after it.
    pub(crate) fn first_ended(&self) -> Option<&Ended> {
        self.outcomes.first(self.customers)
    }

    /// The customer at hand is complete.
    #[inline]
    pub(crate) fn end_customer(&mut self, watched: Option<usize>) {
        self.watched.extend(watched.map(|place| (self.customers, place)));
        self.customers += 1;
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
        let mut outcomes = std::mem::take(&mut self.outcomes);
        let is_timed = plan.settings.again_within.is_some();
        let short_sets: Vec<&[u64]> = self.short.marks().collect();
        let short_walks = self.short.walks(&short_sets, events, plan);
        let long_sets: Vec<Vec<&[u64]>> = self.long.sets_of_words().collect();
        let long_sets: Vec<&[&[u64]]> = long_sets.iter().map(Vec::as_slice).collect();
        let long_walks = self.long.walks(&long_sets, events, plan);
        let n_walks = short_walks.len() + long_walks.len();
        let mut judgement = Judgement {
            verdicts: vec![Verdicts::default(); n_walks],
            broke_at: vec![i64::MAX; if is_timed { n_walks } else { 0 }],
        };
        let mut of_any_rule = vec![Verdicts::default(); n_walks];
        let groups: Option<Vec<(usize, usize)>> = plan.settings.groups.as_ref().map(|groups| {
            let group = |item: &Item| first_known(events, item.from..item.to, groups);
            self.items().map(|item| (group(item), item.customer)).collect()
        });
        let rules = plan.settings.rules.iter().zip(&mut summary.checks).enumerate();
        for (number, (rule, checks)) in rules {
            let [of_short, of_long] = judgement.split(short_walks.len());
            check_timed(is_timed, &short_walks, rule, of_short, (&mut scratch, checks));
            if !long_walks.is_empty() {
                check_timed(is_timed, &long_walks, rule, of_long, (&mut scratch, checks));
            }
            self.count(&judgement.verdicts, &mut of_any_rule, &mut of_customers, checks);
            if let Some(groups) = &groups {
                let instances = groups.iter().zip(&judgement.verdicts);
                let instances = instances.map(|(&(group, customer), it)| (group, customer, it));
                groups::count(instances, &mut checks.groups);
            }
            if is_timed {
                outcomes.count(self.judged(&judgement, plan), checks);
            }
            if matches!(rule, Rule::Cadence(_)) {
                let walks = self.items().map(|item| item.customer).zip(&scratch.phases);
                checks.beats.add(walks, &scratch.gaps, self.customers);
                scratch.phases.clear();
                scratch.gaps.clear();
            }
            for (customer, place) in &self.watched {
                summary.watched[*place].add(number, of_customers[*customer]);
            }
        }
        let settled = of_any_rule.iter().filter(|verdicts| verdicts.kept | verdicts.broken);
        summary.first_pass[0] += settled.clone().count() as u64;
        summary.first_pass[1] += settled.filter(|verdicts| !verdicts.broken).count() as u64;
        (self.scratch, self.of_customers, self.outcomes) = (scratch, of_customers, outcomes);
        self.clear();
    }

    /// Every instance, short ones first.
    fn items(&self) -> impl Iterator<Item = &Item> + Clone {
        self.short.items.iter().chain(&self.long.items)
    }

    /// The judgement of a rule as those see it who ask what came of it.
    fn judged<'a>(
        &'a self,
        judgement: &'a Judgement,
        plan: &'a Plan,
    ) -> Judged<'a, impl Fn(Place) -> (Verdicts, i64), impl Iterator<Item = (usize, i64)>> {
        let n_short = self.short.items.len();
        let of = move |place: Place| {
            let number = place.item + if place.is_short { 0 } else { n_short };
            (judgement.verdicts[number], judgement.broke_at[number])
        };
        let broke_at =
            self.items().map(|item| item.customer).zip(judgement.broke_at.iter().copied());
        Judged { of, broke_at, customers: self.customers, plan }
    }

    /// Counts instances and customers with a broken check.
    fn count(
        &self,
        verdicts: &[Verdicts],
        of_any_rule: &mut [Verdicts],
        of_customers: &mut Vec<Verdicts>,
        checks: &mut Checks,
    ) {
        let broken = verdicts.iter().map(|verdicts| u64::from(verdicts.broken)).sum::<u64>();
        checks.instances_broken += broken;
        for (of_any, verdicts) in of_any_rule.iter_mut().zip(verdicts) {
            of_any.kept |= verdicts.kept;
            of_any.broken |= verdicts.broken;
        }
        if self.customers == verdicts.len() && self.watched.is_empty() {
            checks.customers_broken += broken;
            return;
        }
        of_customers.clear();
        of_customers.resize(self.customers, Verdicts::default());
        for (item, verdicts) in self.items().zip(verdicts) {
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
            items.path_at.clear();
            items.marks.clear();
        }
        self.customers = 0;
        self.watched.clear();
        self.outcomes.clear();
    }
}

impl Judgement {
    /// Of the first so many instances, and of the others.
    fn split(&mut self, n: usize) -> [Found<'_>; 2] {
        let verdicts = self.verdicts.split_at_mut(n);
        let n_timed = n.min(self.broke_at.len());
        let broke_at = self.broke_at.split_at_mut(n_timed);
        [
            Found { verdicts: verdicts.0, broke_at: broke_at.0 },
            Found { verdicts: verdicts.1, broke_at: broke_at.1 },
        ]
    }
}

fn check_timed<M: Marks>(
    is_timed: bool,
    walks: &[Walk<'_, M>],
    rule: &Rule,
    found: Found<'_>,
    (scratch, checks): (&mut Scratch, &mut Checks),
) {
    if is_timed {
        check::<M, true>(walks, rule, found, scratch, checks);
    } else {
        check::<M, false>(walks, rule, found, scratch, checks);
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
                path_at: self.path_at.get(from..item.path_to).unwrap_or_default(),
                state: item.state,
                horizon: plan.settings.horizon,
                known_from: plan.settings.from,
                sets,
            }
        };
        self.items.iter().zip(sets).map(walk).collect()
    }
}
