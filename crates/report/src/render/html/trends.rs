//! Over time: what changed, and what is only chance.

use crate::draw::markup::Markup;
use crate::draw::number::plural;
use crate::draw::{self, Style, Svg};
use crate::render::tables;

use super::drawings::figure;
use super::table::{table, twin};
use super::{Page, empty_state, section};

/// So many charts of each kind are open at once; the rest is one click away.
const OPEN: usize = 4;

/// More charts of standards than this are drawn only where something moved.
const MOST_CALM: usize = 8;

pub(super) fn trends(out: &mut Markup, page: &Page<'_>) {
    section(out, "trends", "Over time", |out| {
        let scores = draw::trends(page.journey, page.report, &Style::default());
        let kept = draw::kept_trends(page.report, &Style::default());
        let complaints = draw::complaint_trends(page.journey, page.report, &Style::default());
        if scores.is_empty() && kept.is_empty() && complaints.is_empty() {
            return empty_state(
                out,
                "No trend: too few periods have 5 answers to one question, or 5 checks of one standard.",
                "It takes eight weeks or months with dated answers or events.",
            );
        }
        out.raw(
            "<p class=\"aside\">Grey: what chance does. ▲ breaks a run rule: beyond the limits, or nine in a row on one side. \
             Dashed: the level; an upright line is where it changed, more than random orders of the same periods show. \
             Hollow: sets the limits and is not judged.</p>",
        );
        let moved = tables::over_time(&page.columns, page.report);
        if !moved.rows.is_empty() {
            table(out, &moved);
        }
        charts(out, "Scores", &scores);
        charts(out, "Complaints", &complaints);
        // What moved stands in front.
        let has_moved = |number: usize| {
            let trend = &page.report.kept_trends[number];
            let has_signal = trend.points.iter().any(|point| !point.signals.is_empty());
            !trend.changes.is_empty() || has_signal
        };
        let mut kept: Vec<(bool, Svg)> =
            kept.into_iter().enumerate().map(|(number, svg)| (!has_moved(number), svg)).collect();
        kept.sort_by_key(|(is_calm, _)| *is_calm);
        let moved = kept.iter().filter(|(is_calm, _)| !is_calm).count();
        let calm = kept.split_off(kept.len().min(moved.max(MOST_CALM)));
        charts(out, "Standards kept", &kept.into_iter().map(|(_, svg)| svg).collect::<Vec<_>>());
        if !calm.is_empty() {
            let words = plural(calm.len(), "more standard shows", "more standards show");
            let words = format!("{words} nothing but chance; in the JSON report.");
            out.element("p", &[("class", "aside")], &words);
        }
    });
}

fn charts(out: &mut Markup, heading: &str, drawn: &[Svg]) {
    if drawn.is_empty() {
        return;
    }
    out.element("h3", &[], heading);
    let figures = |out: &mut Markup, drawings: &[Svg]| {
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
}
