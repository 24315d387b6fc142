//! What a caller can get wrong that no type of theirs prevents.

use std::fmt;

/// Inputs that no formula can be applied to; the caller's mistake, not a lack of data (that is `None`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Rows of covariates have different numbers of columns.
    RaggedCovariates { row: usize, expected: usize, got: usize },
    /// A row has more or fewer answers than there are touchpoints.
    RaggedAnswers { row: usize, expected: usize, got: usize },
    /// Two touchpoints have one name.
    SameTouchpoint { name: String },
    /// A value that must be finite is infinite or not a number.
    NotFinite { row: usize },
    /// An interval of time that ends before it begins.
    EmptyInterval { row: usize },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RaggedCovariates { row, expected, got } => {
                write!(f, "row {row} has {got} covariates where the first row has {expected}")
            }
            Self::RaggedAnswers { row, expected, got } => {
                write!(f, "row {row} has {got} answers where the survey has {expected} touchpoints")
            }
            Self::SameTouchpoint { name } => {
                write!(f, "two touchpoints of the survey are called `{name}`")
            }
            Self::NotFinite { row } => {
                write!(f, "row {row} holds a time or covariate that is not a finite number")
            }
            Self::EmptyInterval { row } => write!(f, "row {row} ends no later than it starts"),
        }
    }
}

impl std::error::Error for Error {}
