//! One form for the forms of a word: "queue" and "queues" count as one.
//!
//! Stems are keys, not words: they are compared and counted, and people are shown the form that customers wrote most.
//! Snowball's algorithms (Porter 2001) for the languages that have one; in others a word is its own stem.

use rust_stemmers::{Algorithm, Stemmer};

use crate::Language;

/// The stem of a word in lower case.
pub(crate) fn stem(word: &str, language: Option<Language>) -> String {
    // The algorithms are written for words of letters; anything else stays what it is.
    let is_plain = word.chars().all(|c| c.is_alphabetic() || c == '\'');
    match language.and_then(|language| algorithm(language.code())).filter(|_| is_plain) {
        Some(algorithm) => Stemmer::create(algorithm).stem(word).into_owned(),
        None => word.to_owned(),
    }
}

fn algorithm(code: &str) -> Option<Algorithm> {
    Some(match code {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nl" => Algorithm::Dutch,
        "no" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::stem;
    use crate::Language;

    fn check(code: &str, forms: &[&str]) {
        let stems: Vec<String> =
            forms.iter().map(|form| stem(form, Language::of_tag(code))).collect();
        assert!(stems.iter().all(|stem| *stem == stems[0]), "{code}: {stems:?}");
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        check("en", &["queue", "queues"]);
        check("de", &["parkplatz", "parkplatzes"]);
        check("de", &["straße", "strasse", "strassen"]);
        check("es", &["aparcamiento", "aparcamientos"]);
        check("fr", &["caissière", "caissières"]);
    }

    #[test]
    fn without_an_algorithm_a_word_is_its_stem() {
        assert_eq!(stem("queues", None), "queues");
        assert_eq!(stem("पार्किंग", Language::of_tag("hi")), "पार्किंग");
        assert_eq!(stem("24h-tills", Language::of_tag("en")), "24h-tills");
    }
}
