//! The sections below the drawings: standards, funnels, gaps, variants, deviations, and how it was computed.

use crate::draw::markup::Markup;
use crate::draw::number::count;
use crate::draw::{self, Style};
use crate::render::{computed, tables};

use super::drawings::figure;
use super::table::{folded, table, twin};
use super::{Page, empty_state, section};

const SHOWN: usize = 20;

pub(super) fn standards(out: &mut Markup, page: &Page<'_>) {
    section(out, "standards", "Standards", |out| {
        if page.report.standards.is_empty() {
            let what = "No standard is written, so no delivery can be called defective.";
            return empty_state(
                out,
                what,
                "Write what was promised under standards of a touchpoint, with a share.",
            );
        }
        out.raw(
            "<p class=\"aside\">Kept: the bar is the 95% interval, the point the share, the upright line the promise less \
             its tolerance. Pending checks are in no rate.</p>",
        );
        folded(out, &tables::standards(&page.columns, page.report), SHOWN);
        twin(out, &tables::standards_in_detail(page.report));
    });
}

pub(super) fn funnels(out: &mut Markup, page: &Page<'_>) {
    section(out, "funnels", "Funnels", |out| {
        let measured: Vec<_> =
            page.report.funnels.iter().filter(|funnel| !funnel.steps.is_empty()).collect();
        if measured.is_empty() {
            let what = "No funnel was measured.";
            return empty_state(
                out,
                what,
                "The stages of a journey are always one; others stand under funnels.",
            );
        }
        for funnel in measured {
            table(out, &tables::funnel(&page.columns, funnel));
        }
    });
}

pub(super) fn gaps(out: &mut Markup, page: &Page<'_>) {
    section(out, "gaps", "Gaps", |out| {
        let Some(numbers) = draw::gap_table(&page.columns, page.report) else {
            return empty_state(
                out,
                "Not measured yet: no answer of a customer meets a target, a belief or an importance.",
                "Give response files with --responses, and write targets, belief and importance at the touchpoints.",
            );
        };
        let Some(svg) = draw::gaps(page.journey, page.report, &Style::default()) else {
            return folded(out, &numbers, SHOWN);
        };
        figure(out, &svg, "Scores against targets and beliefs, scrolls sideways", |out| {
            out.raw(
                "<span>To the target: what is still to be reached.</span> <span>Illusion: the company thinks itself \
                 better than its customers do, and the interval proves it.</span>",
            );
        });
        twin(out, &svg.table);
    });
}

pub(super) fn variants(out: &mut Markup, page: &Page<'_>) {
    section(out, "variants", "Variants", |out| {
        let variants = &page.report.variants;
        if variants.top.is_empty() {
            return empty_state(
                out,
                "No path was walked.",
                "A variant is one sequence of touchpoints.",
            );
        }
        let words = format!(
            "{} different paths; {} of them were walked once. The most walked:",
            count(variants.total),
            count(variants.singletons)
        );
        out.element("p", &[("class", "aside")], &words);
        folded(out, &tables::variants(&page.columns, page.report, 30), 10);
    });
}

pub(super) fn deviations(out: &mut Markup, page: &Page<'_>) {
    section(out, "deviations", "Deviations", |out| {
        let by_touchpoint = tables::deviations(&page.columns, page.report);
        let back_and_forth = tables::back_and_forth(&page.columns, page.report, SHOWN);
        let abandoned = tables::abandoned(&page.columns, page.report);
        if let Some(fitness) = page.report.deviations.fitness {
            let words = format!(
                "Fitness {}: 1 would be every instance exactly as designed.",
                percent_of_one(fitness)
            );
            out.element("p", &[("class", "aside")], &words);
        }
        let mut has_any = false;
        for deviations in [by_touchpoint, back_and_forth, abandoned] {
            if !deviations.rows.is_empty() {
                folded(out, &deviations, SHOWN);
                has_any = true;
            }
        }
        if !has_any && page.journey.is_some() {
            empty_state(
                out,
                "No instance departed from the design.",
                "Deviations would be listed by touchpoint.",
            );
        } else if !has_any {
            empty_state(
                out,
                "Without a design nothing deviates from it.",
                "Measure against a journey document.",
            );
        }
    });
}

fn percent_of_one(value: f64) -> String {
    crate::draw::number::decimal(value, 3)
}

pub(super) fn computed(out: &mut Markup, page: &Page<'_>) {
    section(out, "computed", "How was this computed", |out| {
        out.within("dl", &[("class", "computed")], |out| {
            for note in computed::notes(&page.columns, page.report) {
                out.element("dt", &[], note.about);
                out.element("dd", &[], &note.says);
            }
        });
    });
}
