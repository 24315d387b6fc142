//! Findings in their order: what to mend first, who answers for it, and how it is known.

use crate::document::{Finding, Kind};
use crate::draw::markup::Markup;
use crate::draw::number::count;
use crate::render::words;

use super::{Page, empty_state};

const SHOWN: usize = 6;
const UNFOLDED_TOGETHER: usize = 20;

fn content(out: &mut Markup, page: &Page<'_>) {
    let findings = &page.report.findings;
    if findings.is_empty() {
        let (what, how) = match page.journey {
            Some(_) if page.report.instances.total == 0 => (
                "Nothing is measured yet, so nothing can be found.",
                "Give event files with --events, and response files with --responses.",
            ),
            Some(_) => (
                "Nothing was found: no standard is defective, no gap is proven.",
                "More standards, targets and answers let more be found; what is not proven yet is under Standards.",
            ),
            None => (
                "Findings need a design to be held against.",
                "Write a journey document, or begin from the draft that footpath discover --format yaml writes.",
            ),
        };
        return empty_state(out, what, how);
    }
    let (first, rest) = findings.split_at(findings.len().min(SHOWN));
    let (second, third) = rest.split_at(rest.len().min(UNFOLDED_TOGETHER - SHOWN));
    list(out, first);
    for part in [second, third] {
        let (Some(from), Some(to)) = (part.first(), part.last()) else { continue };
        out.within("details", &[("class", "more"), ("data-print", "")], |out| {
            out.element("summary", &[], &format!("Findings {} to {}", from.rank, to.rank));
            list(out, part);
        });
    }
}

pub(super) fn section(out: &mut Markup, page: &Page<'_>) {
    super::section(out, "findings", "Findings, what matters most first", |out| content(out, page));
}

fn list(out: &mut Markup, findings: &[Finding]) {
    let start = findings.first().map_or(1, |finding| finding.rank).to_string();
    out.within("ol", &[("class", "findings"), ("start", &start)], |out| {
        for found in findings {
            out.within("li", &[("data-finding", &found.about)], |out| finding(out, found));
        }
    });
}

fn finding(out: &mut Markup, finding: &Finding) {
    out.element("span", &[("class", "rank"), ("aria-hidden", "true")], &finding.rank.to_string());
    out.within("div", &[("class", "finding")], |out| {
        out.within("h3", &[], |out| out.element("bdi", &[], &finding.sentence));
        out.within("p", &[("class", "finding-facts")], |out| {
            let class = if is_defect(finding.kind) { "chip defective" } else { "chip gap" };
            out.element("span", &[("class", class)], words::kind(finding.kind));
            out.raw(" ");
            match finding.owner.as_deref().filter(|owner| !owner.trim().is_empty()) {
                Some(owner) => {
                    out.raw("<span class=\"label\">Owner</span> ");
                    out.element("bdi", &[], owner);
                }
                None => out.raw("<span class=\"flag\">▲ no owner</span>"),
            }
            out.raw(" <span class=\"label\">Customers</span> ");
            out.text(&count(finding.customers));
        });
        out.within("p", &[("class", "finding-score")], |out| {
            out.raw("<span class=\"label\">Score</span> ");
            out.text(&words::score_parts(finding));
        });
        if let Some(money) = &finding.money {
            out.within("p", &[("class", "finding-score")], |out| {
                out.raw("<span class=\"label\">Money</span> ");
                out.text(&words::finding_money(money));
            });
        }
        if !finding.evidence.is_empty() {
            out.within("ul", &[("class", "evidence")], |out| {
                for evidence in &finding.evidence {
                    out.within("li", &[], |out| {
                        out.element("bdi", &[], &words::evidence(evidence))
                    });
                }
            });
        }
    });
}

/// A defect broke a promise; the rest are gaps and departures.
fn is_defect(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::DefectiveStandard | Kind::Inconsistent | Kind::Cadence | Kind::ContactPoint
    )
}
