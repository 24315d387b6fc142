//! The grid of a spreadsheet, as tabs between cells: a row for each lane, a column for each touchpoint.
//!
//! Cells are quoted as spreadsheets copy them. A cell of several cards, or of one with several lines, begins each card
//! with a bullet. A grade stands behind its card in brackets.

use super::{Export, Ids, Import, MOST_BYTES, MOST_TOUCHPOINTS, Unreadable, in_line};
use crate::journey::{
    Card, Cards, Feeling, Grade, Journey, Lane, LaneKind, Touchpoint, find_standing,
};
use crate::map::Map;

mod cells;

const STAGE: &str = "Stage";
const TOUCHPOINT: &str = "Touchpoint";
const OWNER: &str = "Owner";

/// The grid of a journey.
pub fn export(journey: &Journey) -> Export {
    let lanes = Map::of(journey, String::new).lanes;
    let columns: Vec<_> = journey.touchpoints().collect();
    let mut rows = Vec::new();
    let row = |name: &str, cell: &dyn Fn(usize) -> String| {
        let cells = (0..columns.len()).map(cell);
        std::iter::once(name.to_owned()).chain(cells).collect::<Vec<String>>()
    };
    rows.push(row(STAGE, &|at| columns[at].0.title.clone()));
    rows.push(row(TOUCHPOINT, &|at| columns[at].1.title.clone()));
    rows.push(row(OWNER, &|at| {
        let (stage, touchpoint) = columns[at];
        touchpoint.owner.clone().or(stage.owner.clone()).unwrap_or_default()
    }));
    let mut lost = Vec::new();
    for lane in lanes {
        match lane.kind {
            LaneKind::Text | LaneKind::Tags => rows.push(row(&lane.title, &|at| {
                columns[at].1.lane(&lane.id).map(written).unwrap_or_default()
            })),
            LaneKind::Structure => rows.push(row(&lane.title, &|at| {
                let channels = columns[at].1.channels.iter().map(Card::plain);
                written(&Cards(channels.collect()))
            })),
            LaneKind::Feeling => rows.push(row(&lane.title, &|at| {
                columns[at].1.feels.as_ref().map(feeling).unwrap_or_default()
            })),
            LaneKind::Measure => {}
        }
    }
    if journey.all_standards().next().is_some() {
        lost.push("the standards are left out".to_owned());
    }
    let has_notes = columns.iter().any(|(_, touchpoint)| {
        let lanes = crate::journey::TEXT_LANES.iter().filter_map(|id| touchpoint.lane(id));
        let mut cards = lanes.chain(touchpoint.cards.values()).flat_map(|cards| &cards.0);
        cards.any(|card| card.owner.is_some() || !card.links.is_empty())
    });
    if has_notes {
        lost.push("owners and links of cards are left out".to_owned());
    }
    if columns.iter().any(|(_, touchpoint)| !touchpoint.events.is_empty()) {
        lost.push("the events that mean the touchpoints are left out".to_owned());
    }
    Export { text: cells::write(&rows), warnings: lost }
}

/// `tense (-1, told)`
fn feeling(feels: &Feeling) -> String {
    let grade = super::outline::word(feels.grade);
    format!("{} ({}, {grade})", in_line(&feels.label), feels.valence)
}

fn written(cards: &Cards) -> String {
    let one = |card: &Card| match card.grade {
        Some(grade) => format!("{} [{}]", card.text, super::outline::word(grade)),
        None => card.text.clone(),
    };
    match cards.0.as_slice() {
        [only] if !only.text.contains('\n') && !is_bulleted(&only.text) => one(only),
        cards => cards.iter().map(|card| format!("• {}", one(card))).collect::<Vec<_>>().join("\n"),
    }
}

fn is_bulleted(text: &str) -> bool {
    text.starts_with("• ")
}

