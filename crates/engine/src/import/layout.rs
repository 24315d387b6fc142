//! Which column of a file is which of ours, and what to say when one is missing.

use super::mapping::{Mapping, Spot, Unit, closest};
use super::records::Span;
use crate::error::Error;
use crate::import::Source;
use crate::time::{Fault, Times};

/// What a reader is asked to find in each row, by slot.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    pub(crate) list: Vec<Slot>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) name: String,
    pub(crate) need: Need,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The file must have the column.
    Column,
    /// The column is used where there is one; if the mapping names it, it must be there.
    Optional,
    /// Not looked for.
    Unwanted,
    /// One of the caller's own columns, under its own name and never mapped.
    Attribute,
}

/// Where a file keeps what the slots ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Slot to column.
    pub(crate) columns: Vec<Option<usize>>,
    /// Of the time, when it is a number.
    pub(crate) unit: Option<Unit>,
    /// `false` if the first line is a row already.
    pub(crate) header: bool,
}

/// One row as a reader hands it on, its fields by slot; a field that is not there is empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) line: u64,
    pub(crate) text: &'a [u8],
    pub(crate) spans: &'a [Span],
    pub(crate) unit: Option<Unit>,
}

/// What others call our columns, the likeliest first; in lower case with `_` for every other sign.
pub(super) const ALIASES: [(&str, &[&str]); 10] = [
    (
        "customer_id",
        &[
            "customer_id",
            "customer",
            "customerid",
            "case_id",
            "case_concept_name",
            "caseid",
            "user_id",
            "userid",
            "client_id",
            "member_id",
            "visitor_id",
            "distinct_id",
            "anonymous_id",
            "account_id",
            "person_id",
            "case",
            "user",
            "session_id",
            "number",
            "id",
        ],
    ),
    (
        "at",
        &[
            "at",
            "timestamp",
            "time_timestamp",
            "event_time",
            "event_timestamp",
            "datetime",
            "date_time",
            "time",
            "ts",
            "occurred_at",
            "created_at",
            "date",
            "contactdate",
            "complete_timestamp",
            "start_timestamp",
            "submitted_at",
        ],
    ),
    (
        "activity",
        &[
            "activity",
            "concept_name",
            "activity_name",
            "event",
            "event_name",
            "event_type",
            "action",
            "task",
            "step",
            "status",
            "name",
            "type",
        ],
    ),
    ("channel", &["channel", "contact_type", "medium"]),
    ("event_id", &["event_id", "eventid", "message_id", "uuid"]),
    ("question", &["question", "question_id", "metric", "item", "survey"]),
    ("touchpoint", &["touchpoint", "touchpoint_id"]),
    ("score", &["score", "rating", "value", "answer", "nps", "csat"]),
    ("comment", &["comment", "comments", "text", "verbatim", "feedback", "review"]),
    ("invited_at", &["invited_at", "asked_at", "sent_at"]),
];

impl Slots {
    pub(crate) fn slot(&self, name: &str) -> Option<usize> {
        self.list.iter().position(|slot| slot.name == name && slot.need != Need::Attribute)
    }

    /// The key of a slot in files that name every value, and the unit of its numbers.
    pub(crate) fn key(&self, slot: usize, mapping: &Mapping) -> Option<(String, Option<Unit>)> {
        let slot = self.list.get(slot)?;
        match slot.need {
            Need::Unwanted => None,
            Need::Attribute => Some((slot.name.clone(), None)),
            Need::Column | Need::Optional => Some(match mapping.spot(&slot.name) {
                (Spot::Name(name), unit) => (name.to_owned(), unit),
                (Spot::Position(_), unit) => (mapping.whole(&slot.name).to_owned(), unit),
            }),
        }
    }

    /// The names of the columns that must be there.
    pub(crate) fn needed<'a>(&'a self, mapping: &'a Mapping) -> Vec<&'a str> {
        let named = self.list.iter().filter(|slot| slot.need == Need::Column);
        named.map(|slot| mapping.whole(&slot.name)).collect()
    }

    /// The wanted attributes that `columns` (by slot) has no place for.
    pub(crate) fn absent(&self, is_there: impl Fn(usize) -> bool) -> Vec<String> {
        let attributes =
            self.list.iter().enumerate().filter(|(_, slot)| slot.need == Need::Attribute);
        attributes
            .filter(|&(index, _)| !is_there(index))
            .map(|(_, slot)| slot.name.clone())
            .collect()
    }
}

