//! What stands between a draft and its publication: problems that forbid it, warnings that do not, and how much of the
//! map is only assumed.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::journey::{Grade, Journey, Phase, Stage, TEXT_LANES, Touchpoint};
use crate::map::Map;

/// What a map lacks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Readiness {
    /// With any of these it is not published.
    pub problems: Vec<Remark>,
    pub warnings: Vec<Remark>,
    /// Cells of the map with anything in them.
    pub cells: usize,
    /// Those of them in which all is assumed.
    pub assumed: usize,
}

/// One thing that is missing or doubtful.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Remark {
    pub rule: Rule,
    /// Id of the stage, touchpoint or standard that it is about; of a hand-off `from → to`; empty: the journey.
    pub about: String,
    pub message: String,
    /// What to do.
    pub suggestion: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The document that would be published is not valid.
    Document,
    TouchpointOwner,
    TouchpointChannel,
    TouchpointStandard,
    HandoffGiver,
    HandoffReceiver,
    StandardOwner,
    /// The design goes from one owner to another, and no hand-off says so.
    HandoffMissing,
    StageIsDepartment,
    StageBefore,
    StageAfter,
}

impl Readiness {
    pub fn may_publish(&self) -> bool {
        self.problems.is_empty()
    }

    /// `None`: the map is empty.
    pub fn assumed_share(&self) -> Option<f64> {
        (self.cells > 0).then(|| self.assumed as f64 / self.cells as f64)
    }
}

/// Holds a map against the rules of publication.
pub fn readiness(map: &Map) -> Readiness {
    let journey = map.document();
    let mut remarks = Remarks::default();
    document(&journey, &mut remarks);
    touchpoints(&journey, &mut remarks);
    handoffs(&journey, &mut remarks);
    stages(&journey, &mut remarks);
    let (cells, assumed) = cells(&journey);
    Readiness { problems: remarks.problems, warnings: remarks.warnings, cells, assumed }
}

#[derive(Default)]
struct Remarks {
    problems: Vec<Remark>,
    warnings: Vec<Remark>,
}

impl Remarks {
    fn problem(&mut self, rule: Rule, about: &str, message: String, suggestion: &str) {
        let (about, suggestion) = (about.to_owned(), suggestion.to_owned());
        self.problems.push(Remark { rule, about, message, suggestion });
    }

    fn warn(&mut self, rule: Rule, about: &str, message: String, suggestion: &str) {
        let (about, suggestion) = (about.to_owned(), suggestion.to_owned());
        self.warnings.push(Remark { rule, about, message, suggestion });
    }
}

/// What the reader of documents refuses: ids that are there twice, references to nothing, two touchpoints for one event.
fn document(journey: &Journey, remarks: &mut Remarks) {
    let reading = crate::document::read(&crate::write::write(journey));
    for error in reading.errors() {
        let suggestion = error.suggestion.clone().unwrap_or_default();
        let about = holder(journey, &error.pointer);
        remarks.problem(Rule::Document, &about, error.message.clone(), &suggestion);
    }
}

/// The id of the touchpoint or stage in which a pointer lies.
fn holder(journey: &Journey, pointer: &str) -> String {
    let mut tokens = pointer.split('/').skip(1);
    let mut next = |key: &str| match (tokens.next(), tokens.next()) {
        (Some(name), at) if name == key => at.and_then(|at| at.parse::<usize>().ok()),
        _ => None,
    };
    let stage = next("stages").and_then(|at| journey.stages.get(at));
    let touchpoint = stage.and_then(|stage| stage.touchpoints.get(next("touchpoints")?));
    let id = touchpoint.map(|it| it.id.as_str()).or(stage.map(|stage| stage.id.as_str()));
    id.unwrap_or_default().to_owned()
}

fn touchpoints(journey: &Journey, remarks: &mut Remarks) {
    for (stage, touchpoint) in journey.touchpoints() {
        let (id, title) = (touchpoint.id.as_str(), touchpoint.title.as_str());
        let has_owner = owner(stage, touchpoint).is_some();
        if !has_owner {
            let message = format!("nobody owns “{title}”");
            remarks.problem(Rule::TouchpointOwner, id, message, "name its owner, or its stage's");
        }
        if touchpoint.channels.iter().all(|channel| channel.trim().is_empty()) {
            let message = format!("“{title}” has no channel");
            remarks.problem(Rule::TouchpointChannel, id, message, "say where it happens");
        }
        let has_reason =
            touchpoint.no_standard.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        if touchpoint.standards.is_empty() && !has_reason {
            let message = format!("“{title}” promises nothing");
            let suggestion = "write a standard, or why there is none";
            remarks.problem(Rule::TouchpointStandard, id, message, suggestion);
        }
    }
    for standard in journey.standards.iter().filter(|it| is_blank(it.owner.as_deref())) {
        let message = format!("nobody owns the standard “{}”", standard.text);
        remarks.warn(Rule::StandardOwner, &standard.id, message, "name its owner");
    }
}

