//! Postal addresses, by the shapes that streets and numbers take.

use unicode_segmentation::UnicodeSegmentation;

use super::{Found, Trace};

/// After the name: "12 High Street".
const STREETS_AFTER: [&str; 22] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "crescent",
    "close",
    "court",
    "boulevard",
    "blvd",
    "terrace",
    "gardens",
    "square",
    "grove",
    "hill",
    "highway",
    "row",
    "mews",
];

/// Before the name: "Calle Mayor 12", "12, rue de la Paix".
const STREETS_BEFORE: [&str; 16] = [
    "calle",
    "avenida",
    "avda",
    "plaza",
    "paseo",
    "carrer",
    "rue",
    "avenue",
    "boulevard",
    "allée",
    "chemin",
    "via",
    "viale",
    "piazza",
    "rua",
    "ulica",
];

/// Within the name: "Hauptstraße 12", "Kerkstraat 5".
const ENDINGS: [&str; 12] = [
    "straße", "strasse", "str", "weg", "allee", "gasse", "ufer", "damm", "straat", "laan", "gatan",
    "vägen",
];

/// The most words that the name of a street has.
const LONGEST_NAME: usize = 4;

#[derive(Debug)]
struct Placed {
    start: usize,
    end: usize,
    lower: String,
    is_capital: bool,
}

pub(super) fn find(text: &str) -> Vec<Found> {
    let words: Vec<Placed> = text
        .unicode_word_indices()
        .map(|(start, word)| Placed {
            start,
            end: start + word.len(),
            lower: word.to_lowercase(),
            is_capital: word.chars().next().is_some_and(char::is_uppercase),
        })
        .collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        let end = number_first(text, &words[at..])
            .or_else(|| number_last(text, &words[at..]))
            .or_else(|| street_in_one(text, &words[at..]))
            .or_else(|| postcode(text, &words[at..]));
        found.extend(end.map(|end| (words[at].start..end, Trace::Address)));
    }
    found
}

/// "12 High Street", "12, rue de la Paix": where it ends.
fn number_first(text: &str, words: &[Placed]) -> Option<usize> {
    let (number, rest) = words.split_first()?;
    if !is_house_number(&number.lower) {
        return None;
    }
    if rest.first().is_some_and(|word| STREETS_BEFORE.contains(&word.lower.as_str())) {
        let named = rest.iter().skip(1).take(LONGEST_NAME);
        let last = named.take_while(|word| word.is_capital || is_joint(&word.lower)).last()?;
        return is_joined(text, number, last).then_some(last.end);
    }
    let street = rest
        .iter()
        .take(LONGEST_NAME)
        .position(|word| STREETS_AFTER.contains(&word.lower.as_str()))?;
    let is_named = street > 0 && rest[..street].iter().all(|word| word.is_capital);
    (is_named && is_joined(text, number, &rest[street])).then(|| rest[street].end)
}

/// "Calle Mayor 12".
fn number_last(text: &str, words: &[Placed]) -> Option<usize> {
    let (street, rest) = words.split_first()?;
    if !STREETS_BEFORE.contains(&street.lower.as_str()) {
        return None;
    }
    let number =
        rest.iter().take(LONGEST_NAME + 1).position(|word| is_house_number(&word.lower))?;
    let is_named =
        number > 0 && rest[..number].iter().all(|word| word.is_capital || is_joint(&word.lower));
    (is_named && is_joined(text, street, &rest[number])).then(|| rest[number].end)
}

/// "Hauptstraße 12", "Am Alten Weg 5 b".
fn street_in_one(text: &str, words: &[Placed]) -> Option<usize> {
    let [street, number, rest @ ..] = words else {
        return None;
    };
    let is_street = ENDINGS.iter().any(|ending| street.lower.ends_with(ending));
    let is_address = is_street
        && street.is_capital
        && is_house_number(&number.lower)
        && is_joined(text, street, number);
    let letter = rest.first().filter(|letter| {
        letter.lower.chars().count() == 1
            && letter.lower.chars().all(char::is_alphabetic)
            && &text[number.end..letter.start] == " "
    });
    is_address.then(|| letter.map_or(number.end, |letter| letter.end))
}

/// "SW1A 1AA".
fn postcode(text: &str, words: &[Placed]) -> Option<usize> {
    let [outward, inward, ..] = words else {
        return None;
    };
    let [out, inner] = [outward, inward].map(|word| &text[word.start..word.end]);
    let is_upper_or_digit = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let is_outward = (2..=4).contains(&out.len())
        && out.starts_with(|c: char| c.is_ascii_uppercase())
        && out.contains(|c: char| c.is_ascii_digit())
        && out.chars().all(is_upper_or_digit);
    let is_inward = inner.len() == 3
        && inner.chars().all(is_upper_or_digit)
        && inner.starts_with(|c: char| c.is_ascii_digit())
        && inner[1..].chars().all(|c| c.is_ascii_uppercase());
    (is_outward && is_inward && &text[outward.end..inward.start] == " ").then_some(inward.end)
}

/// Up to four digits, with a letter behind them at most.
fn is_house_number(word: &str) -> bool {
    let digits = word.trim_end_matches(char::is_alphabetic);
    let letters = word.chars().count() - digits.chars().count();
    (1..=4).contains(&digits.len()) && letters <= 1 && digits.chars().all(|c| c.is_ascii_digit())
}

fn is_joint(word: &str) -> bool {
    ["de", "del", "la", "las", "los", "le", "les", "du", "des", "da", "do", "di", "della", "y"]
        .contains(&word)
}

/// Nothing but spaces, commas, hyphens and the stops of abbreviations stands between.
fn is_joined(text: &str, first: &Placed, last: &Placed) -> bool {
    let within = &text[first.start..last.end];
    within.chars().all(|c| c.is_alphanumeric() || " ,.-'’".contains(c))
}

#[cfg(test)]
mod tests {
    use crate::redact;

    fn check(text: &str, expected: &str) {
        assert_eq!(redact(text, &[]), expected);
    }

    #[test]
    fn streets_with_numbers() {
        check("I live at 12 High Street, London", "I live at [address], London");
        check("an 221b Baker St.", "an [address].");
        check("Hauptstraße 12 a in Ulm", "[address] in Ulm");
        check("in der Bahnhofstr. 5", "in der [address]");
        check("vivo en Calle de Alcalá 42", "vivo en [address]");
        check("au 5, rue de la Paix", "au [address]");
        check("London SW1A 1AA", "London [address]");
    }

    #[test]
    fn places_without_a_number_stay() {
        for text in [
            "the shop in High Street",
            "2 tills on the street",
            "Auf dem Weg zur Kasse 5 Minuten",
            "Der Parkplatz 12 war voll",
        ] {
            check(text, text);
        }
    }
}
