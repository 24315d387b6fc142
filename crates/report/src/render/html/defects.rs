//! Defects together: which standards most are of, who leaves, what mending would keep, and how contact was kept up.

use crate::draw::markup::Markup;
use crate::draw::{self, Style};
use crate::render::tables;

use super::drawings::figure;
use super::table::{folded, twin};
use super::{Page, section};

const SHOWN: usize = 12;

/// Whether the page has that section.
pub(super) fn has_leaving(page: &Page<'_>) -> bool {
    !tables::leaving(page.report).rows.is_empty() || !tables::money(page.report).rows.is_empty()
}

/// Whether the page has that section.
pub(super) fn has_cadence(page: &Page<'_>) -> bool {
    page.report.standards.iter().any(|standard| standard.cadence.is_some())
}

pub(super) fn defects(out: &mut Markup, page: &Page<'_>) {
    let Some(defects) = &page.report.defects else { return };
    section(out, "defects", "Defects", |out| {
        if let Some(yields) = tables::yields(page.report) {
            out.element("p", &[], &yields);
        }
        if let Some(why) = &defects.why_not {
            let words =
                format!("Not enough data to say which standards most defects are of: {why}.");
            out.element("p", &[("class", "aside")], &words);
        }
        for svg in draw::paretos(page.report, &Style::default()) {
            figure(out, &svg, &format!("{}, scrolls sideways", svg.table.caption), |out| {
                out.raw(
                    "<span>Bars: defects, the longest is the largest. Line: what they come to together, on the scale below.</span> \
                     <span>Filled: the vital few, at least 80%.</span> <span>≈ not distinguishable from the next.</span>",
                );
            });
            twin(out, &svg.table);
        }
    });
}

pub(super) fn leaving(out: &mut Markup, page: &Page<'_>) {
    if !has_leaving(page) {
        return;
    }
    section(out, "leaving", "Who leaves", |out| {
        out.raw(
            "<p class=\"aside\">A customer leaves with the first walk after which they do not come back in time. Each is without a \
             defect until the day on which it was first met, and with it from then on, so that no defect is credited with the time \
             before it. All of it is association; only a change with a comparison group confirms a cause.</p>",
        );
        for svg in draw::staying(page.report, &Style::default()) {
            figure(out, &svg, &format!("{}, scrolls sideways", svg.table.caption), |out| {
                out.raw(
                    "<span>Share still there (Kaplan and Meier), with its 95% interval as a band.</span> \
                     <span>● solid: without the defect.</span> <span>▲ dashed: from the day on which it was met.</span>",
                );
            });
            twin(out, &svg.table);
        }
        let sentences = tables::sentences(page.report);
        if !sentences.is_empty() {
            out.within("ul", &[], |out| {
                for (standard, says) in &sentences {
                    out.within("li", &[], |out| {
                        out.element("bdi", &[], &format!("“{standard}”"));
                        out.text(": ");
                        out.text(says);
                    });
                }
            });
        }
        let strata = tables::risk_strata(page.report);
        let tables = [tables::leaving(page.report), tables::money(page.report)];
        for table in tables.into_iter().chain(strata).filter(|table| !table.rows.is_empty()) {
            folded(out, &table, SHOWN);
        }
    });
}

pub(super) fn cadence(out: &mut Markup, page: &Page<'_>) {
    if !has_cadence(page) {
        return;
    }
    section(out, "cadence", "Contact kept up", |out| {
        out.raw(
            "<p class=\"aside\">Adherence: the share of the time in which contact was owed that was not beyond the longest gap \
             promised. A beat is one contact that fell due. A gap that no contact has ended is counted for as long as it was seen to \
             be, so that those who were forgotten are in the numbers.</p>",
        );
        folded(out, &tables::cadence(&page.columns, page.report), SHOWN);
    });
}
