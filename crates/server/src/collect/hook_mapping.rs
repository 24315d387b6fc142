//! Which part of a webhook's body is what.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

use super::attributes::Attributes;
use super::happened::{Happened, moment, text, within, word};

/// For each of our words a JSON pointer into an event (`/customer/id`), or a text that always holds (`Paid`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HookMapping {
    /// Where a body has its list of events; left out: the body is one event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    events: Option<String>,
    customer_id: String,
    activity: String,
    /// Left out: the moment when it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// What a time that is a number counts from 1970: `s` or `ms`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_unit: Option<Unit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event_id: Option<String>,
    /// Names of attributes and where they stand; an object is taken apart.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
}

/// What a number of a time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    S,
    Ms,
}

impl HookMapping {
    /// The events of a body.
    pub(crate) fn events(&self, body: Value) -> Result<Vec<Value>, String> {
        let Some(pointer) = &self.events else { return Ok(vec![body]) };
        match body.pointer(pointer) {
            Some(Value::Array(events)) => Ok(events.clone()),
            _ => Err(format!("there is no list at `{pointer}`")),
        }
    }

    /// The event that a part of a body says, or why it says none.
    pub(crate) fn happened(&self, event: &Value, received_at: i64) -> Result<Happened, String> {
        let said = |place: &str| -> Result<Option<String>, String> {
            if place.starts_with('/') {
                text(event.pointer(place), place)
            } else {
                Ok(Some(place.to_owned()))
            }
        };
        let needed =
            |place: &str| said(place)?.ok_or_else(|| format!("there is nothing at `{place}`"));
        let maybe = |place: &Option<String>| place.as_deref().map_or(Ok(None), said);
        let mut attributes = Attributes::default();
        for (name, place) in &self.attributes {
            match event.pointer(place).filter(|_| place.starts_with('/')) {
                Some(value) => attributes.add_one(name, value),
                None if place.starts_with('/') => {}
                None => attributes.add_one(name, &Value::String(place.clone())),
            }
        }
        Ok(Happened {
            customer: word(&needed(&self.customer_id)?)?,
            at: maybe(&self.at)?.map_or(Ok(received_at), |it| self.moment(&it))?,
            activity: word(&needed(&self.activity)?)?,
            channel: maybe(&self.channel)?.map(|it| word(&it)).transpose()?,
            event_id: maybe(&self.event_id)?.map(|it| word(&it)).transpose()?,
            attributes,
        })
    }

    fn moment(&self, text: &str) -> Result<i64, String> {
        let Some(unit) = self.at_unit else { return moment(text) };
        let Ok(number) = text.parse::<f64>() else { return moment(text) };
        let micros = match unit {
            Unit::S => number * 1e6,
            Unit::Ms => number * 1e3,
        };
        within(micros as i64)
    }
}
