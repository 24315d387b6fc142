//! The Customer Journey Modelling Language, version 2.0: who begins a contact, who receives it, on which channel.
//!
//! What is known of its form, and what is not, stands in `docs/adr/023-map.md`. A journey is written as a planned one;
//! planned and actual ones are read.

use super::xml::{Element, escaped, read};
use super::{Export, Ids, Import, MOST_BYTES, MOST_TOUCHPOINTS, Unreadable, in_line};
use crate::journey::{Card, Grade, Initiator, Journey, Stage, Touchpoint};

const CUSTOMER: &str = "customer";
const ORGANISATION: &str = "organisation";

/// The journey as XML.
pub fn export(journey: &Journey) -> Export {
    let mut out =
        Writer { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), depth: 0 };
    out.within("CJML version=\"2.0\"", |out| {
        out.within("plannedJourney", |out| {
            out.say("journeyID", &journey.journey);
            out.say("journeyTitle", &journey.title);
            phases(out, journey);
            if let Some(scenario) = &journey.scenario {
                out.say("journeyShortSummary", scenario);
            }
            actors(out, journey);
            out.within("touchpoints", |out| {
                for (stage, it) in journey.touchpoints() {
                    touchpoint(out, stage, it);
                }
            });
        });
    });
    let mut warnings = Vec::new();
    if journey.touchpoints().any(|(_, touchpoint)| touchpoint.feels.is_some()) {
        warnings.push("feelings are left out: planned journeys of CJML hold none".to_owned());
    }
    if journey.all_standards().next().is_some() {
        warnings.push("the standards are left out".to_owned());
    }
    warnings.push("of the lanes, what the customer does and the frontstage are kept".to_owned());
    Export { text: out.text, warnings }
}

fn phases(out: &mut Writer, journey: &Journey) {
    out.within("journeyPhases", |out| {
        for stage in &journey.stages {
            out.within(&format!("journeyPhase phaseID=\"{}\"", name(&stage.id)), |out| {
                out.say("phaseName", &stage.title);
                out.say("phaseDescription", stage.goal.as_deref().unwrap_or_default());
            });
        }
    });
}

fn actors(out: &mut Writer, journey: &Journey) {
    let customer = journey.personas.first().map_or("Customer", |persona| &persona.title);
    out.within("actors", |out| {
        out.within(&format!("endUser actorID=\"{CUSTOMER}\""), |out| {
            out.say("actorName", customer)
        });
        let mut providers: Vec<&str> = Vec::new();
        for (stage, touchpoint) in journey.touchpoints() {
            let provider = provider(stage, touchpoint);
            if !providers.contains(&provider) {
                providers.push(provider);
                let tag = format!("serviceProvider actorID=\"{}\"", escaped(&actor(provider)));
                out.within(&tag, |out| out.say("companyName", provider));
            }
        }
    });
}

fn provider<'a>(stage: &'a Stage, touchpoint: &'a Touchpoint) -> &'a str {
    touchpoint.owner.as_deref().or(stage.owner.as_deref()).unwrap_or(ORGANISATION)
}

/// The customer's own id is never that of a provider.
fn actor(provider: &str) -> String {
    let id = crate::id::id_of(provider).unwrap_or_else(|| in_line(provider));
    if id == CUSTOMER { format!("{id}-unit") } else { name(&id) }
}

/// Ids of XML do not begin with a digit.
fn name(id: &str) -> String {
    if id.starts_with(|c: char| c.is_ascii_digit()) { format!("t-{id}") } else { id.to_owned() }
}

fn touchpoint(out: &mut Writer, stage: &Stage, it: &Touchpoint) {
    let provider = escaped(&actor(provider(stage, it)));
    let by_customer = it.initiator.is_none_or(|initiator| initiator == Initiator::Customer);
    let (begins, receives) =
        if by_customer { (CUSTOMER, &*provider) } else { (&*provider, CUSTOMER) };
    let frontstage = it.frontstage.text();
    let answer = if frontstage.is_empty() { it.title.clone() } else { frontstage };
    let (said, heard) = if by_customer { (&it.title, &answer) } else { (&answer, &it.title) };
    let is_contact = !it.channels.is_empty();
    out.within(if is_contact { "plannedCommunicationPoint" } else { "plannedAction" }, |out| {
        out.say("touchpointID", &name(&it.id));
        out.line(&format!("<belongsTo phaseIDref=\"{}\"/>", name(&stage.id)));
        out.within("initiator", |out| {
            out.line(&format!("<refersTo actorIDref=\"{begins}\"/>"));
            out.say("initiatorLabel", if is_contact { said } else { &it.title });
        });
        if is_contact {
            out.within("receiver", |out| {
                out.line(&format!("<refersTo actorIDref=\"{receives}\"/>"));
                out.say("receiverLabel", heard);
            });
            out.within("channel", |out| out.say("channelName", &it.channels.join(", ")));
        }
        if !it.does.is_empty() {
            out.say("comment", &it.does.text());
        }
    });
}

