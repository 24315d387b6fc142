//! Texts that come again and again, as small numbers.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::error::Error;

/// The names of one scan, shared over its files.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub activities: Interner,
    pub channels: Interner,
    /// Of attributes that are wanted as they were written.
    pub values: Interner,
}

/// Text to code and back; codes count up from 0 in the order of first sight.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    codes: HashMap<Box<str>, u32, BuildHasherDefault<Xxh3>>,
    texts: Vec<Box<str>>,
}

/// How many different names one column may have. Beyond it somebody has mapped an id or a comment as the activity, and
/// the memory for its names would grow with the file.
const MOST_NAMES: usize = 1 << 20;

impl Interner {
    /// The code of `text`, a new one if need be; `None` past the limit of [`too_many`].
    pub(crate) fn code(&mut self, text: &str) -> Option<u32> {
        if let Some(&code) = self.codes.get(text) {
            return Some(code);
        }
        if self.texts.len() >= MOST_NAMES {
            return None;
        }
        self.value(text)
    }

    /// As [`Self::code`], for a column of values, which may be as many as there are rows.
    pub(crate) fn value(&mut self, text: &str) -> Option<u32> {
        if let Some(&code) = self.codes.get(text) {
            return Some(code);
        }
        let code = u32::try_from(self.texts.len()).ok()?;
        self.codes.insert(text.into(), code);
        self.texts.push(text.into());
        Some(code)
    }

    /// The code of `text` if it was ever seen.
    #[must_use]
    pub fn find_code(&self, text: &str) -> Option<u32> {
        self.codes.get(text).copied()
    }

    /// The text behind a code that this interner gave.
    #[must_use]
    pub fn text(&self, code: u32) -> &str {
        self.texts.get(code as usize).map_or("", AsRef::as_ref)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// All texts; a text's index is its code.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }

    /// Takes over another interner's texts and says which code here each of its codes has become.
    pub fn merge(&mut self, other: &Self) -> Result<Vec<u32>, Error> {
        other
            .texts()
            .map(|text| self.code(text).ok_or_else(|| too_many("a column of names", text)))
            .collect()
    }
}

/// The error for a column that holds no names.
pub(crate) fn too_many(column: &str, example: &str) -> Error {
    Error::caller(format!(
        "{column} has more than {MOST_NAMES} different values, such as `{example}`: that is an id or a text, not a name; \
         map another column to it",
    ))
}

/// XXH3 of the last thing written; strings write their bytes and then one byte more.
#[derive(Debug, Default, Clone, Copy)]
struct Xxh3(u64);

impl Hasher for Xxh3 {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    fn write_u8(&mut self, byte: u8) {
        self.0 ^= u64::from(byte);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_count_up_and_stay() {
        let mut names = Interner::default();
        let codes: Vec<_> =
            ["a", "b", "a", "NA", ""].iter().map(|text| names.code(text).unwrap()).collect();
        assert_eq!(codes, [0, 1, 0, 2, 3]);
        assert_eq!(names.texts().collect::<Vec<_>>(), ["a", "b", "NA", ""]);
        assert_eq!(
            (names.find_code("NA"), names.find_code("c"), names.text(1)),
            (Some(2), None, "b")
        );
    }

    #[test]
    fn merging_says_what_each_code_became() {
        let (mut here, mut there) = (Interner::default(), Interner::default());
        for text in ["a", "b"] {
            here.code(text).unwrap();
        }
        for text in ["c", "b", "a"] {
            there.code(text).unwrap();
        }
        assert_eq!(here.merge(&there).unwrap(), [2, 1, 0]);
        assert_eq!(here.texts().collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
