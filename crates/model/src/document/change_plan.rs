//! Text → change plan, with every problem at once; and the plan held against the journey that it is a change of.

use jiff::tz::TimeZone;

use super::problem::{Problem, Problems, Severity};
use super::shape::{Shape, listed};
use super::structure::{self, short};
use super::tree::{Node, Place, below};
use crate::change_plan::ChangePlan;
use crate::journey::Journey;
use crate::moment::moment;
use crate::nearest::nearest;
use crate::question::{QUESTIONS, find_question};

/// What came of reading a change plan.
#[derive(Debug, Clone)]
pub struct PlanReading {
    /// `None` when there is any error.
    pub plan: Option<ChangePlan>,
    /// In the order of the document.
    pub problems: Vec<Problem>,
    root: Option<Node>,
}

/// Reads a change plan, YAML or JSON, from a file's bytes, which must be UTF-8.
pub fn read_change_plan(bytes: &[u8]) -> PlanReading {
    let mut problems = Problems::default();
    let begin = "begin with `footpath: 1`, `plan:`, `title:`, `journey:` and `measure:`";
    let root = super::text_of(bytes, &mut problems)
        .and_then(|text| super::tree_of(text, begin, &mut problems));
    let plan = root.as_ref().and_then(|root| plan_of(root, &mut problems));
    let plan = plan.filter(|_| !problems.any_error());
    PlanReading { plan, problems: problems.into_list(), root }
}

impl PlanReading {
    /// Where the value of a JSON pointer stands in the text.
    pub fn place(&self, pointer: &str) -> Place {
        self.root.as_ref().map_or(Place::START, |root| root.place_of(pointer))
    }

    /// What the plan names and the journey does not have.
    pub fn problems_with(&self, journey: &Journey) -> Vec<Problem> {
        let (Some(plan), Some(root)) = (&self.plan, &self.root) else { return Vec::new() };
        let mut problems = Problems::default();
        let mut check = Check { root, problems: &mut problems };
        if plan.journey != journey.journey {
            let message = format!("the plan is for the journey `{}`", short(&plan.journey));
            let suggestion = format!("this one is `{}`", journey.journey);
            check.error("/journey", message, Some(suggestion));
        }
        if let Some(touchpoint) = &plan.measure.touchpoint {
            let known: Vec<&str> = journey.touchpoints().map(|(_, it)| it.id.as_str()).collect();
            check.known("touchpoint", touchpoint, &known);
        }
        if let Some(standard) = &plan.measure.standard {
            let known: Vec<&str> = journey.all_standards().map(|(_, it)| it.id.as_str()).collect();
            check.known("standard", standard, &known);
        }
        problems.into_list()
    }
}

fn plan_of(root: &Node, problems: &mut Problems) -> Option<ChangePlan> {
    let schema = crate::schema::change_plan_schema();
    let (value, damaged) = structure::value(root, &Shape::of(&schema, &schema), problems);
    match serde_json::from_value::<ChangePlan>(value) {
        Ok(plan) => {
            if damaged.is_empty() {
                Check { root, problems }.plan(&plan);
            }
            Some(plan)
        }
        Err(error) => {
            let message = format!("not a change plan: {error}");
            let help = "see docs/reference/change-plan.md";
            super::refuse(problems, root.place, message, help);
            None
        }
    }
}

struct Check<'a> {
    root: &'a Node,
    problems: &'a mut Problems,
}

