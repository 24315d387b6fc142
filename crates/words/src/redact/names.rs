//! Names that something announces: a title, a greeting, "my name is"; and names that the caller lists.

use unicode_segmentation::UnicodeSegmentation;

use super::{Found, Trace};
use crate::tokens::is_spaceless;

/// A word and where it stands.
#[derive(Debug, Clone, Copy)]
struct Placed<'a> {
    start: usize,
    text: &'a str,
}

impl Placed<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Of a script that has no capital letters.
    fn is_caseless(&self) -> bool {
        let first = self.text.chars().next();
        first.is_some_and(|c| c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase())
    }
}

/// Written before a name, as it is written there.
const TITLES: [&str; 42] = [
    "Mr",
    "Mrs",
    "Ms",
    "Miss",
    "Mx",
    "Mister",
    "Sir",
    "Madam",
    "Dr",
    "Prof",
    "Professor",
    "Doctor",
    "Herr",
    "Herrn",
    "Frau",
    "Hr",
    "Fr",
    "Señor",
    "Señora",
    "Señorita",
    "Sr",
    "Sra",
    "Srta",
    "Don",
    "Doña",
    "Monsieur",
    "Madame",
    "Mademoiselle",
    "Mme",
    "Mlle",
    "Signor",
    "Signora",
    "Sig",
    "Senhor",
    "Senhora",
    "Meneer",
    "Mevrouw",
    "Dhr",
    "Pan",
    "Pani",
    "श्री",
    "श्रीमती",
];

/// Those that announce a name also when all is written small.
const SMALL_TITLES: [&str; 4] = ["mr", "mrs", "ms", "mister"];

/// Words that may stand inside a name.
const PARTICLES: [&str; 16] = [
    "von", "van", "vom", "zu", "der", "den", "de", "la", "le", "du", "di", "da", "dos", "del",
    "bin", "al",
];

const INTRODUCTIONS: [&[&str]; 19] = [
    &["my", "name", "is"],
    &["my", "name's"],
    &["name", "ist"],
    &["ich", "heiße"],
    &["ich", "heisse"],
    &["me", "llamo"],
    &["mi", "nombre", "es"],
    &["je", "m'appelle"],
    &["mon", "nom", "est"],
    &["mi", "chiamo"],
    &["il", "mio", "nome", "è"],
    &["meu", "nome", "é"],
    &["me", "chamo"],
    &["mijn", "naam", "is"],
    &["jag", "heter"],
    &["jeg", "heter"],
    &["mam", "na", "imię"],
    &["меня", "зовут"],
    &["मेरा", "नाम"],
];

/// Before a name on the same line.
const GREETINGS: [&str; 24] = [
    "dear", "hi", "hello", "hey", "hallo", "liebe", "lieber", "hola", "querido", "querida",
    "estimado", "estimada", "bonjour", "cher", "chère", "salut", "ciao", "caro", "cara", "hoi",
    "beste", "olá", "hej", "cześć",
];

/// Before a name, with a comma or a line between.
const SIGN_OFFS: [&str; 8] =
    ["regards", "sincerely", "gruß", "grüße", "grüßen", "saludos", "cordialement", "groeten"];

/// Greeted, but nobody's name; and what follows "my name is" without being one.
const NOBODY: [&str; 42] = [
    "i",
    "a",
    "all",
    "and",
    "the",
    "there",
    "team",
    "sir",
    "madam",
    "sirs",
    "everyone",
    "everybody",
    "we",
    "my",
    "it",
    "this",
    "that",
    "you",
    "your",
    "customer",
    "support",
    "service",
    "staff",
    "from",
    "not",
    "on",
    "und",
    "y",
    "et",
    "damen",
    "herren",
    "mitarbeiter",
    "kollegen",
    "grüße",
    "gruß",
    "equipo",
    "todos",
    "tous",
    "à",
    "है",
    "हूँ",
    "और",
];

pub(super) fn find(text: &str) -> Vec<Found> {
    let words: Vec<Placed<'_>> =
        text.unicode_word_indices().map(|(start, text)| Placed { start, text }).collect();
    let lower: Vec<String> =
        words.iter().map(|word| word.text.replace('’', "'").to_lowercase()).collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        let next = at + 1;
        if is_title(&words[at]) {
            found.extend(name(text, &words, next, Manner::AfterTitle));
        }
        if let Some(length) = introduction(&lower[at..]) {
            found.extend(name(text, &words, at + length, Manner::Introduced));
        }
        if GREETINGS.contains(&lower[at].as_str()) {
            found.extend(name(text, &words, next, Manner::Greeted));
        }
        if SIGN_OFFS.contains(&lower[at].as_str()) {
            found.extend(name(text, &words, next, Manner::SignedOff));
        }
    }
    found.extend(in_spaceless_scripts(text));
    found
}

