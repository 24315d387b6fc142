//! `instances`, `visits` and `checks`: what a journey makes of events, instance by instance.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, RecordBatch, RecordBatchOptions, StringArray,
    TimestampMicrosecondArray, UInt64Array,
};
use arrow::datatypes::{DataType, Schema};
use kernel::{Listed, list};
use model::journey::Journey;
use model::resolve::Resolved;
use report::plan::Question;

use super::{OnRows, ROWS, Table, Tables, always, impossible, time};
use crate::error::Error;
use crate::gather::Coding;
use crate::lake::part::learn;
use crate::lake::pass::{read_of, wanted};
use crate::lake::portion::Portion;
use crate::lake::view::View;
use crate::looked_at::LookedAt;
use crate::presorted::room;

/// A journey that is held against events.
#[derive(Debug)]
pub(super) struct Walks {
    journey: Journey,
    question: Question,
}

const STATES: [&str; 3] = ["ended", "timed_out", "open"];

pub(super) fn schema(table: Table) -> Schema {
    let (key, number, text) = (DataType::UInt64, DataType::UInt64, DataType::Utf8);
    match table {
        Table::Visits => always([
            ("customer", key),
            ("instance", number.clone()),
            ("visit", number),
            ("touchpoint", text),
            ("at", time()),
        ]),
        Table::Checks => always([
            ("customer", key),
            ("instance", number.clone()),
            ("standard", text),
            ("kept", number.clone()),
            ("broken", number.clone()),
            ("pending", number.clone()),
            ("unknown", number),
        ]),
        _ => always([
            ("customer", key),
            ("instance", number.clone()),
            ("state", text.clone()),
            ("began_at", time()),
            ("last_at", time()),
            ("seconds", DataType::Float64),
            ("events", number.clone()),
            ("visits", number),
            ("path", text),
        ]),
    }
}

impl Walks {
    pub(super) fn new(
        view: &View<'_>,
        journey: &Journey,
        question: Question,
    ) -> Result<Self, Error> {
        let resolved = Resolved::of(journey);
        read_of(view, &LookedAt::of(&resolved, &[], None, None).attributes)?;
        Ok(Self { journey: journey.clone(), question })
    }

    pub(super) fn read(
        &self,
        (table, columns): (Table, &[usize]),
        portion: &Portion,
        tables: &Tables,
        on_rows: &mut OnRows<'_>,
    ) -> Result<(), Error> {
        let resolved = Resolved::of(&self.journey);
        let looked_at = LookedAt::of(&resolved, &[], None, None);
        let channels = room(&looked_at.channels);
        let compiled = looked_at.compile(&Question { channels, ..self.question.clone() });
        let standards = resolved.standards.iter().zip(&compiled.rule_of);
        let names = Names {
            touchpoints: resolved.touchpoints.iter().map(|it| it.touchpoint.id.clone()).collect(),
            rules: standards
                .filter_map(|(held, rule)| Some((held.standard.id.clone(), (*rule)?)))
                .collect(),
        };
        let mut rows = Rows::new(table, names);
        let mut walker = portion.walk(tables.disk.as_ref(), &wanted(&looked_at.attributes))?;
        let mut coding = Coding::of(&looked_at.symbols, &looked_at.attributes);
        let (mut codes, mut known) = (vec![0], looked_at.channels.clone());
        let mut unbound = Vec::new();
        while let Some(mut gathered) = walker.next()? {
            tables.watch.check()?;
            coding.learn(&walker.names.activities);
            unbound.resize(walker.names.activities.len(), 0);
            learn(&mut codes, &walker.names, &mut known)?;
            let of = &mut gathered.columns;
            of.channels.iter_mut().for_each(|code| *code = codes[*code as usize].into());
            let coded = coding.code(of, &mut unbound);
            let attributes = coding.attributes(of, &coded);
            list(&coded.events(of, &attributes), &compiled.plan, &mut |listed| rows.add(&listed));
            rows.give(columns, on_rows)?;
        }
        Ok(())
    }
}

/// What numbers of the plan are called.
struct Names {
    touchpoints: Vec<String>,
    /// Standards that are checked on events, and their rules.
    rules: Vec<(String, usize)>,
}

/// Rows that wait to be given; which of the columns are filled is the table's to say.
struct Rows {
    table: Table,
    names: Names,
    customers: Vec<u64>,
    instances: Vec<u64>,
    texts: Vec<&'static str>,
    named: Vec<usize>,
    paths: Vec<String>,
    moments: [Vec<i64>; 2],
    counts: [Vec<u64>; 4],
}

