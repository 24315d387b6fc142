//! Columns of Arrow arrays into the columns of a chunk.

use std::fmt::{Display, Write as _};
use std::sync::Arc;

use arrow::array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, PrimitiveArray, StringArray, StringViewArray,
    make_array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use arrow::error::ArrowError;

use super::builder::{Memo, hash, hash_or_missing, number};
use super::mapping::Unit;
use super::names::Interner;
use super::{Column, Kind, RawKey};
use crate::error::Error;
use crate::time::{Fault, Times, all_in_range, in_range};

/// A row, its time as written, and what is wrong with it.
pub(crate) type BadTime = (usize, String, Fault);
type Order = Option<(RawKey, RawKey)>;

/// The rows whose value is null or an empty text.
pub(crate) fn is_missing(column: &ArrayRef) -> Vec<usize> {
    let nulls = column.logical_nulls().filter(|nulls| nulls.null_count() > 0);
    let mut missing: Vec<usize> = nulls.map_or_else(Vec::new, |nulls| {
        (0..column.len()).filter(|&row| nulls.is_null(row)).collect()
    });
    if let Some(texts) = column.as_string_view_opt() {
        missing.extend(
            (0..texts.len())
                .filter(|&row| !texts.is_null(row) && texts.value(row).trim_ascii().is_empty()),
        );
    } else if let Some(dictionary) = column.as_dictionary_opt::<Int32Type>() {
        let empty: Vec<bool> = match dictionary.values().as_string_opt::<i32>() {
            Some(texts) => (0..texts.len())
                .map(|at| !texts.is_null(at) && texts.value(at).trim_ascii().is_empty())
                .collect(),
            None => Vec::new(),
        };
        if empty.contains(&true) {
            let is_empty = |key: i32| {
                usize::try_from(key).ok().and_then(|key| empty.get(key)).copied().unwrap_or(false)
            };
            missing.extend(
                dictionary
                    .keys()
                    .iter()
                    .enumerate()
                    .filter(|(_, key)| key.is_some_and(is_empty))
                    .map(|(row, _)| row),
            );
        }
    }
    missing
}

/// The hash of each customer, computed only where the id changes, and whether the rows are in order. No value is null.
pub(crate) fn customers(column: &ArrayRef, at: &[i64]) -> Result<(Vec<u64>, Order), ArrowError> {
    match column.data_type() {
        DataType::Int8 => Ok(number_customers(column.as_primitive::<Int8Type>(), at)),
        DataType::Int16 => Ok(number_customers(column.as_primitive::<Int16Type>(), at)),
        DataType::Int32 => Ok(number_customers(column.as_primitive::<Int32Type>(), at)),
        DataType::Int64 => Ok(number_customers(column.as_primitive::<Int64Type>(), at)),
        DataType::UInt8 => Ok(number_customers(column.as_primitive::<UInt8Type>(), at)),
        DataType::UInt16 => Ok(number_customers(column.as_primitive::<UInt16Type>(), at)),
        DataType::UInt32 => Ok(number_customers(column.as_primitive::<UInt32Type>(), at)),
        DataType::UInt64 => Ok(number_customers(column.as_primitive::<UInt64Type>(), at)),
        _ => Ok(text_customers(&texts(column)?, at)),
    }
}

fn number_customers<T>(column: &PrimitiveArray<T>, at: &[i64]) -> (Vec<u64>, Order)
where
    T: ArrowPrimitiveType<Native: Into<i128> + Display + PartialOrd>,
{
    let values: &[T::Native] = column.values();
    let mut hashes = Vec::with_capacity(values.len());
    let mut text = String::new();
    let mut in_order = true;
    let mut last: Option<(T::Native, u64, i64)> = None;
    for (&value, &at) in values.iter().zip(at) {
        let key = match last {
            Some((known, key, before)) if known == value => {
                in_order &= before <= at;
                key
            }
            _ => {
                in_order &= last.is_none_or(|(known, _, _)| known < value);
                text.clear();
                let _never_fails = write!(text, "{value}");
                hash(text.as_bytes())
            }
        };
        last = Some((value, key, at));
        hashes.push(key);
    }
    let ends = values.first().zip(values.last()).filter(|_| in_order);
    (
        hashes,
        ends.map(|(&first, &last)| (RawKey::Number(first.into()), RawKey::Number(last.into()))),
    )
}

