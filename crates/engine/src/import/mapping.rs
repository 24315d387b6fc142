//! `--map customer_id=case_id,at=timestamp`: what a file calls the columns that we know by name.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// Which column of a file is which of ours. What it does not mention keeps its own name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    pairs: Vec<(String, String)>,
}

/// The columns with a meaning, of events and of responses.
pub(crate) const TARGETS: [&str; 10] = [
    "customer_id",
    "at",
    "activity",
    "channel",
    "event_id",
    "question",
    "touchpoint",
    "score",
    "comment",
    "invited_at",
];

/// The unit of a time that is written as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

/// Where a file keeps a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Spot<'a> {
    Name(&'a str),
    /// From 0, although people count from 1 (`#1`).
    Position(usize),
}

impl Mapping {
    /// The mapping with one more pair, for callers that know their file.
    #[must_use]
    pub fn with(mut self, target: &str, column: &str) -> Self {
        self.pairs.retain(|(known, _)| known != target);
        self.pairs.push((target.to_owned(), column.to_owned()));
        self
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Whether the caller said where `target` is.
    pub(crate) fn names(&self, target: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == target)
    }

    /// The column for `target`: the caller's word, else the target's own name. A time may carry its unit
    /// (`at=created:ms`), which is given apart; a column that is really called `created:ms` is found by
    /// [`Mapping::whole`] first.
    pub(crate) fn spot<'a>(&'a self, target: &'a str) -> (Spot<'a>, Option<Unit>) {
        let whole = self.whole(target);
        let (name, unit) = if target == "at" { split_unit(whole) } else { (whole, None) };
        let position = name
            .strip_prefix('#')
            .and_then(|digits| digits.parse::<usize>().ok())
            .filter(|&at| at > 0);
        (position.map_or(Spot::Name(name), |at| Spot::Position(at - 1)), unit)
    }

    /// The caller's word for `target` as it was written.
    pub(crate) fn whole<'a>(&'a self, target: &'a str) -> &'a str {
        self.pairs.iter().find(|(known, _)| known == target).map_or(target, |(_, column)| column)
    }
}

impl FromStr for Mapping {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut mapping = Self::default();
        for pair in split_pairs(text) {
            let Some((target, column)) = pair.split_once('=') else {
                return Err(wrong(
                    &pair,
                    "is not of the form `ours=theirs`, as in `customer_id=case_id`",
                ));
            };
            let (target, column) = (target.trim(), column.trim());
            if !TARGETS.contains(&target) {
                let hint = if TARGETS.contains(&column) {
                    "; it is written `ours=theirs`, the other way round"
                } else {
                    ""
                };
                let known = closest(target, TARGETS)
                    .map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
                let all = TARGETS.join("`, `");
                return Err(wrong(&pair, format!("`{target}` is none of `{all}`{known}{hint}")));
            }
            if column.is_empty() {
                return Err(wrong(&pair, "names no column"));
            }
            if column == "#0" {
                return Err(wrong(&pair, "positions count from 1: the first column is `#1`"));
            }
            if mapping.names(target) {
                return Err(wrong(&pair, format!("`{target}` is mapped twice")));
            }
            mapping.pairs.push((target.to_owned(), column.to_owned()));
        }
        Ok(mapping)
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (target, column)) in self.pairs.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            if column.contains([',', '"']) {
                write!(f, "{comma}{target}=\"{}\"", column.replace('"', "\"\""))?;
            } else {
                write!(f, "{comma}{target}={column}")?;
            }
        }
        Ok(())
    }
}

impl Unit {
    pub(crate) const ALL: [(&'static str, Self); 4] =
        [("s", Self::Seconds), ("ms", Self::Millis), ("us", Self::Micros), ("ns", Self::Nanos)];
}

/// The known word nearest to `word`, if one is near at all.
pub(crate) fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase().replace([' ', '-', ':', '.'], "_");
    known
        .into_iter()
        .map(|name| {
            (
                strsim::jaro_winkler(
                    &folded,
                    &name.to_lowercase().replace([' ', '-', ':', '.'], "_"),
                ),
                name,
            )
        })
        .filter(|&(likeness, _)| likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

fn split_unit(column: &str) -> (&str, Option<Unit>) {
    let split = column.rsplit_once(':').filter(|(name, _)| !name.is_empty());
    let unit = split.and_then(|(name, suffix)| {
        Unit::ALL.iter().find(|(text, _)| *text == suffix).map(|&(_, unit)| (name, Some(unit)))
    });
    unit.unwrap_or((column, None))
}

/// Splits at commas that are not within quotes; a quoted column may hold commas, and quotes written twice.
fn split_pairs(text: &str) -> Vec<String> {
    let mut pairs = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let Some(pair) = pairs.last_mut() else { break };
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                pair.push('"');
            }
            '"' if quoted || pair.ends_with('=') => quoted = !quoted,
            ',' if !quoted => pairs.push(String::new()),
            other => pair.push(other),
        }
    }
    pairs.retain(|pair| !pair.trim().is_empty());
    pairs
}

fn wrong(pair: &str, why: impl fmt::Display) -> Error {
    Error::caller(format!("the mapping `{}`: {why}", pair.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let said = match text.parse::<Mapping>() {
            Ok(mapping) => mapping.to_string(),
            Err(error) => format!("error: {error}"),
        };
        assert_eq!(said, expected, "for {text}");
    }

    #[test]
    fn pairs_are_read_and_written() {
        check(
            "customer_id=case_id,at=timestamp,activity=concept:name",
            "customer_id=case_id,at=timestamp,activity=concept:name",
        );
        check(" customer_id = #1 , at=#2:ms ,", "customer_id=#1,at=#2:ms");
        check(r#"customer_id="a,""b",at=t"#, r#"customer_id="a,""b",at=t"#);
        check("at=a=b", "at=a=b");
        check("", "");
    }

    #[test]
    fn mistakes_are_explained() {
        check(
            "customer",
            "error: the mapping `customer`: is not of the form `ours=theirs`, as in `customer_id=case_id`",
        );
        let all = TARGETS.join("`, `");
        let near = format!(
            "error: the mapping `customer=x`: `customer` is none of `{all}` (did you mean `customer_id`?)"
        );
        check("customer=x", &near);
        let reversed = "it is written `ours=theirs`, the other way round";
        check(
            "zzz=at",
            &format!("error: the mapping `zzz=at`: `zzz` is none of `{all}`; {reversed}"),
        );
        check("at=a,at=b", "error: the mapping `at=b`: `at` is mapped twice");
        check("at=", "error: the mapping `at=`: names no column");
        check(
            "at=#0",
            "error: the mapping `at=#0`: positions count from 1: the first column is `#1`",
        );
    }

    #[test]
    fn spots_are_names_or_positions_and_times_have_units() {
        let mapping: Mapping = "customer_id=#3,at=time:timestamp,activity=x:ms".parse().unwrap();
        assert_eq!(mapping.spot("customer_id"), (Spot::Position(2), None));
        assert_eq!(mapping.spot("at"), (Spot::Name("time:timestamp"), None));
        assert_eq!(mapping.spot("activity"), (Spot::Name("x:ms"), None));
        assert_eq!(mapping.spot("channel"), (Spot::Name("channel"), None));
        let mapping: Mapping = "at=#2:us".parse().unwrap();
        assert_eq!(mapping.spot("at"), (Spot::Position(1), Some(Unit::Micros)));
    }
}
