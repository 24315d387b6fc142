//! What changed and what differs: series that moved, groups and periods compared, planned changes, who answered.

use crate::document::{Compared, ComparedRow, Comparison, EarlyLate, Proof, Report, Score};
use crate::draw::number::{count, decimal, duration, n, percent, score, score_interval};
use crate::draw::{self, Cell, Columns, Table};
use crate::render::words;

/// Series that moved more than chance does, of scores, standards and complaints.
pub(in crate::render) fn over_time(columns: &Columns<'_>, report: &Report) -> Table {
    let all = report.trends.len() + report.kept_trends.len() + report.complaint_trends.len();
    let caption = format!("Over time: what is more than chance, of {}", series(all));
    let mut table = Table::new(caption, &["What", "Latest", "Usual#", "Says"]);
    for trend in &report.trends {
        let drifts = trend
            .drift
            .iter()
            .flat_map(|drift| &drift.points)
            .any(|point| point.out || point.adds_up);
        let has_signal = trend.points.iter().any(|point| !point.signals.is_empty());
        if trend.changes.is_empty() && !drifts && !has_signal {
            continue;
        }
        let latest = trend.points.iter().rev().find_map(|point| Some((point, point.value?)));
        let written = |value: f64| score(&trend.question, value);
        table.push(vec![
            Cell::Words(draw::trend_title(columns, trend)),
            latest.map_or(Cell::Nothing, |(point, value)| {
                Cell::Both(written(value), format!("{}, {}", point.from, n(point.n)))
            }),
            trend.centre.map_or(Cell::Nothing, |centre| Cell::Number(written(centre))),
            Cell::Words(draw::trend_said(trend)),
        ]);
    }
    for trend in &report.kept_trends {
        let has_signal = trend.points.iter().any(|point| !point.signals.is_empty());
        if trend.changes.is_empty() && !has_signal {
            continue;
        }
        let latest = trend.points.iter().rev().find_map(|point| Some((point, point.value?)));
        table.push(vec![
            Cell::Words(draw::kept_title(report, trend)),
            latest.map_or(Cell::Nothing, |(point, value)| {
                Cell::Both(percent(value), format!("{}, {}", point.from, n(point.n)))
            }),
            trend.centre.map_or(Cell::Nothing, |centre| Cell::Number(percent(centre))),
            Cell::Words(draw::kept_said(trend)),
        ]);
    }
    for trend in &report.complaint_trends {
        let has_signal = trend.points.iter().any(|point| !point.signals.is_empty());
        if trend.changes.is_empty() && !has_signal {
            continue;
        }
        let latest = trend.points.iter().rev().find_map(|point| Some((point, point.value?)));
        table.push(vec![
            Cell::Words(draw::complaints_title(columns, trend)),
            latest.map_or(Cell::Nothing, |(point, value)| {
                Cell::Both(draw::in_hundred(value), format!("{}, {}", point.from, n(point.n)))
            }),
            trend.centre.map_or(Cell::Nothing, |centre| Cell::Number(draw::in_hundred(centre))),
            Cell::Words(draw::complaints_said(trend)),
        ]);
    }
    table
}

fn series(n: usize) -> String {
    format!("{} series", count(n as u64))
}

/// So many rows of one comparison, what differs first.
pub(in crate::render) fn comparison(
    columns: &Columns<'_>,
    report: &Report,
    comparison: &Comparison,
    most: usize,
) -> Table {
    let (group, against) = match (&comparison.attribute, comparison.rows.first()) {
        (Some(attribute), _) => (attribute.clone(), "All others".to_owned()),
        (None, Some(row)) => (row.group.clone(), row.against.clone()),
        (None, None) => (String::new(), String::new()),
    };
    let names = ["What", group.as_str(), against.as_str(), "Difference", "Says"];
    let mut table = Table::new(caption(comparison), &names);
    let mut rows: Vec<&ComparedRow> = comparison.rows.iter().collect();
    // The order of the document within both.
    rows.sort_by_key(|row| row.verdict == Compared::NoDetectableDifference);
    for row in rows.into_iter().take(most) {
        let value = value(row, row.value, row.n);
        table.push(vec![
            Cell::Words(about(columns, report, row)),
            match (&comparison.attribute, value) {
                (Some(_), (value, n)) => Cell::Both(row.group.clone(), format!("{value}, {n}")),
                (None, (value, n)) => Cell::Measure(value, n),
            },
            {
                let (value, n) = self::value(row, row.against_value, row.against_n);
                Cell::Measure(value, n)
            },
            words::difference(row.unit, &row.difference).map_or(Cell::Nothing, Cell::Words),
            Cell::Words(says(row)),
        ]);
    }
    table
}

fn caption(comparison: &Comparison) -> String {
    match (&comparison.attribute, comparison.period.as_deref(), comparison.rows.first()) {
        (Some(attribute), ..) => format!("By {attribute}: each against all others together"),
        (None, Some("since"), _) => "Since a moment against before it".to_owned(),
        (None, Some(period), Some(row)) => {
            format!("The {period} from {} against the one before", row.group)
        }
        _ => "Periods compared".to_owned(),
    }
}