fn text_customers(column: &StringViewArray, at: &[i64]) -> (Vec<u64>, Order) {
    let mut hashes = Vec::with_capacity(column.len());
    let mut in_order = true;
    let mut last: Option<(&str, u64, i64)> = None;
    for (row, &at) in (0..column.len()).zip(at) {
        let value = column.value(row);
        let key = match last {
            Some((known, key, before)) if known == value => {
                in_order &= before <= at;
                key
            }
            _ => {
                in_order &= last.is_none_or(|(known, _, _)| known.as_bytes() < value.as_bytes());
                hash(value.as_bytes())
            }
        };
        last = Some((value, key, at));
        hashes.push(key);
    }
    let key = |row: usize| RawKey::Text(column.value(row).as_bytes().to_vec());
    let order = (in_order && !column.is_empty()).then(|| (key(0), key(column.len() - 1)));
    (hashes, order)
}

/// The times of a column in microseconds, and the rows whose time is none (their place holds a 0).
pub(crate) fn instants(
    column: &ArrayRef,
    unit: Option<Unit>,
    times: &mut Times,
) -> Result<(Vec<i64>, Vec<BadTime>), ArrowError> {
    let micros = match column.data_type() {
        DataType::Timestamp(unit, zone) => {
            let micros = timestamps(column, *unit);
            let fine = column.null_count() == 0
                && (zone.is_some() || times.is_utc())
                && all_in_range(&micros);
            match zone {
                _ if fine => (micros, Vec::new()),
                Some(_) => checked(column, micros, in_range),
                None => checked(column, micros, |micros| times.local(micros)),
            }
        }
        DataType::Date32 | DataType::Date64 => {
            let days = cast(&cast(column, &DataType::Date32)?, &DataType::Int32)?;
            let micros = days
                .as_primitive::<Int32Type>()
                .values()
                .iter()
                .map(|&day| i64::from(day) * 86_400_000_000)
                .collect();
            checked(column, micros, |micros| times.local(micros))
        }
        _ => {
            let texts = texts(column)?;
            let mut micros = Vec::with_capacity(texts.len());
            let mut bad = Vec::new();
            for row in 0..texts.len() {
                let text = if texts.is_null(row) { "" } else { texts.value(row) };
                let read = match unit {
                    Some(unit) => Times::number(text.as_bytes(), unit),
                    None => times.micros(text.as_bytes()),
                };
                micros.push(read.unwrap_or(0));
                if let Err(fault) = read {
                    bad.push((row, text.to_owned(), fault));
                }
            }
            (micros, bad)
        }
    };
    Ok(micros)
}

/// Runs every instant past `check`; all of them at once when they cannot fail it.
fn checked(
    column: &ArrayRef,
    mut micros: Vec<i64>,
    mut check: impl FnMut(i64) -> Result<i64, Fault>,
) -> (Vec<i64>, Vec<BadTime>) {
    let mut bad = Vec::new();
    let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
    for (row, at) in micros.iter_mut().enumerate() {
        if nulls.is_some_and(|nulls| nulls.is_null(row)) {
            bad.push((row, String::new(), Fault::Missing));
            *at = 0;
            continue;
        }
        match check(*at) {
            Ok(instant) => *at = instant,
            Err(fault) => {
                let shown = jiff::Timestamp::from_microsecond(*at)
                    .map_or(at.to_string(), |instant| instant.to_string());
                bad.push((row, shown, fault));
                *at = 0;
            }
        }
    }
    (micros, bad)
}

