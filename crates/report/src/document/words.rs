//! What customers say in their own words, in the shape of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Share};

/// Comments of answers, and complaints. Customers are counted, not words; what fewer than five customers say is not told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Words {
    /// Comments of answers that have a text, and complaints.
    pub comments: u64,
    pub complaints: u64,
    /// Customers who wrote any of them; an anonymous one is someone of their own.
    pub customers: u64,
    /// What likeness was measured with.
    pub embedder: String,
    /// In document order.
    pub themes: Vec<Theme>,
    /// What unhappy customers say and happy ones do not, and the reverse; `null` where there are too few of either.
    pub unhappy: Option<Telling>,
    /// Groups among comments without a theme, the largest first: themes that somebody might name.
    pub suggested: Vec<SuggestedTheme>,
    /// Phrases that customers use (RAKE, Rose et al. 2010), the best first.
    pub phrases: Vec<SaidPhrase>,
    /// Whether scores can be read out of words here.
    pub sentiment: ReadSentiment,
}

/// A theme of the document among all that was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Theme {
    pub id: String,
    pub title: String,
    /// Whether its shares may be taken for a measure: 200 comments coded by hand, and a kappa of 0.6 with what was found.
    pub is_measure: bool,
    /// Why they are none yet.
    pub why_not: Option<String>,
    /// Customers with the theme among those who wrote anything; `null` under five.
    pub customers: Option<Share>,
    /// Complaints with the theme among all complaints; `null` where fewer than five customers complained of it.
    pub complaints: Option<Share>,
    /// Mean score, from 0 to 10, of the comments with the theme.
    pub score: Option<Estimate>,
    /// Touchpoints that it was said at, the most frequent first.
    pub touchpoints: Vec<ThemeAt>,
    /// Month by month, customers with the theme among those who wrote.
    pub months: Vec<ThemeMonth>,
    /// In customers' words; names, numbers and addresses are taken out.
    pub quotes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThemeAt {
    pub touchpoint: String,
    pub customers: Share,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThemeMonth {
    /// First day of the month, UTC.
    pub from: String,
    /// `null` where fewer than five customers had the theme.
    pub customers: Option<Share>,
    /// Customers who wrote anything.
    pub n: u64,
}

/// Words that tell one group of customers from another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Telling {
    /// Unhappy customers (6 of 10 or less) and happy ones (9 of 10 or more) who wrote.
    pub unhappy: u64,
    pub happy: u64,
    /// Words and phrases of two that at least five customers use.
    pub tested: u64,
    /// Those that stand when all are judged at once (Benjamini–Hochberg, 10 %), the surest first.
    pub words: Vec<TellingWord>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TellingWord {
    pub word: String,
    pub unhappy: u64,
    pub happy: u64,
    /// Log-likelihood G² (Dunning 1993), and p adjusted for the number of words.
    pub g2: f64,
    pub q: Option<f64>,
    /// Binary logarithm of how many times as often the unhappy use it; negative: the happy do.
    pub log_ratio: f64,
    /// Log-odds with an informative prior, in standard errors (Monroe, Colaresi and Quinn 2008).
    pub z: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SuggestedTheme {
    /// Words that tell it from the other groups (class-based tf-idf).
    pub label: Vec<String>,
    pub customers: u64,
    pub quotes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SaidPhrase {
    pub phrase: String,
    pub customers: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReadSentiment {
    /// On answers that it did not learn from.
    pub r2: Estimate,
    pub customers: u64,
    /// Why scores are not read out of words; `null`: they are, for comments without one.
    pub not_enough: Option<String>,
}
