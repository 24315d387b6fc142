//! The records of a delimited file, split in place.
//!
//! Most lines of most logs hold no quote, and those are split by searching for bytes sixteen at a time, without copying.
//! A line with a quote goes through the grammar of RFC 4180, as the csv crate reads it: a quote opens at the start of a
//! field only, two of them within quotes are one, and what follows a closing quote belongs to the field.

use memchr::{memchr, memchr_iter};

use super::window::{LONGEST, Window};
use crate::error::Error;

/// Where a field lies in its record's text.
pub(crate) type Span = (u32, u32);

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    /// `\n` (after which a `\r` before it is dropped), or `\r` for files that know no other.
    pub(crate) line_end: u8,
}

pub(crate) struct Records<'w> {
    pub(crate) window: Window<'w>,
    dialect: Dialect,
    /// Line that the next record begins on.
    next_line: u64,
    now: Parsed,
    line: u64,
    /// Up to here, counted from the window's place, there is known to be no quote.
    quote_free: usize,
    spans: Vec<Span>,
    unquoted: Vec<u8>,
}

/// One record, as it lies in memory until the next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    /// The line that it begins on, from 1.
    pub(crate) line: u64,
    /// More than 1 when a quoted field holds line ends.
    pub(crate) lines: u64,
    /// What `spans` point into: the record as written, or its fields without their quotes.
    pub(crate) text: &'a [u8],
    pub(crate) spans: &'a [Span],
    pub(crate) raw: &'a [u8],
    /// A quote was opened on this line and never closed.
    pub(crate) open_quote: bool,
    /// Text follows a closing quote: allowed by custom, but rarely meant.
    pub(crate) text_after_quote: bool,
}

/// What splitting the beginning of a buffer came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    /// Bytes of the record, with its line end.
    pub(crate) length: usize,
    pub(crate) lines: u64,
    unquoted: bool,
    open_quote: bool,
    text_after_quote: bool,
}

impl<'w> Records<'w> {
    pub(crate) fn new(window: Window<'w>, dialect: Dialect) -> Self {
        Self {
            window,
            dialect,
            next_line: 1,
            now: Parsed::default(),
            line: 0,
            quote_free: 0,
            spans: Vec::new(),
            unquoted: Vec::new(),
        }
    }

    /// Goes on to the next record; `false` at the end. Empty lines are none.
    pub(crate) fn advance(&mut self) -> Result<bool, Error> {
        loop {
            let Some(parsed) = self.parse()? else { return Ok(false) };
            self.window.advance(parsed.length);
            self.quote_free = self.quote_free.saturating_sub(parsed.length);
            self.now = parsed;
            self.line = self.next_line;
            self.next_line += parsed.lines;
            if self.spans != [(0, 0)] || parsed.unquoted {
                return Ok(true);
            }
        }
    }

    pub(crate) fn record(&self) -> Record<'_> {
        let raw = self.window.passed(self.now.length);
        let text = if self.now.unquoted { &self.unquoted } else { raw };
        let Parsed { lines, open_quote, text_after_quote, .. } = self.now;
        Record {
            line: self.line,
            lines,
            text,
            spans: &self.spans,
            raw: trimmed(raw),
            open_quote,
            text_after_quote,
        }
    }

    /// Takes back all of this record but its first line: what looked like one row over many lines was a stray quote,
    /// and the lines under it deserve a hearing of their own.
    pub(crate) fn keep_first_line(&mut self) {
        let raw = self.window.passed(self.now.length);
        let Some(end) = memchr(self.dialect.line_end, raw) else { return };
        let back = raw.len() - (end + 1);
        self.window.retreat(back);
        self.quote_free = 0;
        self.now = Parsed { length: end + 1, lines: 1, ..self.now };
        self.next_line = self.line + 1;
    }

    fn parse(&mut self) -> Result<Option<Parsed>, Error> {
        let mut ended = false;
        let mut searched = 0;
        loop {
            let unread = self.window.unread();
            let line_end =
                memchr(self.dialect.line_end, &unread[searched..]).map(|at| at + searched);
            let whole =
                line_end.map(|at| at + 1).or((ended && !unread.is_empty()).then_some(unread.len()));
            if let Some(length) = whole {
                let parsed = self.parse_line(length, ended)?;
                if parsed.is_some() {
                    return Ok(parsed);
                }
            } else if ended {
                return Ok(None);
            } else if unread.len() > LONGEST {
                let message = "this line is longer than a megabyte: the file has no line ends, or it is no table";
                return Err(Error::on_line(self.window.text.path(), self.next_line, message));
            } else {
                searched = unread.len();
            }
            ended = !self.window.more()?;
        }
    }

    /// Splits the line of `length` bytes, and more lines with it if a quoted field goes on. `None`: read on first.
    fn parse_line(&mut self, length: usize, ended: bool) -> Result<Option<Parsed>, Error> {
        let unread = self.window.unread();
        if self.quote_free < length {
            let known = self.quote_free;
            self.quote_free = memchr(b'"', &unread[known..]).map_or(unread.len(), |at| at + known);
        }
        if self.quote_free >= length {
            split_plain(trimmed(&unread[..length]), self.dialect.delimiter, &mut self.spans);
            return Ok(Some(Parsed { length, lines: 1, ..Parsed::default() }));
        }
        if let Some(parsed) =
            split_quoted(unread, ended, self.dialect, &mut self.spans, &mut self.unquoted)
        {
            return Ok(Some(parsed));
        }
        if !ended && unread.len() <= LONGEST {
            return Ok(None);
        }
        split_plain(trimmed(&unread[..length]), self.dialect.delimiter, &mut self.spans);
        Ok(Some(Parsed { length, lines: 1, open_quote: true, ..Parsed::default() }))
    }
}

