//! People who must not be named, as the caller lists them.

use std::collections::BTreeSet;

use crate::tokens::words;

/// Names as they were given, and as comments have their words.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    pub(crate) given: &'a [String],
    words: BTreeSet<String>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(given: &'a [String]) -> Self {
        let words = given.iter().flat_map(|name| words(name, None)).map(|word| word.text);
        Self { given, words: words.collect() }
    }

    /// Whether a word of a comment is part of a name, also as "Anna's".
    pub(crate) fn hide(&self, word: &str) -> bool {
        self.words.contains(word.strip_suffix("'s").unwrap_or(word))
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn each_word_of_a_name_is_hidden() {
        let given = ["Anna Bell".to_owned()];
        let names = Names::of(&given);
        for (word, expected) in [("anna", true), ("bell's", true), ("annas", false), ("", false)] {
            assert_eq!(names.hide(word), expected, "{word}");
        }
    }
}
