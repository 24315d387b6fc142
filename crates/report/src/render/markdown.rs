//! The report as Markdown, for issues, wikis and mails.

use model::journey::Journey;

use crate::document::Report;
use crate::draw::markup::is_harmless;
use crate::draw::number::{count, percent, percent_interval};
use crate::draw::{self, Cell, Columns, Table, verdict_sign};

use super::{computed, tables, words};

const FINDINGS: usize = 20;

pub(super) fn page(journey: Option<&Journey>, report: &Report) -> String {
    let columns = Columns::new(journey, report);
    let mut out = format!("# {}\n\n", escape(words::title(journey, report)));
    header(&mut out, report);
    findings(&mut out, report);
    standards(&mut out, &columns, report);
    paths(&mut out, journey, &columns, report);
    told(&mut out, &columns, report);
    changes(&mut out, &columns, report);
    markdown_table(&mut out, &tables::variants(&columns, report, 20));
    proofs(&mut out, report);
    out.push_str("\n## How was this computed\n\n");
    for note in computed::notes(&columns, report) {
        out.push_str(&format!("- **{}**: {}\n", escape(note.about), escape(&note.says)));
    }
    out
}

fn header(out: &mut String, report: &Report) {
    let facts = [
        format!(
            "Journey {}, {}",
            report.journey.as_deref().unwrap_or("none"),
            words::version(report)
        ),
        format!("{}, as of {}", words::period(report), words::as_of(report)),
        format!(
            "{} customers; {} instances: {}",
            count(report.customers),
            count(report.instances.total),
            words::instances(report)
        ),
        format!("{} events read: {}", count(report.events.read), words::events(report)),
    ];
    let scores = words::scores(report).map(|scores| format!("Whole journey: {scores}"));
    let unbound = words::unbound(report).map(|unbound| format!("Mean no touchpoint: {unbound}"));
    let segment = words::segment(report).map(|segment| format!("Only where {segment}"));
    for fact in facts.into_iter().chain(segment).chain(scores).chain(unbound) {
        out.push_str(&format!("- {}\n", escape(&fact)));
    }
    let silence = report.silence.as_ref().map(words::silence);
    let told = words::how_it_was(report).into_iter().chain(silence);
    told.for_each(|line| out.push_str(&format!("- {}\n", escape(&line))));
}

fn standards(out: &mut String, columns: &Columns<'_>, report: &Report) {
    let mut section = |table: Table| markdown_table(out, &table);
    section(tables::standards(columns, report));
    section(tables::standards_in_detail(report));
    for pareto in report.defects.iter().flat_map(|defects| &defects.pareto) {
        section(draw::pareto_table(report, pareto));
    }
    section(tables::cadence(columns, report));
    section(tables::leaving(report));
    section(tables::money(report));
    if let Some(strata) = tables::risk_strata(report) {
        section(strata);
    }
    said_of_defects(out, report);
}

fn paths(out: &mut String, journey: Option<&Journey>, columns: &Columns<'_>, report: &Report) {
    let mut section = |table: Table| markdown_table(out, &table);
    section(draw::map(journey, report, &draw::Style::default()).table);
    if journey.is_some() {
        section(tables::departures(columns, report, 20));
        section(tables::deviations(columns, report));
        section(tables::back_and_forth(columns, report, 20));
        section(tables::abandoned(columns, report));
    } else {
        section(draw::flow(None, report, &draw::Style::default()).table);
    }
    for funnel in &report.funnels {
        section(tables::funnel(columns, funnel));
    }
}

/// What customers said: what matters to them, how it was, and in their words.
fn told(out: &mut String, columns: &Columns<'_>, report: &Report) {
    let mut section = |table: Table| markdown_table(out, &table);
    if let Some(drivers) = &report.drivers {
        section(tables::drivers(columns, drivers));
    }
    if let Some(gaps) = draw::gap_table(columns, report) {
        section(gaps);
    }
    let experience = [tables::experience(columns, report), tables::kano(columns)];
    experience.into_iter().flatten().for_each(&mut section);
    if let Some(emotion) = &report.emotion {
        section(tables::curve(columns, emotion));
        section(tables::feelings(columns, emotion));
        tables::predicts(emotion).into_iter().for_each(&mut section);
    }
    if let Some(weighed) = &report.weighed {
        section(tables::strata(weighed));
        section(tables::weighed(columns, weighed));
    }
    if let Some(words) = &report.words {
        section(tables::themes(columns, words));
        let coded =
            [tables::coding(words), tables::latest_themes(words), tables::latest_words(words)];
        coded.into_iter().flatten().for_each(&mut section);
        if let Some(telling) = tables::telling(words) {
            section(telling);
        }
        section(tables::suggested(words));
        section(tables::phrases(words));
        words.themes.iter().map(draw::theme_table).for_each(&mut section);
    }
}

