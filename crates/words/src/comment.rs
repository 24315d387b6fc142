//! What a customer wrote, and how it is known again.

use std::fmt;

use xxhash_rust::xxh3::Xxh3;

/// A comment with what is known around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// `None` is someone of their own.
    pub customer: Option<u64>,
    /// When, in µs UTC.
    pub at: i64,
    /// The place of its touchpoint in the caller's list; `None` where the comment is about the whole journey.
    pub touchpoint: Option<u32>,
    /// The score that the customer gave with it.
    pub score: Option<f64>,
    pub text: String,
    /// A tag such as `de` or `de-CH`, from the survey or the customer.
    pub language: Option<String>,
}

impl Comment {
    /// A comment has no number of its own; it is known by who wrote what, when and where. The score is left out, so that
    /// mending one does not orphan the corrections made by hand.
    pub fn key(&self) -> CommentKey {
        let mut hash = Xxh3::new();
        hash.update(&[u8::from(self.customer.is_some()), u8::from(self.touchpoint.is_some())]);
        hash.update(&self.customer.unwrap_or_default().to_le_bytes());
        hash.update(&self.touchpoint.unwrap_or_default().to_le_bytes());
        hash.update(&self.at.to_le_bytes());
        hash.update(self.text.as_bytes());
        CommentKey(hash.digest())
    }
}

/// Knows a comment again without holding its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommentKey(pub u64);

impl fmt::Display for CommentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Comment;

    #[test]
    fn a_key_is_of_all_but_the_score() {
        let comment = Comment {
            customer: Some(7),
            at: 1,
            touchpoint: None,
            score: Some(3.0),
            text: "no parking".to_owned(),
            language: None,
        };
        let mended = Comment { score: Some(4.0), ..comment.clone() };
        assert_eq!(comment.key(), mended.key());
        for other in [
            Comment { customer: None, ..comment.clone() },
            Comment { customer: Some(8), ..comment.clone() },
            Comment { at: 2, ..comment.clone() },
            Comment { touchpoint: Some(0), ..comment.clone() },
            Comment { text: "no parking!".to_owned(), ..comment.clone() },
        ] {
            assert_ne!(comment.key(), other.key(), "{other:?}");
        }
    }
}
