//! A slow oracle: what the answer must be, written from the meaning of each question and with nothing of the kernel's
//! machinery. Per instance and per rule it looks at every pair of events it needs.
//!
//! The meaning of the rules is that of the project's executable specification, but for five points, each chosen so that
//! a check that is broken stays broken when the horizon moves on:
//!
//! (a) `unless` cancels only within the time of the response. The specification drops a check also when the cancellation
//!     comes after its time has run out: then a check already broken would vanish.
//! (b) Duration and cadence of an instance that timed out are judged up to the moment at which it was over, not up to its
//!     last event: a customer who was left alone for too long was so before anyone knew that nothing more would come.
//! (c) `never` without a time is kept once the instance is over; the specification leaves it pending for ever.
//! (d) A cadence whose `until` has come counts its last gap as complete, whether or not the instance goes on.
//! (e) `required` counts every event of the moment at which the time begins, also one that stands before it in the file,
//!     because the file's order within a moment says nothing about whether the thing was there.

mod answer;
mod beats;
mod funnels;
mod outcomes;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{AlignScratch, END, FLOW_STEPS, PathFacts, START, TouchpointFacts, UNBOUND, Watched};

pub(crate) use answer::Answer;
use answer::day;
pub(crate) use rules::{Check, Verdict};

use crate::journeys::{Journey, Row};

/// One walk through the journey.
#[derive(Debug, Clone)]
pub(crate) struct Walk<'a> {
    pub(crate) rows: Vec<&'a Row>,
    /// 0 ended, 1 timed out, 2 open.
    pub(crate) state: usize,
    /// Since when it has been over.
    pub(crate) over_at: Option<i64>,
    pub(crate) horizon: i64,
    pub(crate) known_from: Option<i64>,
    /// Touchpoint and moment of each bound event.
    pub(crate) visits: Vec<(u16, i64)>,
}

impl Walk<'_> {
    fn path(&self) -> Vec<u16> {
        self.visits.iter().map(|visit| visit.0).collect()
    }

    fn last_at(&self) -> i64 {
        self.rows[self.rows.len() - 1].at
    }
}

/// What the journey's questions must be answered with on these rows, which stand in order.
pub(crate) fn answer(journey: &Journey, rows: &[Row]) -> Answer {
    let mut answer = Answer::empty(journey);
    for (customer, run) in customers(journey, rows) {
        let all = all_walks(journey, &run).len();
        let walks = walks(journey, &run);
        answer.beside.partly += u64::from(walks.len() < all);
        answer.beside.wholly += u64::from(walks.is_empty() && all > 0);
        if !walks.is_empty() {
            add_customer(journey, (customer, &run, &walks), &mut answer);
        }
    }
    for values in answer.all_values() {
        values.sort_unstable();
    }
    answer.checks.iter_mut().for_each(|tally| beats::settle(&mut tally.beats));
    answer
}

/// Every check of every rule: rule, and the check with the places of its instance and of what it is about.
pub(crate) fn all_checks(journey: &Journey, rows: &[Row]) -> Vec<(usize, usize, Check)> {
    let mut all = Vec::new();
    for (_, run) in customers(journey, rows) {
        for walk in walks(journey, &run) {
            for (rule, standard) in journey.standards.iter().enumerate() {
                all.extend(
                    rules::checks(standard, &walk)
                        .into_iter()
                        .map(|check| (rule, walk.rows[0].place, check)),
                );
            }
        }
    }
    all
}

/// What is visible of each customer.
fn customers<'a>(journey: &Journey, rows: &'a [Row]) -> BTreeMap<u64, Vec<&'a Row>> {
    let mut runs: BTreeMap<u64, Vec<&Row>> = BTreeMap::new();
    let is_visible =
        |row: &&Row| row.at <= journey.horizon && journey.from.is_none_or(|from| row.at >= from);
    for row in rows.iter().filter(is_visible) {
        runs.entry(row.customer).or_default().push(row);
    }
    runs
}

/// The instances of one customer that belong to the segment.
fn walks<'a>(journey: &Journey, run: &[&'a Row]) -> Vec<Walk<'a>> {
    let is_counted = |walk: &Walk<'_>| match walk.rows.iter().find(|row| row.segment != 0) {
        _ if journey.segment.is_empty() => true,
        Some(row) => journey.segment.contains(&row.segment),
        None => false,
    };
    all_walks(journey, run).into_iter().filter(is_counted).collect()
}

fn all_walks<'a>(journey: &Journey, run: &[&'a Row]) -> Vec<Walk<'a>> {
    let mut walks = Vec::new();
    if journey.by_id {
        let mut ids: Vec<u64> = Vec::new();
        for row in run {
            if row.id != 0 && !ids.contains(&row.id) {
                ids.push(row.id);
            }
        }
        for id in ids {
            let rows: Vec<&Row> = run.iter().copied().filter(|row| row.id == id).collect();
            walks.extend(instances(journey, &rows));
        }
    } else {
        walks = instances(journey, run);
    }
    walks
}

