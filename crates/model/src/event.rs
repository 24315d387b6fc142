//! The words of an event: who, what, on which channel, by which id. A value that can be wrong has one door, which checks it.

use std::str::FromStr;

/// Why a text is no such word; fits after its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("{noun} is empty")]
    Empty { noun: &'static str },
    #[error("{noun} has {bytes} bytes, {most} at most")]
    Long { noun: &'static str, bytes: usize, most: usize },
    #[error("{noun} holds a character that is no text (U+{code:04X})")]
    Control { noun: &'static str, code: u32 },
}

/// By what a customer is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CustomerId(String);

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Activity(String);

/// Where it happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Channel(String);

/// By what an event is known, so that it counts once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventId(String);

/// Bytes of an id at most.
const MOST_ID: usize = 512;
/// Bytes of a name at most.
const MOST_NAME: usize = 256;

fn fit(noun: &'static str, text: &str, most: usize) -> Result<String, Unfit> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Unfit::Empty { noun });
    }
    if text.len() > most {
        return Err(Unfit::Long { noun, bytes: text.len(), most });
    }
    match text.chars().find(|it| it.is_control()) {
        Some(control) => Err(Unfit::Control { noun, code: control.into() }),
        None => Ok(text.to_owned()),
    }
}

macro_rules! word {
    ($word:ident, $noun:literal, $most:expr) => {
        impl FromStr for $word {
            type Err = Unfit;

            fn from_str(text: &str) -> Result<Self, Unfit> {
                fit($noun, text, $most).map(Self)
            }
        }

        impl $word {
            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }
    };
}

word!(CustomerId, "the customer's id", MOST_ID);
word!(Activity, "the activity", MOST_NAME);
word!(Channel, "the channel", MOST_NAME);
word!(EventId, "the event's id", MOST_ID);

#[cfg(test)]
mod tests {
    use super::{Activity, CustomerId};

    #[test]
    fn a_word_is_short_text_that_is_not_empty() {
        let told = |text: &str| match text.parse::<Activity>() {
            Ok(activity) => activity.into_string(),
            Err(why) => why.to_string(),
        };
        assert_eq!(told(" Points redeemed "), "Points redeemed");
        assert_eq!(told("Punkte eingelöst"), "Punkte eingelöst");
        assert_eq!(told("  "), "the activity is empty");
        assert_eq!(told("a\0b"), "the activity holds a character that is no text (U+0000)");
        assert_eq!(told(&"x".repeat(257)), "the activity has 257 bytes, 256 at most");
        assert!("x".repeat(512).parse::<CustomerId>().is_ok());
    }
}
