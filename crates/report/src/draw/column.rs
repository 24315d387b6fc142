//! The columns of a map: what was designed and what was measured, touchpoint by touchpoint.

use std::collections::BTreeMap;

use model::journey::{self, Journey};

use crate::document::{Report, Score, Standard, Touchpoint, Verdict};

use super::number::score_value;
use super::order::walking_order;

/// Below it a score is shown as an indication only.
pub(crate) const FIRM: u64 = 30;
/// Below it a score is not shown.
pub(crate) const SHOWN: u64 = 5;

/// Questions that tell a feeling, best first.
const FEELING_QUESTIONS: [&str; 3] = ["csat", "delight", "nps"];

/// Scores that a map can lead with, best first.
pub(crate) const SCORE_QUESTIONS: [&str; 7] =
    ["nps", "csat", "ces", "delight", "ease", "need", "gap"];

/// Without a design, so many touchpoints are drawn; the tables have all.
const MOST_WALKED: usize = 24;

/// Every touchpoint of the map, in the order of its columns.
#[derive(Debug)]
pub(crate) struct Columns<'a> {
    pub(crate) all: Vec<Column<'a>>,
    pub(crate) journey: Option<&'a Journey>,
    /// Touchpoints of the report that are not drawn.
    pub(crate) left_out: usize,
    /// The question whose scores the feeling curve shows.
    pub(crate) feeling_question: Option<&'static str>,
    /// The question whose scores the map's score line shows.
    pub(crate) score_question: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub(crate) struct Column<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    /// Place of its stage among the stages.
    pub(crate) stage: Option<usize>,
    pub(crate) design: Option<&'a journey::Touchpoint>,
    pub(crate) measured: Option<&'a Touchpoint>,
    /// The worst first.
    pub(crate) standards: Vec<&'a Standard>,
}

impl<'a> Columns<'a> {
    /// What something is about in words.
    pub(crate) fn about(&self, touchpoint: Option<&str>) -> &'a str {
        touchpoint.map_or("The whole journey", |id| {
            self.all.iter().find(|column| column.id == id).map_or("", |column| column.title)
        })
    }

    pub(crate) fn new(journey: Option<&'a Journey>, report: &'a Report) -> Self {
        let measured: BTreeMap<&str, &Touchpoint> =
            report.touchpoints.iter().map(|t| (t.id.as_str(), t)).collect();
        let Some(journey) = journey else { return Self::walked(report) };
        let mut all = Vec::new();
        for (at, stage) in journey.stages.iter().enumerate() {
            for design in &stage.touchpoints {
                all.push(Column {
                    id: &design.id,
                    title: &design.title,
                    stage: Some(at),
                    design: Some(design),
                    measured: measured.get(design.id.as_str()).copied(),
                    standards: standards_of(report, &design.id),
                });
            }
        }
        Self::of(all, Some(journey), 0)
    }

    /// No design: the most visited touchpoints, in the order in which they are mostly walked.
    fn walked(report: &'a Report) -> Self {
        let mut touchpoints: Vec<&Touchpoint> = report.touchpoints.iter().collect();
        touchpoints.sort_by(|a, b| b.visits.cmp(&a.visits).then_with(|| a.id.cmp(&b.id)));
        let left_out = touchpoints.len().saturating_sub(MOST_WALKED);
        touchpoints.truncate(MOST_WALKED);
        let order = walking_order(&touchpoints, &report.transitions);
        let all = order
            .into_iter()
            .map(|touchpoint| Column {
                id: &touchpoint.id,
                title: if touchpoint.title.trim().is_empty() {
                    &touchpoint.id
                } else {
                    &touchpoint.title
                },
                stage: None,
                design: None,
                measured: Some(touchpoint),
                standards: standards_of(report, &touchpoint.id),
            })
            .collect();
        Self::of(all, None, left_out)
    }

    pub(crate) fn index(&self, id: &str) -> Option<usize> {
        self.all.iter().position(|column| column.id == id)
    }

    /// A touchpoint's title, the ends of a walk in words, or the id itself.
    pub(crate) fn title(&self, id: &'a str) -> &'a str {
        match id {
            "^" => "Start",
            "$" => "End",
            _ => self.all.iter().find(|column| column.id == id).map_or(id, |column| column.title),
        }
    }

    /// The columns in parts of at most so many, cut between stages where that is possible.
    pub(crate) fn parts(&self, most: usize) -> Vec<Self> {
        let mut parts: Vec<Vec<Column<'a>>> = Vec::new();
        for stage in self.all.chunk_by(|a, b| a.stage.is_some() && a.stage == b.stage) {
            for piece in stage.chunks(most.max(1)) {
                match parts.last_mut() {
                    Some(part) if part.len() + piece.len() <= most => part.extend_from_slice(piece),
                    _ => parts.push(piece.to_vec()),
                }
            }
        }
        parts.into_iter().map(|all| Self { all, ..*self }).collect()
    }

    fn of(all: Vec<Column<'a>>, journey: Option<&'a Journey>, left_out: usize) -> Self {
        let mut columns =
            Self { all, journey, left_out, feeling_question: None, score_question: None };
        columns.feeling_question = columns.leading_question(&FEELING_QUESTIONS);
        columns.score_question = columns.leading_question(&SCORE_QUESTIONS);
        columns
    }

    /// The question of `among` that most touchpoints have enough answers to; the earlier one where two are even.
    fn leading_question(&self, among: &[&'static str]) -> Option<&'static str> {
        let answered = |question: &str| {
            self.all.iter().filter(|column| column.score(question).is_some()).count()
        };
        let most =
            among.iter().map(|question| answered(question)).max().filter(|most| *most > 0)?;
        among.iter().find(|question| answered(question) == most).copied()
    }
}

impl<'a> Column<'a> {
    /// The score of a question, if enough answered for it to be shown.
    pub(crate) fn score(&self, question: &str) -> Option<&'a Score> {
        let score = self.measured?.scores.get(question)?;
        (score.n >= SHOWN && score_value(score).is_some()).then_some(score)
    }

    pub(crate) fn owner(&self) -> Option<&'a str> {
        let designed = self.design.and_then(|design| design.owner.as_deref());
        designed
            .or_else(|| self.measured?.owner.as_deref())
            .filter(|owner| !owner.trim().is_empty())
    }

    pub(crate) fn count(&self, verdict: Verdict) -> usize {
        self.standards.iter().filter(|standard| standard.verdict == verdict).count()
    }
}

/// A touchpoint's standards: defective ones first, then by the share that failed.
fn standards_of<'a>(report: &'a Report, touchpoint: &str) -> Vec<&'a Standard> {
    let mut standards: Vec<&Standard> = report
        .standards
        .iter()
        .filter(|standard| standard.touchpoint.as_deref() == Some(touchpoint))
        .collect();
    let order = |standard: &Standard| {
        let verdict = match standard.verdict {
            Verdict::Defective => 0,
            Verdict::NotProven => 1,
            Verdict::Meets => 2,
        };
        (verdict, standard.kept_share.share.unwrap_or(f64::INFINITY))
    };
    standards.sort_by(|a, b| {
        let (a_order, b_order) = (order(a), order(b));
        a_order
            .0
            .cmp(&b_order.0)
            .then(a_order.1.total_cmp(&b_order.1))
            .then_with(|| a.id.cmp(&b.id))
    });
    standards
}