fn owner<'a>(stage: &'a Stage, touchpoint: &'a Touchpoint) -> Option<&'a str> {
    let owner = touchpoint.owner.as_deref().or(stage.owner.as_deref());
    owner.filter(|owner| !owner.trim().is_empty())
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

fn handoffs(journey: &Journey, remarks: &mut Remarks) {
    for handoff in &journey.handoffs {
        let about = format!("{} → {}", handoff.from, handoff.to);
        for (rule, word, person) in [
            (Rule::HandoffGiver, "giver", &handoff.giver),
            (Rule::HandoffReceiver, "receiver", &handoff.receiver),
        ] {
            if is_blank(person.as_deref()) {
                let message =
                    format!("the hand-off from {} to {} has no {word}", handoff.from, handoff.to);
                remarks.problem(rule, &about, message, &format!("name its {word}"));
            }
        }
    }
    let resolved = crate::resolve::Resolved::of(journey);
    for stop in &resolved.touchpoints {
        for next in stop.next.iter().filter_map(|at| resolved.touchpoints.get(*at)) {
            let (Some(giver), Some(receiver)) = (stop.owner, next.owner) else { continue };
            let (from, to) = (&stop.touchpoint.id, &next.touchpoint.id);
            let is_told = journey.handoffs.iter().any(|it| it.from == *from && it.to == *to);
            if giver != receiver && !is_told {
                let message = format!(
                    "“{}” ({giver}) leads to “{}” ({receiver}) without a hand-off",
                    stop.touchpoint.title, next.touchpoint.title
                );
                let suggestion = "add the hand-off with what must be passed on";
                remarks.warn(Rule::HandoffMissing, &format!("{from} → {to}"), message, suggestion);
            }
        }
    }
}

/// Words by which organisations call their parts; a customer does not walk through them.
const DEPARTMENTS: [&str; 32] = [
    "accounting",
    "accounts",
    "administration",
    "back office",
    "billing",
    "call centre",
    "call center",
    "compliance",
    "contact centre",
    "contact center",
    "customer care",
    "customer service",
    "department",
    "distribution",
    "dispatch",
    "finance",
    "fulfilment",
    "fulfillment",
    "human resources",
    "it",
    "legal",
    "logistics",
    "marketing",
    "operations",
    "procurement",
    "product management",
    "quality assurance",
    "sales",
    "service desk",
    "support",
    "underwriting",
    "warehouse",
];

fn stages(journey: &Journey, remarks: &mut Remarks) {
    let owners: Vec<String> = journey
        .touchpoints()
        .filter_map(|(stage, touchpoint)| Some(folded(owner(stage, touchpoint)?)))
        .collect();
    for stage in &journey.stages {
        let title = folded(&stage.title);
        let is_department = DEPARTMENTS.contains(&title.as_str())
            || title.ends_with(" department")
            || title.ends_with(" team")
            || owners.contains(&title);
        if is_department {
            let message = format!("the stage “{}” is named after a department", stage.title);
            let suggestion = "name it in the customer's words, such as “I pay”";
            remarks.warn(Rule::StageIsDepartment, &stage.id, message, suggestion);
        }
    }
    for (rule, phase, word) in
        [(Rule::StageBefore, Phase::Before, "before"), (Rule::StageAfter, Phase::After, "after")]
    {
        if !journey.stages.iter().any(|stage| stage.phase == Some(phase)) {
            let message = format!("no stage lies {word} the purchase");
            let suggestion = format!("add one, or say of one that its phase is `{word}`");
            remarks.warn(rule, "", message, &suggestion);
        }
    }
}

fn folded(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Cells with anything in them, and those in which nothing is better than assumed.
fn cells(journey: &Journey) -> (usize, usize) {
    let mut best: HashMap<(&str, &str), Grade> = HashMap::new();
    for (_, touchpoint) in journey.touchpoints() {
        if let Some(feels) = &touchpoint.feels {
            best.insert((&touchpoint.id, "feels"), feels.grade);
        }
        let own: BTreeMap<&str, _> =
            touchpoint.cards.iter().map(|(lane, cards)| (lane.as_str(), cards)).collect();
        let lanes = TEXT_LANES.iter().filter_map(|id| Some((*id, touchpoint.lane(id)?)));
        for (lane, cards) in lanes.chain(own) {
            for card in &cards.0 {
                let grade = card.grade.unwrap_or_default();
                let cell = best.entry((&touchpoint.id, lane)).or_insert(grade);
                *cell = (*cell).min(grade);
            }
        }
    }
    let assumed = best.values().filter(|grade| **grade == Grade::Assumed).count();
    (best.len(), assumed)
}
