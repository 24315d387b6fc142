//! The report for a terminal: at most 100 columns, no colour needed.

mod grid;

use model::journey::Journey;

use crate::document::{Compared, ComparedRow, Report};
use crate::draw::number::{count, decimal, duration, percent, share};
use crate::draw::{self, Columns, Style, verdict_sign};

use super::{tables, words};
use grid::{WIDTH, fill, fit, table};

const FINDINGS: usize = 10;
const ROWS: usize = 40;
const VARIANTS: usize = 8;
/// Rows of a comparison in which nothing differs.
const COMPARED: usize = 3;
const PARETO: usize = 10;
const LEAVING: usize = 12;

pub(super) fn page(journey: Option<&Journey>, report: &Report) -> String {
    let columns = Columns::new(journey, report);
    let mut out = String::new();
    header(&mut out, journey, report);
    if report.events.read == 0 {
        out.push_str("\nNo events were read, so nothing is measured.\n");
    }
    findings(&mut out, report, journey.is_some());
    if !report.standards.is_empty() {
        table(&mut out, &tables::standards(&columns, report), ROWS);
    } else if journey.is_some() {
        out.push_str("\nNo standard is written, so no delivery can be called defective.\n");
    }
    defects(&mut out, &columns, report);
    table(&mut out, &tables::touchpoints(&columns, report), ROWS);
    if journey.is_some() {
        deviations(&mut out, &columns, report);
    } else {
        table(&mut out, &draw::flow(None, report, &Style::default()).table, 20);
    }
    for funnel in report.funnels.iter().filter(|funnel| !funnel.steps.is_empty()) {
        table(&mut out, &tables::funnel(&columns, funnel), ROWS);
    }
    if let Some(drivers) = &report.drivers {
        table(&mut out, &tables::drivers(&columns, drivers), ROWS);
        fill(&mut out, "", &words::derived(drivers));
    }
    if let Some(gaps) = draw::gap_table(&columns, report) {
        table(&mut out, &gaps, ROWS);
    }
    experience(&mut out, &columns, report);
    if let Some(words) = &report.words {
        table(&mut out, &tables::themes(&columns, words), ROWS);
        for coded in [tables::coding(words), tables::latest_themes(words)].into_iter().flatten() {
            table(&mut out, &coded, ROWS);
        }
        if let Some(latest) = tables::latest_words(words) {
            table(&mut out, &latest, 12);
        }
        if let Some(telling) = tables::telling(words) {
            table(&mut out, &telling, 12);
        }
    }
    changes(&mut out, &columns, report);
    table(&mut out, &tables::variants(&columns, report, VARIANTS), VARIANTS);
    out.push_str(
        "\nIntervals are at 95%. Verdicts: ● meets, ▲ defective, ◌ not proven, – no standard.\n",
    );
    out
}

/// How it was, and who was heard.
fn experience(out: &mut String, columns: &Columns<'_>, report: &Report) {
    if let Some(told) = tables::experience(columns, report) {
        table(out, &told, ROWS);
    }
    if let Some(weights) = &report.experience_weights {
        fill(out, "", &words::experience_weights(weights));
    }
    if let Some(emotion) = &report.emotion {
        table(out, &tables::curve(columns, emotion), ROWS);
        if let Some(predicts) = tables::predicts(emotion) {
            table(out, &predicts, ROWS);
        }
        fill(out, "", &words::emotion(emotion));
    }
    if let Some(kano) = tables::kano(columns) {
        table(out, &kano, ROWS);
    }
    if let Some(weighed) = &report.weighed {
        table(out, &tables::strata(weighed), ROWS);
        table(out, &tables::weighed(columns, weighed), ROWS);
        fill(out, "", &words::weighed(weighed));
    }
    if let Some(silence) = &report.silence {
        out.push('\n');
        fill(out, "", &words::silence(silence));
    }
}

fn header(out: &mut String, journey: Option<&Journey>, report: &Report) {
    let id = report.journey.as_deref().unwrap_or("discover");
    let right = fit(&format!("{id} · Footpath {}", report.footpath), WIDTH / 2);
    let left = fit(words::title(journey, report), WIDTH.saturating_sub(grid::columns(&right) + 2));
    let gap = WIDTH.saturating_sub(grid::columns(&left) + grid::columns(&right)).max(1);
    out.push_str(&format!("{left}{}{right}\n{}\n", " ".repeat(gap), "─".repeat(WIDTH)));
    let mut lines = vec![
        format!(
            "{}, as of {}, {}",
            words::period(report),
            words::as_of(report),
            words::version(report)
        ),
        format!(
            "{} customers · {} instances: {}",
            count(report.customers),
            count(report.instances.total),
            words::instances(report)
        ),
        format!("{} events read: {}", count(report.events.read), words::events(report)),
    ];
    if let (Some(median), Some(p90)) = (report.duration_s.median, report.duration_s.p90) {
        let n = count(report.duration_s.n);
        lines.push(format!(
            "duration median {}, p90 {}, n\u{a0}=\u{a0}{n}",
            duration(median),
            duration(p90)
        ));
    }
    lines.extend(words::segment(report).map(|segment| format!("only where {segment}")));
    lines.extend(words::scores(report).map(|scores| format!("whole journey: {scores}")));
    if journey.is_some() {
        let fitness = report
            .deviations
            .fitness
            .map(|f| format!(", fitness {}", decimal(f, 3)))
            .unwrap_or_default();
        lines.push(format!(
            "walked as designed {}{fitness}",
            share(&report.deviations.fitting_instances)
        ));
        let verdicts: Vec<String> = words::verdicts(report)
            .iter()
            .map(|(verdict, n)| {
                format!("{} {n} {}", verdict_sign(Some(*verdict)).0, verdict_sign(Some(*verdict)).1)
            })
            .collect();
        lines.push(format!("{} standards: {}", report.standards.len(), verdicts.join(", ")));
    }
    if let Some(unbound) = words::unbound(report) {
        lines.push(format!("mean no touchpoint: {unbound}"));
    }
    for line in lines {
        fill(out, "", &line);
    }
}