impl Check<'_> {
    fn plan(&mut self, plan: &ChangePlan) {
        self.times(plan);
        let measure = &plan.measure;
        match (&measure.question, &measure.standard) {
            (None, None) => {
                let help = "add `question:` or `standard:`".to_owned();
                self.error("/measure", "nothing is measured".to_owned(), Some(help));
            }
            (Some(_), Some(_)) => {
                let message = "a plan has one measure, and this has both a question and a standard";
                let help = "write a plan for each".to_owned();
                self.error("/measure/standard", message.to_owned(), Some(help));
            }
            (Some(question), None) => self.question(question, plan.smallest),
            (None, Some(_)) => self.standard(plan),
        }
    }

    fn times(&mut self, plan: &ChangePlan) {
        let changed = plan.units.iter().flat_map(|units| &units.changed);
        let of_units = changed.map(|(unit, at)| (below("/units/changed", unit), at));
        let all = plan.at.iter().map(|at| ("/at".to_owned(), at)).chain(of_units);
        for (pointer, at) in all.collect::<Vec<_>>() {
            if moment(at, &TimeZone::UTC).is_none() {
                let message = format!("`{}` is no date and no time", short(at));
                let help = "write one such as `2026-03-01` or `2026-03-01T12:00:00Z`".to_owned();
                self.error(&pointer, message, Some(help));
            }
        }
        match (&plan.at, &plan.units) {
            (None, None) => {
                let help = "add `at:`, or `units:` with the units that change, each with its time"
                    .to_owned();
                self.error("", "the plan does not say when".to_owned(), Some(help));
            }
            (Some(_), Some(_)) => {
                let message = "each unit has its own time, so `at` says nothing";
                let help = "leave it out, or leave `units` out".to_owned();
                self.error("/at", message.to_owned(), Some(help));
            }
            (None, Some(units)) if units.changed.is_empty() => {
                let help = "name the units that change, each with its time".to_owned();
                self.error("/units/changed", "no unit changes".to_owned(), Some(help));
            }
            _ => {}
        }
        if plan.randomised && plan.units.is_none() {
            let message = "a lot decides between those who get the change and those who do not";
            let help = "say under `units` who they are".to_owned();
            self.error("/randomised", message.to_owned(), Some(help));
        }
    }

    fn question(&mut self, question: &str, smallest: f64) {
        let Some(known) = find_question(question) else {
            let names: Vec<&str> = QUESTIONS.iter().map(|known| known.name).collect();
            let message = format!("`{}` has no scale that is known", short(question));
            let help = match nearest(question, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("those that have one are {}", listed(&names)),
            };
            return self.error("/measure/question", message, Some(help));
        };
        let (low, high) = known.score;
        if smallest > high - low {
            let message =
                format!("`{question}` goes from {low} to {high}: no effect is that large");
            self.error("/smallest", message, None);
        }
    }

    fn standard(&mut self, plan: &ChangePlan) {
        if plan.measure.touchpoint.is_some() {
            let message = "a standard has its touchpoint already".to_owned();
            self.error("/measure/touchpoint", message, Some("leave it out".to_owned()));
        }
        if plan.units.is_some() {
            let message = "checks of a standard are not counted by unit".to_owned();
            let help = "measure a question, or give `at` instead of units".to_owned();
            self.error("/units", message, Some(help));
        }
        if plan.smallest > 1.0 {
            let message = "the kept share goes from 0 to 1: no effect is that large".to_owned();
            let percent = format!("write a share: `{}`", plan.smallest / 100.0);
            self.error("/smallest", message, (plan.smallest <= 100.0).then_some(percent));
        }
    }

    /// What the plan measures is there.
    fn known(&mut self, kind: &str, id: &str, known: &[&str]) {
        if known.contains(&id) {
            return;
        }
        let message = format!("the journey has no {kind} `{}`", short(id));
        let help = match nearest(id, known.iter().copied()) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if (1..=8).contains(&known.len()) => Some(format!("there are {}", listed(known))),
            None => None,
        };
        self.error(&format!("/measure/{kind}"), message, help);
    }

    fn error(&mut self, pointer: &str, message: String, suggestion: Option<String>) {
        let Place { line, column } = self.root.place_of(pointer);
        let pointer = pointer.to_owned();
        let severity = Severity::Error;
        self.problems.push(Problem { severity, line, column, pointer, message, suggestion });
    }
}
