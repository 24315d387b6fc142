//! Mermaid's `journey` diagram: a title, sections, tasks with a score from 1 to 5 and who takes part.

use super::{Export, Ids, Import, MOST_BYTES, MOST_TOUCHPOINTS, Unreadable, in_line};
use crate::journey::{Feeling, Grade, Journey, Persona, Touchpoint};

/// What is felt, by its score.
const WORDS: [&str; 5] = ["frustrated", "unhappy", "neutral", "pleased", "delighted"];

/// The diagram of a journey.
pub fn export(journey: &Journey) -> Export {
    let mut lost = Lost::default();
    let mut text = format!("journey\n    title {}\n", lost.plain(&journey.title));
    let who: Vec<String> =
        journey.personas.iter().map(|it| lost.plain(&it.title).replace(',', "，")).collect();
    let who = if who.is_empty() { "Customer".to_owned() } else { who.join(", ") };
    for stage in &journey.stages {
        text += &format!("    section {}\n", lost.plain(&stage.title));
        for touchpoint in &stage.touchpoints {
            let score = lost.score(touchpoint);
            text += &format!("      {}: {score}: {who}\n", lost.task(&touchpoint.title));
        }
    }
    Export { text, warnings: lost.warnings(journey) }
}

#[derive(Default)]
struct Lost {
    marks: bool,
    rounded: bool,
    guessed: usize,
}

impl Lost {
    /// `:` ends a name there, `;` and `#` a line; wide ones do not.
    fn plain(&mut self, text: &str) -> String {
        let line = in_line(text);
        let plain = line.replace(':', "：").replace(';', "；").replace('#', "＃");
        self.marks |= plain != text;
        plain
    }

    /// A task that begins with a word of the language would be read as that.
    fn task(&mut self, title: &str) -> String {
        let title = self.plain(title);
        let first = title.split(' ').next().unwrap_or_default().to_lowercase();
        let is_word =
            matches!(first.as_str(), "title" | "section" | "journey" | "acctitle" | "accdescr");
        if is_word || first.starts_with("%%") { format!("“{title}”") } else { title }
    }

    fn score(&mut self, touchpoint: &Touchpoint) -> i64 {
        let Some(feels) = &touchpoint.feels else {
            self.guessed += 1;
            return 3;
        };
        let score = feels.valence.round();
        self.rounded |= score != feels.valence;
        (score as i64 + 3).clamp(1, 5)
    }

    fn warnings(&self, journey: &Journey) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.marks {
            warnings.push(
                "colons, semicolons, hashes and line ends in names are written otherwise"
                    .to_owned(),
            );
        }
        if self.rounded {
            warnings.push("feelings are rounded to five steps".to_owned());
        }
        if self.guessed > 0 {
            let n = self.guessed;
            warnings.push(format!("{n} touchpoints say nothing of feelings and stand at 3"));
        }
        let has_cards = journey.touchpoints().any(|(_, touchpoint)| {
            let mut lanes = crate::journey::TEXT_LANES.iter();
            !touchpoint.cards.is_empty()
                || lanes.any(|id| touchpoint.lane(id).is_some_and(|cards| !cards.is_empty()))
        });
        if has_cards {
            warnings.push("the lanes are left out, all but the feelings".to_owned());
        }
        if journey.all_standards().next().is_some() {
            warnings.push("the standards are left out".to_owned());
        }
        warnings
    }
}

/// A diagram, read; scores become feelings that are assumed, and who takes part becomes personas.
pub fn import(text: &str) -> Result<Import, Unreadable> {
    if text.len() > MOST_BYTES {
        return Err(Unreadable::at(1, "the diagram is larger than 8 MiB"));
    }
    let mut lines = statements(text);
    match lines.next() {
        Some((_, first)) if first.eq_ignore_ascii_case("journey") => {}
        Some((line, _)) => return Err(Unreadable::at(line, "a diagram begins with `journey`")),
        None => return Err(Unreadable::at(1, "the diagram is empty; it begins with `journey`")),
    }
    let mut read = Diagram::default();
    for (line, statement) in lines {
        read.statement(line, statement)?;
    }
    let title = read.title.clone().unwrap_or_else(|| "A journey to be named".to_owned());
    if read.title.is_none() {
        read.warnings.push("the diagram has no title".to_owned());
    }
    let Some(mut journey) = super::journey(&title, read.stages) else {
        return Err(Unreadable::at(1, "the diagram has no tasks; write `Task: 3: Customer`"));
    };
    let mut ids = Ids::default();
    for title in read.who {
        let id = ids.of(&title, "persona");
        journey.personas.push(Persona { id, title, segment: None, needs: Vec::new() });
    }
    Ok(Import { journey, warnings: read.warnings })
}