fn findings(out: &mut String, report: &Report, has_design: bool) {
    if report.findings.is_empty() {
        if has_design && report.instances.total > 0 {
            out.push_str("\nNothing was found: no standard is defective, no gap is proven.\n");
        }
        return;
    }
    out.push_str("\nFINDINGS, what matters most first\n");
    for finding in report.findings.iter().take(FINDINGS) {
        fill(out, &format!("{:>3} ", finding.rank), &finding.sentence);
        let owner = match finding.owner.as_deref() {
            Some(owner) if !owner.trim().is_empty() => format!("owner {owner}"),
            _ => "▲ no owner".to_owned(),
        };
        let kind = words::kind(finding.kind);
        fill(out, "    ", &format!("{kind} · {owner} · {} customers", count(finding.customers)));
        fill(out, "    ", &format!("score {}", words::score_parts(finding)));
        for evidence in &finding.evidence {
            fill(out, "    · ", &words::evidence(evidence));
        }
        if let Some(money) = &finding.money {
            fill(out, "    · ", &words::finding_money(money));
        }
    }
    let rest = report.findings.len().saturating_sub(FINDINGS);
    if rest > 0 {
        out.push_str(&format!("    {rest} more findings are in the JSON and HTML reports\n"));
    }
}

/// Which standards most defects are of, who leaves, what mending would keep, and how contact was kept up.
fn defects(out: &mut String, columns: &Columns<'_>, report: &Report) {
    if let Some(defects) = &report.defects {
        for pareto in &defects.pareto {
            table(out, &draw::pareto_table(report, pareto), PARETO);
        }
        if let Some(why) = &defects.why_not {
            fill(out, "", &format!("Which standards most defects are of: not enough data; {why}."));
        }
    }
    if let Some(yields) = tables::yields(report) {
        out.push('\n');
        fill(out, "", &yields);
    }
    table(out, &tables::cadence(columns, report), ROWS);
    table(out, &tables::leaving(report), LEAVING);
    table(out, &tables::money(report), LEAVING);
    for (standard, says) in tables::sentences(report) {
        fill(out, "· ", &format!("“{standard}”: {says}"));
    }
    if let Some(strata) = tables::risk_strata(report) {
        table(out, &strata, LEAVING);
    }
}

/// What moved over time, what differs, and what planned changes brought.
fn changes(out: &mut String, columns: &Columns<'_>, report: &Report) {
    table(out, &tables::over_time(columns, report), ROWS);
    for comparison in &report.comparisons {
        let is_found = |row: &&ComparedRow| row.verdict != Compared::NoDetectableDifference;
        let found = comparison.rows.iter().filter(is_found).count();
        // A terminal shows what differs; what does not is in the other forms.
        let shown = if found == 0 { COMPARED } else { found };
        table(out, &tables::comparison(columns, report, comparison, shown), ROWS);
        let none = if found == 0 { "nothing differs detectably; " } else { "" };
        fill(out, "", &format!("{none}{}", words::left_out(comparison)));
    }
    table(out, &tables::respondents(columns, report), ROWS);
    table(out, &tables::proofs(report), ROWS);
    for proof in &report.proofs {
        for (number, says) in words::proof(proof).iter().enumerate() {
            fill(out, if number == 0 { "" } else { "  " }, says);
        }
    }
}

fn deviations(out: &mut String, columns: &Columns<'_>, report: &Report) {
    table(out, &tables::departures(columns, report, 10), 10);
    table(out, &tables::deviations(columns, report), ROWS);
    table(out, &tables::back_and_forth(columns, report, 10), 10);
    table(out, &tables::abandoned(columns, report), ROWS);
    let total = report.instances.total;
    let alone = report.variants.singletons;
    if total > 0 {
        let of_all = percent(alone as f64 / total as f64);
        let all = count(report.variants.total);
        let line = format!(
            "{all} different paths; {} were walked once ({of_all} of n\u{a0}=\u{a0}{})",
            count(alone),
            count(total)
        );
        out.push('\n');
        fill(out, "", &line);
    }
}
