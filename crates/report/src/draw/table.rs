//! A table before anybody decided whether it becomes HTML, text or Markdown: the twin of every drawing.

use crate::document::{Share, Verdict};

/// Rows of typed cells under named columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    /// As many cells as columns; the first cell names the row.
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// Numbers stand to the right.
    pub numeric: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Words(String),
    /// Words, and smaller ones under them.
    Both(String, String),
    /// A number already written out.
    Number(String),
    /// A number, and its n or interval under it.
    Measure(String, String),
    /// `None`: there is no standard.
    Verdict(Option<Verdict>),
    /// A share with its interval, and the promise that it is held against.
    Share(Share, Option<f64>),
    /// Something that is wrong in itself, such as a missing owner.
    Flag(String),
    /// Nothing to say.
    Nothing,
}

impl Cell {
    pub(crate) fn words(text: impl Into<String>) -> Self {
        Self::Words(text.into())
    }

    pub(crate) fn number(text: impl Into<String>) -> Self {
        Self::Number(text.into())
    }

    /// A person or department, or the flag that there is none.
    pub(crate) fn owner(owner: Option<&str>) -> Self {
        match owner {
            Some(owner) if !owner.trim().is_empty() => Self::Words(owner.to_owned()),
            _ => Self::Flag("no owner".to_owned()),
        }
    }
}

impl Table {
    /// Columns by name; a name that ends in `#` is numeric.
    pub(crate) fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        let columns = columns
            .iter()
            .map(|name| Column {
                name: name.trim_end_matches('#').to_owned(),
                numeric: name.ends_with('#'),
            })
            .collect();
        Self { caption: caption.into(), columns, rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(
            row.len(),
            self.columns.len(),
            "a row of `{}` has another width",
            self.caption
        );
        self.rows.push(row);
    }
}

/// A verdict's glyph and word: colour is never the only sign.
pub(crate) fn verdict_sign(verdict: Option<Verdict>) -> (&'static str, &'static str) {
    match verdict {
        Some(Verdict::Meets) => ("●", "meets"),
        Some(Verdict::Defective) => ("▲", "defective"),
        Some(Verdict::NotProven) => ("◌", "not proven"),
        None => ("–", "no standard"),
    }
}
