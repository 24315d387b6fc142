//! Over time: what changed, and what is only chance.

use crate::draw::markup::Markup;
use crate::draw::{self, Style};

use super::drawings::figure;
use super::table::twin;
use super::{Page, empty_state, section};

/// So many charts are open at once; the rest is one click away.
const OPEN: usize = 4;

pub(super) fn trends(out: &mut Markup, page: &Page<'_>) {
    section(out, "trends", "Over time", |out| {
        let drawn = draw::trends(page.journey, page.report, &Style::default());
        if drawn.is_empty() {
            return empty_state(
                out,
                "No trend: too few periods have 5 answers to one question.",
                "It takes eight weeks or months with dated answers.",
            );
        }
        out.raw(
            "<p class=\"aside\">Grey: what chance does, from how much neighbouring periods differ. ▲ breaks a run rule: beyond \
             the limits, or nine in a row on one side. Dashed: the level; an upright line is where it changed, more than random \
             orders of the same periods show.</p>",
        );
        let figures = |out: &mut Markup, drawings: &[draw::Svg]| {
            for svg in drawings {
                figure(out, svg, &format!("{}, scrolls sideways", svg.table.caption), |_| {});
                twin(out, &svg.table);
            }
        };
        let (open, folded) = drawn.split_at(drawn.len().min(OPEN));
        figures(out, open);
        if !folded.is_empty() {
            out.within("details", &[("class", "more"), ("data-print", "")], |out| {
                out.element("summary", &[], &format!("{} more", folded.len()));
                figures(out, folded);
            });
        }
    });
}