/// How a name is announced, and so what may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    AfterTitle,
    Introduced,
    Greeted,
    SignedOff,
}

fn is_title(word: &Placed<'_>) -> bool {
    TITLES.contains(&word.text) || SMALL_TITLES.contains(&word.text.to_lowercase().as_str())
}

fn introduction(lower: &[String]) -> Option<usize> {
    let is_here = |phrase: &&&[&str]| {
        phrase.len() <= lower.len() && phrase.iter().zip(lower).all(|(a, b)| a == b)
    };
    INTRODUCTIONS.iter().find(is_here).map(|phrase| phrase.len())
}

/// The name that begins with the word at `first`, if it is one: up to three words with nothing but a space, a hyphen or the
/// full stop of an initial between.
fn name(text: &str, words: &[Placed<'_>], first: usize, manner: Manner) -> Option<Found> {
    const LONGEST: usize = 3;
    let before = first.checked_sub(1).and_then(|at| words.get(at))?;
    let gap = |a: &Placed<'_>, b: &Placed<'_>| &text[a.end()..b.start];
    let begin = words.get(first)?;
    let opens = gap(before, begin);
    let is_near = match manner {
        Manner::SignedOff => opens.chars().all(|c| c.is_whitespace() || c == ','),
        Manner::AfterTitle => opens.trim_start_matches('.').chars().all(|c| c == ' '),
        Manner::Introduced => opens.trim_start_matches(':').chars().all(|c| c == ' '),
        Manner::Greeted => opens.chars().all(|c| c == ' '),
    };
    if !is_near || !begins_name(before, &words[first..], manner) {
        return None;
    }
    let mut end = begin.end();
    let mut last = begin;
    let mut n = 1;
    for word in &words[first + 1..] {
        let between = gap(last, word);
        let is_joined =
            matches!(between, " " | "-") || (between == ". " && last.text.chars().count() == 1);
        let lower = word.text.to_lowercase();
        let is_particle = PARTICLES.contains(&lower.as_str());
        let is_part = word.is_capital() || is_particle;
        if n == LONGEST || !is_joined || !is_part || NOBODY.contains(&lower.as_str()) {
            break;
        }
        if !is_particle {
            n += 1;
            end = word.end();
        }
        last = word;
    }
    Some((begin.start..end, Trace::Name))
}

fn begins_name(before: &Placed<'_>, words: &[Placed<'_>], manner: Manner) -> bool {
    let Some(word) = words.first() else {
        return false;
    };
    let lower = word.text.to_lowercase();
    let is_number = !word.text.chars().any(char::is_alphabetic);
    if NOBODY.contains(&lower.as_str()) || is_number || is_title(word) {
        return false;
    }
    let is_small_title = SMALL_TITLES.contains(&before.text.to_lowercase().as_str());
    // "Frau von der Heide": small words lead to a capital one.
    let is_led = || {
        let small = |word: &&Placed<'_>| PARTICLES.contains(&word.text);
        let n = words.iter().take(2).take_while(small).count();
        n > 0 && words.get(n).is_some_and(Placed::is_capital)
    };
    match manner {
        Manner::AfterTitle => word.is_capital() || word.is_caseless() || is_small_title || is_led(),
        Manner::Introduced => true,
        Manner::Greeted | Manner::SignedOff => word.is_capital() && word.text.chars().count() > 1,
    }
}

/// Names in scripts without spaces: "王先生", "田中さん", "我叫王小明", "ผมชื่อสมชาย".
fn in_spaceless_scripts(text: &str) -> Vec<Found> {
    /// (what is written after a name, how many characters it has at most, what it may not end with)
    const AFTER: [(&str, usize, &str); 5] = [
        ("先生", 1, "位个的名老些等"),
        ("女士", 1, "位个的名老些等"),
        ("小姐", 1, "位个的名老些等"),
        ("さん", 4, "客皆員者屋係"),
        ("様", 4, "客皆員者屋係仕同多異模有神王"),
    ];
    /// (what is written before a name, how many characters it has at most)
    const BEFORE: [(&str, usize); 6] =
        [("我叫", 3), ("我的名字是", 3), ("我姓", 1), ("私は", 0), ("ชื่อ", 12), ("นางสาว", 12)];
    let mut found = Vec::new();
    for (title, most, not_after) in AFTER {
        for (at, _) in text.match_indices(title) {
            let is_name = |c: &char| {
                ('\u{4e00}'..='\u{9fff}').contains(c) || ('\u{30a0}'..='\u{30ff}').contains(c)
            };
            let name: Vec<char> = text[..at].chars().rev().take(most).take_while(is_name).collect();
            let is_somebody = name.first().is_some_and(|last| !not_after.contains(*last));
            let length: usize = name.iter().map(|c| c.len_utf8()).sum();
            found.extend(is_somebody.then_some((at - length..at, Trace::Name)));
        }
    }
    for (words, most) in BEFORE {
        for (at, _) in text.match_indices(words) {
            let start = at + words.len();
            let is_part = |c: &char| is_spaceless(*c) && !"的是，。".contains(*c);
            let skipped = text[start..].len() - text[start..].trim_start_matches(' ').len();
            let name = text[start + skipped..].chars().take(most).take_while(is_part);
            let length: usize = name.map(char::len_utf8).sum();
            let place = start + skipped..start + skipped + length;
            found.extend((length > 0).then_some((place, Trace::Name)));
        }
    }
    found
}

