//! Ids: lower-case words and hyphens.

/// The form of an id, as a regular expression for the JSON Schema.
pub(crate) const PATTERN: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

pub fn is_id(text: &str) -> bool {
    text.split('-').all(|word| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

/// An id that recalls the text: `I park, quickly!` → `i-park-quickly`. `None` when no letter or digit of ASCII is in it.
pub fn id_of(text: &str) -> Option<String> {
    let mut id = String::new();
    let mut gap = false;
    for c in text.chars() {
        match without_accent(c) {
            Some(plain) => {
                if gap && !id.is_empty() {
                    id.push('-');
                }
                gap = false;
                id.push_str(plain.encode_utf8(&mut [0; 4]));
            }
            None => gap = true,
        }
    }
    (!id.is_empty()).then_some(id)
}

fn without_accent(c: char) -> Option<char> {
    const ACCENTED: [(&str, char); 9] = [
        ("àáâãäåÀÁÂÃÄÅ", 'a'),
        ("çÇ", 'c'),
        ("èéêëÈÉÊË", 'e'),
        ("ìíîïÌÍÎÏ", 'i'),
        ("ñÑ", 'n'),
        ("òóôõöøÒÓÔÕÖØ", 'o'),
        ("ùúûüÙÚÛÜ", 'u'),
        ("ýÿÝ", 'y'),
        ("ß", 's'),
    ];
    if c.is_ascii_alphanumeric() {
        return Some(c.to_ascii_lowercase());
    }
    ACCENTED.iter().find(|(accented, _)| accented.contains(c)).map(|(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::{id_of, is_id};

    #[test]
    fn ids_are_lower_case_words_and_hyphens() {
        for id in ["a", "loyalty-visit", "24-hours", "x1"] {
            assert!(is_id(id), "{id}");
        }
        for other in ["", "-a", "a-", "a--b", "A", "a b", "a_b", "é", "a\n"] {
            assert!(!is_id(other), "{other}");
        }
    }

    #[test]
    fn an_id_recalls_its_text() {
        let cases = [
            ("I park, quickly!", Some("i-park-quickly")),
            ("Crème Brûlée", Some("creme-brulee")),
            ("A_PENDING", Some("a-pending")),
            ("  --x--  ", Some("x")),
            ("駐車", None),
        ];
        for (text, id) in cases {
            assert_eq!(id_of(text).as_deref(), id, "{text}");
            assert!(id.is_none_or(is_id), "{text}");
        }
    }
}