struct Writer {
    text: String,
    depth: usize,
}

impl Writer {
    fn within(&mut self, tag: &str, inside: impl FnOnce(&mut Self)) {
        self.line(&format!("<{tag}>"));
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.line(&format!("</{}>", tag.split(' ').next().unwrap_or(tag)));
    }

    fn say(&mut self, tag: &str, text: &str) {
        self.line(&format!("<{tag}>{}</{tag}>", escaped(text)));
    }

    fn line(&mut self, line: &str) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// The first journey of a CJML text; a planned one is preferred.
pub fn import(text: &str) -> Result<Import, Unreadable> {
    if text.len() > MOST_BYTES {
        return Err(Unreadable::at(1, "the text is larger than 8 MiB"));
    }
    let root = read(text.trim_start_matches('\u{feff}'))?;
    if root.name != "CJML" {
        let message = format!("the root is `{}`, and that of CJML is `CJML`", root.name);
        return Err(Unreadable::at(root.line, message));
    }
    let mut warnings = Vec::new();
    match root.attribute(&["version"]) {
        Some("2.0") => {}
        Some(other) => warnings.push(format!("version {other} of CJML is read as if it were 2.0")),
        None => warnings.push("it says no version, and is read as CJML 2.0".to_owned()),
    }
    let source = root.child("plannedJourney").or_else(|| root.child("actualJourney"));
    let Some(source) = source else {
        return Err(Unreadable::at(
            root.line,
            "there is no `plannedJourney` and no `actualJourney`",
        ));
    };
    let count = root.children.iter().filter(|it| it.name.ends_with("Journey")).count();
    if count > 1 {
        warnings.push(format!("of {count} journeys the first planned one is read"));
    }
    let title = [source.said("journeyTitle"), source.said("journeyID")];
    let title = title.into_iter().find(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| "A journey to be named".to_owned());
    let mut reading = Reading { actors: actors_of(source), warnings, ..Reading::default() };
    reading.phases(source);
    for it in source.child("touchpoints").iter().flat_map(|list| &list.children) {
        reading.touchpoint(it)?;
    }
    let Some(mut journey) = super::journey(&title, reading.stages) else {
        return Err(Unreadable::at(source.line, "the journey has no touchpoints"));
    };
    let summary = source.said("journeyShortSummary");
    journey.scenario = Some(summary).filter(|summary| !summary.is_empty());
    if let Some(id) = crate::id::id_of(&source.said("journeyID")) {
        journey.journey = id;
    }
    Ok(Import { journey, warnings: reading.warnings })
}

struct Actor {
    id: String,
    name: String,
    is_customer: bool,
}

fn actors_of(source: &Element) -> Vec<Actor> {
    let list = source.child("actors").map(|actors| actors.children.as_slice()).unwrap_or_default();
    let actor = |it: &Element| {
        let id = it.attribute(&["actorID", "actorIDref"])?.to_owned();
        let names = [it.said("actorName"), it.said("companyName"), id.clone()];
        let name = names.into_iter().find(|name| !name.is_empty())?;
        Some(Actor { id, name, is_customer: it.name == "endUser" })
    };
    list.iter().filter_map(actor).collect()
}

#[derive(Default)]
struct Reading {
    actors: Vec<Actor>,
    /// Ids of phases as they stand in the text, by the position of their stage.
    phases: Vec<String>,
    stages: Vec<Stage>,
    stage_ids: Ids,
    ids: Ids,
    count: usize,
    warnings: Vec<String>,
}

impl Reading {
    fn phases(&mut self, source: &Element) {
        for phase in source.child("journeyPhases").iter().flat_map(|list| &list.children) {
            let id = phase.attribute(&["phaseID"]).unwrap_or_default().to_owned();
            let title = Some(phase.said("phaseName")).filter(|name| !name.is_empty());
            let title = title
                .unwrap_or_else(|| if id.is_empty() { "Phase".to_owned() } else { id.clone() });
            let mut stage = super::stage(self.stage_ids.of(&id, "stage"), &title);
            stage.goal = Some(phase.said("phaseDescription")).filter(|goal| !goal.is_empty());
            self.phases.push(id);
            self.stages.push(stage);
        }
    }

