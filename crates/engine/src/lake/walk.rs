//! Files of one bucket side by side: customer by customer, each with all its events in the order of time.
//!
//! Every file is sorted by customer, and files of different months do not overlap in time, so a customer's events are
//! mostly runs that are put one behind the other. Only where files of one month overlap are events sorted again.

use std::collections::HashMap;
use std::ops::Range;

use kernel::run_end;

use super::read::{Piece, Run};
use crate::columns::Columns;
use crate::error::Error;
use crate::import::Names;

/// As many events are gathered before they are handed on, and then the rest of their last customer.
const GATHERED: usize = 1 << 15;

/// Customers to leave out, and the last snapshot whose files may hold them.
pub(crate) type Erased = HashMap<u64, i64>;

#[derive(Debug)]
pub(crate) struct Walker<'a> {
    cursors: Vec<Cursor>,
    erased: &'a Erased,
    pub(crate) names: Names,
    /// Events that repeated another one's id and were left out.
    pub(crate) repeated: u64,
}

/// Complete customers.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) columns: Columns,
    /// The step that each event came with.
    pub(crate) batches: Vec<i64>,
}

#[derive(Debug)]
struct Cursor {
    /// `None`: what is there is all.
    run: Option<Run>,
    begin_snapshot: i64,
    piece: Piece,
    row: usize,
}

impl<'a> Walker<'a> {
    /// Over runs in the order in which their events came, each with the snapshot that it began with.
    pub(crate) fn new(erased: &'a Erased) -> Self {
        Self { cursors: Vec::new(), erased, names: Names::default(), repeated: 0 }
    }

    pub(crate) fn add_run(&mut self, run: Run, begin_snapshot: i64) -> Result<(), Error> {
        self.add(Cursor { run: Some(run), begin_snapshot, piece: Piece::default(), row: 0 })
    }

    /// Events that are in no file yet; they come last.
    pub(crate) fn add_piece(&mut self, piece: Piece) -> Result<(), Error> {
        self.add(Cursor { run: None, begin_snapshot: i64::MAX, piece, row: 0 })
    }

    fn add(&mut self, mut cursor: Cursor) -> Result<(), Error> {
        cursor.fill(&mut self.names)?;
        self.cursors.push(cursor);
        Ok(())
    }

    /// The next customers; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Gathered>, Error> {
        let mut gathered = Gathered::default();
        let mut order: Option<Vec<u32>> = None;
        while gathered.columns.len() < GATHERED {
            let heads = self.cursors.iter().filter_map(Cursor::customer);
            let Some(customer) = heads.min() else { break };
            let from = gathered.columns.len();
            let erased = self.erased.get(&customer).copied();
            for cursor in &mut self.cursors {
                let is_erased = erased.is_some_and(|last| cursor.begin_snapshot <= last);
                cursor.take(customer, !is_erased, &mut gathered, &mut self.names)?;
            }
            let rows = from..gathered.columns.len();
            if let Some(kept) = gathered.put_in_order(rows.clone()) {
                self.repeated += (rows.len() - kept.len()) as u64;
                order.get_or_insert_with(|| (0..from as u32).collect()).extend(kept);
            } else if let Some(order) = &mut order {
                order.extend(rows.start as u32..rows.end as u32);
            }
        }
        if let Some(order) = order {
            gathered.columns = gathered.columns.in_order(&order);
            gathered.batches = order.iter().map(|row| gathered.batches[*row as usize]).collect();
        }
        let is_over = gathered.columns.len() == 0 && self.cursors.iter().all(Cursor::is_over);
        Ok((!is_over).then_some(gathered))
    }
}

impl Cursor {
    fn is_over(&self) -> bool {
        self.row >= self.piece.chunk.customers.len()
    }

    fn customer(&self) -> Option<u64> {
        self.piece.chunk.customers.get(self.row).copied()
    }

    /// Goes on to the next piece if this one is used up.
    fn fill(&mut self, names: &mut Names) -> Result<(), Error> {
        while self.is_over() {
            let Some(run) = &mut self.run else { return Ok(()) };
            match run.next(names)? {
                Some(piece) => (self.piece, self.row) = (piece, 0),
                None => self.run = None,
            }
        }
        Ok(())
    }

    /// Takes the rows of a customer, or passes over them.
    fn take(
        &mut self,
        customer: u64,
        is_wanted: bool,
        gathered: &mut Gathered,
        names: &mut Names,
    ) -> Result<(), Error> {
        while self.customer() == Some(customer) {
            let end = run_end(&self.piece.chunk.customers, self.row);
            if is_wanted {
                gathered.extend(&self.piece, self.row..end);
            }
            self.row = end;
            self.fill(names)?;
        }
        Ok(())
    }
}

impl Gathered {
    fn extend(&mut self, piece: &Piece, rows: Range<usize>) {
        self.columns.extend(&piece.chunk, rows.clone());
        self.batches.extend_from_slice(&piece.batches[rows]);
    }

    /// The rows of one customer in the order of time, those left out that repeat an id; `None` if they stay as they are.
    fn put_in_order(&self, rows: Range<usize>) -> Option<Vec<u32>> {
        let columns = &self.columns;
        let ids = columns.event_ids.get(rows.clone()).unwrap_or_default();
        let repeats = self.repeats(rows.clone(), ids);
        let keys = columns.at[rows.clone()].iter().zip(&self.batches[rows.clone()]);
        if repeats.is_empty() && keys.is_sorted() {
            return None;
        }
        let mut order: Vec<u32> = (rows.start as u32..rows.end as u32)
            .filter(|row| repeats.binary_search(&(*row as usize)).is_err())
            .collect();
        order.sort_by_key(|row| (columns.at[*row as usize], self.batches[*row as usize]));
        Some(order)
    }

    /// Rows whose id came with an earlier step, or earlier with the same.
    fn repeats(&self, rows: Range<usize>, ids: &[u64]) -> Vec<usize> {
        if ids.iter().all(|id| *id == 0) {
            return Vec::new();
        }
        let mut by_id: Vec<(u64, i64, usize)> = rows
            .zip(ids)
            .filter(|(_, id)| **id != 0)
            .map(|(row, id)| (*id, self.batches[row], row))
            .collect();
        by_id.sort_unstable();
        let mut repeats: Vec<usize> =
            by_id.windows(2).filter(|two| two[0].0 == two[1].0).map(|two| two[1].2).collect();
        repeats.sort_unstable();
        repeats
    }
}
