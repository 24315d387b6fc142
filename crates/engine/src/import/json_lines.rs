//! JSON objects, one on a line or all in one array.
//!
//! Only the keys that are wanted are decoded; the rest of an object is skipped without being kept. Values within nested
//! objects are not reached.

use std::fmt::{self, Write as _};

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::FileRead;
use super::delimited::{Ask, OnRow, holds_damage};
use super::input::Input;
use super::layout::{Row, bare_number};
use super::mapping::Unit;
use super::records::Span;
use super::seen::Seen;
use super::sniff::Format;
use super::text::Text;
use super::window::{LONGEST, Window};
use crate::error::Error;
use crate::quarantine::Reason;

/// Reads every object of a JSONL file, or of one JSON array, into `on_row`; bad ones go to the quarantine.
pub(crate) fn read(
    input: Input<'_>,
    format: Format,
    ask: Ask<'_>,
    on_row: &mut OnRow<'_>,
) -> Result<FileRead, Error> {
    let mut objects =
        Objects { window: Window::new(Text::new(input)), format, next_line: 1, inside: false };
    let mut row = ObjectRow::new(ask);
    let mut read = FileRead { path: ask.source.path.clone(), ..FileRead::default() };
    while let Some((line, length)) = objects.advance()? {
        let raw = objects.window.passed(length).trim_ascii();
        if raw.is_empty() {
            continue;
        }
        read.rows_read += 1;
        let reason = match row.parse(raw) {
            Err(why) => Some(Reason::BadJson(why)),
            Ok(()) if objects.window.text.is_damaged() && holds_damage(&row.text) => {
                Some(Reason::NotUtf8)
            }
            Ok(()) => {
                let found = Row { line, text: &row.text, spans: &row.spans, unit: row.unit };
                if let Some(error) =
                    bare_number(ask.slots, ask.source, &found).filter(|_| row.seen.rows == 1)
                {
                    return Err(error);
                }
                on_row(&found)?
            }
        };
        row.seen.check_early(ask.slots, ask.source)?;
        if let Some(reason) = reason {
            ask.quarantine.add(&ask.source.path, line, &reason, raw)?;
            read.rows_quarantined += 1;
        }
    }
    row.seen.finish(ask.slots, ask.source, &mut read)?;
    let text = &objects.window.text;
    let name = if format == Format::JsonArray { "JSON" } else { "JSONL" };
    let packing = text.packing().map_or(String::new(), |packing| format!(", {packing}"));
    read.format = format!("{name}, {}{packing}", text.encoding());
    read.notes.extend(text.notes());
    Ok(read)
}

/// The wanted values of one object.
struct ObjectRow {
    keys: Vec<Option<String>>,
    /// Slots that want the same key as an earlier one, and that one.
    alike: Vec<(usize, usize)>,
    unit: Option<Unit>,
    text: Vec<u8>,
    spans: Vec<Span>,
    seen: Seen,
}

impl ObjectRow {
    fn new(ask: Ask<'_>) -> Self {
        let mut unit = None;
        let mut keys: Vec<Option<String>> = Vec::new();
        let mut alike = Vec::new();
        for index in 0..ask.slots.list.len() {
            let key = ask.slots.key(index, &ask.source.mapping).map(|(key, its_unit)| {
                unit = unit.or(its_unit);
                key
            });
            if let Some(first) = keys.iter().position(|known| key.is_some() && *known == key) {
                alike.push((index, first));
            }
            keys.push(key);
        }
        let seen = Seen::new(ask.slots.list.len());
        Self { keys, alike, unit, text: Vec::new(), spans: Vec::new(), seen }
    }

    fn parse(&mut self, raw: &[u8]) -> Result<(), String> {
        self.text.clear();
        self.spans.clear();
        self.spans.resize(self.keys.len(), (0, 0));
        let mut json = serde_json::Deserializer::from_slice(raw);
        let parsed = Object(self).deserialize(&mut json).and_then(|()| json.end());
        for &(slot, first) in &self.alike {
            self.spans[slot] = self.spans[first];
            self.seen.slots[slot] |= self.seen.slots[first];
        }
        parsed.map_err(|error| {
            let said = error.to_string();
            let said = said.split(" at line ").next().unwrap_or_default();
            format!("{said} (column {})", error.column())
        })?;
        self.seen.rows += 1;
        Ok(())
    }
}

