//! JSON text → tree.
//!
//! JSON is YAML on paper, but not to the letter for every reader: tabs between tokens and `\ud83d\ude00` (two escapes
//! for one character) are JSON, and programs write them. So a JSON document is read as what it is.

use super::scalar::{Plain, plain};
use super::tree::{Content, Entry, Node, Place};
use super::{MOST_DEPTH, MOST_NODES};

/// The tree, or where the text stops being JSON and why.
pub(crate) fn tree(text: &str) -> Result<Node, (Place, &'static str)> {
    let mut reader = Reader { chars: text.chars().peekable(), at: Place::START, nodes: 0 };
    let root = reader.value(0)?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(root),
        Some(_) => Err((reader.at, "something follows the closing bracket")),
    }
}

struct Reader<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
    at: Place,
    nodes: usize,
}

type Read<T> = Result<T, (Place, &'static str)>;

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Read<Node> {
        self.skip_space();
        let place = self.at;
        self.nodes += 1;
        if depth > MOST_DEPTH || self.nodes > MOST_NODES {
            return Err((place, "too deep or too many values for a journey"));
        }
        let content = match self.peek() {
            Some('{') => Content::Map(self.entries(depth)?),
            Some('[') => Content::List(self.items(depth)?),
            Some('"') => Content::Scalar { text: self.text()?, quoted: true },
            Some(c) if c == '-' || c.is_ascii_alphanumeric() => {
                Content::Scalar { text: self.literal()?, quoted: false }
            }
            _ => return Err((place, "a value is missing")),
        };
        Ok(Node { place, content })
    }

    fn entries(&mut self, depth: usize) -> Read<Vec<Entry>> {
        let mut entries = Vec::new();
        self.take('{')?;
        self.skip_space();
        if self.peek() == Some('}') {
            self.next();
            return Ok(entries);
        }
        loop {
            self.skip_space();
            let place = self.at;
            let key = self.text()?;
            self.skip_space();
            self.take(':')?;
            let value = self.value(depth + 1)?;
            entries.push(Entry { key, place, value });
            self.skip_space();
            match self.peek() {
                Some(',') => self.next(),
                Some('}') => {
                    self.next();
                    return Ok(entries);
                }
                _ => return Err((self.at, "`,` or `}` is missing")),
            };
        }
    }

    fn items(&mut self, depth: usize) -> Read<Vec<Node>> {
        let mut items = Vec::new();
        self.take('[')?;
        self.skip_space();
        if self.peek() == Some(']') {
            self.next();
            return Ok(items);
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            match self.peek() {
                Some(',') => self.next(),
                Some(']') => {
                    self.next();
                    return Ok(items);
                }
                _ => return Err((self.at, "`,` or `]` is missing")),
            };
        }
    }

    fn text(&mut self) -> Read<String> {
        let opened = self.at;
        self.take('"')?;
        let mut text = String::new();
        loop {
            let at = self.at;
            match self.next() {
                None => return Err((opened, "a quote is opened and never closed")),
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escaped(at)?),
                Some(c) if c < ' ' => return Err((at, "a text holds a raw control character")),
                Some(c) => text.push(c),
            }
        }
    }

    fn escaped(&mut self, at: Place) -> Read<char> {
        let wrong = (at, "no such escape in JSON");
        Ok(match self.next() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let first = self.hex(at)?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first).ok_or(wrong);
                }
                if self.next() != Some('\\') || self.next() != Some('u') {
                    return Err((at, "half of a pair of escapes"));
                }
                let second = self.hex(at)?;
                if !(0xdc00..0xe000).contains(&second) {
                    return Err((at, "half of a pair of escapes"));
                }
                char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
                    .ok_or(wrong)?
            }
            _ => return Err(wrong),
        })
    }

    fn hex(&mut self, at: Place) -> Read<u32> {
        let mut value = 0;
        for _ in 0..4 {
            let digit =
                self.next().and_then(|c| c.to_digit(16)).ok_or((at, "no such escape in JSON"))?;
            value = value * 16 + digit;
        }
        Ok(value)
    }

    /// A number, `true`, `false` or `null`, as written.
    fn literal(&mut self) -> Read<String> {
        let at = self.at;
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c))
        {
            text.push(c);
            self.next();
        }
        let word = matches!(text.as_str(), "true" | "false" | "null");
        let number =
            matches!(plain(&text), Plain::Integer(_) | Plain::Number(_) | Plain::NotFinite);
        if word || number { Ok(text) } else { Err((at, "text must stand in quotes")) }
    }

    fn take(&mut self, wanted: char) -> Read<()> {
        let at = self.at;
        if self.peek() == Some(wanted) {
            self.next();
            return Ok(());
        }
        Err((
            at,
            match wanted {
                '"' => "a key in quotes is missing",
                ':' => "`:` is missing after the key",
                _ => "a bracket is missing",
            },
        ))
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.next();
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        if c == '\n' {
            self.at = Place { line: self.at.line + 1, column: 1 };
        } else {
            self.at.column += 1;
        }
        Some(c)
    }
}
