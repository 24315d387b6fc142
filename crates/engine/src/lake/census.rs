//! How many customers there are in a period, and by the values of an attribute: what has to be known before a part of them is
//! told.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::compact::values;
use super::import::stored_name;
use super::layout::BUCKETS;
use super::read::Wanted;
use super::view::View;
use super::walk::Gathered;
use crate::error::Error;
use crate::import::{Names, Watch};

/// Customers of a period and of all time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// Customers with an event in the period.
    pub within: u64,
    /// Customers whose events all lie outside of it.
    pub outside: u64,
    /// Of those within, how many have an event with each value of the attribute.
    pub by_value: BTreeMap<String, u64>,
}

impl View<'_> {
    /// Counts customers; the period is in µs, both ends in it. The view has to be of all time.
    pub fn census(
        &self,
        attribute: Option<&str>,
        period: (i64, i64),
        watch: &Watch,
    ) -> Result<Census, Error> {
        let wanted = match attribute {
            Some(name) => values(&[stored_name(name)]),
            None => Wanted::default(),
        };
        let of_bucket = |number| {
            let portion = self.portion(number);
            let mut walker = portion.walk(self.disk(), &wanted)?;
            let mut census = Census::default();
            while let Some(gathered) = walker.next()? {
                watch.check()?;
                census.add(&gathered, &walker.names, period);
            }
            Ok::<_, Error>(census)
        };
        let all = (0..BUCKETS).into_par_iter().map(of_bucket).collect::<Result<Vec<_>, Error>>()?;
        let mut census = Census::default();
        for some in all {
            census.within += some.within;
            census.outside += some.outside;
            for (value, n) in some.by_value {
                *census.by_value.entry(value).or_default() += n;
            }
        }
        Ok(census)
    }
}

impl Census {
    /// Whole customers.
    fn add(&mut self, gathered: &Gathered, names: &Names, (from, to): (i64, i64)) {
        let columns = &gathered.columns;
        let mut row = 0;
        for customer in columns.customers.chunk_by(|a, b| a == b) {
            let rows = row..row + customer.len();
            row = rows.end;
            let mut is_within = false;
            let mut codes = BTreeSet::new();
            for row in rows.filter(|row| (from..=to).contains(&columns.at[*row])) {
                is_within = true;
                codes.extend(columns.attributes.first().map(|codes| codes[row]));
            }
            *(if is_within { &mut self.within } else { &mut self.outside }) += 1;
            for code in codes.into_iter().filter(|code| *code != 0) {
                let text = names.values.text(code as u32 - 1);
                *self.by_value.entry(text.to_owned()).or_default() += 1;
            }
        }
    }
}
