//! XES (IEEE 1849), the exchange format of process mining: traces of events, their attributes as elements.
//!
//! Read as a stream of tags; nothing is kept but the attributes of the trace and the event at hand that somebody wants.
//! An event's own attribute comes first, the trace's of the same name stands in for it, and `case:x` is the trace's `x`.
//! Nested attributes, globals, classifiers and extensions are passed over. A DTD is refused: entities of its own are
//! the way to blow up a reader, and no log needs them.

use std::io::{self, BufRead, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::delimited::{Ask, OnRow, holds_damage};
use super::input::Input;
use super::layout::{Row, bare_number};
use super::mapping::Unit;
use super::records::Span;
use super::seen::Seen;
use super::text::Text;
use super::window::LONGEST;
use super::{FileRead, Source};
use crate::error::Error;
use crate::quarantine::Reason;

/// Elements within elements at most; logs have four levels, and a few more for lists.
const DEEPEST: usize = 64;

/// The names that the standard gives to what we need, for a file that was not mapped otherwise.
pub(crate) fn with_standard_names(source: &Source) -> Source {
    let standard = [
        ("customer_id", "case:concept:name"),
        ("at", "time:timestamp"),
        ("activity", "concept:name"),
    ];
    let mut source = source.clone();
    for (target, key) in standard {
        if !source.mapping.names(target) {
            source.mapping = source.mapping.with(target, key);
        }
    }
    source
}

/// Reads every event of an XES log into `on_row`; bad ones go to the quarantine.
pub(crate) fn read(
    input: Input<'_>,
    ask: Ask<'_>,
    on_row: &mut OnRow<'_>,
) -> Result<FileRead, Error> {
    let mut xml = quick_xml::Reader::from_reader(Tags::new(Text::new(input)));
    let mut log = Log::new(ask);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        xml.get_mut().left = LONGEST;
        let event = match xml.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Err(broken(xml.get_mut(), &error)),
        };
        let line = xml.get_ref().line;
        let damaged = xml.get_ref().text.is_damaged();
        match event {
            Event::Start(tag) => log.open(&tag, line)?,
            Event::Empty(tag) => {
                log.open(&tag, line)?;
                log.close(damaged, on_row)?;
            }
            Event::End(_) => log.close(damaged, on_row)?,
            Event::DocType(_) => {
                let message = "the file has a DTD, which is refused: it could make the file grow without end. Remove the `<!DOCTYPE …>`";
                return Err(Error::on_line(&ask.source.path, line, message));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !log.open.is_empty() || !log.any {
        return Err(Error::reading(&ask.source.path, io::ErrorKind::UnexpectedEof.into()));
    }
    let text = &xml.get_ref().text;
    let packing = text.packing().map_or(String::new(), |packing| format!(", {packing}"));
    log.read.format = format!("XES, {}{packing}", text.encoding());
    log.read.notes = text.notes();
    let mut read = log.read;
    log.seen.finish(ask.slots, ask.source, &mut read)?;
    Ok(read)
}

/// What an open element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Log,
    Trace,
    Event,
    /// An attribute, whose value is on its own tag, or anything else that is passed over with all that is in it.
    Other,
}

/// Where the reader is in the log, and the wanted attributes there.
struct Log<'a> {
    ask: Ask<'a>,
    keys: Vec<Keys>,
    unit: Option<Unit>,
    open: Vec<Element>,
    any: bool,
    /// Values of the trace at hand, then those of the event.
    text: Vec<u8>,
    trace_length: usize,
    trace_spans: Vec<Span>,
    spans: Vec<Span>,
    line: u64,
    fault: Option<String>,
    seen: Seen,
    read: FileRead,
}

/// The keys that a slot is found under.
#[derive(Debug, Default)]
struct Keys {
    of_event: Option<String>,
    of_trace: Option<String>,
}

