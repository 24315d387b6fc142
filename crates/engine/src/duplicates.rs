//! Events that came twice: the first of an id counts, the others go to quarantine.

use std::collections::HashMap;

use crate::columns::{Columns, ROW_BITS};
use crate::error::Error;
use crate::import::Source;
use crate::quarantine::{Quarantine, Reason};

/// Takes out the rows whose event id was there before, in the order in which rows were read.
///
/// Ids are compared within a bucket: the same id for two customers is two events.
pub(crate) fn take_out(
    rows: Columns,
    files: &[Source],
    quarantine: &Quarantine,
) -> Result<Columns, Error> {
    if rows.event_ids.iter().all(|id| *id == 0) {
        return Ok(rows);
    }
    let mut first: HashMap<(u64, u64), u64> = HashMap::with_capacity(rows.len());
    for row in 0..rows.len() {
        if rows.event_ids[row] != 0 {
            let place = rows.places[row];
            let known = first.entry((rows.customers[row], rows.event_ids[row])).or_insert(place);
            *known = place.min(*known);
        }
    }
    let is_first = |row: &u32| {
        let row = *row as usize;
        let id = (rows.customers[row], rows.event_ids[row]);
        id.1 == 0 || first.get(&id) == Some(&rows.places[row])
    };
    let (kept, twice): (Vec<u32>, Vec<u32>) = (0..rows.len() as u32).partition(is_first);
    for row in &twice {
        let place = rows.places[*row as usize];
        let earlier = first
            .get(&(rows.customers[*row as usize], rows.event_ids[*row as usize]))
            .copied()
            .unwrap_or(0);
        let (file, line) = (place >> ROW_BITS, place & ((1 << ROW_BITS) - 1));
        let reason = Reason::Duplicate { earlier: earlier & ((1 << ROW_BITS) - 1) };
        quarantine.add(&files[file as usize].path, line, &reason, b"")?;
    }
    Ok(if twice.is_empty() { rows } else { rows.in_order(&kept) })
}
