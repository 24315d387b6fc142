//! The top of the page: what was measured, when, on how much, and what was left out.

use crate::document::{Score, Verdict};
use crate::draw::markup::Markup;
use crate::draw::number::{
    count, duration, percent, percent_interval, plural, score, score_interval, score_value,
};
use crate::draw::verdict_sign;
use crate::draw::{FIRM, SHOWN};
use crate::render::{tables, words};

use super::{Page, defects, experience, heard};

pub(super) fn header(out: &mut Markup, page: &Page<'_>) {
    let report = page.report;
    out.within("header", &[("class", "page-header")], |out| {
        out.within("div", &[("class", "headline")], |out| {
            out.within("p", &[("class", "kicker")], |out| {
                out.raw("<span class=\"mark\" aria-hidden=\"true\"></span>Footpath · ");
                out.text(report.journey.as_deref().unwrap_or("discover"));
                out.raw(" · ");
                out.text(&words::version(report));
            });
            out.within("h1", &[], |out| {
                out.element("bdi", &[], words::title(page.journey, report))
            });
            if let Some(statement) = page.journey.and_then(|journey| journey.statement.as_ref()) {
                out.within("p", &[("class", "statement")], |out| {
                    out.raw("<span class=\"label\">We promise</span> ");
                    out.element("bdi", &[], &statement.text);
                });
            }
            out.within("p", &[("class", "meta")], |out| {
                out.raw("<span class=\"label\">Period</span> ");
                out.text(&words::period(report));
                out.raw(" <span class=\"label\">As of</span> ");
                out.text(&words::as_of(report));
                if let Some(segment) = words::segment(report) {
                    out.raw(" <span class=\"label\">Only where</span> ");
                    out.element("bdi", &[], &segment);
                }
            });
        });
        out.raw("<button type=\"button\" id=\"theme\" hidden>Theme: as the system</button>");
    });
    contents(out, page);
}

fn contents(out: &mut Markup, page: &Page<'_>) {
    let report = page.report;
    let has_respondents = !tables::respondents(&page.columns, report).rows.is_empty();
    let sections = [
        ("findings", "Findings", true),
        ("map", "Map", true),
        ("paths", "Paths", true),
        ("standards", "Standards", true),
        ("defects", "Defects", report.defects.is_some()),
        ("leaving", "Who leaves", defects::has_leaving(page)),
        ("cadence", "Contact", defects::has_cadence(page)),
        ("funnels", "Funnels", true),
        ("importance", "What matters", true),
        ("gaps", "Gaps", true),
        ("experience", "How it was", experience::is_there(page)),
        ("heard", "Who was heard", heard::is_there(page)),
        ("words", "In their words", true),
        ("trends", "Over time", true),
        ("comparisons", "Compared", !report.comparisons.is_empty()),
        ("proofs", "Planned changes", !report.proofs.is_empty()),
        ("respondents", "Who answered", has_respondents),
        ("variants", "Variants", true),
        ("deviations", "Deviations", true),
        ("computed", "How computed", true),
    ];
    out.within("nav", &[("aria-label", "Sections")], |out| {
        out.within("ul", &[], |out| {
            for (id, name, _) in sections.iter().filter(|(_, _, is_there)| *is_there) {
                out.within("li", &[], |out| {
                    out.element("a", &[("href", &format!("#{id}"))], name);
                });
            }
        });
    });
}

/// The few numbers that everything else is a share of.
pub(super) fn figures(out: &mut Markup, page: &Page<'_>) {
    let report = page.report;
    out.within("dl", &[("class", "figures")], |out| {
        figure(out, "Customers", &count(report.customers), "who did anything in the period");
        figure(out, "Instances", &count(report.instances.total), &words::instances(report));
        figure(out, "Events read", &count(report.events.read), &words::events(report));
        let spread = match (report.duration_s.p25, report.duration_s.p75) {
            (Some(p25), Some(p75)) => {
                format!(
                    "half between {} and {}, n\u{a0}=\u{a0}{}",
                    duration(p25),
                    duration(p75),
                    count(report.duration_s.n)
                )
            }
            _ => "no finished instance".to_owned(),
        };
        figure(
            out,
            "Median duration",
            &report.duration_s.median.map_or("–".to_owned(), duration),
            &spread,
        );
        for (question, score) in report.scores.iter().filter(|(_, score)| score.n > 0) {
            whole_score(out, question, score);
        }
        if page.journey.is_some() {
            let fitting = &report.deviations.fitting_instances;
            let interval = percent_interval(fitting.low, fitting.high).unwrap_or_default();
            let note = format!("[{interval}], {} of {}", count(fitting.k), count(fitting.n));
            let note = if fitting.share.is_some() { note } else { "nothing to align".to_owned() };
            figure(
                out,
                "Walked as designed",
                &fitting.share.map_or("–".to_owned(), percent),
                &note,
            );
            standards(out, page);
        }
    });
}