/// A grid, read into a journey with this title.
pub fn import(text: &str, title: &str) -> Result<Import, Unreadable> {
    if text.len() > MOST_BYTES {
        return Err(Unreadable::at(1, "the grid is larger than 8 MiB"));
    }
    let rows = cells::read(text.trim_start_matches('\u{feff}'))?;
    let mut grid = Grid::default();
    for row in &rows {
        grid.row(row)?;
    }
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    if width > MOST_TOUCHPOINTS + 1 {
        return Err(Unreadable::at(
            1,
            format!("a journey has at most {MOST_TOUCHPOINTS} touchpoints"),
        ));
    }
    let line = rows.first().map_or(1, |row| row.line);
    if grid.titles.iter().all(|title| title.trim().is_empty()) {
        let message = "no row of touchpoints; begin one with `Touchpoint`";
        return Err(Unreadable::at(line, message));
    }
    grid.journey(title, line)
}

#[derive(Default)]
struct Grid {
    stages: Vec<String>,
    titles: Vec<String>,
    owners: Vec<String>,
    channels: Vec<String>,
    feelings: Vec<String>,
    lanes: Vec<(Lane, Vec<String>)>,
    lane_ids: Ids,
    /// Ids of lanes in the order of their rows, each once.
    rows: Vec<String>,
    warnings: Vec<String>,
}

impl Grid {
    fn row(&mut self, row: &cells::Row) -> Result<(), Unreadable> {
        let mut cells = row.cells.iter().cloned();
        let name = in_line(&cells.next().unwrap_or_default());
        let cells: Vec<String> = cells.collect();
        match name.to_lowercase().as_str() {
            "" if cells.iter().all(|cell| cell.trim().is_empty()) => {}
            "" => {
                let message = "a row without a name; its first cell says which lane it is";
                return Err(Unreadable::at(row.line, message));
            }
            "stage" | "stages" | "phase" => self.stages = cells,
            "touchpoint" | "touchpoints" | "step" | "steps" => self.titles = cells,
            "owner" | "owners" => self.owners = cells,
            "channel" | "channels" | "touchpoints and channels" => {
                self.channels = cells;
                self.named("channels");
            }
            "feels" | "feeling" | "feelings" | "emotion" | "emotions" => {
                self.feelings = cells;
                self.named("feels");
            }
            _ => self.lane(&name, cells),
        }
        Ok(())
    }

    fn lane(&mut self, name: &str, cells: Vec<String>) {
        let is_standing = |lane: &&crate::journey::Standing| {
            lane.kind.holds_cards()
                && (lane.title.to_lowercase() == name.to_lowercase()
                    || lane.id == name.to_lowercase())
        };
        let standing = crate::journey::STANDING.iter().find(is_standing);
        let id = match standing {
            Some(lane) => lane.id.to_owned(),
            None => {
                self.warnings.push(format!("`{name}` became a lane of the journey's own"));
                let id = self.lane_ids.of(name, "lane");
                if find_standing(&id).is_some() {
                    self.lane_ids.of(&format!("own {id}"), "lane")
                } else {
                    id
                }
            }
        };
        let title = standing.is_none().then(|| name.to_owned()).filter(|title| *title != id);
        self.named(&id);
        self.lanes.push((Lane { id, title, ..Lane::default() }, cells));
    }

    fn named(&mut self, id: &str) {
        if !self.rows.iter().any(|row| row == id) {
            self.rows.push(id.to_owned());
        }
    }

