//! In which language a comment is written: the caller says so, or the text is long enough to tell, or nobody knows.
//!
//! Guessing from a short comment is worse than not knowing: of five words, a detector takes Spanish for Portuguese and
//! English for Slovak. So it is asked only from [`DETECT_FROM`] characters on, and believed only when it is sure.

use std::fmt;

/// The shortest text whose language is guessed.
const DETECT_FROM: usize = 40;

/// A language by its two letters (ISO 639-1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language([u8; 2]);

impl Language {
    /// The language of a tag such as `de`, `de-CH`, `pt_BR` or `deu`; `None` of what is none.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        let bytes = primary.as_bytes();
        if !bytes.iter().all(u8::is_ascii_lowercase) {
            return None;
        }
        match *bytes {
            // Both written forms of Norwegian share stop words and stems.
            [b'n', b'b' | b'n'] => Some(Self(*b"no")),
            [first, second] => Some(Self([first, second])),
            [_, _, _] => Self::of_three_letters(&primary),
            _ => None,
        }
    }

    /// The language of the tag if it names one, else of the text if that can be told.
    pub fn of(tag: Option<&str>, text: &str) -> Option<Self> {
        tag.and_then(Self::of_tag).or_else(|| Self::detected(text))
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn detected(text: &str) -> Option<Self> {
        if text.trim().chars().count() < DETECT_FROM {
            return None;
        }
        let found = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
        Self::of_three_letters(found.lang().code())
    }

    fn of_three_letters(code: &str) -> Option<Self> {
        let (_, two) = THREE_LETTERS.iter().find(|(three, _)| *three == code)?;
        two.as_bytes().try_into().ok().map(Self)
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// ISO 639-3 to 639-1, of the languages that the detector tells apart.
const THREE_LETTERS: [(&str, &str); 69] = [
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "no"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
];

#[cfg(test)]
mod tests {
    use super::Language;

    fn check(tag: Option<&str>, text: &str, expected: Option<&str>) {
        let found = Language::of(tag, text);
        assert_eq!(found.as_ref().map(Language::code), expected, "{tag:?} {text}");
    }

    #[test]
    fn the_tag_comes_first() {
        check(Some("de-CH"), "The parking lot was full again and nobody came to help", Some("de"));
        check(Some("pt_BR"), "", Some("pt"));
        check(Some("deu"), "", Some("de"));
        check(Some("nb"), "", Some("no"));
    }

    #[test]
    fn a_long_text_tells_its_language() {
        let english = "The parking lot was full again and nobody came to help us";
        for tag in [None, Some("und"), Some(""), Some("x-y"), Some("d€")] {
            check(tag, english, Some("en"));
        }
        check(None, "ที่จอดรถเต็มอีกแล้วและไม่มีใครมาช่วยเราเลยสักคนเดียว", Some("th"));
    }

    #[test]
    fn a_short_text_is_not_guessed() {
        for text in ["No habia donde aparcar", "too slow", "nice", ""] {
            check(None, text, None);
        }
    }
}
