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
    /// A weight that is negative, infinite or not a number.
    BadWeight { row: usize },
    /// A number of customers that is negative, infinite or not a number.
    BadTarget { category: String },
    /// Customers in a stratum or category that nobody answered in: no weight can speak for them.
    NoAnswersIn { category: String },
    /// Answers in a stratum or category whose customers are not known.
    NoTargetFor { category: String },
    /// Margins that do not describe the same customers: their totals differ.
    TargetsDiffer { margin: usize },
    /// A margin that does not have a category for every answer.
    RaggedMargin { margin: usize, expected: usize, got: usize },
    /// No weights meet all margins, or none was found.
    NotConverged { rounds: u32 },
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
            Self::BadWeight { row } => {
                write!(f, "the weight of row {row} is no number from 0 upwards")
            }
            Self::BadTarget { category } => {
                write!(f, "the customers of `{category}` are no number from 0 upwards")
            }
            Self::NoAnswersIn { category } => write!(
                f,
                "`{category}` has customers but no answers; merge it with another, or leave its customers out of the claim"
            ),
            Self::NoTargetFor { category } => {
                write!(f, "`{category}` has answers, but how many customers it has is not given")
            }
            Self::TargetsDiffer { margin } => {
                write!(
                    f,
                    "the targets of margin {margin} add up to another total than those of margin 0"
                )
            }
            Self::RaggedMargin { margin, expected, got } => {
                write!(
                    f,
                    "margin {margin} has {got} categories of answers where there are {expected} answers"
                )
            }
            Self::NotConverged { rounds } => write!(
                f,
                "after {rounds} rounds the weights still move: the margins contradict each other; merge small categories"
            ),
        }
    }
}

impl std::error::Error for Error {}
