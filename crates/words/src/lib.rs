//! What customers write, measured: themes, what tells the unhappy from the happy, phrases, groups, quotes.
//!
//! The house rules of this crate, which every file keeps:
//!
//! - **Values in, values out.** Comments, themes and corrections go in, [`Words`] comes out. Nothing is fetched; the feature
//!   `model` alone reads a folder, when it is asked to.
//! - **Customers are counted, not words.** Who writes "parking" nine times is one customer.
//! - **Fewer than five customers are not shown**: no share, no word, no phrase; of fewer than ten no quote.
//! - **A theme is no measure before people agree with it**: until 200 comments are coded by hand and kappa is 0.6, its
//!   share says that it is not a measure yet, and why.
//! - **No result depends on the order of the comments**, and the same comments give the same result on every run.
//!
//! [`measure()`] gives everything at once; `redact` is for any text that somebody is about to see.

mod agreement;
mod comment;
mod different;
mod embedder;
mod groups;
mod hashing;
mod language;
mod measure;
#[cfg(feature = "model")]
mod model;
mod names;
mod phrases;
mod quotes;
mod reading;
mod redact;
mod sample;
mod sentiment;
mod shares;
mod stems;
mod stop_words;
mod tagger;
mod themes;
mod threshold;
mod tokens;
mod vector;

pub use agreement::{Agreement, NotYet, Standing};
pub use comment::{Comment, CommentKey};
pub use different::{Different, TellingWord};
pub use embedder::Embedder;
pub use groups::{Group, Groups};
pub use hashing::Hashing;
pub use language::Language;
pub use measure::{Options, PlacedComment, ThemeResult, Words, measure};
#[cfg(feature = "model")]
pub use model::{ModelError, StaticModel};
pub use phrases::CommonPhrase;
pub use quotes::Quote;
pub use redact::redact;
pub use sample::sample;
pub use sentiment::{NotEnough, Sentiment};
pub use shares::ThemeShare;
pub use themes::{Correction, Origin, Theme, ThemeMatch, Tried, Why};
pub use threshold::Threshold;
pub use tokens::{Word, sentences, words};
pub use vector::Vector;

/// Fewer customers than this are not shown: it is noise, and someone could be recognised.
pub const FEWEST_CUSTOMERS: u64 = 5;
/// Of fewer customers than this no comment is shown, even without what would tell who wrote it.
pub const FEWEST_QUOTED: u64 = 10;
