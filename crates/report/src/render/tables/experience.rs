//! How it was: need, ease and delight, the emotion curve in numbers, and what touchpoints are to customers.

use crate::document::{Aspect, Curve, Emotion, Estimate, KanoResult, Predictor, Report};
use crate::draw::number::{count, decimal, n, percent, percent_interval, range, signed};
use crate::draw::{Cell, Columns, Table};

/// `None` where nobody was asked.
pub(in crate::render) fn experience(columns: &Columns<'_>, report: &Report) -> Option<Table> {
    report.experience_weights.as_ref()?;
    let names = ["Touchpoint", "Need", "Ease", "Delight", "Index", "Geometric index"];
    let mut table = Table::new("Need, ease and delight, each 0 to 100", &names);
    for column in &columns.all {
        let told = column.measured.and_then(|measured| measured.experience.as_ref());
        let Some(told) = told else { continue };
        let index = |estimate: &Estimate| match within(estimate, 0) {
            Some(index) => Cell::Both(index, n(told.complete)),
            None if told.complete > 0 => Cell::Words(format!("{}, too few", n(told.complete))),
            None => Cell::Nothing,
        };
        table.push(vec![
            Cell::words(column.title),
            aspect(told.need.as_ref()),
            aspect(told.ease.as_ref()),
            aspect(told.delight.as_ref()),
            index(&told.index),
            index(&told.index_geometric),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// `72 [68–76]`, and under it the two best boxes, n, and the target.
fn aspect(aspect: Option<&Aspect>) -> Cell {
    let Some(aspect) = aspect else { return Cell::Nothing };
    let Some(score) = within(&aspect.score, 0) else { return Cell::Nothing };
    let best = aspect.top2.share.map(|share| {
        let interval = percent_interval(aspect.top2.low, aspect.top2.high);
        let interval = interval.map(|interval| format!(" [{interval}]")).unwrap_or_default();
        format!("best two {}{interval}", percent(share))
    });
    let target = aspect.target.map(|target| {
        let verdict = match aspect.against_target.as_deref() {
            Some("target_met") => "met",
            Some("below_target") => "▲ below it",
            _ => "not proven",
        };
        format!("target {}: {verdict}", decimal(target, 1))
    });
    let under: Vec<String> = best.into_iter().chain([n(aspect.n)]).chain(target).collect();
    Cell::Both(score, under.join(", "))
}

/// The figures of the curve, measured beside assumed.
pub(in crate::render) fn curve(columns: &Columns<'_>, emotion: &Emotion) -> Table {
    let mut table = Table::new(
        format!("The emotion curve in numbers, −5 to 5, from {}", emotion.question),
        &["Figure", "Measured", "Assumed"],
    );
    let figure = |of: &dyn Fn(&Curve) -> Option<(String, String)>| {
        [emotion.measured.as_ref(), emotion.assumed.as_ref()].map(|curve| {
            curve.and_then(of).map_or(Cell::Nothing, |(value, under)| Cell::Both(value, under))
        })
    };
    let at = |words: &str, stage: &str, there: Option<f64>| {
        let sure = there.map(|there| format!(", in {} of rounds", percent(there)));
        format!("{words} {}{}", stage_title(columns, stage), sure.unwrap_or_default())
    };
    let plain = |estimate: &Estimate| Some((feeling(estimate)?, String::new()));
    type Figure<'a> = (&'a str, &'a dyn Fn(&Curve) -> Option<(String, String)>);
    let figures: [Figure<'_>; 6] = [
        ("Mean", &|curve| plain(&curve.mean)),
        ("Area", &|curve| plain(&curve.area)),
        ("Largest fall", &|curve| {
            let Some(drop) = &curve.largest_drop else {
                return Some(("none".to_owned(), String::new()));
            };
            Some((feeling(&drop.size)?, at("into", &drop.into, drop.there)))
        }),
        ("Peak", &|curve| {
            Some((feeling(&curve.peak)?, at("at", &curve.peak_stage, curve.peak_there)))
        }),
        ("End", &|curve| plain(&curve.end)),
        ("Peak–end", &|curve| plain(&curve.peak_end)),
    ];
    for (name, of) in figures {
        let [measured, assumed] = figure(of);
        table.push(vec![Cell::words(name), measured, assumed]);
    }
    table
}

/// Stage by stage.
pub(in crate::render) fn feelings(columns: &Columns<'_>, emotion: &Emotion) -> Table {
    let mut table = Table::new(
        format!("What customers felt, stage by stage, −5 to 5, from {}", emotion.question),
        &["Stage", "Measured", "n#", "Assumed#"],
    );
    for stage in &emotion.stages {
        table.push(vec![
            Cell::words(stage_title(columns, &stage.stage)),
            feeling(&stage.measured).map_or(Cell::Nothing, Cell::Words),
            Cell::number(count(stage.n)),
            stage.assumed.map_or(Cell::Nothing, |it| Cell::number(signed(it, 1))),
        ]);
    }
    table
}

/// `None` where it was not tried.
pub(in crate::render) fn predicts(emotion: &Emotion) -> Option<Table> {
    let predicts = emotion.predicts.as_ref().filter(|predicts| !predicts.parts.is_empty())?;
    let caption = format!(
        "What of a customer's own curve goes along with {}, {}",
        predicts.outcome,
        n(predicts.n)
    );
    let mut table =
        Table::new(caption, &["Figure", "Share of what is explained", "Rank", "To mind"]);
    for part in &predicts.parts {
        let Predictor { figure, share, rank, supported } = part;
        let interval = percent_interval(share.low, share.high);
        let interval = interval.map(|interval| format!(" [{interval}]")).unwrap_or_default();
        let rank = match (rank.value, rank.low, rank.high) {
            (Some(rank), Some(low), Some(high)) if low < high => {
                format!("{} [{}]", decimal(rank, 0), range(&decimal(low, 0), &decimal(high, 0)))
            }
            (Some(rank), ..) => decimal(rank, 0),
            _ => "–".to_owned(),
        };
        table.push(vec![
            Cell::words(figure),
            share
                .value
                .map_or(Cell::Nothing, |it| Cell::Words(format!("{}{interval}", percent(it)))),
            Cell::Words(rank),
            if *supported { Cell::Nothing } else { Cell::words("no more than chance") },
        ]);
    }
    Some(table)
}

/// `None` where the questions were not asked.
pub(in crate::render) fn kano(columns: &Columns<'_>) -> Option<Table> {
    let names = ["Touchpoint", "Is", "Can please", "Can hurt", "Answers", "To mind"];
    let mut table = Table::new("What touchpoints are to customers (Kano)", &names);
    for column in &columns.all {
        let Some(kano) = column.measured.and_then(|measured| measured.kano.as_ref()) else {
            continue;
        };
        let share = |estimate: &Estimate| share_within(estimate).map_or(Cell::Nothing, Cell::Words);
        table.push(vec![
            Cell::Both(column.title.to_owned(), n(kano.n)),
            kano.category.as_ref().map_or(Cell::words("too few answers"), |category| {
                Cell::Words(category.replace('_', "-"))
            }),
            share(&kano.better),
            share(&kano.worse),
            Cell::Words(categories(kano)),
            to_mind(kano),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// `M 30, O 12, A –`: what is withheld is a dash.
fn categories(kano: &KanoResult) -> String {
    let letter = |category: &str| match category {
        "must_be" => "M",
        "one_dimensional" => "O",
        "attractive" => "A",
        "indifferent" => "I",
        "reverse" => "R",
        _ => "Q",
    };
    let told = |k: Option<u64>| k.map_or("–".to_owned(), count);
    let counts: Vec<String> = kano
        .counts
        .iter()
        .map(|it| {
            let k = it.customers.as_ref().map(|share| share.k);
            format!("{}\u{a0}{}", letter(&it.category), told(k))
        })
        .collect();
    counts.join(", ")
}

fn to_mind(kano: &KanoResult) -> Cell {
    let mut parts = Vec::new();
    if kano.badly_worded {
        parts.push("▲ badly worded: more than 5% contradict themselves".to_owned());
    }
    if kano.category.is_some() && !kano.is_clear {
        parts.push("the next category is as likely".to_owned());
    }
    if kano.unpaired > 0 {
        parts.push(format!("{} answered one of the two questions", count(kano.unpaired)));
    }
    if kano.invalid > 0 {
        parts.push(format!("{} answers off the scale", count(kano.invalid)));
    }
    if parts.is_empty() { Cell::Nothing } else { Cell::Words(parts.join("; ")) }
}

fn stage_title<'a>(columns: &Columns<'a>, id: &'a str) -> &'a str {
    let stages = columns.journey.map_or(&[][..], |journey| &journey.stages);
    stages.iter().find(|stage| stage.id == id).map_or(id, |stage| &stage.title)
}

/// `+1.2 [+0.9 to +1.5]`.
fn feeling(estimate: &Estimate) -> Option<String> {
    let interval = estimate.low.zip(estimate.high);
    let interval =
        interval.map(|(low, high)| format!(" [{}]", range(&signed(low, 1), &signed(high, 1))));
    Some(format!("{}{}", signed(estimate.value?, 1), interval.unwrap_or_default()))
}

fn within(estimate: &Estimate, decimals: usize) -> Option<String> {
    let interval = estimate.low.zip(estimate.high);
    let interval = interval.map(|(low, high)| {
        format!(" [{}]", range(&decimal(low, decimals), &decimal(high, decimals)))
    });
    Some(format!("{}{}", decimal(estimate.value?, decimals), interval.unwrap_or_default()))
}

/// A share that may be negative.
fn share_within(estimate: &Estimate) -> Option<String> {
    let hundred = |share: f64| decimal(100.0 * share, 0);
    let interval = estimate.low.zip(estimate.high);
    let interval =
        interval.map(|(low, high)| format!(" [{}%]", range(&hundred(low), &hundred(high))));
    Some(format!("{}%{}", hundred(estimate.value?), interval.unwrap_or_default()))
}
