//! What differs between groups and periods, what planned changes brought, and who answered.

use crate::draw::markup::Markup;
use crate::draw::{self, Style};
use crate::render::{tables, words};

use super::drawings::figure;
use super::table::{folded, table, twin};
use super::{Page, section};

const SHOWN: usize = 15;

/// Left out where no plan was given.
pub(super) fn proofs(out: &mut Markup, page: &Page<'_>) {
    if page.report.proofs.is_empty() {
        return;
    }
    section(out, "proofs", "Planned changes", |out| {
        table(out, &tables::proofs(page.report));
        for (number, proof) in page.report.proofs.iter().enumerate() {
            out.within("h3", &[], |out| out.element("bdi", &[], &proof.title));
            out.within("ul", &[("class", "aside")], |out| {
                for says in words::proof(proof) {
                    out.within("li", &[], |out| out.element("bdi", &[], &says));
                }
            });
            let said = words::proof_said(proof);
            match draw::proof(number + 1, proof, &said, &Style::default()) {
                Some(svg) => {
                    let label = format!("{}, scrolls sideways", svg.table.caption);
                    figure(out, &svg, &label, |out| {
                        let others = proof.points.iter().any(|point| point.compared.is_some());
                        let legend = if others {
                            "● solid: those who got the change. ■ dashed: those who did not. Upright: the change."
                        } else {
                            "Upright: the change."
                        };
                        out.element("span", &[], legend);
                    });
                    twin(out, &svg.table);
                }
                None if proof.points.is_empty() => {}
                None => twin(out, &draw::proof_table(proof)),
            }
        }
    });
}

/// Left out where nothing could be compared.
pub(super) fn comparisons(out: &mut Markup, page: &Page<'_>) {
    let comparisons = &page.report.comparisons;
    if comparisons.is_empty() {
        return;
    }
    section(out, "comparisons", "Compared", |out| {
        out.raw(
            "<p class=\"aside\">Differences with their 95% intervals, what differs first. Higher and lower are said only \
             where the difference stands when all rows of the table are judged at once (5%).</p>",
        );
        for comparison in comparisons {
            let all = comparison.rows.len();
            let rows = tables::comparison(&page.columns, page.report, comparison, all);
            folded(out, &rows, SHOWN);
            out.element("p", &[("class", "aside")], &words::left_out(comparison));
        }
    });
}

/// Left out where nobody knows when an answer was asked for.
pub(super) fn respondents(out: &mut Markup, page: &Page<'_>) {
    let known = tables::respondents(&page.columns, page.report);
    if known.rows.is_empty() {
        return;
    }
    section(out, "respondents", "Who answered", |out| {
        out.raw(
            "<p class=\"aside\">Those who answer late resemble those who never do. No difference is no proof that the silent \
             are like the rest; what they could do to a score no number of answers narrows, only a higher response rate.</p>",
        );
        folded(out, &known, SHOWN);
    });
}
