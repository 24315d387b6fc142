//! The two drawings, each with what it means, its table twin, and a way to read it without seeing it.

use model::journey::{Cards, Touchpoint};

use crate::draw::markup::Markup;
use crate::draw::{self, Style, Svg};
use crate::render::tables;

use super::table::{table, twin};
use super::{Page, empty_state, section};

const DEPARTURES: usize = 10;
/// A3 holds so many columns in letters that can be read; a wider map is also printed in parts.
const READABLE_ON_PAPER: usize = 16;
const COLUMNS_IN_A_PART: usize = 12;

pub(super) fn map_section(out: &mut Markup, page: &Page<'_>) {
    let heading =
        if page.journey.is_some() { "The journey, measured" } else { "Walked touchpoints" };
    section(out, "map", heading, |out| {
        if page.columns.all.is_empty() {
            return empty_state(
                out,
                "There are no touchpoints.",
                "Events with activities will appear here as columns.",
            );
        }
        let svg = draw::map(page.journey, page.report, &Style::default());
        figure(out, &svg, "Journey map, scrolls sideways", |out| {
            if page.journey.is_some() {
                out.raw(
                    "<span>Verdicts: ● meets its promise, ▲ proven defective, ◌ not proven yet, – no standard.</span> \
                     <span>The upright line on a defect track is what the promise allows.</span> \
                     <span>Grey and hollow: under 30 answers.</span>",
                );
            } else {
                out.raw("<span>In the order in which they are mostly walked.</span>");
            }
        });
        if page.columns.all.len() > READABLE_ON_PAPER {
            parts(out, page);
        }
        if page.columns.left_out > 0 {
            let words = format!(
                "{} less visited touchpoints are in the JSON report only.",
                page.columns.left_out
            );
            out.element("p", &[("class", "aside")], &words);
        }
        twin(out, &svg.table);
        if page.journey.is_some() {
            outline(out, page);
        }
    });
}

pub(super) fn flow_section(out: &mut Markup, page: &Page<'_>) {
    let heading = if page.journey.is_some() { "Designed against walked" } else { "Walked paths" };
    section(out, "paths", heading, |out| {
        if page.report.transitions.is_empty() {
            let what = "Nobody walked: there are no transitions between touchpoints.";
            return empty_state(
                out,
                what,
                "Bind activities to touchpoints under events, and give event files.",
            );
        }
        let svg = draw::flow(page.journey, page.report, &Style::default());
        figure(out, &svg, "Flow of walked paths, scrolls sideways", |out| {
            out.raw(
                "<span>Bars are touchpoints, as high as their visits; over each its visits and the share of instances \
                 that came there.</span>",
            );
        });
        if page.journey.is_some() {
            let departures = tables::departures(&page.columns, page.report, DEPARTURES);
            if departures.rows.is_empty() {
                let what = "Nobody left the designed path.";
                empty_state(out, what, "Every transition is listed in the table below.");
            } else {
                table(out, &departures);
            }
        }
        twin(out, &svg.table);
    });
}

/// The drawing in a region that scrolls by itself, so that the page never does sideways.
pub(super) fn figure(out: &mut Markup, svg: &Svg, label: &str, legend: impl FnOnce(&mut Markup)) {
    out.within("figure", &[], |out| {
        let region = [
            ("class", "drawing-scroll"),
            ("role", "region"),
            ("tabindex", "0"),
            ("aria-label", label),
        ];
        out.within("div", &region, |out| out.drawing(svg));
        out.within("figcaption", &[], legend);
    });
}

/// The map once more in parts, on paper only: the screen scrolls, and a reader by ear has the outline.
fn parts(out: &mut Markup, page: &Page<'_>) {
    for part in draw::map_parts(page.journey, page.report, &Style::default(), COLUMNS_IN_A_PART) {
        out.within("div", &[("class", "part"), ("aria-hidden", "true")], |out| out.drawing(&part));
    }
}

/// The map's words as headings and lists: the same story for ears, search and small screens.
fn outline(out: &mut Markup, page: &Page<'_>) {
    let Some(journey) = page.journey else { return };
    out.within("details", &[("class", "twin")], |out| {
        out.raw("<summary>Read the map as an outline</summary>");
        out.within("div", &[("class", "outline")], |out| {
            for stage in &journey.stages {
                out.within("h3", &[], |out| out.element("bdi", &[], &stage.title));
                for touchpoint in &stage.touchpoints {
                    out.within("h4", &[], |out| out.element("bdi", &[], &touchpoint.title));
                    out.within("dl", &[], |out| lanes(out, touchpoint));
                }
            }
        });
    });
}

fn lanes(out: &mut Markup, touchpoint: &Touchpoint) {
    let feels = touchpoint
        .feels
        .as_ref()
        .map(|feels| format!("{}, assumed {}", feels.label, feels.valence));
    let lanes = [("Doing", &touchpoint.does), ("Thinking", &touchpoint.thinks)];
    let further = [
        ("Needs", &touchpoint.needs),
        ("Expects", &touchpoint.expects),
        ("Evidence, props", &touchpoint.evidence),
        ("Frontstage", &touchpoint.frontstage),
        ("Technology", &touchpoint.technology),
        ("Backstage", &touchpoint.backstage),
        ("Support", &touchpoint.support),
        ("Systems", &touchpoint.systems),
        ("Pain point", &touchpoint.pains),
    ];
    let mut entry = |name: &str, words: &str| {
        out.element("dt", &[], name);
        out.within("dd", &[], |out| out.element("bdi", &[], words));
    };
    let cards = |(name, cards): (&'static str, &Cards)| {
        cards.texts().map(move |text| (name, text.to_owned())).collect::<Vec<_>>()
    };
    for (name, words) in lanes.into_iter().flat_map(cards) {
        entry(name, &words);
    }
    if let Some(feels) = feels {
        entry("Feeling", &feels);
    }
    for (name, words) in further.into_iter().flat_map(cards) {
        entry(name, &words);
    }
    if !touchpoint.channels.is_empty() {
        entry("Channels", &touchpoint.channels.join(", "));
    }
    entry("Owner", touchpoint.owner.as_deref().unwrap_or("▲ no owner"));
    for standard in &touchpoint.standards {
        entry("Standard", &standard.text);
    }
}
