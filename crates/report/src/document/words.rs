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
    /// The last closed month or quarter against the one before; absent where either has too few customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Latest>,
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
    /// In customers' words; names, numbers and addresses are taken out. None where fewer than ten customers wrote of it.
    pub quotes: Vec<String>,
    /// How people's codes and the program's finds agree, and what follows; absent where nobody coded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coding: Option<Coding>,
}

/// What codes by hand say of a theme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coding {
    /// Comments coded, and customers of whom every comment is.
    pub comments: u64,
    pub customers: u64,
    /// Cohen's kappa of people against a program that learned from other customers alone.
    pub kappa: Estimate,
    /// The same between coders, over comments that two of them coded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between_coders: Option<CoderKappa>,
    /// Of comments that people put into the theme those that are found, and of the others those that are passed over.
    pub sensitivity: Share,
    pub specificity: Share,
    /// The shares of customers and of complaints, corrected for what is missed and wrongly found (Rogan and Gladen 1978).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customers_corrected: Option<Estimate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complaints_corrected: Option<Estimate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoderKappa {
    /// Pairs of codes.
    pub n: u64,
    pub kappa: Estimate,
}

/// What is written now and was not before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Latest {
    /// `month` or `quarter`.
    pub period: String,
    /// First days of the last closed period and of the one before, UTC.
    pub from: String,
    pub before: String,
    /// Customers who wrote in either.
    pub customers: u64,
    pub customers_before: u64,
    /// Words and phrases that at least five customers use.
    pub tested: u64,
    /// Those that stand when all are judged at once (Benjamini–Hochberg, 10 %), the surest first; words that 1 to 4 customers use
    /// in either period are left out.
    pub words: Vec<LatestWord>,
    /// In document order; themes of fewer than five customers in either period are left out.
    pub themes: Vec<LatestTheme>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LatestWord {
    pub word: String,
    /// Customers who use it now, and before.
    pub now: u64,
    pub before: u64,
    pub g2: f64,
    pub q: Option<f64>,
    /// Binary logarithm of how many times as often it is used now.
    pub log_ratio: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LatestTheme {
    pub theme: String,
    pub now: Share,
    pub before: Share,
    /// Now less before (Newcombe 1998).
    pub difference: Estimate,
    /// p adjusted for the number of themes.
    pub q: Option<f64>,
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
    /// Those that stand when all are judged at once (Benjamini–Hochberg, 10 %), the surest first; words that 1 to 4 customers of
    /// either side use are left out.
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
