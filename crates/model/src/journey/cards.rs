//! What stands in a text lane at a touchpoint: one text, or several, each with how well it is known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::Grade;

/// The cards of one lane at one touchpoint: a text, or a list of texts and mappings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct Cards(pub Vec<Card>);

/// One statement on the map.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "WrittenCard", into = "WrittenCard")]
#[schemars(with = "WrittenCard")]
pub struct Card {
    pub text: String,
    /// How well it is known; left out: nobody said, which counts as assumed.
    pub grade: Option<Grade>,
    pub owner: Option<String>,
    pub links: Vec<Link>,
}

/// What a card rests on, or leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Such as response, complaint, file, journey or web.
    #[schemars(length(min = 1))]
    pub kind: String,
    /// An id or an address.
    #[schemars(length(min = 1))]
    pub to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Cards {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|card| card.text.as_str())
    }

    /// All texts as one, a line each.
    pub fn text(&self) -> String {
        self.texts().collect::<Vec<_>>().join("\n")
    }
}

impl Card {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn is_plain(&self) -> bool {
        self.grade.is_none() && self.owner.is_none() && self.links.is_empty()
    }
}

/// Lanes that hold many short texts are lists even with one.
pub(super) fn as_list<S: Serializer>(cards: &Cards, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(&cards.0)
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Cards")]
enum Written {
    Text(String),
    List(Vec<Card>),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Card")]
enum WrittenCard {
    Text(#[schemars(length(min = 1))] String),
    Whole(WholeCard),
}

/// A statement with how well it is known.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WholeCard")]
struct WholeCard {
    #[schemars(length(min = 1))]
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grade: Option<Grade>,
    /// Left out: the touchpoint's owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// What it rests on, or leads to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link>,
}

impl From<Written> for Cards {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(text) if text.trim().is_empty() => Self::default(),
            Written::Text(text) => Self(vec![Card::plain(text)]),
            Written::List(cards) => Self(cards),
        }
    }
}

impl From<Cards> for Written {
    fn from(mut cards: Cards) -> Self {
        match cards.0.as_mut_slice() {
            [only] if only.is_plain() => Self::Text(std::mem::take(&mut only.text)),
            _ => Self::List(cards.0),
        }
    }
}

impl From<WrittenCard> for Card {
    fn from(written: WrittenCard) -> Self {
        match written {
            WrittenCard::Text(text) => Self::plain(text),
            WrittenCard::Whole(WholeCard { text, grade, owner, links }) => {
                Self { text, grade, owner, links }
            }
        }
    }
}

impl From<Card> for WrittenCard {
    fn from(card: Card) -> Self {
        if card.is_plain() {
            return Self::Text(card.text);
        }
        let Card { text, grade, owner, links } = card;
        Self::Whole(WholeCard { text, grade, owner, links })
    }
}
