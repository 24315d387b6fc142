//! A file that says how many customers there are by an attribute: one row a value, with `customers`.

use std::collections::BTreeMap;

use report::answers::Population;

use crate::error::Error;
use crate::import::{Need, Slot, Slots, Source, Watch, read_any_rows};
use crate::quarantine::Quarantine;
use crate::responses::text;

const CUSTOMERS: &str = "customers";

/// Reads the file; its other column is the attribute.
pub fn read_population(source: &Source) -> Result<Population, Error> {
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    let slots = |attribute: Option<&str>| {
        let count = Slot { name: CUSTOMERS.to_owned(), need: Need::Column };
        let attribute = attribute.map(|name| Slot { name: name.to_owned(), need: Need::Attribute });
        Slots { list: std::iter::once(count).chain(attribute).collect() }
    };
    let read = read_any_rows(source, &slots(None), &quarantine, &watch, &mut |_| Ok(None))?;
    let others: Vec<&String> = read.columns.iter().filter(|name| *name != CUSTOMERS).collect();
    let [attribute] = others.as_slice() else {
        let message = format!(
            "beside `customers` there must be one column, named as the attribute of the answers; there are {}",
            others.len()
        );
        return Err(Error::on_line(&source.path, 1, message));
    };
    let mut customers = BTreeMap::new();
    read_any_rows(source, &slots(Some(attribute)), &quarantine, &watch, &mut |row| {
        let wrong = |message: String| Error::on_line(&source.path, row.line, message);
        let count = text(row.field(0)).unwrap_or_default();
        let value =
            text(row.field(1)).ok_or_else(|| wrong(format!("the row has no `{attribute}`")))?;
        let n = count_of(&count).map_err(|why| wrong(format!("`{value}`: {why}")))?;
        if customers.insert(value.clone(), n).is_some() {
            return Err(wrong(format!("`{value}` stands here twice; add its customers up")));
        }
        Ok(None)
    })?;
    if quarantine.rows() > 0 {
        let message = "some rows cannot be read; write two columns in every row";
        return Err(Error::in_file(&source.path, message));
    }
    Ok(Population { attribute: (*attribute).clone(), customers })
}

/// A number of customers as people write it.
pub fn count_of(text: &str) -> Result<u64, String> {
    let count = text.trim().replace(['_', ' '], "").parse::<u64>().ok().filter(|n| *n > 0);
    count.ok_or_else(|| format!("`{text}` is no number of customers; write a whole number above 0"))
}
