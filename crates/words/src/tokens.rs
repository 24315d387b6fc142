//! From text to words, in any script.
//!
//! Compatibility forms are made one (NFKC), letters are folded to lower case, and words are cut where Unicode's UAX 29
//! cuts them. Thai, Lao, Khmer, Burmese, Chinese and Japanese put no spaces between words; there a word is every two
//! neighbouring characters. That is cruder than a dictionary, needs none, and finds "จอดรถ" wherever it stands.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::Language;
use crate::stems::stem;
use crate::stop_words::{is_negation, is_stop_word};

/// A word of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// In lower case.
    pub text: String,
    /// What it is counted under.
    pub stem: String,
    /// It tells something: it is no stop word and no mere number. A negation does.
    pub is_telling: bool,
    /// It says no.
    pub is_negation: bool,
    /// It begins a clause: it is the first word, or a mark stands before it.
    pub begins: bool,
    /// It is two characters of a script without spaces.
    pub is_pair: bool,
}

/// The words of a text in order.
pub fn words(text: &str, language: Option<Language>) -> Vec<Word> {
    let text: String = text.nfkc().map(plain_apostrophe).collect();
    let mut words = Vec::new();
    let mut begins = true;
    for run in runs(&text) {
        if run.starts_with(is_spaceless) {
            pairs(run, &mut begins, &mut words);
            continue;
        }
        let mut end = 0;
        for (start, word) in run.unicode_word_indices() {
            begins |= run[end..start].contains(is_mark);
            end = start + word.len();
            words.push(spaced(word, begins, language));
            begins = false;
        }
        begins |= run[end..].contains(is_mark);
    }
    words
}

/// The sentences of a text that hold a word. The end of a line ends a sentence.
pub fn sentences(text: &str) -> Vec<&str> {
    text.lines()
        .flat_map(UnicodeSegmentation::unicode_sentences)
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

/// Scripts that put no spaces between words.
pub(crate) fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}'          // Thai, Lao
        | '\u{1000}'..='\u{109f}'      // Burmese
        | '\u{1780}'..='\u{17ff}'      // Khmer
        | '\u{3005}'..='\u{3007}'      // Han: iteration mark, closing mark, zero
        | '\u{3040}'..='\u{30ff}'      // Hiragana, Katakana
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'      // Han
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The text cut where a script with spaces meets one without.
fn runs(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let now = is_spaceless(c);
        if last.is_some_and(|last| last != now) {
            runs.push(&text[start..at]);
            start = at;
        }
        last = Some(now);
    }
    if start < text.len() {
        runs.push(&text[start..]);
    }
    runs
}

/// Every two neighbouring characters, with the marks that belong to them; a character alone if it has no neighbour.
fn pairs(run: &str, begins: &mut bool, words: &mut Vec<Word>) {
    let characters: Vec<&str> = run.graphemes(true).collect();
    let is_letter = |character: &&str| character.chars().any(char::is_alphanumeric);
    for clause in characters.split(|character| !is_letter(character)) {
        let mut push = |text: String| {
            let (stem, is_telling) = (text.clone(), text.chars().any(char::is_alphabetic));
            let (begins_here, is_negation) = (*begins, false);
            words.push(Word {
                text,
                stem,
                is_telling,
                is_negation,
                begins: begins_here,
                is_pair: true,
            });
            *begins = false;
        };
        match clause {
            [] => continue,
            [alone] => push((*alone).to_owned()),
            _ => clause.windows(2).for_each(|pair| push(pair.concat())),
        }
    }
}

fn spaced(word: &str, begins: bool, language: Option<Language>) -> Word {
    let lower = word.to_lowercase();
    let text = without_article(&lower, language).to_owned();
    let n_digits = text.chars().filter(|c| c.is_numeric()).count();
    // A long number in a word is somebody's account, not a word.
    let is_word = text.chars().any(char::is_alphabetic) && n_digits < 5;
    let is_negation = is_negation(&text, language);
    let is_telling = is_word && (is_negation || !is_stop_word(&text, language));
    Word { stem: stem(&text, language), text, is_telling, is_negation, begins, is_pair: false }
}

/// "L'attente" is the word "attente": in languages that join the article by an apostrophe it is cut off.
fn without_article(word: &str, language: Option<Language>) -> &str {
    const LONGEST: usize = 5;
    let joins = language.is_some_and(|language| ["fr", "it", "ca"].contains(&language.code()));
    match word.split_once('\'') {
        Some((article, rest))
            if joins && !rest.is_empty() && article.chars().count() <= LONGEST =>
        {
            rest
        }
        _ => word,
    }
}

/// Whether a character parts clauses. Spaces, hyphens and quotation marks within a line do not.
fn is_mark(c: char) -> bool {
    c == '\n' || !(c.is_whitespace() || c.is_alphanumeric() || "-'\"“”„«»‐‑&+/*_".contains(c))
}

fn plain_apostrophe(c: char) -> char {
    if matches!(c, '’' | '‘' | 'ʼ' | '`' | '´') { '\'' } else { c }
}

#[cfg(test)]
mod tests {
    use super::{sentences, words};
    use crate::Language;

    /// `|` before a word that begins a clause, brackets round one that tells nothing.
    fn check(code: &str, text: &str, expected: &str) {
        let shown: Vec<String> = words(text, Language::of_tag(code))
            .into_iter()
            .map(|word| {
                let text = if word.is_telling { word.text } else { format!("({})", word.text) };
                if word.begins { format!("|{text}") } else { text }
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{text}");
    }

    #[test]
    fn words_in_scripts_with_spaces() {
        check("en", "The PARKING lot, again: full!", "|(the) parking lot |(again) |full");
        check("en", "I don’t like the well-known queue", "|(i) don't like (the) well known queue");
        check(
            "de",
            "Kein Parkplatz – nicht einmal für 5 Minuten",
            "|kein parkplatz |nicht (einmal) (für) (5) minuten",
        );
        check("es", "¿Dónde aparco? No había sitio.", "|dónde aparco |no (había) sitio");
        check("fr", "L'attente d’une heure", "|attente (une) heure");
        check("hi", "पार्किंग नहीं मिली।", "|पार्किंग नहीं मिली");
    }

    #[test]
    fn pairs_in_scripts_without_spaces() {
        check("zh", "停车场满了，等", "|停车 车场 场满 满了 |等");
        check("th", "ที่จอดรถ", "|ที่จ จอ อด ดร รถ");
        check("ja", "駐車場が", "|駐車 車場 場が");
        check("zh", "用App支付", "|用 app 支付");
    }

    #[test]
    fn compatibility_forms_are_one() {
        check("en", "ｑｕｅｕｅ ﬁne", "|queue fine");
    }

    #[test]
    fn long_numbers_are_not_words() {
        check(
            "en",
            "card 4111111111111111 and ab12345",
            "|card (4111111111111111) (and) (ab12345)",
        );
    }

    #[test]
    fn sentences_end_at_marks_and_lines() {
        assert_eq!(sentences("Full. Again!\nNo help\n\n"), ["Full.", "Again!", "No help"]);
        assert_eq!(sentences("停车场满了。没人帮忙。"), ["停车场满了。", "没人帮忙。"]);
        assert_eq!(sentences(" \n "), Vec::<&str>::new());
    }
}