fn timestamps(column: &ArrayRef, unit: TimeUnit) -> Vec<i64> {
    match unit {
        TimeUnit::Second => {
            let values = column.as_primitive::<TimestampSecondType>().values();
            values.iter().map(|at| at.saturating_mul(1_000_000)).collect()
        }
        TimeUnit::Millisecond => {
            let values = column.as_primitive::<TimestampMillisecondType>().values();
            values.iter().map(|at| at.saturating_mul(1_000)).collect()
        }
        TimeUnit::Microsecond => {
            column.as_primitive::<TimestampMicrosecondType>().values().to_vec()
        }
        TimeUnit::Nanosecond => {
            let values = column.as_primitive::<TimestampNanosecondType>().values();
            values.iter().map(|at| at.div_euclid(1_000)).collect()
        }
    }
}

/// Codes of a column of names. What a dictionary's entries mean is looked up once, and writers keep a dictionary for
/// a whole row group.
#[derive(Default)]
pub(crate) struct Codes {
    memo: Memo,
    known: Option<(ArrayRef, Vec<u32>)>,
}

impl Codes {
    /// The code of each value plus `base`; 0 for null and empty ones, which only a column with a `base` may have.
    pub(crate) fn of(
        &mut self,
        column: &ArrayRef,
        names: &mut Interner,
        base: u32,
        what: &str,
    ) -> Result<Vec<u32>, Error> {
        if let Some(dictionary) = column.as_dictionary_opt::<Int32Type>()
            && dictionary.values().as_string_opt::<i32>().is_some()
        {
            return self.of_dictionary(dictionary, names, base, what);
        }
        let unfit =
            |error: ArrowError| Error::caller(format!("{what} cannot be read as text: {error}"));
        let texts = texts(column).map_err(unfit)?;
        let code = |row: usize| match texts.is_null(row) || texts.value(row).is_empty() {
            true => Ok(0),
            false => Ok(self.memo.code(names, texts.value(row).as_bytes(), what)? + base),
        };
        (0..texts.len()).map(code).collect()
    }

    fn of_dictionary(
        &mut self,
        column: &DictionaryArray<Int32Type>,
        names: &mut Interner,
        base: u32,
        what: &str,
    ) -> Result<Vec<u32>, Error> {
        let values = column.values();
        let entries = values.as_string::<i32>();
        if !self.known.as_ref().is_some_and(|(known, _)| known.to_data().ptr_eq(&values.to_data()))
        {
            self.known = Some((Arc::clone(values), vec![UNKNOWN; entries.len()]));
        }
        let Some((_, codes)) = &mut self.known else { return Ok(Vec::new()) };
        let keys = column.keys();
        let nulls = keys.nulls().filter(|nulls| nulls.null_count() > 0);
        let mut found = Vec::with_capacity(keys.len());
        for (row, &key) in keys.values().iter().enumerate() {
            let entry = usize::try_from(key).unwrap_or(usize::MAX);
            let mut code = codes.get(entry).copied().unwrap_or(0);
            if nulls.is_some_and(|nulls| nulls.is_null(row)) {
                code = 0;
            } else if code == UNKNOWN {
                // Only an entry that a row uses becomes a name: a dictionary may hold entries of rows that are gone.
                let text = if entries.is_null(entry) { "" } else { entries.value(entry) };
                code = if text.is_empty() {
                    0
                } else {
                    self.memo.code(names, text.as_bytes(), what)? + base
                };
                codes[entry] = code;
            }
            found.push(code);
        }
        Ok(found)
    }
}

/// No interner goes so far.
const UNKNOWN: u32 = u32::MAX;