impl<'a> Record<'a> {
    pub(crate) fn field(&self, index: usize) -> &'a [u8] {
        self.spans
            .get(index)
            .and_then(|&(start, end)| self.text.get(start as usize..end as usize))
            .unwrap_or_default()
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = String> + use<'a> {
        let record = *self;
        (0..self.spans.len())
            .map(move |index| String::from_utf8_lossy(record.field(index)).trim().to_owned())
    }
}

/// How many fields each of the first records of `head` has; the last one may be cut off and is left out.
pub(crate) fn field_counts(head: &[u8], dialect: Dialect, most: usize) -> Vec<usize> {
    let (mut spans, mut unquoted, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = head;
    while counts.len() < most {
        let Some(parsed) = split_quoted(rest, false, dialect, &mut spans, &mut unquoted) else {
            break;
        };
        rest = &rest[parsed.length..];
        if spans != [(0, 0)] {
            counts.push(spans.len());
        }
    }
    counts
}

fn split_plain(line: &[u8], delimiter: u8, spans: &mut Vec<Span>) {
    spans.clear();
    let mut start = 0;
    for at in memchr_iter(delimiter, line) {
        spans.push((start, offset(at)));
        start = offset(at) + 1;
    }
    spans.push((start, offset(line.len())));
}

/// Splits the record that `text` begins with; `None` if its end is not in `text`. `ended`: there is no more text.
fn split_quoted(
    text: &[u8],
    ended: bool,
    dialect: Dialect,
    spans: &mut Vec<Span>,
    unquoted: &mut Vec<u8>,
) -> Option<Parsed> {
    spans.clear();
    unquoted.clear();
    let mut parsed =
        Parsed { length: 0, lines: 1, unquoted: true, open_quote: false, text_after_quote: false };
    let mut at = 0;
    loop {
        let start = offset(unquoted.len());
        let quoted = text.get(at) == Some(&b'"');
        if quoted {
            at += 1;
            loop {
                let quote = at + memchr(b'"', &text[at..])?;
                unquoted.extend_from_slice(&text[at..quote]);
                parsed.lines += memchr_iter(dialect.line_end, &text[at..quote]).count() as u64;
                at = quote + 1;
                match text.get(at) {
                    Some(b'"') => {
                        unquoted.push(b'"');
                        at += 1;
                    }
                    // Whether this quote closes is not known before the byte after it is.
                    None if !ended => return None,
                    _ => break,
                }
            }
        }
        let end = memchr::memchr2(dialect.delimiter, dialect.line_end, &text[at..])
            .map(|found| at + found);
        if end.is_none() && !ended {
            return None;
        }
        let stop = end.unwrap_or(text.len());
        let delimited = text.get(stop) == Some(&dialect.delimiter);
        let tail = if delimited { &text[at..stop] } else { trimmed(&text[at..stop]) };
        parsed.text_after_quote |= quoted && !tail.is_empty();
        unquoted.extend_from_slice(tail);
        spans.push((start, offset(unquoted.len())));
        at = (stop + 1).min(text.len());
        if !delimited {
            return Some(Parsed { length: at, ..parsed });
        }
    }
}

/// A line without its end.
fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Records are at most [`LONGEST`] and a step long, far from the limit of 32 bits.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Watch;
    use crate::import::input::Input;
    use crate::import::text::Text;

    const COMMAS: Dialect = Dialect { delimiter: b',', line_end: b'\n' };

    /// The fields of every record, up to a quote that never closes.
    fn split(text: &str) -> (Vec<Vec<String>>, bool) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let watch = Watch::default();
        let input = Input::open(file.path(), &watch).unwrap();
        let mut records = Records::new(Window::new(Text::new(input)), COMMAS);
        let mut all = Vec::new();
        while records.advance().unwrap() {
            let record = records.record();
            if record.open_quote {
                return (all, true);
            }
            let field = |index| String::from_utf8(record.field(index).to_vec()).unwrap();
            all.push((0..record.spans.len()).map(field).collect());
        }
        (all, false)
    }

    proptest::proptest! {
        /// Malformed text too is read as the csv crate reads it, but for a quote that never closes: csv takes the rest
        /// of the file for its field.
        #[test]
        fn records_are_those_of_the_csv_crate(pieces in proptest::collection::vec("a|,|\"|\n|\r\n|é| ", 0..40)) {
            let text = pieces.concat();
            let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> = csv.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            let (ours, open_quote) = split(&text);
            if open_quote {
                proptest::prop_assert!(theirs.starts_with(&ours), "{text:?}: {ours:?} {theirs:?}");
            } else {
                proptest::prop_assert_eq!(ours, theirs, "{:?}", text);
            }
        }
    }

    #[test]
    fn a_record_may_lie_across_reads() {
        let long = "x".repeat(300_000);
        let text = format!("a,\"{long}\n{long}\"\nb,{long}\n");
        let (records, _) = split(&text);
        assert_eq!(records.len(), 2);
        assert_eq!(records[0][1].len(), 600_001);
        assert_eq!(records[1], ["b".to_owned(), long]);
    }
}
