//! In their words: what customers write, counted by customers.

use crate::document::Words;
use crate::draw::markup::Markup;
use crate::draw::{self, Style};
use crate::render::{tables, words};

use super::drawings::figure;
use super::table::{folded, twin};
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
            if let Some(coding) = tables::coding(said) {
                folded(out, &coding, SHOWN);
            }
            months(out, page);
        }
        let lists = [
            tables::latest_themes(said),
            tables::latest_words(said),
            tables::telling(said),
            Some(tables::suggested(said)),
            Some(tables::phrases(said)),
        ];
        for table in lists.into_iter().flatten().filter(|table| !table.rows.is_empty()) {
            folded(out, &table, SHOWN);
        }
    });
}

/// Themes over time, side by side where the page is wide.
fn months(out: &mut Markup, page: &Page<'_>) {
    let drawn = draw::themes(page.report, &Style::default());
    if drawn.is_empty() {
        return;
    }
    out.raw(
        "<p class=\"aside\">Upright bars are 95% intervals; a hollow mark on the ground line is a month in which under 5 \
         customers had the theme. Neighbouring bars that overlap are not proven to differ.</p>",
    );
    for svg in drawn {
        figure(out, &svg, &format!("{}, scrolls sideways", svg.table.caption), |_| {});
        twin(out, &svg.table);
    }
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
