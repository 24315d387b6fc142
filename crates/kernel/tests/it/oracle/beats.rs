//! How a cadence was kept up, contact by contact.

use kernel::{Beats, FEW_CUSTOMERS, MOST_GAP_PARTS};

use super::Walk;
use super::outcomes::add_products;
use crate::journeys::Standard;

/// Adds one customer.
pub(super) fn add(standard: &Standard, walks: &[Walk<'_>], beats: &mut Beats) {
    let Standard::Cadence { of, every, grace, from, until, .. } = standard else { return };
    let (mut beyond, mut watched, mut is_owed) = (0, 0, false);
    let (mut is_here, mut is_overdue, mut own) = (false, false, Vec::new());
    for walk in walks {
        let Some((number, start)) = walk.first_of(from.as_ref()) else { continue };
        let until = until.as_ref().and_then(|set| walk.of(set).find(|(other, _)| *other > number));
        let end = match (until, walk.over_at) {
            (Some((_, row)), _) => row.at,
            (None, Some(over_at)) => over_at.min(walk.horizon),
            (None, None) => walk.horizon,
        };
        is_owed = true;
        watched += end - start.at;
        let due = (1..).take_while(|beat| start.at + beat * every.max(&1) <= end).count() as i64;
        let mut contacts: Vec<i64> = walk.of(of).map(|(_, row)| row.at).collect();
        contacts.retain(|at| (start.at..=end).contains(at));
        let fell_into = |beat: i64| {
            let until = start.at + beat * every.max(&1);
            contacts.iter().any(|at| *at > until - every.max(&1) && *at <= until)
        };
        beats.due += due as u64;
        beats.kept += (1..=due).filter(|beat| fell_into(*beat)).count() as u64;
        if contacts.first().is_none_or(|first| *first > start.at) {
            contacts.insert(0, start.at);
        }
        let limit = every + grace;
        let mut gaps: Vec<(i64, bool)> =
            contacts.windows(2).map(|pair| (pair[1] - pair[0], false)).collect();
        let last = contacts[contacts.len() - 1];
        gaps.extend((end > last).then_some((end - last, true)));
        beyond += gaps.iter().map(|(gap, _)| (gap - limit).max(0)).sum::<i64>();
        if until.is_none() && walk.over_at.is_none() && end > last {
            is_here = true;
            is_overdue |= end - last > limit;
        }
        own.extend(gaps.into_iter().map(|(gap, is_open)| place(gap, limit, is_open)));
    }
    if !is_owed {
        return;
    }
    add_products(&mut beats.time, i128::from(beyond / 1_000_000), i128::from(watched / 1_000_000));
    beats.here += u64::from(is_here);
    beats.overdue += u64::from(is_overdue);
    for (place, is_open) in &own {
        if beats.gaps.len() <= usize::from(*place) {
            beats.gaps.resize(usize::from(*place) + 1, [0; 2]);
        }
        beats.gaps[usize::from(*place)][usize::from(*is_open)] += 1;
    }
    own.sort_unstable();
    beats.few.push(own);
}

/// Once all customers are there.
pub(super) fn settle(beats: &mut Beats) {
    if beats.time.customers >= FEW_CUSTOMERS {
        beats.few.clear();
    }
    beats.few.sort_unstable();
}

/// Gaps are told apart by lines at multiples of a part, and by one where the promise ends.
fn place(gap: i64, limit: i64, is_open: bool) -> (u16, u16) {
    let mut part = 1;
    while 2 * part <= limit / 32 {
        part *= 2;
    }
    let lines =
        (1..).map(|line| line * part).take_while(|line| *line < gap.min(3_000 * part)).count();
    let place = 1 + lines + usize::from(gap > limit);
    if place > usize::from(MOST_GAP_PARTS) {
        (MOST_GAP_PARTS, 1)
    } else {
        (place as u16, u16::from(is_open))
    }
}
