//! The text of a file as UTF-8, whatever it was written in.
//!
//! A file may be larger than memory, so its encoding is decided as it is read: a mark or a declaration at its start
//! settles it; otherwise it is UTF-8 until a byte says that it is not. If all before that byte was ASCII, nothing has
//! been decided wrongly yet and the encoding is guessed from there on. If there was proper UTF-8 before, the byte is
//! damage: it becomes U+FFFD, and the rows that hold it are for the reader above to refuse.

use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::input::Input;
use super::sniff::utf16_order;
use crate::error::Error;

/// A file of text, read forward.
pub(crate) struct Text<'w> {
    input: Input<'w>,
    decoding: Decoding,
    /// Bytes of a character that was cut by the end of the last read.
    cut: Vec<u8>,
    raw: Vec<u8>,
    ended: bool,
    damaged: bool,
    guessed: bool,
}

enum Decoding {
    Utf8 { beyond_ascii: bool },
    Other(Box<encoding_rs::Decoder>),
}

const STEP: usize = 256 * 1024;

impl<'w> Text<'w> {
    pub(crate) fn new(mut input: Input<'w>) -> Self {
        let (encoding, mark) = marked(&input.head);
        input.head.drain(..mark);
        let decoding = if encoding == UTF_8 {
            Decoding::Utf8 { beyond_ascii: false }
        } else {
            Decoding::Other(Box::new(encoding.new_decoder_without_bom_handling()))
        };
        Self {
            input,
            decoding,
            cut: Vec::new(),
            raw: Vec::new(),
            ended: false,
            damaged: false,
            guessed: false,
        }
    }

    /// Appends more UTF-8 to `into`; `false` at the end of the file.
    pub(crate) fn fill(&mut self, into: &mut Vec<u8>) -> Result<bool, Error> {
        if self.ended {
            return Ok(false);
        }
        match self.decoding {
            Decoding::Utf8 { .. } => self.fill_utf8(into)?,
            Decoding::Other(_) => {
                self.raw.resize(STEP, 0);
                let count = self.input.read(&mut self.raw)?;
                self.ended = count == 0;
                self.raw.truncate(count);
                self.decode(into);
            }
        }
        Ok(true)
    }

    /// What the file turned out to be written in.
    pub(crate) fn encoding(&self) -> &'static str {
        match &self.decoding {
            Decoding::Utf8 { .. } => "UTF-8",
            Decoding::Other(decoder) => decoder.encoding().name(),
        }
    }

    /// Whether characters had to be replaced by U+FFFD.
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.guessed {
            notes
                .push(format!("it is no UTF-8; by its letters it was read as {}", self.encoding()));
        }
        if self.damaged {
            notes.push(format!("some characters are no {}", self.encoding()));
        }
        notes
    }

    pub(crate) fn path(&self) -> &Path {
        &self.input.path
    }

    pub(crate) fn packing(&self) -> Option<&'static str> {
        self.input.packing.map(super::input::Packing::name)
    }

    fn fill_utf8(&mut self, into: &mut Vec<u8>) -> Result<(), Error> {
        let start = into.len();
        into.append(&mut self.cut);
        let from = into.len();
        into.resize(from + STEP, 0);
        let count = self.input.read(into.get_mut(from..).unwrap_or_default())?;
        into.truncate(from + count);
        self.ended = count == 0;
        let new = into.get(start..).unwrap_or_default();
        let (valid, broken) = match std::str::from_utf8(new) {
            Ok(_) => (new.len(), false),
            // Up to three bytes at the end may be the beginning of a character whose rest is still to be read.
            Err(error) => (error.valid_up_to(), error.error_len().is_some() || self.ended),
        };
        let Decoding::Utf8 { beyond_ascii } = &mut self.decoding else { return Ok(()) };
        if !broken {
            *beyond_ascii = *beyond_ascii || !new.is_ascii();
            self.cut = into.split_off(start + valid);
            return Ok(());
        }
        self.raw.clear();
        self.raw.extend_from_slice(new);
        into.truncate(start);
        if *beyond_ascii || mostly_utf8(&self.raw) {
            *beyond_ascii = true;
            self.damaged = true;
            let whole =
                if self.ended { self.raw.len() } else { self.raw.len() - cut_character(&self.raw) };
            self.cut = self.raw.split_off(whole);
            into.extend_from_slice(String::from_utf8_lossy(&self.raw).as_bytes());
            return Ok(());
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(&self.raw, self.ended);
        let encoding = detector.guess(None, Utf8Detection::Deny);
        self.guessed = true;
        self.decoding = Decoding::Other(Box::new(encoding.new_decoder_without_bom_handling()));
        self.decode(into);
        Ok(())
    }

    /// Decodes `raw` to its end, or to the last whole character of it.
    fn decode(&mut self, into: &mut Vec<u8>) {
        let Decoding::Other(decoder) = &mut self.decoding else { return };
        let mut rest = self.raw.as_slice();
        loop {
            let start = into.len();
            let room = decoder.max_utf8_buffer_length(rest.len()).unwrap_or(STEP * 3).max(16);
            into.resize(start + room, 0);
            let (result, read, written, replaced) =
                decoder.decode_to_utf8(rest, into.get_mut(start..).unwrap_or_default(), self.ended);
            into.truncate(start + written);
            self.damaged |= replaced;
            rest = rest.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                return;
            }
        }
    }
}

/// The encoding that the first bytes declare, and how many of them are a mark and no text.
fn marked(head: &[u8]) -> (&'static Encoding, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(head) {
        return (encoding, length);
    }
    match utf16_order(head) {
        Some(true) => (UTF_16LE, 0),
        Some(false) => (UTF_16BE, 0),
        None => (declared(head).unwrap_or(UTF_8), 0),
    }
}

/// The encoding that an XML declaration names.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..memchr::memchr(b'>', declaration)?)?;
    let declaration = std::str::from_utf8(declaration).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    Encoding::for_label(value.get(1..)?.split(quote).next()?.as_bytes())
        .filter(|encoding| encoding.is_ascii_compatible())
}

/// Whether enough of the bytes beyond ASCII make up UTF-8 that the rest are damage in a UTF-8 file. In other encodings a
/// pair of bytes is UTF-8 by accident only, at most one time in ten (Korean).
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for part in bytes.utf8_chunks() {
        good += part.valid().chars().filter(|char| !char.is_ascii()).count();
        bad += usize::from(!part.invalid().is_empty());
    }
    good * 2 >= bad
}

/// How many bytes at the end are the beginning of a character.
fn cut_character(bytes: &[u8]) -> usize {
    (1..=3)
        .find(|&count| {
            let at = bytes.len().checked_sub(count).and_then(|at| bytes.get(at..));
            at.is_some_and(|tail| {
                std::str::from_utf8(tail)
                    .is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none())
            })
        })
        .unwrap_or(0)
}