/// A score of the journey as a whole; under five answers only their number.
fn whole_score(out: &mut Markup, question: &str, answered: &Score) {
    let name = format!("Whole journey, {question}");
    let value = score_value(answered).filter(|_| answered.n >= SHOWN);
    let Some(value) = value else {
        return figure(out, &name, "–", &format!("n\u{a0}=\u{a0}{}, too few", answered.n));
    };
    let interval = score_interval(question, answered.low, answered.high);
    let interval = interval.map(|interval| format!("[{interval}], ")).unwrap_or_default();
    let tier = if answered.n < FIRM { ", an indication" } else { "" };
    figure(
        out,
        &name,
        &score(question, value),
        &format!("{interval}n\u{a0}=\u{a0}{}{tier}{}", count(answered.n), words::late(answered)),
    );
}

fn standards(out: &mut Markup, page: &Page<'_>) {
    let words = words::verdicts(page.report).map(|(verdict, n)| {
        let (glyph, word) = verdict_sign(Some(verdict));
        format!("{glyph}\u{a0}{}\u{a0}{}", count(n as u64), word.replace(' ', "\u{a0}"))
    });
    let note =
        if page.report.standards.is_empty() { "none written".to_owned() } else { words.join(", ") };
    figure(out, "Standards", &count(page.report.standards.len() as u64), &note);
}

fn figure(out: &mut Markup, name: &str, value: &str, note: &str) {
    out.within("div", &[], |out| {
        out.element("dt", &[], name);
        out.element("dd", &[("class", "value")], value);
        out.element("dd", &[("class", "note")], note);
    });
}

/// What is missing from every number below, said before them.
pub(super) fn notices(out: &mut Markup, page: &Page<'_>) {
    let report = page.report;
    let mut notices = Vec::new();
    if report.events.read == 0 {
        notices.push(
            "No events were read. Nothing below is measured; give event files with --events."
                .to_owned(),
        );
    }
    if let Some(unbound) = words::unbound(report) {
        let n = count(report.events.unbound);
        notices.push(format!("{n} events mean no touchpoint and are in no measure: {unbound}."));
    }
    if report.events.quarantined > 0 {
        let n = count(report.events.quarantined);
        notices.push(format!(
            "{n} rows could not be read; they are in the quarantine file with line and reason."
        ));
    }
    let silent: Vec<&str> = page
        .columns
        .all
        .iter()
        .filter(|column| column.measured.is_none_or(|measured| measured.visits == 0))
        .map(|column| column.title)
        .collect();
    if !silent.is_empty() && report.events.read > 0 {
        notices.push(format!("No events at {}.", silent.join(", ")));
    }
    let unowned = page.columns.all.iter().filter(|column| column.owner().is_none()).count();
    if unowned > 0 && page.journey.is_some() {
        notices.push(format!(
            "{} no owner; nobody answers for what is found there.",
            plural(unowned, "touchpoint has", "touchpoints have")
        ));
    }
    let defective =
        report.standards.iter().filter(|s| s.verdict == Verdict::Defective && !s.listed).count();
    if defective > 0 {
        notices.push(format!(
            "{} alone, but not when all standards are judged at once.",
            plural(defective, "standard is defective", "standards are defective")
        ));
    }
    if notices.is_empty() {
        return;
    }
    out.within(
        "aside",
        &[("class", "notices"), ("aria-label", "What to know before reading")],
        |out| {
            out.within("ul", &[], |out| {
                for notice in &notices {
                    out.within("li", &[], |out| out.element("bdi", &[], notice));
                }
            });
        },
    );
}

pub(super) fn footer(out: &mut Markup, page: &Page<'_>) {
    out.within("footer", &[], |out| {
        let report = page.report;
        let segment = words::segment(report).map(|segment| format!("only where {segment} · "));
        let segment = segment.unwrap_or_default();
        let words = format!(
            "Footpath {} · {} · {} · {} to the horizon {} · {segment}n\u{a0}=\u{a0}{} customers",
            report.footpath,
            words::title(page.journey, report),
            words::version(report),
            words::period(report),
            words::as_of(report),
            count(report.customers)
        );
        out.element("p", &[], &words);
    });
}
