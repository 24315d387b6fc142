//! Whether customers come back, how long they stay and what they are worth, walk by walk.

use kernel::{FollowUp, Followed, MOST_DAYS, Products};

use super::answer::Answer;
use super::rules::{Verdict, checks};
use super::{Walk, walks};
use crate::journeys::{Journey, Row};

const DAY: i64 = 86_400_000_000;

/// A walk that is over, since when, and the first return after it that is in time.
struct Ended<'w, 'a> {
    walk: &'w Walk<'a>,
    at: i64,
    back_at: Option<i64>,
}

pub(super) fn add(journey: &Journey, run: &[&Row], walks: &[Walk<'_>], answer: &mut Answer) {
    let Some(within) = journey.again_within else { return };
    let known_until = journey.horizon - within;
    let back = |last: i64, at: i64| {
        let in_time = |row: &&&Row| row.at > last && row.at <= at + within;
        run.iter().filter(in_time).find(|row| journey.again.contains(&row.symbol)).map(|row| row.at)
    };
    let closed = walks.iter().filter_map(|walk| Some((walk, walk.over_at?)));
    let mut ended: Vec<Ended<'_, '_>> =
        closed.map(|(walk, at)| Ended { walk, at, back_at: back(walk.last_at(), at) }).collect();
    ended.sort_by_key(|ended| ended.at);
    for (rule, standard) in journey.standards.iter().enumerate() {
        let broke_at = |walk: &Walk<'_>| first_broke_at(journey, run, walk, rule);
        let has = |walk: &Walk<'_>, verdict: Verdict| {
            checks(standard, walk).iter().any(|check| check.verdict == verdict)
        };
        let judged = |ended: &&Ended<'_, '_>| {
            has(ended.walk, Verdict::Kept) || has(ended.walk, Verdict::Broken)
        };
        let Some(first) = ended.iter().find(judged) else { continue };
        if first.at >= known_until {
            continue;
        }
        let outcome_at = first.back_at.unwrap_or(first.at + within + 1);
        let is_exposed = broke_at(first.walk).is_some_and(|broke_at| broke_at < outcome_at);
        let tally = &mut answer.checks[rule];
        if is_exposed || has(first.walk, Verdict::Kept) {
            let cell = if is_exposed { 0 } else { 2 } + usize::from(first.back_at.is_some());
            tally.retention[cell] += 1;
            if !journey.strata.is_empty() {
                tally.strata[stratum(journey, first.walk)][cell] += 1;
            }
        }
        let lost =
            ended.iter().find(|e| e.at >= first.at && e.at < known_until && e.back_at.is_none());
        let broke_at = walks.iter().filter_map(broke_at).min();
        let end = lost.map_or(known_until, |lost| lost.at);
        follow(&mut tally.follow_up, (first.at, end), lost.is_some(), broke_at);
    }
    let retained = ended.first().filter(|first| first.at < known_until && first.back_at.is_some());
    if let Some(first) = retained.filter(|_| journey.has_value && !journey.standards.is_empty()) {
        let since = run.iter().filter(|row| row.at > first.at && !row.number.is_nan());
        let worth = since.map(|row| (1000.0 * row.number) as i128).sum::<i128>();
        let seconds = i128::from((journey.horizon - first.at) / 1_000_000);
        add_products(&mut answer.worth, worth, seconds);
    }
}

/// The first known value of the walk among those that make strata and groups, or one more.
pub(super) fn stratum(journey: &Journey, walk: &Walk<'_>) -> usize {
    let first = walk.rows.iter().map(|row| row.segment).find(|segment| *segment != 0);
    let known = journey.strata.iter().position(|value| first == Some(*value));
    known.unwrap_or(journey.strata.len())
}

pub(super) fn add_products(sums: &mut Products, x: i128, y: i128) {
    sums.customers += 1;
    sums.x += x;
    sums.y += y;
    sums.xx += x * x;
    sums.xy += x * y;
    sums.yy += y * y;
}

/// When the first check of a rule broke in a walk: the earliest horizon as of which one is broken. Whoever asked earlier would
/// have been told that none is.
fn first_broke_at(journey: &Journey, run: &[&Row], walk: &Walk<'_>, rule: usize) -> Option<i64> {
    let mut early = Journey {
        segment: Vec::new(),
        funnels: Vec::new(),
        standards: vec![journey.standards[rule].clone()],
        ..journey.clone()
    };
    let mut is_broken_at = |horizon: i64| {
        early.horizon = horizon;
        let seen: Vec<&Row> = run.iter().copied().filter(|row| row.at <= horizon).collect();
        let all = walks(&early, &seen);
        let same = all.iter().find(|other| other.rows[0].place == walk.rows[0].place);
        same.is_some_and(|walk| {
            checks(&early.standards[0], walk).iter().any(|check| check.verdict == Verdict::Broken)
        })
    };
    let (mut before, mut after) = (walk.rows[0].at - 1, journey.horizon);
    if !is_broken_at(after) {
        return None;
    }
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if is_broken_at(middle) { after = middle } else { before = middle }
    }
    Some(after)
}

fn follow(
    followed: &mut FollowUp,
    (begin, end): (i64, i64),
    has_left: bool,
    broke_at: Option<i64>,
) {
    let whole_days =
        |from: i64, to: i64| (0..).take_while(|day| from + (day + 1) * DAY <= to).count();
    let day = whole_days(begin, end);
    let (day, has_left) =
        if day > MOST_DAYS as usize { (MOST_DAYS as usize, false) } else { (day, has_left) };
    let met = broke_at.map(|broke_at| whole_days(begin, broke_at)).filter(|met| *met <= day);
    if followed.days.len() <= day {
        followed.days.resize(day + 1, Followed::default());
    }
    let at = usize::from(met.is_some());
    if has_left {
        followed.days[day].left[at] += 1;
    } else {
        followed.days[day].last_seen[at] += 1;
    }
    let Some(met) = met else { return };
    followed.days[met].met += 1;
    if followed.since_defect.len() <= day - met {
        followed.since_defect.resize(day - met + 1, [0; 2]);
    }
    followed.since_defect[day - met][usize::from(!has_left)] += 1;
}
