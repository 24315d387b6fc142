//! What a report calls things, the same in every form.

mod experience;
mod proof;

use model::journey::Journey;

use crate::document::{
    DriverAnalysis, Drivers, Estimate, Evidence, Finding, FindingMoney, ImportanceFrom, Kind,
    Report, Score, Verdict, Words,
};
pub(super) use proof::{
    difference, effect, left_out, proof, proof_method, proof_said, proof_verdict,
};

use crate::draw::SHOWN;
use crate::draw::number::{
    count, decimal, moment, n, percent, plain, quantity_within, range, score_sentence, whole,
};

pub(super) use experience::{emotion, experience_weights, how_it_was, silence, weighed};

/// The journey's title in the customer's words.
pub(super) fn title<'a>(journey: Option<&'a Journey>, report: &'a Report) -> &'a str {
    match (journey, &report.journey) {
        (Some(journey), _) if !journey.title.trim().is_empty() => &journey.title,
        (_, Some(id)) => id,
        _ => "What customers walk",
    }
}

/// `2026-01-01 00:00 UTC to 2026-03-01 00:00 UTC`.
pub(super) fn period(report: &Report) -> String {
    match (&report.period.from, &report.period.to) {
        (Some(from), Some(to)) => format!("{} to {}", moment(from), moment(to)),
        (Some(from), None) => format!("from {}", moment(from)),
        (None, Some(to)) => format!("until {}", moment(to)),
        (None, None) => "no events".to_owned(),
    }
}

/// Whose instances were counted: `channel is app; region is north or south`. `None`: everybody's.
pub(super) fn segment(report: &Report) -> Option<String> {
    let condition = |(attribute, values): (&String, &Vec<String>)| match values.as_slice() {
        [] => format!("{attribute} is two things at once"),
        values => format!("{attribute} is {}", values.join(" or ")),
    };
    let conditions: Vec<String> = report.segment.iter().map(condition).collect();
    (!conditions.is_empty()).then(|| conditions.join("; "))
}

pub(super) fn as_of(report: &Report) -> String {
    report.as_of.as_deref().map_or("no horizon".to_owned(), moment)
}

pub(super) fn version(report: &Report) -> String {
    report.version.map_or("from a file".to_owned(), |version| format!("version {version}"))
}

/// What became of the rows that were read.
pub(super) fn events(report: &Report) -> String {
    let events = &report.events;
    let mut parts = vec![format!("{} bound to touchpoints", count(events.bound))];
    if events.unbound > 0 {
        parts.push(format!("{} not bound", count(events.unbound)));
    }
    if events.quarantined > 0 {
        parts.push(format!("{} quarantined", count(events.quarantined)));
    }
    parts.join(", ")
}

pub(super) fn instances(report: &Report) -> String {
    let instances = &report.instances;
    format!(
        "{} ended, {} timed out, {} open",
        count(instances.ended),
        count(instances.timed_out),
        count(instances.open)
    )
}

/// Activities that no touchpoint means, the most frequent ones by name.
pub(super) fn unbound(report: &Report) -> Option<String> {
    const NAMED: usize = 6;
    let all = &report.events.unbound_activities;
    if all.is_empty() {
        return None;
    }
    let named: Vec<String> =
        all.iter().take(NAMED).map(|a| format!("{} ({})", a.activity, count(a.count))).collect();
    let rest = all.len().saturating_sub(NAMED);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    Some(format!("{}{rest}", named.join(", ")))
}

/// The scores of the journey as a whole, question by question.
pub(super) fn scores(report: &Report) -> Option<String> {
    let scores =
        report.scores.iter().filter(|(_, score)| score.n > 0).map(
            |(question, score)| match score.n {
                ..SHOWN => format!("{question} n\u{a0}=\u{a0}{}, too few", score.n),
                _ => format!("{question} {}{}", score_sentence(question, score), late(score)),
            },
        );
    let scores: Vec<String> = scores.collect();
    (!scores.is_empty()).then(|| scores.join("; "))
}

/// What to mind of a score whose late answers differ.
pub(super) fn late(score: &Score) -> &'static str {
    let found = score.early_late.as_ref().filter(|found| found.supported);
    match found.and_then(|found| found.difference.value) {
        Some(by) if by < 0.0 => " (▲ late answers are lower)",
        Some(_) => " (▲ late answers are higher)",
        None => "",
    }
}

pub(super) fn verdicts(report: &Report) -> [(Verdict, usize); 3] {
    [Verdict::Meets, Verdict::Defective, Verdict::NotProven].map(|verdict| {
        (verdict, report.standards.iter().filter(|standard| standard.verdict == verdict).count())
    })
}

pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::DefectiveStandard => "defective standard",
        Kind::ExperienceGap => "experience gap",
        Kind::TargetGap => "target gap",
        Kind::BeliefGap => "illusion",
        Kind::MisplacedImportance => "misplaced importance",
        Kind::LowReach => "low reach",
        Kind::Skipped => "skipped",
        Kind::UndesignedPath => "undesigned path",
        Kind::BackAndForth => "back and forth",
        Kind::Repeat => "repeated",
        Kind::Abandonment => "abandoned",
        Kind::SlowHandoff => "slow hand-off",
        Kind::Inconsistent => "inconsistent",
        Kind::Cadence => "cadence",
        Kind::ComplaintTheme => "complaint theme",
        Kind::ContactPoint => "contact point",
        Kind::NoStandard => "no standard",
        Kind::NoOwner => "no owner",
        Kind::StaleEvidence => "stale evidence",
    }
}

/// The score with the parts that it was multiplied from.
pub(super) fn score_parts(finding: &Finding) -> String {
    format!(
        "{} = {} customers reached a year × {} importance ({}) × {} size",
        plain(finding.score),
        plain(finding.parts.reached_per_year),
        plain(finding.parts.importance),
        match finding.parts.importance_from {
            ImportanceFrom::Derived => "derived",
            ImportanceFrom::Stated => "stated",
            ImportanceFrom::Assumed => "assumed",
        },
        plain(finding.parts.size)
    )
}

/// What a finding goes along with: what defects cost as stated, then what mending would keep.
pub(super) fn finding_money(money: &FindingMoney) -> String {
    let currency = money.currency.as_deref().unwrap_or("in value");
    let stated = money.stated.as_ref().and_then(|stated| {
        let limits = stated.low.zip(stated.high);
        let limits = limits.map(|(low, high)| format!(" [{}]", range(&whole(low), &whole(high))));
        let value = whole(stated.value?);
        Some(format!(
            "Defects at their stated cost: {value}{} {currency} a year.",
            limits.unwrap_or_default()
        ))
    });
    let parts = [stated, (!money.says.is_empty()).then(|| money.says.clone())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// `checks broken: 13.2% [10.1–16.9%], n = 380, events`.
pub(super) fn evidence(evidence: &Evidence) -> String {
    let Evidence { what, unit, value, low, high, n: of, source } = evidence;
    let number = value.map(|value| format!(": {}", quantity_within(*unit, value, *low, *high)));
    format!("{what}{}, {}, {source}", number.unwrap_or_default(), n(*of))
}

pub(super) fn estimate(estimate: &Estimate) -> Option<String> {
    let limits = limits(estimate.low, estimate.high)
        .map(|limits| format!(" [{limits}]"))
        .unwrap_or_default();
    Some(format!("{}{limits}", plain(estimate.value?)))
}

fn limits(low: Option<f64>, high: Option<f64>) -> Option<String> {
    Some(range(&plain(low?), &plain(high?)))
}

/// What was explained by what, and how well.
pub(super) fn derived(drivers: &Drivers) -> String {
    let told = |name: &str, analysis: &DriverAnalysis| match (analysis.r2, &analysis.why_not) {
        (Some(r2), _) => format!(
            "{name}: touchpoints explain {} of the differences in {} ({} adjusted), {} by {} customers, {}, {} rounds.",
            percent(r2),
            drivers.outcome,
            analysis.adjusted_r2.map_or("–".to_owned(), |r2| decimal(r2, 2)),
            n(analysis.n),
            count(analysis.customers),
            analysis.method.as_deref().unwrap_or("").replace('_', " "),
            count(analysis.rounds)
        ),
        (None, why) => format!("{name}: {}.", why.as_deref().unwrap_or("not enough data")),
    };
    format!(
        "Derived from answers, not asked; an association, not an effect. {} {}",
        told("To those who meet it", &drivers.to_those_who_meet),
        told("Across all customers", &drivers.across_all_customers)
    )
}

/// How much was written, and what it is worth.
pub(super) fn written(words: &Words) -> String {
    let sentiment = match (&words.sentiment.not_enough, words.sentiment.r2.value) {
        (Some(why), _) => format!("Scores are not read out of words: {why}."),
        (None, r2) => format!(
            "Scores are read out of words where none was given, R² {} on answers not learned from.",
            r2.map_or("–".to_owned(), |r2| decimal(r2, 2))
        ),
    };
    format!(
        "{} comments and {} complaints of {} customers. Customers are counted, not words, and what fewer than five say is \
         not told. A theme is told by likeness to its seed sentences ({}); its share is a measure once people have coded 200 \
         comments and agree with it. {sentiment}",
        count(words.comments),
        count(words.complaints),
        count(words.customers),
        words.embedder
    )
}
