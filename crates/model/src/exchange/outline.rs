//! The map as an outline in plain text: nested numbers, one card a line, nothing left out that a reader of the map sees.

use crate::journey::{Card, Grade, Journey, LaneKind, Touchpoint};
use crate::map::Map;

/// The outline of a journey.
pub fn export(journey: &Journey) -> String {
    let lanes = Map::of(journey, String::new).lanes;
    let mut out = format!("{}\n", isolated(&journey.title));
    if let Some(scenario) = &journey.scenario {
        out += &format!("{}\n", line(scenario, "  "));
    }
    if let Some(statement) = &journey.statement {
        out += &format!("Promise: {}\n", line(&statement.text, "  "));
    }
    for (at, stage) in journey.stages.iter().enumerate() {
        out += &format!("\n{} {}\n", at + 1, isolated(&stage.title));
        let phase = stage.phase.map(|phase| format!("{phase:?} purchase").to_lowercase());
        for (name, text) in [("Phase", phase.as_deref()), ("Goal", stage.goal.as_deref())] {
            if let Some(text) = text {
                out += &format!("    {name}: {}\n", line(text, "      "));
            }
        }
        for (number, touchpoint) in stage.touchpoints.iter().enumerate() {
            out += &format!("\n  {}.{} {}\n", at + 1, number + 1, isolated(&touchpoint.title));
            let owner = touchpoint.owner.as_deref().or(stage.owner.as_deref());
            let owner = owner.unwrap_or("nobody");
            out += &format!("      Owner: {}\n", line(owner, "        "));
            if touchpoint.moment_of_truth {
                out += "      A moment of truth\n";
            }
            for lane in lanes.iter().filter(|lane| lane.on) {
                let entries = match lane.kind {
                    LaneKind::Text | LaneKind::Tags => {
                        touchpoint.lane(&lane.id).map(|cards| cards.0.iter().map(card).collect())
                    }
                    _ => Some(of_standing(&lane.id, touchpoint)),
                };
                entry(&mut out, &lane.title, &entries.unwrap_or_default());
            }
        }
    }
    handoffs(&mut out, journey);
    out
}

/// The lanes without cards.
fn of_standing(lane: &str, touchpoint: &Touchpoint) -> Vec<String> {
    match lane {
        "channels" => touchpoint.channels.clone(),
        "feels" => touchpoint
            .feels
            .iter()
            .map(|feels| {
                let sign = if feels.valence > 0.0 { "+" } else { "" };
                format!("{} ({sign}{}, {})", feels.label, feels.valence, word(feels.grade))
            })
            .collect(),
        "standards" => {
            let none = touchpoint.no_standard.iter().map(|reason| format!("none: {reason}"));
            let standards = touchpoint.standards.iter();
            let standards = standards
                .map(|standard| format!("{} (promised: {})", standard.text, standard.promise));
            standards.chain(none).collect()
        }
        _ => Vec::new(),
    }
}

fn card(card: &Card) -> String {
    let notes = [card.grade.map(word), card.owner.as_deref()];
    let notes: Vec<&str> = notes.into_iter().flatten().collect();
    if notes.is_empty() {
        card.text.clone()
    } else {
        format!("{} ({})", card.text, notes.join(", "))
    }
}

pub(super) fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Measured => "measured",
        Grade::Observed => "observed",
        Grade::Told => "told",
        Grade::Staff => "staff",
        Grade::Assumed => "assumed",
    }
}

fn entry(out: &mut String, name: &str, texts: &[String]) {
    match texts {
        [] => {}
        [only] => *out += &format!("      {}: {}\n", isolated(name), line(only, "        ")),
        many => {
            *out += &format!("      {}:\n", isolated(name));
            for text in many {
                *out += &format!("        - {}\n", line(text, "          "));
            }
        }
    }
}

fn handoffs(out: &mut String, journey: &Journey) {
    if journey.handoffs.is_empty() {
        return;
    }
    *out += "\nHand-offs\n";
    for handoff in &journey.handoffs {
        let giver = handoff.giver.as_deref().unwrap_or("nobody");
        let receiver = handoff.receiver.as_deref().unwrap_or("nobody");
        *out += &format!("  {} → {}: {giver} to {receiver}", handoff.from, handoff.to);
        if !handoff.passes.is_empty() {
            *out += &format!(", with {}", handoff.passes.join(", "));
        }
        out.push('\n');
    }
}

/// Text whose further lines stand under its first.
fn line(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text.lines().map(|it| isolated(it.trim_end())).collect();
    lines.join(&format!("\n{indent}"))
}

/// Text from right to left keeps to itself, so that it does not turn around what stands beside it.
fn isolated(text: &str) -> String {
    let text = text.replace(['\n', '\r', '\t'], " ");
    let is_from_right = text.chars().any(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1eeff}')
    });
    if is_from_right { format!("\u{2068}{text}\u{2069}") } else { text }
}