impl Rows {
    fn new(table: Table, names: Names) -> Self {
        Self {
            table,
            names,
            customers: Vec::new(),
            instances: Vec::new(),
            texts: Vec::new(),
            named: Vec::new(),
            paths: Vec::new(),
            moments: Default::default(),
            counts: Default::default(),
        }
    }

    fn add(&mut self, listed: &Listed<'_>) {
        match self.table {
            Table::Visits => self.visits(listed),
            Table::Checks => self.checks(listed),
            _ => self.instance(listed),
        }
    }

    fn instance(&mut self, listed: &Listed<'_>) {
        self.begin(listed);
        self.texts.push(STATES[listed.state]);
        self.moments[0].push(listed.span.0);
        self.moments[1].push(listed.span.1);
        self.counts[0].push(listed.events);
        self.counts[1].push(listed.touchpoints.len() as u64);
        let name = |touchpoint: &u16| self.names.touchpoints[usize::from(*touchpoint)].as_str();
        let path: Vec<&str> = listed.touchpoints.iter().map(name).collect();
        self.paths.push(path.join(" > "));
    }

    fn visits(&mut self, listed: &Listed<'_>) {
        for (visit, (touchpoint, at)) in (1..).zip(listed.touchpoints.iter().zip(listed.at)) {
            self.begin(listed);
            self.counts[0].push(visit);
            self.named.push(usize::from(*touchpoint));
            self.moments[0].push(*at);
        }
    }

    /// Only standards of which there was something to check.
    fn checks(&mut self, listed: &Listed<'_>) {
        for standard in 0..self.names.rules.len() {
            let counts = listed.checks[self.names.rules[standard].1];
            if counts != [0; 4] {
                self.begin(listed);
                self.named.push(standard);
                self.counts.iter_mut().zip(counts).for_each(|(all, one)| all.push(one));
            }
        }
    }

    fn begin(&mut self, listed: &Listed<'_>) {
        self.customers.push(listed.customer);
        self.instances.push(listed.number);
    }

    /// Gives away what waits.
    fn give(&mut self, columns: &[usize], on_rows: &mut OnRows<'_>) -> Result<(), Error> {
        if self.customers.is_empty() {
            return Ok(());
        }
        let schema = Arc::new(schema(self.table));
        let counted = RecordBatchOptions::new().with_row_count(Some(self.customers.len()));
        let batch = RecordBatch::try_new_with_options(schema, self.columns(), &counted)
            .and_then(|batch| batch.project(columns))
            .map_err(|cause| impossible(&cause))?;
        for from in (0..batch.num_rows()).step_by(ROWS) {
            on_rows(batch.slice(from, ROWS.min(batch.num_rows() - from)))?;
        }
        Ok(())
    }

    /// Every column of the table; what waits is taken.
    fn columns(&mut self) -> Vec<ArrayRef> {
        let moments = |at: Vec<i64>| -> ArrayRef {
            Arc::new(TimestampMicrosecondArray::from(at).with_timezone("UTC"))
        };
        let [first, last] = std::mem::take(&mut self.moments);
        let seconds = first.iter().zip(&last).map(|(from, to)| (to - from) as f64 / 1e6);
        let seconds = Float64Array::from_iter_values(seconds);
        let [a, b, c, d] = std::mem::take(&mut self.counts).map(numbers);
        let named = std::mem::take(&mut self.named);
        let keys = [
            numbers(std::mem::take(&mut self.customers)),
            numbers(std::mem::take(&mut self.instances)),
        ];
        let others: Vec<ArrayRef> = match self.table {
            Table::Visits => {
                let names = named.iter().map(|place| self.names.touchpoints[*place].as_str());
                vec![a, Arc::new(StringArray::from_iter_values(names)), moments(first)]
            }
            Table::Checks => {
                let names = named.iter().map(|place| self.names.rules[*place].0.as_str());
                vec![Arc::new(StringArray::from_iter_values(names)), a, b, c, d]
            }
            _ => {
                let states = StringArray::from_iter_values(std::mem::take(&mut self.texts));
                let paths = StringArray::from_iter_values(std::mem::take(&mut self.paths));
                let (first, last) = (moments(first), moments(last));
                vec![Arc::new(states), first, last, Arc::new(seconds), a, b, Arc::new(paths)]
            }
        };
        keys.into_iter().chain(others).collect()
    }
}

fn numbers(values: Vec<u64>) -> ArrayRef {
    Arc::new(UInt64Array::from(values))
}