impl Layout {
    /// Finds every slot in the first line of a file.
    pub(crate) fn of(slots: &Slots, source: &Source, first: &[String]) -> Result<Self, Error> {
        let mut layout = Self { columns: Vec::new(), unit: None, header: true };
        let mut missing = Vec::new();
        for slot in &slots.list {
            let column = layout.find(slot, source, first)?;
            let must = slot.need == Need::Column
                || (slot.need == Need::Optional && source.mapping.names(&slot.name));
            if must && column.is_none() {
                missing.push(slot.name.as_str());
            }
            layout.columns.push(column);
        }
        if !missing.is_empty() {
            return Err(missing_columns(slots, source, first, &missing));
        }
        layout.header =
            !only_positions(slots, &source.mapping) || !is_row(slots, &layout, source, first);
        Ok(layout)
    }

    fn find(
        &mut self,
        slot: &Slot,
        source: &Source,
        first: &[String],
    ) -> Result<Option<usize>, Error> {
        let mapping = &source.mapping;
        let (spot, unit) = match slot.need {
            Need::Unwanted => return Ok(None),
            Need::Attribute => (Spot::Name(slot.name.as_str()), None),
            Need::Column | Need::Optional => mapping.spot(&slot.name),
        };
        let named = |name: &str| first.iter().position(|column| column == name);
        // A column that is really called `created:ms` is meant as it is.
        let whole = mapping.whole(&slot.name);
        if unit.is_some() && named(whole).is_some() {
            return one_of(source, first, slot, whole);
        }
        self.unit = self.unit.or(unit);
        match spot {
            Spot::Name(name) => one_of(source, first, slot, name),
            Spot::Position(at) if at < first.len() => Ok(Some(at)),
            Spot::Position(at) => {
                let message = format!(
                    "`{}` is mapped to #{}, but there are only {} columns",
                    slot.name,
                    at + 1,
                    first.len()
                );
                Err(Error::on_line(&source.path, 1, message))
            }
        }
    }
}

impl<'a> Row<'a> {
    pub(crate) fn field(&self, slot: usize) -> &'a [u8] {
        self.spans
            .get(slot)
            .and_then(|&(start, end)| self.text.get(start as usize..end as usize))
            .unwrap_or_default()
    }
}

/// The sentence for columns that are not there: what was looked for, what there is, and the mapping that would do.
pub(crate) fn missing_columns(
    slots: &Slots,
    source: &Source,
    there: &[String],
    missing: &[&str],
) -> Error {
    let looked_for: Vec<_> = missing
        .iter()
        .map(|&name| match source.mapping.whole(name) {
            whole if whole == name => format!("`{name}`"),
            whole => format!("`{whole}` (mapped to `{name}`)"),
        })
        .collect();
    let (column, is) = if missing.len() == 1 { ("column", "is") } else { ("columns", "are") };
    let looked_for = looked_for.join(", ");
    if there.iter().any(|cell| Times::new(None).micros(cell.as_bytes()).is_ok()) {
        let positions = by_position(slots, there);
        let message = format!(
            "no {column} {looked_for}, and the first line looks like a row, not a header: {}. \
             Give the file a header, or name columns by position: {positions}",
            shown(there),
        );
        return Error::on_line(&source.path, 1, message);
    }
    let (mapping, whole) = suggestion(slots, &source.mapping, there, missing);
    let lead = if whole { "did you mean" } else { "say which is which:" };
    let advice = format!("{lead} `--map {mapping}`{}", if whole { "?" } else { "" });
    Error::on_line(
        &source.path,
        1,
        format!("there {is} no {column} {looked_for}. The file has {}; {advice}", shown(there)),
    )
}

/// The error for a file whose times are bare numbers, seen in its first row rather than in a quarantine of all rows.
pub(crate) fn bare_number(slots: &Slots, source: &Source, row: &Row<'_>) -> Option<Error> {
    let field = row.field(slots.slot("at")?);
    if row.unit.is_some() || Times::new(None).micros(field) != Err(Fault::Number) {
        return None;
    }
    let text = String::from_utf8_lossy(field.trim_ascii()).into_owned();
    let digits = text.split('.').next().unwrap_or_default().len();
    let likely = match digits {
        0..=11 => "s",
        12..=14 => "ms",
        15..=17 => "us",
        _ => "ns",
    };
    let message = format!(
        "the time `{text}` is a bare number and does not say its unit. If it counts from 1970, write `--map at={}:{likely}` \
         (`:s`, `:ms`, `:us`, `:ns`)",
        source.mapping.whole("at"),
    );
    Some(Error::on_line(&source.path, row.line, message))
}

