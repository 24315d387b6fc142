//! What a document asks for and no event has: said with the place in the document, because a rule about it would be silent.

use model::journey::{Binding, Journey};
use model::nearest::nearest;
use model::rule::{Name, Names, Standard};
use report::symbols::named;
use serde_json::Value;

use crate::error::{Error, Place, shown};
use crate::import::Interner;
use crate::measure::{Asked, Document};

/// An activity that no touchpoint binds and no event carries is a slip of the pen.
pub(crate) fn known_activities(document: Document<'_>, found: &Interner) -> Result<(), Error> {
    let journey = document.journey.journey;
    let bound: Vec<&str> = journey
        .touchpoints()
        .flat_map(|(_, touchpoint)| touchpoint.events.iter().map(Binding::activity))
        .collect();
    let mut activities = named(journey).filter_map(|name| match name {
        Name::Activity(activity) => Some(activity.as_str()),
        Name::Touchpoint(_) => None,
    });
    let unknown = activities
        .find(|activity| !bound.contains(activity) && found.find_code(activity).is_none());
    let Some(unknown) = unknown else { return Ok(()) };
    let hint = match nearest(unknown, bound.iter().copied().chain(found.texts())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "bind it to a touchpoint, or take it out".to_owned(),
    };
    Err(document.error(
        &pointer_of_activity(journey, unknown),
        format!(
            "the activity `{unknown}` is bound to no touchpoint and no event carries it; {hint}"
        ),
    ))
}

impl Document<'_> {
    /// Says who asks for an attribute that no file has: a place in the document, or else what was asked.
    pub(crate) fn placed(self, error: Error, asked: &Asked) -> Error {
        let Error::NoAttribute { attribute, .. } = &error else { return error };
        let journey = serde_json::to_value(self.journey.journey).unwrap_or_default();
        match pointer_of_attribute(&journey, attribute) {
            Some(pointer) => self.error(&pointer, error.to_string()),
            None if asked.strata.as_ref().is_some_and(|(name, _)| name == attribute) => {
                Error::caller(format!("--strata: {error}"))
            }
            None => Error::caller(format!("--segment: {error}")),
        }
    }

    fn error(self, pointer: &str, message: String) -> Error {
        Error::Caller { place: self.place(pointer), message }
    }

    /// Where a JSON pointer stands in the document.
    pub(crate) fn place(self, pointer: &str) -> Place {
        let place = self.reading.place(pointer);
        Place {
            file: Some(shown(self.path)),
            line: Some(place.line as u64),
            column: Some(place.column as u64),
        }
    }
}

/// JSON pointer of the first place that names an activity: where walks begin and end, standards, funnels.
fn pointer_of_activity(journey: &Journey, activity: &str) -> String {
    let is_it = |name: &Name| matches!(name, Name::Activity(known) if known == activity);
    let names_it = |names: &Names| names.names().iter().any(is_it);
    let find = |standards: &[Standard]| {
        standards.iter().enumerate().find_map(|(at, standard)| {
            let (key, _) = standard.rule.names().into_iter().find(|(_, names)| names_it(names))?;
            Some(format!("{at}/{}/{key}", standard.rule.key()))
        })
    };
    for (key, names) in [("starts", &journey.instance.starts), ("ends", &journey.instance.ends)] {
        if let Some(at) = names.iter().position(is_it) {
            return format!("/instance/{key}/{at}");
        }
    }
    for (s, stage) in journey.stages.iter().enumerate() {
        for (t, touchpoint) in stage.touchpoints.iter().enumerate() {
            if let Some(rest) = find(&touchpoint.standards) {
                return format!("/stages/{s}/touchpoints/{t}/standards/{rest}");
            }
        }
    }
    if let Some(rest) = find(&journey.standards) {
        return format!("/standards/{rest}");
    }
    let funnel = journey.funnels.iter().position(|funnel| funnel.steps.iter().any(names_it));
    funnel.map_or("/outcomes/retained/again".to_owned(), |at| format!("/funnels/{at}/steps"))
}

/// JSON pointer of the first place of a document where an attribute of events is looked at.
///
/// A persona's segment is passed over: who belongs to a persona is asked of customers, not of files.
fn pointer_of_attribute(value: &Value, attribute: &str) -> Option<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()
        }
        _ => return None,
    };
    children.into_iter().filter(|(key, _)| key != "personas").find_map(|(key, value)| {
        let names_it = match key.as_str() {
            "attribute" | "same" | "by" => value.as_str() == Some(attribute),
            "where" => value.get(attribute).is_some(),
            _ => false,
        };
        if names_it {
            return Some(format!("/{key}"));
        }
        pointer_of_attribute(value, attribute).map(|rest| format!("/{key}{rest}"))
    })
}
