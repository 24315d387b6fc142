//! What codes by hand say of themes: agreement with the program and between coders, and shares corrected for what is missed
//! and wrongly found.
//!
//! Sensitivity and specificity are of what is counted: customers for the share of customers, complaints for that of
//! complaints. A customer counts among them when every comment is coded, because one that nobody read may be the one.

use std::collections::{BTreeMap, BTreeSet};

use ::words::{Comment, CommentKey, Correction, Origin, ThemeResult, Tried as TriedComment};
use stats::{KappaWeights, Tried, cohen_kappa, corrected_share};

use super::confidence;
use super::written::Written;
use crate::answers::Code;
use crate::document::{CoderKappa, Coding, Estimate, Share};
use crate::small_cells::FLOOR;

/// Codes as the program learns from them.
pub(super) fn corrections(codes: &[Code]) -> Vec<Correction> {
    codes
        .iter()
        .map(|code| Correction {
            comment: CommentKey(code.comment),
            theme: code.theme.clone(),
            holds: code.holds,
            origin: Origin::Coded,
        })
        .collect()
}

/// Codes with all that was written.
pub(super) struct Coded<'a> {
    codes: &'a [Code],
    written: &'a Written,
    /// Themes that the program found, by comment.
    found: BTreeMap<CommentKey, BTreeSet<&'a str>>,
}

/// Customers or complaints: in how many people, and the program, see the theme.
#[derive(Default)]
struct Counted {
    told: Tried,
    sensitivity: Tried,
    specificity: Tried,
}

impl<'a> Coded<'a> {
    pub(super) fn of(
        measured: &'a ::words::Words,
        written: &'a Written,
        codes: &'a [Code],
    ) -> Self {
        let themes = |comment: &'a ::words::PlacedComment| {
            comment.themes.iter().map(|theme| theme.theme.as_str()).collect()
        };
        let found =
            measured.comments.iter().map(|comment| (comment.key, themes(comment))).collect();
        Self { codes, written, found }
    }

    /// `None` where nobody coded the theme.
    pub(super) fn of_theme(&self, theme: &ThemeResult) -> Option<Coding> {
        if theme.tried.is_empty() {
            return None;
        }
        let tried: BTreeMap<CommentKey, TriedComment> =
            theme.tried.iter().map(|tried| (tried.comment, *tried)).collect();
        let has_theme = |key: &CommentKey| match tried.get(key) {
            Some(tried) => tried.found,
            None => self.found.get(key).is_some_and(|found| found.contains(theme.id.as_str())),
        };
        let mut by_customer: BTreeMap<(bool, u64), Vec<CommentKey>> = BTreeMap::new();
        for comment in self.written.all.iter().filter(|it| !it.text.trim().is_empty()) {
            by_customer.entry(who(comment)).or_default().push(comment.key());
        }
        let customers = Counted::of(by_customer.values().map(Vec::as_slice), &tried, has_theme);
        let complaints: Vec<[CommentKey; 1]> =
            self.written.complaints.keys().map(|key| [*key]).collect();
        let complaints = Counted::of(complaints.iter().map(<[_; 1]>::as_slice), &tried, has_theme);
        let comments: Vec<[CommentKey; 1]> = tried.keys().map(|key| [*key]).collect();
        let comments = Counted::of(comments.iter().map(<[_; 1]>::as_slice), &tried, has_theme);
        Some(Coding {
            comments: tried.len() as u64,
            customers: customers.sensitivity.n + customers.specificity.n,
            kappa: Estimate::from(&theme.agreement.kappa.kappa),
            between_coders: self.between_coders(&theme.id),
            sensitivity: Share::of(comments.sensitivity.k, comments.sensitivity.n),
            specificity: Share::of(comments.specificity.k, comments.specificity.n),
            customers_corrected: customers.corrected(),
            complaints_corrected: complaints.corrected(),
        })
    }

    /// Over every comment that two coders coded; with more than two, over every pair of them.
    fn between_coders(&self, theme: &str) -> Option<CoderKappa> {
        let mut by_comment: BTreeMap<u64, BTreeMap<&str, bool>> = BTreeMap::new();
        for code in self.codes.iter().filter(|code| code.theme == theme) {
            let coder = code.coder.as_deref().unwrap_or_default();
            // A coder who says both says no, as elsewhere.
            let said = by_comment.entry(code.comment).or_default().entry(coder).or_insert(true);
            *said &= code.holds;
        }
        let mut table = vec![vec![0_u64; 2]; 2];
        for codes in by_comment.values() {
            let codes: Vec<bool> = codes.values().copied().collect();
            for (place, first) in codes.iter().enumerate() {
                for second in &codes[place + 1..] {
                    table[usize::from(!first)][usize::from(!second)] += 1;
                }
            }
        }
        let kappa = cohen_kappa(&table, KappaWeights::None, confidence());
        (kappa.kappa.n > 0)
            .then(|| CoderKappa { n: kappa.kappa.n, kappa: Estimate::from(&kappa.kappa) })
    }
}

impl Counted {
    fn of<'a>(
        units: impl Iterator<Item = &'a [CommentKey]>,
        tried: &BTreeMap<CommentKey, TriedComment>,
        has_theme: impl Fn(&CommentKey) -> bool,
    ) -> Self {
        let mut counted = Self::default();
        for comments in units {
            let is_found = comments.iter().any(&has_theme);
            counted.told.n += 1;
            counted.told.k += u64::from(is_found);
            let codes: Option<Vec<bool>> =
                comments.iter().map(|key| tried.get(key).map(|tried| tried.holds)).collect();
            let Some(codes) = codes else { continue };
            let side = if codes.contains(&true) {
                &mut counted.sensitivity
            } else {
                &mut counted.specificity
            };
            side.n += 1;
            side.k += u64::from(is_found == codes.contains(&true));
        }
        counted
    }

    /// `None` where people saw the theme in hardly any, or in nearly all: then nobody knows how often it is missed, or
    /// wrongly found.
    fn corrected(&self) -> Option<Estimate> {
        let Self { told, sensitivity, specificity } = *self;
        if told.k < FLOOR || sensitivity.n < FLOOR || specificity.n < FLOOR {
            return None;
        }
        let share = corrected_share(told, sensitivity, specificity, confidence())?;
        Some(Estimate::from(&share))
    }
}

/// An anonymous comment is somebody of their own.
fn who(comment: &Comment) -> (bool, u64) {
    (comment.customer.is_some(), comment.customer.unwrap_or(comment.key().0))
}
