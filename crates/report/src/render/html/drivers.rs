//! What matters: derived importance, both questions named apart, and importance against performance.

use crate::document::DriverAnalysis;
use crate::draw::markup::Markup;
use crate::draw::{self, Style};
use crate::render::{tables, words};

use super::drawings::figure;
use super::table::{table, twin};
use super::{Page, empty_state, section};

pub(super) fn importance(out: &mut Markup, page: &Page<'_>) {
    section(out, "importance", "What matters", |out| {
        let Some(drivers) = &page.report.drivers else {
            return empty_state(
                out,
                "Not derived yet: nobody answered about the journey as a whole.",
                "Name the question under outcomes, loyalty, and give response files with --responses.",
            );
        };
        out.within("p", &[("class", "aside")], |out| out.text(&words::derived(drivers)));
        warnings(out, "To those who meet it", &drivers.to_those_who_meet);
        warnings(out, "Across all customers", &drivers.across_all_customers);
        if let Some(svg) = draw::matrix(page.journey, page.report, &Style::default()) {
            figure(out, &svg, "Importance against performance, scrolls sideways", |out| {
                out.element("span", &[], &draw::matrix_caption(drivers));
            });
            twin(out, &svg.table);
        }
        table(out, &tables::drivers(&page.columns, drivers));
    });
}

fn warnings(out: &mut Markup, question: &str, analysis: &DriverAnalysis) {
    if analysis.warnings.is_empty() {
        return;
    }
    out.within("ul", &[("class", "aside")], |out| {
        for warning in &analysis.warnings {
            out.element("li", &[], &format!("{question}: {warning}"));
        }
    });
}