impl<'a> Log<'a> {
    fn new(ask: Ask<'a>) -> Self {
        let mut unit = None;
        let keys = (0..ask.slots.list.len()).map(|slot| {
            let Some((key, its_unit)) = ask.slots.key(slot, &ask.source.mapping) else {
                return Keys::default();
            };
            unit = unit.or(its_unit);
            match key.strip_prefix("case:") {
                Some(of_trace) => {
                    Keys { of_event: Some(key.clone()), of_trace: Some(of_trace.to_owned()) }
                }
                // What an event is and when it was is the event's to say: a trace has a name of its own.
                None if ["at", "activity"].contains(&ask.slots.list[slot].name.as_str()) => {
                    Keys { of_event: Some(key), of_trace: None }
                }
                None => Keys { of_event: Some(key.clone()), of_trace: Some(key) },
            }
        });
        let keys: Vec<_> = keys.collect();
        let nowhere = vec![(0, 0); keys.len()];
        Self {
            ask,
            unit,
            open: Vec::new(),
            any: false,
            text: Vec::new(),
            trace_length: 0,
            trace_spans: nowhere.clone(),
            spans: nowhere,
            line: 0,
            fault: None,
            seen: Seen::new(keys.len()),
            read: FileRead { path: ask.source.path.clone(), ..FileRead::default() },
            keys,
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>, line: u64) -> Result<(), Error> {
        let name = tag.local_name();
        let element = match (self.open.last(), name.as_ref()) {
            (None, "log") => Element::Log,
            (None, other) => {
                let message =
                    format!("this XML is no XES log: its root is `<{other}>`, not `<log>`");
                return Err(Error::on_line(&self.ask.source.path, line, message));
            }
            (Some(Element::Log), "trace") => Element::Trace,
            (Some(Element::Log | Element::Trace), "event") => Element::Event,
            _ => Element::Other,
        };
        if self.open.len() >= DEEPEST {
            let message = format!("elements are nested deeper than {DEEPEST}: this is no log");
            return Err(Error::on_line(&self.ask.source.path, line, message));
        }
        match (self.open.last(), element) {
            (_, Element::Trace) => {
                self.text.clear();
                self.trace_length = 0;
                self.trace_spans.fill((0, 0));
            }
            (_, Element::Event) => {
                self.text.truncate(self.trace_length);
                self.spans.clone_from(&self.trace_spans);
                self.line = line;
            }
            (Some(&parent @ (Element::Trace | Element::Event)), Element::Other) => {
                self.attribute(tag, parent)
            }
            _ => {}
        }
        self.any = true;
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self, damaged: bool, on_row: &mut OnRow<'_>) -> Result<(), Error> {
        match self.open.pop() {
            Some(Element::Event) => self.row(damaged, on_row),
            Some(Element::Trace) => {
                self.text.clear();
                self.trace_length = 0;
                self.trace_spans.fill((0, 0));
                self.fault = None;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Keeps the value of an attribute for every slot that wants it.
    fn attribute(&mut self, tag: &BytesStart<'_>, parent: Element) {
        let of_trace = parent == Element::Trace;
        let (key, value) = match key_and_value(tag) {
            Ok(found) => found,
            Err(why) => {
                self.fault = Some(why);
                return;
            }
        };
        let Some(key) = key else { return };
        if of_trace {
            self.seen.key(&format!("case:{key}"));
            self.text.truncate(self.trace_length);
        } else {
            self.seen.key(&key);
        }
        let start = self.text.len();
        let mut used = false;
        for (slot, keys) in self.keys.iter().enumerate() {
            let wanted = if of_trace { &keys.of_trace } else { &keys.of_event };
            if wanted.as_deref() != Some(&*key) {
                continue;
            }
            self.seen.slots[slot] = true;
            if value.is_empty() {
                continue;
            }
            if !used {
                self.text.extend_from_slice(value.as_bytes());
                used = true;
            }
            let Some(span) = span(start, self.text.len()) else { continue };
            let spans = if of_trace { &mut self.trace_spans } else { &mut self.spans };
            spans[slot] = span;
        }
        if of_trace {
            self.trace_length = self.text.len();
        }
    }

    fn row(&mut self, damaged: bool, on_row: &mut OnRow<'_>) -> Result<(), Error> {
        self.read.rows_read += 1;
        self.seen.rows += 1;
        let row = Row { line: self.line, text: &self.text, spans: &self.spans, unit: self.unit };
        let reason = match self.fault.take() {
            Some(why) => Some(Reason::BadXml(why)),
            None if damaged && holds_damage(&self.text) => Some(Reason::NotUtf8),
            None => {
                if let Some(error) = bare_number(self.ask.slots, self.ask.source, &row)
                    .filter(|_| self.seen.rows == 1)
                {
                    return Err(error);
                }
                on_row(&row)?
            }
        };
        self.seen.check_early(self.ask.slots, self.ask.source)?;
        if let Some(reason) = reason {
            let list = self.ask.slots.list.iter().enumerate();
            let values = list.map(|(slot, wanted)| {
                format!("{}={}", wanted.name, String::from_utf8_lossy(row.field(slot)))
            });
            let raw = values.collect::<Vec<_>>().join("; ");
            self.ask.quarantine.add(&self.ask.source.path, self.line, &reason, raw.as_bytes())?;
            self.read.rows_quarantined += 1;
        }
        Ok(())
    }
}

/// The `key` and `value` of an attribute's tag; no key, no attribute.
fn key_and_value(tag: &BytesStart<'_>) -> Result<(Option<String>, String), String> {
    let (mut key, mut value) = (None, String::new());
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let said = || {
            attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())
        };
        match attribute.key.as_ref() {
            "key" => key = Some(said()?.into_owned()),
            "value" => value = said()?.into_owned(),
            _ => {}
        }
    }
    Ok((key, value))
}

fn span(start: usize, end: usize) -> Option<Span> {
    Some((u32::try_from(start).ok()?, u32::try_from(end).ok()?))
}

/// The error behind one of the XML reader: ours if it came through it, else what it says about the document.
fn broken(tags: &mut Tags<'_>, error: &quick_xml::Error) -> Error {
    if let Some(failed) = tags.failed.take() {
        return failed;
    }
    let path = tags.text.path();
    if tags.ended {
        return Error::reading(path, io::ErrorKind::UnexpectedEof.into());
    }
    Error::on_line(path, tags.line, format!("the XML is broken: {error}"))
}

/// The text as the XML reader takes it, counting lines and keeping each tag within bounds.
struct Tags<'w> {
    text: Text<'w>,
    buffer: Vec<u8>,
    at: usize,
    line: u64,
    /// Bytes that the tag at hand may still take.
    left: usize,
    ended: bool,
    failed: Option<Error>,
}

impl<'w> Tags<'w> {
    fn new(text: Text<'w>) -> Self {
        Self { text, buffer: Vec::new(), at: 0, line: 1, left: LONGEST, ended: false, failed: None }
    }

    fn fail(&mut self, error: Error) -> io::Error {
        self.failed = Some(error);
        io::Error::other("see `failed`")
    }
}

impl BufRead for Tags<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            let message = "this tag or text is longer than a megabyte: this is no log";
            let error = Error::on_line(self.text.path(), self.line, message);
            return Err(self.fail(error));
        }
        while self.at == self.buffer.len() && !self.ended {
            self.buffer.clear();
            self.at = 0;
            match self.text.fill(&mut self.buffer) {
                Ok(more) => self.ended = !more,
                Err(error) => return Err(self.fail(error)),
            }
        }
        Ok(&self.buffer[self.at..])
    }

    fn consume(&mut self, count: usize) {
        let end = (self.at + count).min(self.buffer.len());
        self.line += memchr::memchr_iter(b'\n', &self.buffer[self.at..end]).count() as u64;
        self.left = self.left.saturating_sub(count);
        self.at = end;
    }
}

impl Read for Tags<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}
