//! Rows that could not be understood: counted, explained, kept beside the result, never dropped in silence.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, shown};

/// Collects bad rows in an unnamed temporary file, so that a file that is all wrong costs disk and not memory.
///
/// Shared by reference between threads: bad rows are rare, and a lock for each of them is nothing.
#[derive(Debug, Default)]
pub struct Quarantine {
    kept: Mutex<Kept>,
    folder: Option<PathBuf>,
}

/// How often a kind of trouble came, with the first examples of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Such as `the row has no customer`.
    pub reason: &'static str,
    pub rows: u64,
    pub examples: Vec<Example>,
}

/// One bad row, for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pub file: String,
    pub line: u64,
    /// The whole sentence, with the value that is wrong.
    pub sentence: String,
}

/// A bad row as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// From 1.
    pub line: u64,
    pub reason: String,
    /// As it was read, or as much of it as is left.
    pub row: String,
}

/// Why a row is bad.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    NoCustomer,
    NoActivity,
    NoTime,
    BadTime {
        value: String,
        why: String,
    },
    ZeroTime,
    Ragged {
        fields: usize,
        header: usize,
    },
    OpenQuote,
    NotUtf8,
    BadJson(String),
    BadXml(String),
    NoQuestion,
    BadScore(String),
    NothingSaid,
    BadSeverity(String),
    NoText,
    /// The id of the event, as its hash, is that of an earlier one of the same customer.
    Duplicate {
        earlier: u64,
    },
}

#[derive(Debug, Default)]
struct Kept {
    file: Option<BufWriter<File>>,
    rows: u64,
    /// Rows of `rows` that are only counted, because the file is full.
    uncopied: u64,
    bytes: u64,
    troubles: BTreeMap<&'static str, Trouble>,
}

/// Examples kept of each trouble.
const EXAMPLES: usize = 5;
/// A raw row longer than this is shortened: it is there to be recognised, not to be restored.
const LONGEST_RAW: usize = 16 * 1024;
/// Where copying raw rows ends and counting goes on, so that a wrong file of a terabyte does not fill the disk.
const MOST_BYTES: u64 = 1 << 30;

impl Quarantine {
    /// A quarantine whose temporary file lies in `folder` instead of the system's place for such files.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { kept: Mutex::default(), folder: Some(folder.to_owned()) }
    }

    /// Puts a row away. `raw` is the row as it was read, or as much of it as is left.
    pub fn add(&self, file: &Path, line: u64, reason: &Reason, raw: &[u8]) -> Result<(), Error> {
        let mut kept = self.lock();
        kept.rows += 1;
        let trouble = kept.troubles.entry(reason.kind()).or_insert_with(|| Trouble {
            reason: reason.kind(),
            rows: 0,
            examples: Vec::new(),
        });
        trouble.rows += 1;
        if trouble.examples.len() < EXAMPLES {
            trouble.examples.push(Example {
                file: shown(file),
                line,
                sentence: reason.to_string(),
            });
        }
        if kept.bytes >= MOST_BYTES {
            kept.uncopied += 1;
            return Ok(());
        }
        self.copy(
            &mut kept,
            &[&shown(file), &line.to_string(), &reason.to_string(), &shortened(raw)],
        )
        .map_err(|cause| Error::world("writing bad rows to a temporary file", cause))
    }

    /// Takes over what another quarantine holds.
    pub(crate) fn absorb(&self, other: Self) -> Result<(), Error> {
        let mut theirs = other.kept.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut ours = self.lock();
        ours.rows += theirs.rows;
        ours.uncopied += theirs.uncopied;
        for (reason, trouble) in theirs.troubles {
            let known = ours.troubles.entry(reason).or_insert_with(|| Trouble {
                reason,
                rows: 0,
                examples: Vec::new(),
            });
            known.rows += trouble.rows;
            let room = EXAMPLES.saturating_sub(known.examples.len());
            known.examples.extend(trouble.examples.into_iter().take(room));
        }
        let Some(file) = &mut theirs.file else { return Ok(()) };
        let failed = |cause| Error::world("writing bad rows to a temporary file", cause);
        file.flush().map_err(failed)?;
        file.get_mut().seek(SeekFrom::Start(0)).map_err(failed)?;
        ours.bytes += theirs.bytes;
        io::copy(file.get_mut(), self.file(&mut ours).map_err(failed)?).map_err(failed)?;
        Ok(())
    }

    /// Bad rows so far, of all files.
    pub fn rows(&self) -> u64 {
        self.lock().rows
    }

    /// What was wrong, the most frequent first.
    pub fn troubles(&self) -> Vec<Trouble> {
        let mut troubles: Vec<_> = self.lock().troubles.values().cloned().collect();
        troubles.sort_by(|a, b| b.rows.cmp(&a.rows).then(a.reason.cmp(b.reason)));
        troubles
    }

    /// The first bad rows, at most `most` of them.
    pub fn first(&self, most: usize) -> Result<Vec<BadRow>, Error> {
        let failed = |cause| Error::world("reading bad rows back", cause);
        let mut kept = self.lock();
        let Some(file) = &mut kept.file else { return Ok(Vec::new()) };
        file.flush().map_err(failed)?;
        let file = file.get_mut();
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&*file);
        let mut rows = Vec::new();
        for record in reader.records().take(most) {
            let record = record.map_err(|cause| failed(cause.into()))?;
            let text = |at: usize| record.get(at).unwrap_or_default().to_owned();
            let line = text(1).parse().unwrap_or_default();
            rows.push(BadRow { line, reason: text(2), row: text(3) });
        }
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(rows)
    }

    /// Writes all bad rows to `path` as CSV (`file,line,reason,row`), whole or not at all; says whether there were any.
    /// Without a bad row no file is written.
    pub fn persist(&self, path: &Path) -> Result<bool, Error> {
        let mut kept = self.lock();
        if kept.rows == 0 {
            return Ok(false);
        }
        write_whole(path, |out| {
            out.write_all(b"file,line,reason,row\n")?;
            let uncopied = kept.uncopied;
            if let Some(file) = &mut kept.file {
                file.flush()?;
                let file = file.get_mut();
                file.seek(SeekFrom::Start(0))?;
                io::copy(file, out)?;
                file.seek(SeekFrom::End(0))?;
            }
            if uncopied > 0 {
                writeln!(out, ",,{uncopied} more bad rows are counted but not kept here,")?;
            }
            Ok(())
        })
        .map_err(|cause| Error::world(format!("writing {}", path.display()), cause))?;
        Ok(true)
    }

    fn copy(&self, kept: &mut Kept, fields: &[&str; 4]) -> io::Result<()> {
        let file = self.file(kept)?;
        let mut line = String::new();
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                line.push(',');
            }
            push_quoted(&mut line, field);
        }
        line.push('\n');
        file.write_all(line.as_bytes())?;
        kept.bytes += line.len() as u64;
        Ok(())
    }

    /// The temporary file, made when it is first needed.
    fn file<'k>(&self, kept: &'k mut Kept) -> io::Result<&'k mut BufWriter<File>> {
        Ok(match &mut kept.file {
            Some(file) => file,
            none => {
                let file = match &self.folder {
                    Some(folder) => tempfile::tempfile_in(folder)?,
                    None => tempfile::tempfile()?,
                };
                none.insert(BufWriter::new(file))
            }
        })
    }

    /// A thread that panicked while it counted leaves counts that are still good.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reason {
    /// The sentence without the row's own value: rows of one kind are counted together.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NoCustomer => "the row has no customer",
            Self::NoActivity => "the row has no activity",
            Self::NoTime => "the row has no time",
            Self::BadTime { .. } => "the time cannot be read",
            Self::ZeroTime => "the time is the number 0: most likely it is missing",
            Self::Ragged { .. } => "the row does not have as many fields as the header",
            Self::OpenQuote => "a quote is opened and not closed within its row",
            Self::NotUtf8 => "the row holds bytes that are no text in the file's encoding",
            Self::BadJson(_) => "the line is no JSON object",
            Self::BadXml(_) => "the event cannot be read",
            Self::NoQuestion => "the answer names no question",
            Self::BadScore(_) => "the score is no number",
            Self::NothingSaid => "the answer has neither a score nor a comment",
            Self::BadSeverity(_) => "the severity is no number",
            Self::NoText => "the complaint has no text",
            Self::Duplicate { .. } => "the event's id was there before",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadTime { value, why } => write!(f, "the time `{value}` cannot be read: {why}"),
            Self::Ragged { fields, header } => {
                write!(f, "the row has {fields} fields where the header has {header}")
            }
            Self::BadJson(why) => write!(f, "the line is no JSON object: {why}"),
            Self::BadXml(why) => write!(f, "the event cannot be read: {why}"),
            Self::Duplicate { earlier } => {
                write!(
                    f,
                    "the event's id was there before, on line {earlier}: only the first of them counts"
                )
            }
            Self::BadScore(value) => write!(f, "the score `{value}` is no number"),
            Self::BadSeverity(value) => write!(f, "the severity `{value}` is no number"),
            other => f.write_str(other.kind()),
        }
    }
}