/// Names that the caller knows, in any case, as whole words; in scripts without spaces wherever they stand.
pub(super) fn find_listed(text: &str, names: &[String]) -> Vec<Found> {
    let words: Vec<Placed<'_>> =
        text.unicode_word_indices().map(|(start, text)| Placed { start, text }).collect();
    let bare: Vec<String> = words.iter().map(|word| bare(word.text)).collect();
    let mut found = Vec::new();
    for name in names {
        let name = name.trim();
        if name.chars().any(is_spaceless) {
            found
                .extend(text.match_indices(name).map(|(at, _)| (at..at + name.len(), Trace::Name)));
            continue;
        }
        let wanted: Vec<String> = name.unicode_words().map(self::bare).collect();
        if wanted.is_empty() {
            continue;
        }
        for (at, there) in bare.windows(wanted.len()).enumerate() {
            if there == wanted {
                let place = words[at].start..words[at + wanted.len() - 1].end();
                found.push((place, Trace::Name));
            }
        }
    }
    found
}

/// A word in lower case without the mark of possession.
fn bare(word: &str) -> String {
    let lower = word.replace('’', "'").to_lowercase();
    lower.strip_suffix("'s").map_or_else(|| lower.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::redact;

    fn check(text: &str, expected: &str) {
        let listed = ["Anna".to_owned(), "José García".to_owned(), "小明".to_owned()];
        assert_eq!(redact(text, &listed), expected);
    }

    #[test]
    fn names_after_titles() {
        check("Mr. John Smith was rude", "Mr. [name] was rude");
        check("mrs jones helped", "mrs [name] helped");
        check(
            "Herr Dr. von der Heide und Frau Müller-Lüdenscheidt",
            "Herr Dr. [name] und Frau [name]",
        );
        check("La señora está", "La señora está");
        check("Señora López me ayudó", "Señora [name] me ayudó");
        check("श्री शर्मा ने मदद की", "श्री [name] ने मदद की");
        check("王先生很好，那位先生不好", "[name]先生很好，那位先生不好");
        check("田中さんは親切、お客様も", "[name]さんは親切、お客様も");
    }

    #[test]
    fn names_that_people_give() {
        check(
            "Hello, my name is Peter Parker and I waited",
            "Hello, my name is [name] and I waited",
        );
        check("my name is peter", "my name is [name]");
        check("Ich heiße Jürgen.", "Ich heiße [name].");
        check("Me llamo María José y esperé", "Me llamo [name] y esperé");
        check("मेरा नाम राहुल है", "मेरा नाम [name] है");
        check("我叫王大明，等了很久", "我叫[name]，等了很久");
        check("ผมชื่อสมชาย รอนาน", "ผมชื่อ[name] รอนาน");
    }

    #[test]
    fn names_in_greetings() {
        check("Dear Karen, thanks", "Dear [name], thanks");
        check("Hi Team, the lot", "Hi Team, the lot");
        check("Hi The queue", "Hi The queue");
        check("It was late.\nRegards,\nJohn Doe", "It was late.\nRegards,\n[name]");
        check("Liebe Grüße", "Liebe Grüße");
        check("Viele Grüße, Max Muster", "Viele Grüße, [name]");
        check("Hi, Parking was full", "Hi, Parking was full");
        check("No, sir. Parking was full", "No, sir. Parking was full");
    }

    #[test]
    fn names_that_are_listed() {
        check(
            "ANNA was kind, Anna's colleague was not",
            "[name] was kind, [name] colleague was not",
        );
        check("josé garcía and José", "[name] and José");
        check("Annas, bananna", "Annas, bananna");
        check("小明很好", "[name]很好");
    }
}