fn about(columns: &Columns<'_>, report: &Report, row: &ComparedRow) -> String {
    let place = row.touchpoint.as_deref();
    let title = |id: &str| {
        let found = columns.all.iter().find(|column| column.id == id);
        found.map_or_else(|| id.to_owned(), |column| column.title.to_owned())
    };
    let place = place.map_or("The whole journey".to_owned(), title);
    match (&row.question, &row.standard) {
        (Some(question), _) => format!("{place}: {question}"),
        (None, Some(id)) => {
            let standard = report.standards.iter().find(|standard| standard.id == *id);
            standard.map_or_else(|| id.clone(), |standard| format!("Kept: {}", standard.text))
        }
        (None, None) => place,
    }
}

fn value(row: &ComparedRow, value: Option<f64>, of: u64) -> (String, String) {
    let written = value.map_or("–".to_owned(), |value| match &row.question {
        Some(question) => score(question, value),
        None => percent(value),
    });
    (written, n(of))
}

fn says(row: &ComparedRow) -> String {
    match (row.verdict, row.detectable) {
        (Compared::Higher, _) => "higher".to_owned(),
        (Compared::Lower, _) => "lower".to_owned(),
        (Compared::NoDetectableDifference, Some(detectable)) => format!(
            "no detectable difference; {} would have been",
            words::effect(row.unit, detectable).trim_start_matches('+')
        ),
        (Compared::NoDetectableDifference, None) => "no detectable difference".to_owned(),
    }
}

/// Planned changes, a row each.
pub(in crate::render) fn proofs(report: &Report) -> Table {
    let names = ["Change", "Effect", "Evidence", "Would have been found"];
    let mut table = Table::new("Verdicts on planned changes", &names);
    for proof in &report.proofs {
        table.push(vec![
            Cell::Both(proof.title.clone(), words::proof_verdict(proof.proof).to_owned()),
            words::difference(proof.unit, &proof.effect).map_or(Cell::Nothing, |effect| {
                Cell::Both(effect, format!("{} {}", n(proof.n), proof.counted))
            }),
            Cell::Both(proof.rank.clone(), method(proof).to_owned()),
            proof.detectable.map_or(Cell::Nothing, |detectable| {
                let written = words::effect(proof.unit, detectable);
                Cell::Words(written.trim_start_matches('+').to_owned())
            }),
        ]);
    }
    table
}

fn method(proof: &Proof) -> &'static str {
    words::proof_method(proof.approach)
}

/// Of every score of which it is known: who was asked, and how late answers differ.
pub(in crate::render) fn respondents(columns: &Columns<'_>, report: &Report) -> Table {
    let names = ["What", "Answered", "With the silent", "Early", "Late", "Says"];
    let mut table = Table::new("Who answered", &names);
    let whole = report.scores.iter().map(|(question, score)| (None, question, score));
    let at = report.touchpoints.iter().flat_map(|touchpoint| {
        touchpoint.scores.iter().map(move |(question, score)| (Some(touchpoint), question, score))
    });
    for (touchpoint, question, score) in whole.chain(at) {
        if score.early_late.is_none() && score.silence.is_none() {
            continue;
        }
        let place = touchpoint.map_or("The whole journey", |it| columns.title(&it.id));
        table.push(respondent(format!("{place}: {question}"), question, score));
    }
    table
}

fn respondent(what: String, question: &str, score: &Score) -> Vec<Cell> {
    let silence = score.silence.as_ref();
    let side = |of: &crate::document::Estimate, answers: u64| {
        let interval = score_interval(question, of.low, of.high);
        let interval = interval.map(|it| format!("[{it}], ")).unwrap_or_default();
        of.value.map_or(Cell::Nothing, |value| {
            let written = crate::draw::number::score(question, value);
            Cell::Both(written, format!("{interval}{}", n(answers)))
        })
    };
    let early = score.early_late.as_ref();
    vec![
        Cell::Words(what),
        silence.map_or(Cell::Nothing, |it| {
            let of = format!("{} of {} invited", count(it.answered), count(it.invited));
            Cell::Both(percent(it.response_rate), of)
        }),
        silence.map_or(Cell::Nothing, |it| {
            let bounds = score_interval(question, Some(it.low), Some(it.high)).unwrap_or_default();
            let even = it.break_even.map_or("no score of theirs makes it 0".to_owned(), |even| {
                format!("0 if the silent are at {}", decimal(even, 0))
            });
            Cell::Both(bounds, even)
        }),
        early.map_or(Cell::Nothing, |it| side(&it.early, it.early_n)),
        early.map_or(Cell::Nothing, |it| side(&it.late, it.late_n)),
        early.map_or(Cell::Nothing, |it| Cell::Words(late(question, it))),
    ]
}

fn late(question: &str, found: &EarlyLate) -> String {
    let unit = if question == "nps" {
        crate::document::Unit::Points
    } else {
        crate::document::Unit::Score
    };
    let by = words::difference(unit, &found.difference).unwrap_or_default();
    let after = duration(found.median_delay_s);
    if found.supported {
        format!("▲ who took more than {after} differs by {by}: the silent may differ further")
    } else {
        format!("no difference after {after} is shown: {by}")
    }
}
