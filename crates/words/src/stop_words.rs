//! Words that every comment has and that therefore tell nothing, by language, and the words that say no.
//!
//! The lists hold "not", but it is the shortest complaint there is: with it taken out, "not helpful" and "helpful" would
//! be the same comment. So whoever asks for one asks for the other. Where there is no list for a language nothing is a stop word, and rare words are told from common ones by counting.

use crate::Language;

/// Whether a word in lower case tells nothing in this language.
pub(crate) fn is_stop_word(word: &str, language: Option<Language>) -> bool {
    let Some(language) = language else {
        return false;
    };
    is_listed(word, language.code())
}

fn is_listed(word: &str, code: &str) -> bool {
    match code {
        "hi" => HINDI.contains(&word),
        // The parts that words are broken into at the apostrophe ("don", "ll") stand in the list, whole ones do not all.
        "en" => in_list(word, code) || ENGLISH.contains(&word),
        code => in_list(word, code),
    }
}

fn in_list(word: &str, code: &str) -> bool {
    stop_words::lookup(code).is_some_and(|list| list.contains(&word))
}

/// Whether a word in lower case says no.
pub(crate) fn is_negation(word: &str, language: Option<Language>) -> bool {
    let Some(language) = language else {
        return false;
    };
    if language.code() == "en" && word.ends_with("n't") {
        return true;
    }
    let of_language = NEGATIONS.iter().find(|(code, _)| *code == language.code());
    of_language.is_some_and(|(_, words)| words.contains(&word))
}

const NEGATIONS: [(&str, &[&str]); 19] = [
    ("ar", &["لا", "ليس", "لم", "لن", "ما", "غير", "بدون"]),
    ("ca", &["no", "ni", "sense", "mai", "res", "cap"]),
    ("da", &["ikke", "ingen", "intet", "aldrig", "uden"]),
    (
        "de",
        &[
            "nicht", "nichts", "nie", "ohne", "kein", "keine", "keinem", "keinen", "keiner",
            "keines",
        ],
    ),
    ("el", &["δεν", "δε", "μη", "μην", "όχι", "χωρίς", "ποτέ"]),
    ("en", &["no", "not", "nor", "never", "none", "nobody", "nothing", "without", "cannot"]),
    ("es", &["no", "ni", "nunca", "nada", "nadie", "sin", "ningún", "ninguno", "ninguna"]),
    ("fi", &["ei", "en", "et", "emme", "ette", "eivät", "eikä"]),
    ("fr", &["ne", "pas", "ni", "non", "sans", "jamais", "rien", "aucun", "aucune"]),
    ("hi", &["नहीं", "न", "ना", "मत", "बिना"]),
    ("hu", &["nem", "ne", "sem", "nincs", "soha", "nélkül"]),
    ("it", &["non", "né", "senza", "mai", "niente", "nulla", "nessuno"]),
    ("nl", &["niet", "niets", "geen", "nooit", "zonder", "niemand"]),
    ("no", &["ikke", "ikkje", "ingen", "aldri", "uten"]),
    ("pt", &["não", "nem", "nunca", "nada", "sem", "nenhum", "nenhuma"]),
    ("ro", &["nu", "nici", "fără", "niciodată", "nimic"]),
    ("ru", &["не", "нет", "ни", "без", "никогда", "ничего", "нельзя"]),
    ("sv", &["inte", "ej", "ingen", "inget", "inga", "aldrig", "utan"]),
    ("tr", &["değil", "yok", "hiç", "ne"]),
];

/// What the list for English leaves out and every comment holds.
const ENGLISH: [&str; 22] = [
    "could", "would", "should", "may", "might", "must", "shall", "also", "get", "got", "us", "one",
    "even", "really", "still", "much", "many", "every", "went", "let", "there's", "that's",
];

const HINDI: [&str; 84] = [
    "का",
    "की",
    "के",
    "को",
    "में",
    "से",
    "पर",
    "ने",
    "है",
    "हैं",
    "था",
    "थी",
    "थे",
    "हो",
    "होता",
    "होती",
    "होते",
    "हुआ",
    "हुई",
    "हुए",
    "और",
    "या",
    "तो",
    "भी",
    "ही",
    "कि",
    "यह",
    "वह",
    "ये",
    "वे",
    "इस",
    "उस",
    "इन",
    "उन",
    "इसका",
    "उसका",
    "इसकी",
    "उसकी",
    "इसके",
    "उसके",
    "जो",
    "जब",
    "तब",
    "तक",
    "एक",
    "मैं",
    "हम",
    "आप",
    "तुम",
    "मेरा",
    "मेरी",
    "मेरे",
    "हमारा",
    "हमारी",
    "हमारे",
    "आपका",
    "आपकी",
    "आपके",
    "मुझे",
    "हमें",
    "आपको",
    "उन्हें",
    "उसे",
    "इसे",
    "कर",
    "करना",
    "करने",
    "किया",
    "की",
    "गया",
    "गई",
    "गए",
    "रहा",
    "रही",
    "रहे",
    "लिए",
    "साथ",
    "बाद",
    "अपने",
    "अपना",
    "अपनी",
    "कुछ",
    "जा",
    "लेकिन",
];

#[cfg(test)]
mod tests {
    use super::{is_negation, is_stop_word};
    use crate::Language;

    /// Words that tell nothing, that say no, and others.
    fn check(code: &str, stop: &[&str], no: &[&str], others: &[&str]) {
        let language = Language::of_tag(code);
        for word in stop {
            assert!(is_stop_word(word, language) && !is_negation(word, language), "{code}: {word}");
        }
        for word in no {
            assert!(is_negation(word, language), "{code}: {word}");
        }
        for word in others {
            assert!(
                !is_stop_word(word, language) && !is_negation(word, language),
                "{code}: {word}"
            );
        }
    }

    #[test]
    fn words_by_language() {
        check(
            "en",
            &["the", "was", "and", "it's"],
            &["not", "no", "don't", "never"],
            &["parking", "problem"],
        );
        check("de", &["der", "und", "war"], &["nicht", "kein", "keine", "ohne"], &["parkplatz"]);
        check("es", &["el", "y", "para"], &["no", "sin", "nada"], &["aparcar"]);
        check("fr", &["le", "et", "est"], &["pas", "ne", "sans"], &["attente"]);
        check("hi", &["का", "है", "और"], &["नहीं", "न"], &["पार्किंग"]);
        check("ru", &["и", "в", "на"], &["не", "нет"], &["очередь"]);
    }

    #[test]
    fn of_an_unknown_language_nothing_is_a_stop_word() {
        assert!(!is_stop_word("the", None));
        assert!(!is_stop_word("the", Language::of_tag("xx")));
    }
}