/// Begins where it may, goes on while it may, and looks again for a beginning after that.
fn instances<'a>(journey: &Journey, rows: &[&'a Row]) -> Vec<Walk<'a>> {
    let mut walks = Vec::new();
    let mut rest = rows;
    while let Some(first) = rest.first() {
        if !journey.starts.is_empty() && !journey.starts.contains(&first.symbol) {
            rest = &rest[1..];
            continue;
        }
        let is_end = |row: &Row| journey.ends.contains(&row.symbol);
        let parts = |row: &Row, next: &Row| {
            is_end(row) || journey.closes_after.is_some_and(|after| next.at - row.at > after)
        };
        let length =
            1 + (1..rest.len()).take_while(|next| !parts(rest[next - 1], rest[*next])).count();
        let (rows, after) = rest.split_at(length);
        rest = after;
        let last = rows[length - 1];
        let (state, over_at) = match journey.closes_after {
            _ if is_end(last) => (0, Some(last.at)),
            Some(quiet) if !rest.is_empty() || journey.horizon - last.at > quiet => {
                (1, Some(last.at + quiet))
            }
            _ => (2, None),
        };
        let touchpoint = |row: &&Row| (journey.touchpoint_of[usize::from(row.symbol)], row.at);
        walks.push(Walk {
            rows: rows.to_vec(),
            state,
            over_at,
            horizon: journey.horizon,
            known_from: journey.from,
            visits: rows.iter().map(touchpoint).filter(|visit| visit.0 != UNBOUND).collect(),
        });
    }
    walks
}

fn add_customer(
    journey: &Journey,
    (customer, run, walks): (u64, &[&Row], &[Walk<'_>]),
    answer: &mut Answer,
) {
    let n_rules = journey.standards.len();
    answer.customers += 1;
    let (mut kept, mut broken) = (vec![false; n_rules], vec![false; n_rules]);
    let mut met: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); n_rules];
    for walk in walks {
        add_walk(journey, walk, answer);
        let (mut walk_kept, mut walk_broken) = (vec![false; n_rules], vec![false; n_rules]);
        for (rule, standard) in journey.standards.iter().enumerate() {
            let checks = rules::checks(standard, walk);
            let any = |verdict: Verdict| checks.iter().any(|check| check.verdict == verdict);
            (walk_kept[rule], walk_broken[rule]) = (any(Verdict::Kept), any(Verdict::Broken));
            kept[rule] |= walk_kept[rule];
            broken[rule] |= walk_broken[rule];
            answer.checks[rule].instances_broken += u64::from(walk_broken[rule]);
            if (walk_kept[rule] || walk_broken[rule]) && !journey.strata.is_empty() {
                let group = outcomes::stratum(journey, walk);
                answer.checks[rule].groups[group][usize::from(walk_broken[rule])] += 1;
                met[rule].insert(group);
            }
            checks.iter().for_each(|check| answer.checks[rule].add(check));
        }
        let is_clean = !walk_broken.contains(&true);
        if walk_kept.contains(&true) || !is_clean {
            answer.first_pass[0] += 1;
            answer.first_pass[1] += u64::from(is_clean);
        }
    }
    for (tally, groups) in answer.checks.iter_mut().zip(met) {
        groups.into_iter().for_each(|group| tally.groups[group][2] += 1);
    }
    for ((standard, tally), broken) in journey.standards.iter().zip(&mut answer.checks).zip(&broken)
    {
        tally.customers_broken += u64::from(*broken);
        beats::add(standard, walks, &mut tally.beats);
    }
    outcomes::add(journey, run, walks, answer);
    let mut met = vec![false; journey.touchpoints];
    walks.iter().flat_map(|walk| &walk.visits).for_each(|visit| met[usize::from(visit.0)] = true);
    met.iter()
        .enumerate()
        .for_each(|(touchpoint, met)| answer.reach[touchpoint] += u64::from(*met));
    if journey.watched.contains(&customer) {
        let (kept, broken, met) = (words(&kept), words(&broken), words(&met));
        answer.watched.push(Watched { customer, kept, broken, met });
    }
    let is_open = walks.iter().any(|walk| walk.state == 2);
    for (funnel, steps) in journey.funnels.iter().zip(&mut answer.funnels) {
        funnels::add(journey, funnel, (run, is_open), steps);
    }
}

/// Bits as words.
fn words(bits: &[bool]) -> Vec<u64> {
    let mut words = vec![0; bits.len().div_ceil(64)];
    bits.iter()
        .enumerate()
        .filter(|bit| *bit.1)
        .for_each(|(bit, _)| words[bit / 64] |= 1 << (bit % 64));
    words
}