/// The hash of each text, 0 where there is none.
pub(crate) fn hashes(column: &ArrayRef) -> Result<Vec<u64>, ArrowError> {
    if let Some(dictionary) = column.as_dictionary_opt::<Int32Type>()
        && let Some(texts) = dictionary.values().as_string_opt::<i32>()
    {
        let entries = dictionary_of(texts, |text| hash_or_missing(text.as_bytes()));
        let entry = |key: Option<i32>| {
            key.and_then(|key| entries.get(usize::try_from(key).ok()?).copied()).flatten()
        };
        return Ok(dictionary.keys().iter().map(|key| entry(key).unwrap_or(0)).collect());
    }
    let texts = texts(column)?;
    Ok((0..texts.len())
        .map(
            |row| if texts.is_null(row) { 0 } else { hash_or_missing(texts.value(row).as_bytes()) },
        )
        .collect())
}

/// The values of an attribute, and how many of them are not of its kind.
pub(crate) fn attribute(
    column: &ArrayRef,
    kind: Kind,
    times: &mut Times,
) -> Result<(Column, u64), ArrowError> {
    match kind {
        // Values are read by `Codes`, which knows their names.
        Kind::Text | Kind::Value => Ok((Column::Text(hashes(column)?), 0)),
        Kind::Time => {
            let (mut micros, bad) = instants(column, None, times)?;
            let unreadable =
                bad.iter().filter(|(_, _, fault)| *fault != Fault::Missing).count() as u64;
            for (row, _, _) in bad {
                micros[row] = i64::MIN;
            }
            Ok((Column::Time(micros), unreadable))
        }
        Kind::Number if column.data_type().is_numeric() => {
            let numbers = cast(column, &DataType::Float64)?;
            let numbers = numbers.as_primitive::<arrow::array::types::Float64Type>();
            Ok((
                Column::Number(numbers.iter().map(|number| number.unwrap_or(f64::NAN)).collect()),
                0,
            ))
        }
        Kind::Number => {
            let texts = texts(column)?;
            let mut unreadable = 0;
            let read = |row: usize| {
                let text = if texts.is_null(row) { "" } else { texts.value(row) };
                let number = number(text.as_bytes());
                unreadable += u64::from(number.is_none() && !text.is_empty());
                number.unwrap_or(f64::NAN)
            };
            Ok((Column::Number((0..texts.len()).map(read).collect()), unreadable))
        }
    }
}

impl Column {
    pub(crate) fn missing(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Text => Self::Text(vec![0; rows]),
            Kind::Number => Self::Number(vec![f64::NAN; rows]),
            Kind::Time => Self::Time(vec![i64::MIN; rows]),
            Kind::Value => Self::Value(vec![0; rows]),
        }
    }
}

/// Any column as text, as CSV would have it; times in UTC.
pub(crate) fn texts(column: &ArrayRef) -> Result<StringViewArray, ArrowError> {
    match column.data_type() {
        DataType::Utf8View => Ok(column.as_string_view().clone()),
        // Whole numbers that pandas made into floats, because one of them was missing, lose their `.0` again.
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let numbers = cast(column, &DataType::Float64)?;
            let numbers = numbers.as_primitive::<arrow::array::types::Float64Type>();
            Ok(numbers
                .iter()
                .map(|number| {
                    number.filter(|number| !number.is_nan()).map(|number| number.to_string())
                })
                .collect())
        }
        _ => {
            let texts = cast(&without_zone(column)?, &DataType::Utf8)?;
            let texts: &StringArray = texts.as_string();
            Ok(texts.iter().collect())
        }
    }
}

/// A column of instants with its zone taken off, in UTC: to show times in a named zone Arrow wants the whole table of
/// zones a second time. Other columns as they are.
pub(crate) fn without_zone(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Timestamp(unit, Some(_)) => {
            let data = column.to_data().into_builder().data_type(DataType::Timestamp(*unit, None));
            Ok(make_array(data.build()?))
        }
        _ => Ok(Arc::clone(column)),
    }
}

fn dictionary_of<T>(texts: &StringArray, of: impl Fn(&str) -> T) -> Vec<Option<T>> {
    texts.iter().map(|text| text.map(&of)).collect()
}