/// What moved over time, what differs, and what planned changes brought.
fn changes(out: &mut String, columns: &Columns<'_>, report: &Report) {
    let mut section = |table: Table| markdown_table(out, &table);
    section(tables::over_time(columns, report));
    for trend in &report.trends {
        section(draw::trend_table(columns, trend));
    }
    for trend in &report.kept_trends {
        section(draw::kept_table(report, trend));
    }
    for trend in &report.complaint_trends {
        section(draw::complaints_table(columns, trend));
    }
    for comparison in &report.comparisons {
        section(tables::comparison(columns, report, comparison, usize::MAX));
    }
    section(tables::respondents(columns, report));
    section(tables::proofs(report));
    for proof in &report.proofs {
        section(draw::proof_table(proof));
    }
}

/// What no table holds: walks without a defect, and what may be said of leaving.
fn said_of_defects(out: &mut String, report: &Report) {
    let yields = tables::yields(report);
    let too_few = report.defects.as_ref().and_then(|defects| defects.why_not.as_ref());
    let too_few =
        too_few.map(|why| format!("Which standards most defects are of: not enough data; {why}."));
    let sentences = tables::sentences(report);
    let sentences = sentences.iter().map(|(standard, says)| format!("“{standard}”: {says}"));
    let said: Vec<String> = yields.into_iter().chain(too_few).chain(sentences).collect();
    if !said.is_empty() {
        out.push_str("\n## What defects go along with\n\n");
    }
    for sentence in said {
        out.push_str(&format!("- {}\n", escape(&sentence)));
    }
}

fn findings(out: &mut String, report: &Report) {
    if report.findings.is_empty() {
        return;
    }
    out.push_str("\n## Findings, what matters most first\n\n");
    for finding in report.findings.iter().take(FINDINGS) {
        let owner = finding.owner.as_deref().filter(|owner| !owner.trim().is_empty());
        let owner =
            owner.map_or("**▲ no owner**".to_owned(), |owner| format!("owner {}", escape(owner)));
        out.push_str(&format!(
            "{}. **{}** ({}; {owner}; {} customers; score {})\n",
            finding.rank,
            escape(&finding.sentence),
            words::kind(finding.kind),
            count(finding.customers),
            escape(&words::score_parts(finding))
        ));
        for evidence in &finding.evidence {
            out.push_str(&format!("   - {}\n", escape(&words::evidence(evidence))));
        }
        if let Some(money) = &finding.money {
            out.push_str(&format!("   - {}\n", escape(&words::finding_money(money))));
        }
    }
    let rest = report.findings.len().saturating_sub(FINDINGS);
    if rest > 0 {
        out.push_str(&format!("\n{rest} more findings are in the JSON report.\n"));
    }
}

fn proofs(out: &mut String, report: &Report) {
    for proof in &report.proofs {
        out.push_str(&format!("\n## {}\n\n", escape(&proof.title)));
        for says in words::proof(proof) {
            out.push_str(&format!("- {}\n", escape(&says)));
        }
    }
}

fn markdown_table(out: &mut String, table: &Table) {
    if table.rows.is_empty() {
        return;
    }
    out.push_str(&format!("\n## {}\n\n", escape(&table.caption)));
    let names: Vec<String> = table.columns.iter().map(|column| escape(&column.name)).collect();
    let rules: Vec<&str> =
        table.columns.iter().map(|column| if column.numeric { "---:" } else { "---" }).collect();
    out.push_str(&format!("| {} |\n| {} |\n", names.join(" | "), rules.join(" | ")));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Words(words) | Cell::Number(words) => escape(words),
        Cell::Both(words, under) | Cell::Measure(words, under) if !under.is_empty() => {
            format!("{} ({})", escape(words), escape(under))
        }
        Cell::Both(words, _) | Cell::Measure(words, _) => escape(words),
        Cell::Verdict(verdict) => {
            let (glyph, word) = verdict_sign(*verdict);
            format!("{glyph} {word}")
        }
        Cell::Share(share, _) => match share.share {
            Some(value) => {
                let interval = percent_interval(share.low, share.high)
                    .map(|i| format!(" \\[{i}\\]"))
                    .unwrap_or_default();
                format!("{}{}, {} of {}", percent(value), interval, count(share.k), count(share.n))
            }
            None => "n\u{a0}=\u{a0}0".to_owned(),
        },
        Cell::Flag(words) => format!("**▲ {}**", escape(words)),
        Cell::Nothing => "–".to_owned(),
    }
}

/// One line in which nothing is a sign of Markdown or HTML.
fn escape(words: &str) -> String {
    let mut out = String::new();
    for c in
        words.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| is_harmless(*c))
    {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_is_a_sign() {
        assert_eq!(
            super::escape("a | b\n<script> [x](y) *z* \u{1b}"),
            "a \\| b &lt;script&gt; \\[x\\](y) \\*z\\* "
        );
    }
}
