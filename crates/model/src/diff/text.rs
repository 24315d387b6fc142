//! A difference in words, one thing a line and its fields below.

use std::fmt;

use serde_json::Value;

use super::{Change, Diff, Field, Kind, Move, Noun};
use crate::write::inline;

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "no changes");
        }
        let counts = [
            (Kind::Added, "added"),
            (Kind::Removed, "removed"),
            (Kind::Changed, "changed"),
            (Kind::Moved, "moved"),
        ];
        let counts = counts.map(|(kind, word)| (self.count(kind), word));
        let counted: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        writeln!(f, "{}", counted.join(", "))?;
        for change in &self.changes {
            writeln!(f)?;
            write!(f, "{change}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.kind {
            Kind::Added => '+',
            Kind::Removed => '-',
            Kind::Changed => '~',
            Kind::Moved => '>',
        };
        write!(f, "{sign} {} {}", self.noun.word(), self.id)?;
        match (&self.within, self.noun) {
            (Some(within), _) => write!(f, " ({within})")?,
            (None, Noun::Standard) => f.write_str(" (whole journey)")?,
            (None, _) => {}
        }
        match &self.title {
            Some(title) => writeln!(f, ": {title}")?,
            None => writeln!(f)?,
        }
        if let Some(moved) = &self.moved {
            writeln!(f, "    {moved}")?;
        }
        self.fields.iter().try_for_each(|field| write!(f, "{field}"))
    }
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |behind: &Option<String>| {
            behind.as_ref().map_or("first".to_owned(), |id| format!("behind {id}"))
        };
        let parent = |parent: &Option<String>| {
            parent.clone().unwrap_or_else(|| "the whole journey".to_owned())
        };
        match self {
            Self::Parent { from, to } => write!(f, "moved: {} → {}", parent(from), parent(to)),
            Self::Order { from_behind, to_behind } => {
                write!(f, "moved: {} → {}", place(from_behind), place(to_behind))
            }
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "    {}: ", self.field)?;
        match (&self.old, &self.new) {
            (Some(Value::Array(old)), Some(Value::Array(new))) => match items(old, new) {
                Some(items) => writeln!(f, "{items}"),
                None => writeln!(f, "{} → {}", list(old), list(new)),
            },
            (Some(Value::Array(items)), None) => writeln!(f, "- {}", list(items)),
            (None, Some(Value::Array(items))) => writeln!(f, "+ {}", list(items)),
            (Some(old), Some(new)) => writeln!(f, "{} → {}", inline(old), inline(new)),
            (Some(old), None) => writeln!(f, "- {}", inline(old)),
            (None, Some(new)) => writeln!(f, "+ {}", inline(new)),
            (None, None) => writeln!(f),
        }
    }
}

/// What came and what went; `None` when only the order changed.
fn items(old: &[Value], new: &[Value]) -> Option<String> {
    let came =
        new.iter().filter(|item| !old.contains(item)).map(|item| format!("+ {}", inline(item)));
    let went =
        old.iter().filter(|item| !new.contains(item)).map(|item| format!("- {}", inline(item)));
    let all: Vec<String> = came.chain(went).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn list(items: &[Value]) -> String {
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.iter().map(inline).collect::<Vec<_>>().join(", ")
    }
}