struct Object<'a>(&'a mut ObjectRow);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let row = self.0;
        while let Some(slot) = map.next_key_seed(Key { keys: &row.keys, seen: &mut row.seen })? {
            let Some(slot) = slot else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let start = row.text.len();
            map.next_value_seed(Value(&mut row.text))?;
            let span = |at: usize| {
                u32::try_from(at).map_err(|_| A::Error::custom("the object is too long"))
            };
            row.spans[slot] = (span(start)?, span(row.text.len())?);
            row.seen.slots[slot] = true;
        }
        Ok(())
    }
}

/// Reads a key and gives the first slot that wants it.
struct Key<'a> {
    keys: &'a [Option<String>],
    seen: &'a mut Seen,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Option<usize>, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Option<usize>, E> {
        self.seen.key(key);
        Ok(self.keys.iter().position(|wanted| wanted.as_deref() == Some(key)))
    }
}

/// Appends a value as text: numbers as CSV would have them, nothing for null and for what is nested.
struct Value<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl Value<'_> {
    fn shown(self, value: impl fmt::Display) {
        let mut text = String::new();
        let _never_fails = write!(text, "{value}");
        self.0.extend_from_slice(text.as_bytes());
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.extend_from_slice(value.as_bytes());
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.shown(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.shown(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.shown(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.shown(value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// The objects of a file, one after the other.
struct Objects<'w> {
    window: Window<'w>,
    format: Format,
    next_line: u64,
    /// Past the opening bracket of the array.
    inside: bool,
}

/// How a search for the end of an object ended.
enum Search {
    Object(usize),
    Cut,
    End,
    Stray(u8),
}

impl Objects<'_> {
    /// Passes the next object and gives the line it begins on and its length; `None` at the end.
    fn advance(&mut self) -> Result<Option<(u64, usize)>, Error> {
        let mut ended = false;
        loop {
            let found =
                if self.format == Format::JsonArray { self.in_array() } else { self.line(ended) };
            match found {
                Search::Object(length) => {
                    let line = self.next_line;
                    self.pass(length);
                    return Ok(Some((line, length)));
                }
                Search::End => return Ok(None),
                Search::Stray(byte) => {
                    let message = format!(
                        "expected an object or the end of the array, not `{}`",
                        byte.escape_ascii()
                    );
                    return Err(Error::on_line(self.window.text.path(), self.next_line, message));
                }
                Search::Cut if ended => {
                    let message = "it ends in the middle of its array: the file was cut off. Nothing of it was counted";
                    return Err(Error::on_line(self.window.text.path(), self.next_line, message));
                }
                Search::Cut if self.window.unread().len() > LONGEST => {
                    let message = "the object that begins here is longer than a megabyte, or its line has no end";
                    return Err(Error::on_line(self.window.text.path(), self.next_line, message));
                }
                Search::Cut => ended = !self.window.more()?,
            }
        }
    }

    fn line(&self, ended: bool) -> Search {
        let unread = self.window.unread();
        match memchr::memchr(b'\n', unread) {
            Some(end) => Search::Object(end + 1),
            None if ended && unread.is_empty() => Search::End,
            None if ended => Search::Object(unread.len()),
            None => Search::Cut,
        }
    }

    /// Passes what lies between objects, and searches the end of the next one.
    fn in_array(&mut self) -> Search {
        loop {
            let Some(&sign) = self.window.unread().first() else { return Search::Cut };
            match sign {
                b'[' if !self.inside => self.inside = true,
                b']' if self.inside => return Search::End,
                b',' if self.inside => {}
                b'{' if self.inside => break,
                space if space.is_ascii_whitespace() => {}
                other => return Search::Stray(other),
            }
            self.pass(1);
        }
        let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
        for (at, &byte) in self.window.unread().iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' if !quoted => depth += 1,
                b'}' if !quoted => {
                    depth -= 1;
                    if depth == 0 {
                        return Search::Object(at + 1);
                    }
                }
                _ => {}
            }
        }
        Search::Cut
    }

    fn pass(&mut self, length: usize) {
        self.window.advance(length);
        self.next_line += memchr::memchr_iter(b'\n', self.window.passed(length)).count() as u64;
    }
}
