//! Instances told apart by an attribute of their events, and what became of a rule in each group.

use std::ops::Range;

use crate::checks::{OfGroup, Verdicts};
use crate::events::Events;

/// The place of the first value that any of the rows says; behind the last for another value, and for none.
pub(crate) fn first_known(
    events: &Events<'_>,
    mut rows: Range<usize>,
    (attribute, values): &(usize, Vec<u64>),
) -> usize {
    let column = events.attributes[*attribute];
    let first = rows.find_map(|row| Some(column.text(row)).filter(|text| *text != 0));
    let known = first.and_then(|text| values.iter().position(|value| *value == text));
    known.unwrap_or(values.len())
}

/// Counts instances by group, each given with its customer.
pub(crate) fn count<'a>(
    instances: impl Iterator<Item = (usize, usize, &'a Verdicts)>,
    groups: &mut [OfGroup],
) {
    let mut customers = Vec::new();
    for (group, customer, verdicts) in instances {
        if !verdicts.broken && !verdicts.kept {
            continue;
        }
        groups[group].broken += u64::from(verdicts.broken);
        groups[group].kept += u64::from(!verdicts.broken);
        customers.push((group, customer));
    }
    customers.sort_unstable();
    customers.dedup();
    for (group, _) in customers {
        groups[group].customers += 1;
    }
}