    fn touchpoint(&mut self, it: &Element) -> Result<(), Unreadable> {
        let is_contact = it.name.ends_with("CommunicationPoint");
        if !is_contact && !it.name.ends_with("Action") {
            self.warnings.push(format!("line {}: `{}` is not understood", it.line, it.name));
            return Ok(());
        }
        self.count += 1;
        if self.count > MOST_TOUCHPOINTS {
            let message = format!("a journey has at most {MOST_TOUCHPOINTS} touchpoints");
            return Err(Unreadable::at(it.line, message));
        }
        let [begins, receives] = ["initiator", "receiver"].map(|side| self.actor(it, side));
        let is_customer = |at: Option<usize>| at.is_some_and(|at| self.actors[at].is_customer);
        let by_customer = is_customer(begins) || (!is_customer(receives) && begins.is_none());
        let said = |side: &str, label: &str| {
            it.child(side).map(|side| side.said(label)).unwrap_or_default()
        };
        let labels = [said("initiator", "initiatorLabel"), said("receiver", "receiverLabel")];
        let [mine, theirs] = if by_customer || !is_contact {
            labels
        } else {
            let [a, b] = labels;
            [b, a]
        };
        let id = it.said("touchpointID");
        let title = [mine, theirs.clone(), id.clone()].into_iter().find(|text| !text.is_empty());
        let title = title.unwrap_or_else(|| "A touchpoint to be named".to_owned());
        let named = if id.is_empty() { &title } else { &id };
        let mut touchpoint = super::touchpoint(self.ids.of(named, "touchpoint"), &title);
        touchpoint.initiator =
            Some(if by_customer { Initiator::Customer } else { Initiator::Company });
        let others =
            [begins, receives].into_iter().flatten().find(|at| !self.actors[*at].is_customer);
        touchpoint.owner =
            others.map(|at| self.actors[at].name.clone()).filter(|name| name != ORGANISATION);
        let channels = it.child("channel").map(|channel| channel.said("channelName"));
        let channels = channels.unwrap_or_default();
        touchpoint.channels = channels
            .split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect();
        if theirs != title && !theirs.is_empty() {
            touchpoint.frontstage.0.push(Card::plain(theirs));
        }
        self.comments(it, &mut touchpoint);
        self.place(it, touchpoint);
        Ok(())
    }

    fn comments(&mut self, it: &Element, touchpoint: &mut Touchpoint) {
        if let Some(comment) = it.child("comment").filter(|it| !it.text.trim().is_empty()) {
            touchpoint.does.0.push(Card::plain(comment.text.trim()));
        }
        let Some(felt) = it.child("touchpointExperience") else { return };
        let told = felt.said("experienceDescription");
        if !told.is_empty() {
            let card = Card { grade: Some(Grade::Told), ..Card::plain(told) };
            touchpoint.thinks.0.push(card);
        }
        if !felt.said("experienceRating").is_empty() {
            let line = it.line;
            self.warnings.push(format!("line {line}: a rating without a scale is left out"));
        }
    }

    fn place(&mut self, it: &Element, touchpoint: Touchpoint) {
        let phase = it.child("belongsTo").and_then(|it| it.attribute(&["phaseIDref"]));
        let at = phase.and_then(|id| self.phases.iter().position(|known| known == id));
        if self.stages.is_empty() {
            self.phases.push(String::new());
            self.stages.push(super::stage(self.stage_ids.of("all", "stage"), "All"));
        }
        let at = at.unwrap_or(self.stages.len() - 1);
        if let Some(stage) = self.stages.get_mut(at) {
            stage.touchpoints.push(touchpoint);
        }
    }

    fn actor(&self, it: &Element, side: &str) -> Option<usize> {
        let id = it.child(side)?.child("refersTo")?.attribute(&["actorIDref", "actorID"])?;
        self.actors.iter().position(|actor| actor.id == id)
    }
}