/// Lines with something in them: without comments, accessibility texts and the head between `---`.
fn statements(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_head = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line == "---" {
            in_head = !in_head;
            return None;
        }
        let first = line.split([' ', ':']).next().unwrap_or_default().to_ascii_lowercase();
        let is_said = !in_head
            && !line.is_empty()
            && !line.starts_with("%%")
            && !line.starts_with("```")
            && !matches!(first.as_str(), "acctitle" | "accdescr");
        is_said.then_some((at + 1, line))
    })
}

#[derive(Default)]
struct Diagram {
    title: Option<String>,
    stages: Vec<crate::journey::Stage>,
    who: Vec<String>,
    warnings: Vec<String>,
    stage_ids: Ids,
    touchpoint_ids: Ids,
    count: usize,
}

impl Diagram {
    fn statement(&mut self, line: usize, statement: &str) -> Result<(), Unreadable> {
        if let Some(title) = after_word(statement, "title") {
            self.title = Some(title.to_owned());
        } else if let Some(title) = after_word(statement, "section") {
            let id = self.stage_ids.of(title, "stage");
            self.stages.push(super::stage(id, title));
        } else {
            self.task(line, statement)?;
        }
        Ok(())
    }

    /// `Make tea: 5: Me, Cat`
    fn task(&mut self, line: usize, statement: &str) -> Result<(), Unreadable> {
        let mut parts = statement.splitn(3, ':').map(str::trim);
        let (name, score) = (parts.next().unwrap_or_default(), parts.next());
        let (Some(score), false) = (score, name.is_empty()) else {
            let message =
                "this is no task; write its name, a score from 1 to 5 and who: `Pay: 3: Me`";
            return Err(Unreadable::at(line, message));
        };
        self.count += 1;
        if self.count > MOST_TOUCHPOINTS {
            let message = format!("a journey has at most {MOST_TOUCHPOINTS} touchpoints");
            return Err(Unreadable::at(line, message));
        }
        let id = self.touchpoint_ids.of(name, "touchpoint");
        let mut touchpoint = super::touchpoint(id, name);
        match score.parse::<f64>() {
            Ok(score) if score.is_finite() => {
                if !(1.0..=5.0).contains(&score) {
                    let told =
                        format!("line {line}: the score {score} is taken to the nearest of 1 to 5");
                    self.warnings.push(told);
                }
                let valence = (score - 3.0).clamp(-2.0, 2.0);
                let label = WORDS[(valence + 2.0).round() as usize].to_owned();
                let (intensity, grade) = (None, Grade::Assumed);
                touchpoint.feels = Some(Feeling { label, valence, intensity, grade });
            }
            _ if score.is_empty() => {}
            _ => return Err(Unreadable::at(line, format!("`{score}` is no score from 1 to 5"))),
        }
        for who in parts.next().unwrap_or_default().split(',').map(str::trim) {
            if !who.is_empty() && !self.who.iter().any(|known| known == who) {
                self.who.push(who.to_owned());
            }
        }
        if self.stages.is_empty() {
            let id = self.stage_ids.of("all", "stage");
            self.stages.push(super::stage(id, "All"));
            self.warnings.push(format!(
                "line {line}: tasks before the first section stand in one of their own"
            ));
        }
        if let Some(stage) = self.stages.last_mut() {
            stage.touchpoints.push(touchpoint);
        }
        Ok(())
    }
}

/// What follows a word of the language.
fn after_word<'a>(statement: &'a str, word: &str) -> Option<&'a str> {
    let (first, rest) = statement.split_once(char::is_whitespace)?;
    let rest = rest.trim();
    (first.eq_ignore_ascii_case(word) && !rest.is_empty()).then_some(rest)
}
