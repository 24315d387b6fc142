//! An event as every door understands it, once it is known to be one.

use engine::import::hash;
use engine::lake::Keys;
use engine::time::{Fault, Times, in_range};
use model::event::{Activity, Channel, CustomerId, EventId};
use serde_json::Value;
use store::Event;

use super::attributes::Attributes;

/// What happened to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Happened {
    pub(crate) customer: CustomerId,
    /// µs, UTC.
    pub(crate) at: i64,
    pub(crate) activity: Activity,
    pub(crate) channel: Option<Channel>,
    pub(crate) event_id: Option<EventId>,
    pub(crate) attributes: Attributes,
}

impl Happened {
    /// As the store keeps it.
    pub(crate) fn event(self, keys: &Keys) -> Event {
        Event {
            customer: keys.of(hash(self.customer.as_str().as_bytes())),
            identity: self.customer.into_string(),
            at: self.at,
            activity: self.activity.into_string(),
            channel: self.channel.map(Channel::into_string),
            event_id: self.event_id.map(|id| hash(id.as_str().as_bytes())),
            attributes: self.attributes.into_json(),
        }
    }
}

/// A text, or a number or truth value as its text; nothing where there is none.
pub(crate) fn text(value: Option<&Value>, name: &str) -> Result<Option<String>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(format!("`{name}` is neither text nor a number")),
    }
}

/// One of the words of an event.
pub(crate) fn word<T: std::str::FromStr<Err = model::event::Unfit>>(
    text: &str,
) -> Result<T, String> {
    text.parse().map_err(|unfit: model::event::Unfit| unfit.to_string())
}

/// A moment, as files of events write them too; without an offset it is taken as UTC.
pub(crate) fn moment(text: &str) -> Result<i64, String> {
    Times::new(None).micros(text.as_bytes()).map_err(|fault| why(fault, text))
}

/// A moment within the calendar.
pub(crate) fn within(micros: i64) -> Result<i64, String> {
    in_range(micros).map_err(|fault| why(fault, &micros.to_string()))
}

fn why(fault: Fault, text: &str) -> String {
    // The hint for files names a flag that a request does not have.
    if fault == Fault::Number {
        return format!("the time `{text}` cannot be read: write it as 2024-03-31T18:05:00Z");
    }
    fault.reason(text.as_bytes()).to_string()
}
