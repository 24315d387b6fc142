//! What somebody may be called, and what a password must be: long, and none of those that everybody tries.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::error::Error;

/// From the lists of leaked passwords that zxcvbn 4.4 carries (MIT), the most frequent ones; words that offend are left out.
static FREQUENT: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("frequent_passwords.txt").lines().collect());

const SHORTEST: usize = 12;
const LONGEST: usize = 256;

/// Refuses a password that would be guessed; `email` is that of its user.
pub(crate) fn password(text: &str, email: &str) -> Result<(), Error> {
    let length = text.chars().count();
    let told = if length < SHORTEST {
        format!(
            "a password has at least {SHORTEST} characters; three or four words make a good one"
        )
    } else if length > LONGEST {
        format!("a password has at most {LONGEST} characters")
    } else if is_guessable(text, email) {
        "this password is one of the first that somebody would try; take another one, such as three or four words"
            .to_owned()
    } else {
        return Ok(());
    };
    Err(Error::invalid(told).at("/password"))
}

fn is_guessable(text: &str, email: &str) -> bool {
    let text = text.to_lowercase();
    let distinct: BTreeSet<char> = text.chars().collect();
    let core = text.trim_matches(|c: char| !c.is_alphabetic());
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    distinct.len() < 5
        || FREQUENT.contains(&*text)
        || core.is_empty() && text.len() < 20
        || core.chars().count() >= 4 && (is_frequent(core) || core == name || text == email)
}

/// One frequent word, or the same one again and again, or two of them.
fn is_frequent(core: &str) -> bool {
    let parts = core.char_indices().skip(1).map(|(at, _)| core.split_at(at));
    let is_repeated = |word: &str| !word.is_empty() && core.replace(word, "").is_empty();
    FREQUENT.contains(core)
        || parts
            .filter(|(first, _)| FREQUENT.contains(first))
            .any(|(first, rest)| is_repeated(first) || FREQUENT.contains(rest))
}

/// An address, in lower case. Whether it exists shows when something is sent to it.
pub(crate) fn email(text: &str) -> Result<String, Error> {
    let text = text.trim().to_lowercase();
    let is_fit = text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && text.len() <= 254
            && !text
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>\"(),;:\\".contains(c))
    });
    if is_fit {
        return Ok(text);
    }
    Err(Error::invalid("this is no e-mail address; write it as name@example.org").at("/email"))
}

/// A name of a user, a workspace, a unit or a key.
pub(crate) fn name(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let length = text.chars().count();
    if (1..=120).contains(&length) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Error::invalid("a name has 1 to 120 characters on one line").at("/name"))
}

#[cfg(test)]
mod tests {
    use super::{email, name, password};

    #[test]
    fn short_frequent_and_own_words_are_refused() {
        for refused in [
            "short",
            "elevenchars",
            "1q2w3e4r5t6y",
            "Password1234",
            "passwordpassword",
            "Sunshine2026!!",
            "123456789012",
            "aaaaaaaaaaaa",
            "abababababab",
            "dragonmonkey",
            "ann.example!2026",
            "Footpath2026",
        ] {
            assert!(password(refused, "ann.example@example.org").is_err(), "{refused}");
        }
        for taken in ["correct horse battery", "tulip-Kelle-91-rain", "ζητώ ένα σπίτι"]
        {
            assert!(password(taken, "ann.example@example.org").is_ok(), "{taken}");
        }
        assert!(password(&"ab cd".repeat(52), "a@example.org").is_err());
    }

    #[test]
    fn an_address_has_two_sides_and_a_name_one_line() {
        assert_eq!(email(" Ann@Example.org ").unwrap(), "ann@example.org");
        for refused in ["", "ann", "@example.org", "ann@", "a n@example.org", "a@b@c", "a\n@b.c"] {
            assert!(email(refused).is_err(), "{refused}");
        }
        assert_eq!(name("  Ann  ").unwrap(), "Ann");
        assert!(name(" ").is_err() && name("a\nb").is_err() && name(&"x".repeat(121)).is_err());
    }
}