fn add_walk(journey: &Journey, walk: &Walk<'_>, answer: &mut Answer) {
    let (first, last) = (walk.rows[0].at, walk.last_at());
    answer.instances[walk.state] += 1;
    answer.begun.entry(day(first)).or_default()[walk.state] += 1;
    answer.durations[walk.state].push(last - first);
    answer.events += walk.rows.len() as u64;
    answer.span =
        Some(answer.span.map_or((first, last), |span| (span.0.min(first), span.1.max(last))));
    answer.variants.entry(walk.path()).or_default()[walk.state] += 1;
    for row in walk.rows.iter().filter(|_| journey.channels > 0) {
        let touchpoint = journey.touchpoint_of[usize::from(row.symbol)];
        if touchpoint != UNBOUND {
            answer.channels
                [usize::from(touchpoint) * journey.channels + usize::from(row.channel)] += 1;
        }
    }
    for step in walk.visits.windows(2) {
        answer.waits.entry((step[0].0, step[1].0)).or_default().push(step[1].1 - step[0].1);
    }
    let Some((last, last_at)) = walk.visits.last().copied() else { return };
    if walk.state == 2 {
        answer.waiting[usize::from(last)].push(journey.horizon - last_at);
    }
    add_order(journey, walk, &mut answer.facts);
    add_visits(journey, walk, &mut answer.facts);
}

/// What directly follows what, start and end included; and A B A.
fn add_order(journey: &Journey, walk: &Walk<'_>, facts: &mut PathFacts) {
    let path = walk.path();
    let can_close = !journey.ends.is_empty() || journey.closes_after.is_some();
    // A walk that may still go on has no last touchpoint, unless the journey knows no end at all.
    let is_over = walk.state != 2 || !can_close;
    let mut with_ends = vec![START];
    with_ends.extend(&path);
    if is_over {
        with_ends.push(END);
    }
    let steps: Vec<(u16, u16)> = with_ends.windows(2).map(|step| (step[0], step[1])).collect();
    count(&mut facts.steps, &steps);
    let turns = path.windows(3).filter(|turn| turn[0] == turn[2] && turn[0] != turn[1]);
    let turns: Vec<(u16, u16)> =
        turns.map(|turn| (turn[0].min(turn[1]), turn[0].max(turn[1]))).collect();
    count(&mut facts.back_and_forth, &turns);
    path.iter()
        .take(FLOW_STEPS)
        .enumerate()
        .for_each(|(step, visit)| facts.flow[step][usize::from(*visit)] += 1);
    let (first, last) = (usize::from(path[0]), usize::from(path[path.len() - 1]));
    facts.touchpoints[first].first += 1;
    facts.touchpoints[last].last += u64::from(is_over);
    facts.abandoned_after[last] += u64::from(walk.state == 1 && !journey.ends.is_empty());
}

fn count(times: &mut BTreeMap<(u16, u16), kernel::Times>, pairs: &[(u16, u16)]) {
    for (index, pair) in pairs.iter().enumerate() {
        let times = times.entry(*pair).or_default();
        times.count += 1;
        times.instances += u64::from(!pairs[..index].contains(pair));
    }
}

fn add_visits(journey: &Journey, walk: &Walk<'_>, facts: &mut PathFacts) {
    let path = walk.path();
    for touchpoint in 0..journey.touchpoints as u16 {
        let visits = path.iter().filter(|visit| **visit == touchpoint).count() as u64;
        let backwards = |step: &&[u16]| {
            journey.design.as_ref().is_some_and(|design| design.is_backwards(step[0], step[1]))
        };
        let repeats =
            journey.design.as_ref().is_some_and(|design| !design.is_repeatable(touchpoint));
        let steps_to = || path.windows(2).filter(|step| step[1] == touchpoint);
        let of: &mut TouchpointFacts = &mut facts.touchpoints[usize::from(touchpoint)];
        of.visits += visits;
        of.instances += u64::from(visits > 0);
        of.instances_with_repeats += u64::from(visits > 1);
        of.self_loops += steps_to().filter(|step| step[0] == touchpoint).count() as u64;
        of.out_of_order += steps_to().filter(backwards).count() as u64;
        of.repeated += if repeats { visits.saturating_sub(1) } else { 0 };
    }
    if let Some(design) = &journey.design {
        // That an alignment is optimal is the design's own law; here, that each walk was held against the right end.
        let complete = if journey.ends.is_empty() { walk.state != 2 } else { walk.state == 0 };
        let alignment = design.align(&path, complete, &mut AlignScratch::default());
        alignment.skipped.iter().for_each(|at| facts.touchpoints[usize::from(*at)].skipped += 1);
        alignment
            .undesigned
            .iter()
            .for_each(|at| facts.touchpoints[usize::from(*at)].undesigned += 1);
        *facts
            .alignments
            .entry((alignment.cost, design.worst(path.len(), complete)))
            .or_default() += 1;
    }
}