/// Creates `path` under a temporary name beside it and renames it once everything is on disk.
fn write_whole(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>,
) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    // Temporary files are for their owner alone; this one will be somebody's result, so the usual mask decides.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let temporary = builder.tempfile_in(folder)?;
    let mut out = BufWriter::new(temporary.as_file());
    fill(&mut out)?;
    out.flush()?;
    drop(out);
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

fn push_quoted(line: &mut String, field: &str) {
    if field.contains([',', '"', '\n', '\r']) {
        line.push('"');
        line.push_str(&field.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(field);
    }
}

fn shortened(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw.get(..LONGEST_RAW).unwrap_or(raw));
    if raw.len() > LONGEST_RAW { format!("{text}…") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_reason_and_persists_as_csv() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bad.csv");
        let quarantine = Quarantine::default();
        assert!(!quarantine.persist(&path).unwrap());
        assert!(!path.exists());
        let file = Path::new("events.csv");
        for line in 2..9 {
            quarantine.add(file, line, &Reason::NoCustomer, b",2024-01-01,a").unwrap();
        }
        let ragged = Reason::Ragged { fields: 2, header: 3 };
        quarantine.add(file, 9, &ragged, b"7,\"say \"\"hi\"\"\"").unwrap();
        let troubles = quarantine.troubles();
        assert_eq!(
            troubles.iter().map(|t| (t.rows, t.examples.len())).collect::<Vec<_>>(),
            [(7, 5), (1, 1)]
        );
        assert_eq!(quarantine.rows(), 8);
        // Twice, because a caller may persist what there is and go on reading.
        for _ in 0..2 {
            assert!(quarantine.persist(&path).unwrap());
            let mut rows = csv::Reader::from_path(&path).unwrap();
            let rows: Vec<Vec<String>> = rows.deserialize().map(Result::unwrap).collect();
            assert_eq!(rows.len(), 8);
            let last = [
                "events.csv",
                "9",
                "the row has 2 fields where the header has 3",
                "7,\"say \"\"hi\"\"\"",
            ];
            assert_eq!(rows[7], last);
        }
        quarantine.add(file, 10, &Reason::NoTime, &vec![b'x'; LONGEST_RAW + 1]).unwrap();
        assert!(quarantine.persist(&path).unwrap());
        assert!(std::fs::read_to_string(&path).unwrap().ends_with("x…\n"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
