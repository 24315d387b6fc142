//! What is wrong with a document, where, and what to do about it.

use std::fmt;

use serde::Serialize;

/// One thing that is wrong, or doubtful, in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub severity: Severity,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// JSON pointer of the value, such as `/stages/0/touchpoints/2/owner`; empty: the document itself.
    pub pointer: String,
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// Errors make a document invalid; warnings do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// `12:9: error: unknown key …`, and what to do on a second line; a caller puts `FILE:` in front.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.line, self.column, self.severity, self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "\n  help: {suggestion}"),
            None => Ok(()),
        }
    }
}

/// More than this nobody reads; the rest is counted.
const MOST: usize = 1000;

/// Problems as they are found.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    unlisted: usize,
    any_error: bool,
}

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        self.any_error |= problem.severity == Severity::Error;
        if self.list.len() < MOST {
            self.list.push(problem);
        } else {
            self.unlisted += 1;
        }
    }

    /// Finding out what was meant takes work, and after so many problems a general mistake is likelier than slips.
    pub(crate) fn is_full(&self) -> bool {
        self.list.len() >= MOST / 5
    }

    pub(crate) fn any_error(&self) -> bool {
        self.any_error
    }

    /// In the order of the document.
    pub(crate) fn into_list(mut self) -> Vec<Problem> {
        self.list.sort_by_key(|problem| (problem.line, problem.column, problem.severity));
        if self.unlisted > 0 {
            let (line, column) = self.list.last().map_or((1, 1), |last| (last.line, last.column));
            let severity = if self.any_error { Severity::Error } else { Severity::Warning };
            self.list.push(Problem {
                severity,
                line,
                column,
                pointer: String::new(),
                message: format!("{} more problems are not listed", self.unlisted),
                suggestion: Some("mend those above first".to_owned()),
            });
        }
        self.list
    }
}
