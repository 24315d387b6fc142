//! What can go wrong on the way from a file to a report, told apart by who can mend it.

use std::fmt;
use std::io;
use std::path::Path;

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller's: the sentence says what is wrong, where, and what to do about it.
    #[error("{place}{message}")]
    Caller { place: Place, message: String },
    /// The question looks at an attribute that no event file has; `there` are the columns that the files do have.
    #[error("no event file has the column `{attribute}`{} There are: {}", nearest(attribute, there), there.join(", "))]
    NoAttribute { attribute: String, there: Vec<String> },
    /// Somebody asked us to stop.
    #[error("interrupted")]
    Interrupted,
    /// The world's: a disk, a permission, a pipe.
    #[error("{context}: {cause}")]
    World { context: String, cause: io::Error },
    /// The database's, or what it refuses.
    #[error(transparent)]
    Stored(store::Error),
}

/// Where in the caller's files something is wrong; whatever is not known is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub file: Option<String>,
    pub line: Option<u64>,
    pub column: Option<u64>,
}

impl Error {
    /// The caller's mistake, somewhere in `file`.
    pub fn in_file(file: &Path, message: impl Into<String>) -> Self {
        Self::Caller { place: Place::file(file), message: message.into() }
    }

    /// The caller's mistake, on a line of `file`.
    pub fn on_line(file: &Path, line: u64, message: impl Into<String>) -> Self {
        Self::Caller {
            place: Place { line: Some(line), ..Place::file(file) },
            message: message.into(),
        }
    }

    /// The caller's mistake, in an argument rather than a file.
    pub fn caller(message: impl Into<String>) -> Self {
        Self::Caller { place: Place::default(), message: message.into() }
    }

    /// The same, for a file that has no lines to speak of.
    pub(crate) fn without_line(self) -> Self {
        match self {
            Self::Caller { place, message } => {
                Self::Caller { place: Place { line: None, ..place }, message }
            }
            other => other,
        }
    }

    pub fn world(context: impl Into<String>, cause: io::Error) -> Self {
        let cause = match cause.kind() {
            kind @ (io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
                io::Error::new(kind, "the disk is full; make room and try again")
            }
            _ => cause,
        };
        Self::World { context: context.into(), cause }
    }

    /// Reading `file` failed. A compressed stream that stops or does not add up is the caller's to mend; a file that
    /// is not there or may not be read is, too, and is said in words rather than in the system's.
    pub fn reading(file: &Path, cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::UnexpectedEof => Self::in_file(
                file,
                "it ends in the middle: the file was cut off. Nothing of it was counted; copy it again",
            ),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Self::in_file(
                file,
                format!("it is damaged ({cause}). Nothing of it was counted; copy it again"),
            ),
            io::ErrorKind::NotFound => Self::in_file(file, "there is no such file"),
            io::ErrorKind::PermissionDenied => Self::in_file(file, "you may not read this file"),
            io::ErrorKind::IsADirectory => {
                Self::in_file(file, "this is a folder; name the files in it")
            }
            _ => Self::world(format!("reading {}", shown(file)), cause),
        }
    }
}

impl Place {
    pub fn file(file: &Path) -> Self {
        Self { file: Some(shown(file)), line: None, column: None }
    }
}

fn nearest(attribute: &str, there: &[String]) -> String {
    let near = model::nearest::nearest(attribute, there.iter().map(String::as_str));
    near.map_or(".".to_owned(), |near| format!("; did you mean `{near}`?"))
}

/// A path as people know it: `-` is standard input.
pub(crate) fn shown(file: &Path) -> String {
    if file.as_os_str() == "-" { "standard input".to_owned() } else { file.display().to_string() }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(file) = &self.file else { return Ok(()) };
        write!(f, "{file}:")?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if let Some(column) = self.column {
            write!(f, "{column}:")?;
        }
        write!(f, " ")
    }
}
