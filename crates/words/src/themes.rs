//! What a comment can be about, and what people said about that by hand.

use crate::CommentKey;

/// Something that comments are about, as its owner put it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Its name in results; of two themes with the same, the first counts.
    pub id: String,
    pub title: String,
    /// Two to five sentences that a customer could have written.
    pub seeds: Vec<String>,
    /// Unless this is empty, a comment must hold at least one of these words or phrases, in any of their forms.
    pub must: Vec<String>,
    /// A comment that holds one of these is not about the theme.
    pub never: Vec<String>,
}

/// That a comment is, or is not, about a theme, said by a person.
///
/// It stands whatever the machine would say. A comment that is becomes a seed of the theme, and comments like one that is
/// not are no longer taken for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    pub comment: CommentKey,
    pub theme: String,
    pub holds: bool,
    pub origin: Origin,
}

/// How a correction came about. Where several speak of the same comment and theme, a corrected one goes before a coded
/// one, and no before yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Somebody saw what the machine said, and objected or agreed. Not counted in the agreement: people object where the
    /// machine is wrong.
    Corrected,
    /// Somebody coded the comment without seeing what the machine said.
    Coded,
}

/// A comment that was coded, and what the machine says of it when it learned from customers of other folds alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    pub comment: CommentKey,
    /// What people say.
    pub holds: bool,
    pub found: bool,
}

/// That a comment is about a theme, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct ThemeMatch {
    pub theme: String,
    /// The cosine to what it came nearest to.
    pub similarity: f64,
    pub why: Why,
    /// The one of the theme's `must` words that it holds.
    pub word: Option<String>,
}

/// What a comment came nearest to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A person said so.
    ByHand,
    /// A seed, by its place.
    Seed(usize),
    /// The middle of the seeds.
    Seeds,
    /// A comment that a person put into the theme.
    Example(CommentKey),
}