/// A mapping that finds every needed column, as far as the names that others use for them are there; and whether that
/// is all the way.
fn suggestion(
    slots: &Slots,
    mapping: &Mapping,
    there: &[String],
    missing: &[&str],
) -> (Mapping, bool) {
    let (mut suggested, mut whole) = (Mapping::default(), true);
    for slot in slots.list.iter().filter(|slot| matches!(slot.need, Need::Column | Need::Optional))
    {
        let name = slot.name.as_str();
        if !missing.contains(&name) {
            if mapping.names(name) {
                suggested = suggested.with(name, mapping.whole(name));
            }
            continue;
        }
        let aliases = ALIASES
            .iter()
            .find(|(target, _)| *target == name)
            .map_or(&[][..], |(_, aliases)| aliases);
        let folded =
            |column: &str| column.to_lowercase().replace(|sign: char| !sign.is_alphanumeric(), "_");
        let known =
            aliases.iter().find_map(|alias| there.iter().find(|column| folded(column) == *alias));
        let near = || closest(mapping.whole(name), there.iter().map(String::as_str));
        let found = known.map(String::as_str).or_else(near);
        whole &= found.is_some();
        suggested = suggested.with(name, found.unwrap_or("<column>"));
    }
    (suggested, whole)
}

/// An example of a mapping by position, with the time where a time is.
fn by_position(slots: &Slots, first: &[String]) -> String {
    let is_time = |cell: &&String| Times::new(None).micros(cell.as_bytes()).is_ok();
    let time = first.iter().position(|cell| is_time(&cell)).map_or(1, |at| at + 1);
    let mut others = (1..).filter(|&at| at != time);
    let pairs = slots.list.iter().filter(|slot| slot.need == Need::Column).map(|slot| {
        let at = if slot.name == "at" { time } else { others.next().unwrap_or(1) };
        format!("{}=#{at}", slot.name)
    });
    format!("`--map {}`", pairs.collect::<Vec<_>>().join(","))
}

fn only_positions(slots: &Slots, mapping: &Mapping) -> bool {
    let mut needed = slots.list.iter().filter(|slot| slot.need == Need::Column);
    needed.all(|slot| matches!(mapping.spot(&slot.name).0, Spot::Position(_)))
}

/// Whether the first line of a file whose columns are named by position is a row: then its time is one.
fn is_row(slots: &Slots, layout: &Layout, source: &Source, first: &[String]) -> bool {
    let Some(cell) = slots
        .slot("at")
        .and_then(|slot| layout.columns.get(slot).copied().flatten())
        .and_then(|at| first.get(at))
    else {
        return false;
    };
    match layout.unit {
        Some(unit) => Times::number(cell.as_bytes(), unit).is_ok(),
        None => Times::new(source.zone.clone()).micros(cell.as_bytes()).is_ok(),
    }
}

fn one_of(
    source: &Source,
    first: &[String],
    slot: &Slot,
    name: &str,
) -> Result<Option<usize>, Error> {
    let mut places =
        first.iter().enumerate().filter(|(_, column)| *column == name).map(|(at, _)| at);
    let (place, twice) = (places.next(), places.next());
    let (Some(place), Some(twice)) = (place, twice) else { return Ok(place) };
    let way = match slot.need {
        Need::Attribute => "rename one of them".to_owned(),
        _ => format!("choose one by position: `--map {}=#{}`", slot.name, place + 1),
    };
    let message =
        format!("there are two columns `{name}`, #{} and #{}; {way}", place + 1, twice + 1);
    Err(Error::on_line(&source.path, 1, message))
}

/// Column names for a message: the first thirty, each cut at forty letters.
fn shown(columns: &[String]) -> String {
    let cut = |name: &String| {
        if name.chars().count() > 40 {
            name.chars().take(40).collect::<String>() + "…"
        } else {
            name.clone()
        }
    };
    let names: Vec<_> = columns.iter().take(30).map(|name| format!("`{}`", cut(name))).collect();
    let more = if columns.len() > 30 {
        format!(" and {} more", columns.len() - 30)
    } else {
        String::new()
    };
    format!("{}{more}", names.join(", "))
}
