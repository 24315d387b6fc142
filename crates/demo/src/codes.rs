//! What comments are about, known because we wrote them: the share of each theme, and a sheet as two people would code it.
//!
//! A comment is known by a key that anybody can make, as the guide says: XXH3 with 64 bits of whether there is a customer and
//! a touchpoint, of the customer's key, the touchpoint's number, the moment, and the text.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::calendar::{Second, micros};
use super::dice::Dice;
use super::rows::{Csv, Rows};

/// A theme, the touchpoints that all complaints about it name, and the remarks that mean it.
#[derive(Debug)]
pub(super) struct Meant {
    pub(super) theme: &'static str,
    pub(super) complaints_at: &'static [&'static str],
    pub(super) remarks: &'static [&'static [&'static str]],
}

/// The true shares of a theme: of customers who wrote anything, and of complaints.
#[derive(Debug)]
pub(super) struct ThemeTruth {
    pub(super) theme: &'static str,
    pub(super) customers: f64,
    pub(super) complaints: f64,
}

/// So many comments at least are coded, of customers drawn whole.
const CODED: usize = 240;
/// So many of them are coded by a second person, who errs in one code of this many.
const CODED_TWICE: usize = 60;
const ERRS: f64 = 0.03;

#[derive(Debug)]
struct Comment<'a> {
    customer: &'a str,
    at: Second,
    touchpoint: &'a str,
    text: &'a str,
    is_complaint: bool,
}

impl Comment<'_> {
    fn means(&self, meant: &Meant) -> bool {
        if self.is_complaint {
            meant.complaints_at.contains(&self.touchpoint)
        } else {
            meant.remarks.iter().any(|remarks| remarks.contains(&self.text))
        }
    }

    fn key(&self) -> u64 {
        let has_touchpoint = !self.touchpoint.is_empty();
        let place = self
            .touchpoint
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let place = if has_touchpoint { place } else { 0 };
        let mut hash = Xxh3::new();
        hash.update(&[1, u8::from(has_touchpoint)]);
        hash.update(&xxh3_64(self.customer.as_bytes()).to_le_bytes());
        hash.update(&place.to_le_bytes());
        hash.update(&micros(self.at).to_le_bytes());
        hash.update(self.text.as_bytes());
        hash.digest()
    }
}

fn comments(rows: &Rows) -> Vec<Comment<'_>> {
    let remarks = rows.responses.iter().filter(|response| !response.comment.is_empty());
    let remarks = remarks.map(|response| Comment {
        customer: &response.customer,
        at: response.at,
        touchpoint: response.touchpoint,
        text: &response.comment,
        is_complaint: false,
    });
    let complaints = rows.complaints.iter().map(|complaint| Comment {
        customer: &complaint.customer,
        at: complaint.at,
        touchpoint: complaint.touchpoint,
        text: &complaint.text,
        is_complaint: true,
    });
    remarks.chain(complaints).collect()
}

/// The share of every theme in what was written.
pub(super) fn truths(rows: &Rows, themes: &[Meant]) -> Vec<ThemeTruth> {
    let comments = comments(rows);
    let who = |is_it: &dyn Fn(&&Comment<'_>) -> bool| {
        let customers: BTreeSet<&str> =
            comments.iter().filter(is_it).map(|comment| comment.customer).collect();
        customers.len() as f64
    };
    let complaints = |is_it: &dyn Fn(&Comment<'_>) -> bool| {
        comments.iter().filter(|comment| comment.is_complaint && is_it(comment)).count() as f64
    };
    let truth = |meant: &Meant| ThemeTruth {
        theme: meant.theme,
        customers: who(&|comment| comment.means(meant)) / who(&|_| true),
        complaints: complaints(&|comment| comment.means(meant)) / complaints(&|_| true),
    };
    themes.iter().map(truth).collect()
}

/// The sheet: coder A on all of it, B on some of it once more.
pub(super) fn sheet(rows: &Rows, themes: &[Meant], seed: u64) -> String {
    let mut dice = Dice::of(seed, 7, 0);
    let mut by_customer: BTreeMap<&str, Vec<Comment<'_>>> = BTreeMap::new();
    for comment in comments(rows) {
        by_customer.entry(comment.customer).or_default().push(comment);
    }
    let mut customers: Vec<Vec<Comment<'_>>> = by_customer.into_values().collect();
    for last in (1..customers.len()).rev() {
        customers.swap(last, dice.below(last + 1));
    }
    let mut drawn: Vec<Comment<'_>> = Vec::new();
    for comments in customers {
        if drawn.len() >= CODED {
            break;
        }
        drawn.extend(comments);
    }
    drawn.sort_by_key(Comment::key);
    let names = ["comment", "coder", "touchpoint", "text"];
    let ids: Vec<&str> = themes.iter().map(|meant| meant.theme).collect();
    let mut csv = Csv::with_header(names.iter().chain(&ids));
    let mut row = |comment: &Comment<'_>, coder: &str, errs: f64| {
        let key = format!("{:016x}", comment.key());
        let codes = themes.iter().map(|meant| {
            let is_right = !dice.chance(errs);
            if comment.means(meant) == is_right { "yes" } else { "no" }
        });
        let known = [key.as_str(), coder, comment.touchpoint, comment.text];
        let codes: Vec<&str> = codes.collect();
        csv.row(known.into_iter().chain(codes));
    };
    drawn.iter().for_each(|comment| row(comment, "A", 0.0));
    drawn.iter().take(CODED_TWICE).for_each(|comment| row(comment, "B", ERRS));
    csv.text
}