    fn journey(mut self, title: &str, line: usize) -> Result<Import, Unreadable> {
        let (mut stage_ids, mut ids) = (Ids::default(), Ids::default());
        let mut stages: Vec<crate::journey::Stage> = Vec::new();
        for at in 0..self.titles.len() {
            let name = in_line(&self.titles[at]);
            let stage = in_line(self.stages.get(at).map_or("", String::as_str));
            let is_next = !stage.is_empty() && stages.last().is_none_or(|last| last.title != stage);
            if is_next || stages.is_empty() {
                let stage = if stage.is_empty() { "All".to_owned() } else { stage };
                stages.push(super::stage(stage_ids.of(&stage, "stage"), &stage));
            }
            if name.is_empty() {
                let has_any = self
                    .lanes
                    .iter()
                    .any(|(_, cells)| cells.get(at).is_some_and(|it| !it.trim().is_empty()));
                if has_any {
                    let column = at + 2;
                    self.warnings.push(format!(
                        "column {column} has no touchpoint, so its cells are left out"
                    ));
                }
                continue;
            }
            let mut touchpoint = super::touchpoint(ids.of(&name, "touchpoint"), &name);
            self.fill(&mut touchpoint, at);
            if let Some(stage) = stages.last_mut() {
                stage.touchpoints.push(touchpoint);
            }
        }
        let mut own: Vec<Lane> = Vec::new();
        for (lane, _) in &self.lanes {
            if find_standing(&lane.id).is_none() && !own.iter().any(|it| it.id == lane.id) {
                own.push(lane.clone());
            }
        }
        let Some(mut journey) = super::journey(title, stages) else {
            return Err(Unreadable::at(line, "the grid has no touchpoint"));
        };
        if !own.is_empty() {
            let named = |id: &String| Lane { id: id.clone(), ..Lane::default() };
            let own = |id: &String| own.iter().find(|lane| lane.id == *id).cloned();
            journey.lanes = self.rows.iter().map(|id| own(id).unwrap_or(named(id))).collect();
        }
        Ok(Import { journey, warnings: self.warnings })
    }

    fn fill(&mut self, touchpoint: &mut Touchpoint, at: usize) {
        let cell =
            |cells: &[String]| cells.get(at).map(|it| it.trim().to_owned()).unwrap_or_default();
        touchpoint.owner = Some(cell(&self.owners)).filter(|owner| !owner.is_empty());
        touchpoint.channels =
            cards(&cell(&self.channels)).into_iter().map(|card| card.text).collect();
        let felt = cell(&self.feelings);
        if !felt.is_empty() {
            match read_feeling(&felt) {
                Some(feels) => touchpoint.feels = Some(feels),
                None => {
                    let told =
                        format!("`{}`: no feeling from -2 to 2 in `{felt}`", touchpoint.title);
                    self.warnings.push(told);
                }
            }
        }
        for (lane, cells) in &self.lanes {
            let cards = cards(&cell(cells));
            if !cards.is_empty() {
                touchpoint.lane_mut(&lane.id).0.extend(cards);
            }
        }
    }
}

/// `tense (-1, told)`, or a number alone.
fn read_feeling(text: &str) -> Option<Feeling> {
    let (label, rest) = match text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        Some((label, rest)) => (label.trim(), rest),
        None => ("", text),
    };
    let (valence, grade) = rest.split_once(',').unwrap_or((rest, ""));
    let valence: f64 = valence.trim().replace('−', "-").parse().ok()?;
    if !(-2.0..=2.0).contains(&valence) {
        return None;
    }
    let label = if label.is_empty() { "felt" } else { label }.to_owned();
    let grade = read_grade(grade.trim()).unwrap_or_default();
    Some(Feeling { label, valence, intensity: None, grade })
}

/// The cards of a cell: one behind each bullet, or one a line.
fn cards(cell: &str) -> Vec<Card> {
    let mut texts: Vec<String> = Vec::new();
    let is_list = is_bulleted(cell);
    for line in cell.lines() {
        match (line.strip_prefix("• "), texts.last_mut()) {
            (Some(text), _) if is_list => texts.push(text.to_owned()),
            (_, Some(last)) if is_list => {
                last.push('\n');
                last.push_str(line);
            }
            _ => texts.push(line.to_owned()),
        }
    }
    let texts = texts.into_iter().map(|text| text.trim().to_owned());
    texts.filter(|text| !text.is_empty()).map(read_card).collect()
}

fn read_card(text: String) -> Card {
    let graded = text.strip_suffix(']').and_then(|it| it.rsplit_once(" ["));
    match graded.and_then(|(text, grade)| Some((text.trim(), read_grade(grade)?))) {
        Some((text, grade)) if !text.is_empty() => Card { grade: Some(grade), ..Card::plain(text) },
        _ => Card::plain(text),
    }
}

fn read_grade(word: &str) -> Option<Grade> {
    let grades = [Grade::Measured, Grade::Observed, Grade::Told, Grade::Staff, Grade::Assumed];
    grades.into_iter().find(|grade| super::outline::word(*grade) == word)
}
