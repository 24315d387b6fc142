//! In their words: what customers write, counted by customers.

use crate::document::Words;
use crate::draw::markup::Markup;
use crate::render::{tables, words};

use super::table::folded;
use super::{Page, empty_state, section};

const SHOWN: usize = 12;

pub(super) fn said(out: &mut Markup, page: &Page<'_>) {
    section(out, "words", "In their words", |out| {
        let Some(said) = &page.report.words else {
            return empty_state(
                out,
                "Nobody wrote anything.",
                "Give answers with a comment, or complaints with --complaints.",
            );
        };
        out.within("p", &[("class", "aside")], |out| out.text(&words::written(said)));
        if said.themes.is_empty() {
            empty_state(
                out,
                "The document names no theme.",
                "Write themes, each with two to five sentences that a customer could have written.",
            );
        } else {
            folded(out, &tables::themes(&page.columns, said), SHOWN);
            quotes(out, said);
        }
        let lists =
            [tables::telling(said), Some(tables::suggested(said)), Some(tables::phrases(said))];
        for table in lists.into_iter().flatten().filter(|table| !table.rows.is_empty()) {
            folded(out, &table, SHOWN);
        }
    });
}

fn quotes(out: &mut Markup, said: &Words) {
    for theme in said.themes.iter().filter(|theme| !theme.quotes.is_empty()) {
        out.within("details", &[("class", "twin")], |out| {
            out.element("summary", &[], &format!("Quotes: {}", theme.title));
            out.within("ul", &[], |out| {
                for quote in &theme.quotes {
                    out.within("li", &[], |out| out.element("bdi", &[], &format!("“{quote}”")));
                }
            });
        });
    }
}
