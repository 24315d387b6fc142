//! Fields of a stage, a touchpoint, a lane or the map itself, each checked as the journey document would be.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Answer, Applied, Code, Edit, MOST_VALUE_BYTES, Rejected, checked_text, reject};
use crate::document::part;
use crate::journey::{Feeling, LaneKind, find_standing};
use crate::map::{Map, Op, Settings};

const OF_STAGE: [&str; 4] = ["title", "phase", "owner", "goal"];

const OF_TOUCHPOINT: [&str; 14] = [
    "title",
    "channels",
    "initiator",
    "owner",
    "events",
    "optional",
    "repeatable",
    "next",
    "moment_of_truth",
    "importance",
    "belief",
    "targets",
    "standards",
    "no_standard",
];

const OF_LANE: [&str; 4] = ["title", "kind", "view", "on"];

/// Keys of the settings; `title` and `scope` stand beside them.
const OF_MAP: [&str; 17] = [
    "title",
    "scope",
    "code",
    "scenario",
    "owner",
    "sponsor",
    "dimensions",
    "review_every",
    "personas",
    "statement",
    "instance",
    "outcomes",
    "handoffs",
    "standards",
    "funnels",
    "themes",
    "contact_points",
];

impl Edit<'_> {
    pub(super) fn field(&mut self, op: Op) -> Answer {
        let before = match &op {
            Op::StageSet { id, field, value } => {
                let set = Set { of: Some("Stage"), known: &OF_STAGE, field, value };
                let old = set.on(self.seen_stage(id)?)?;
                Op::StageSet { id: id.clone(), field: field.clone(), value: old }
            }
            Op::TouchpointSet { id, field, value } => {
                self.seen_touchpoint(id)?;
                let set = Set { of: Some("Touchpoint"), known: &OF_TOUCHPOINT, field, value };
                let old = set.on(self.touchpoint_mut(id)?)?;
                Op::TouchpointSet { id: id.clone(), field: field.clone(), value: old }
            }
            Op::LaneSet { id, field, value } => {
                let old = self.set_lane(id, field, value)?;
                Op::LaneSet { id: id.clone(), field: field.clone(), value: old }
            }
            Op::FeelSet { touchpoint, feels } => {
                let old = self.set_feeling(touchpoint, feels.as_ref())?;
                Op::FeelSet { touchpoint: touchpoint.clone(), feels: old }
            }
            Op::MetaSet { field, value } => {
                let old = set_meta(self.map, field, value)?;
                Op::MetaSet { field: field.clone(), value: old }
            }
            _ => return Ok(Applied { op, inverse: Vec::new() }),
        };
        let inverse = if before == op { Vec::new() } else { vec![before] };
        Ok(Applied { op, inverse })
    }

    fn set_lane(&mut self, id: &str, field: &str, value: &Value) -> Result<Value, Rejected> {
        self.seen_lane(id)?;
        let set = Set { of: Some("WholeLane"), known: &OF_LANE, field, value };
        let lane = self.lane_mut(id)?;
        if value.is_null() {
            let message = format!("`{field}` of a lane cannot be taken away");
            return Err(reject(Code::InvalidInput, message));
        }
        if field == "kind" {
            let kind: Option<LaneKind> = serde_json::from_value(value.clone()).ok();
            let is_other = kind.is_some_and(|kind| kind != lane.kind);
            if is_other && (find_standing(id).is_some() || !kind.is_some_and(LaneKind::holds_cards))
            {
                let message = "only a lane of your own changes its kind, between `text` and `tags`";
                return Err(reject(Code::InvalidInput, message));
            }
        }
        set.on(lane)
    }

    fn set_feeling(
        &mut self,
        touchpoint: &str,
        feels: Option<&Feeling>,
    ) -> Result<Option<Feeling>, Rejected> {
        self.seen_touchpoint(touchpoint)?;
        if let Some(feels) = feels {
            let checked = part(Some("Touchpoint"), "feels", &json!(feels));
            checked.map_err(|message| reject(Code::InvalidInput, message))?;
        }
        let touchpoint = self.touchpoint_mut(touchpoint)?;
        Ok(std::mem::replace(&mut touchpoint.feels, feels.cloned()))
    }
}

/// One key of a thing to be set.
struct Set<'a> {
    /// Its name in the schema of the journey document; `None`: the journey.
    of: Option<&'static str>,
    known: &'static [&'static str],
    field: &'a str,
    value: &'a Value,
}

impl Set<'_> {
    /// Returns the old value, `null` where there was none.
    fn on<T: Serialize + DeserializeOwned>(&self, thing: &mut T) -> Result<Value, Rejected> {
        let value = self.checked()?;
        let mut whole = json!(thing);
        let Some(map) = whole.as_object_mut() else {
            return Err(reject(Code::InvalidInput, "there is nothing to set"));
        };
        let old = match value {
            Some(value) => map.insert(self.field.to_owned(), value),
            None => map.shift_remove(self.field),
        };
        *thing = serde_json::from_value(whole).map_err(|error| {
            reject(Code::InvalidInput, format!("`{}` cannot be this: {error}", self.field))
        })?;
        Ok(old.unwrap_or_default())
    }

    /// `None`: it is to be taken away.
    fn checked(&self) -> Result<Option<Value>, Rejected> {
        let Self { of, known, field, value } = self;
        if !known.contains(field) {
            let known = known.join(", ");
            let message = format!("`{field}` cannot be set; the fields are {known}");
            return Err(reject(Code::InvalidInput, message));
        }
        if value.is_null() {
            if *field == "title" {
                return Err(reject(Code::InvalidInput, "a title cannot be taken away"));
            }
            return Ok(None);
        }
        if value.to_string().len() > MOST_VALUE_BYTES {
            let message = format!("`{field}` is larger than {} KiB", MOST_VALUE_BYTES >> 10);
            return Err(reject(Code::TooLarge, message));
        }
        if let Some(text) = value.as_str().filter(|_| *field == "title") {
            checked_text("the title", text)?;
        }
        part(*of, field, value).map(Some).map_err(|message| reject(Code::InvalidInput, message))
    }
}

fn set_meta(map: &mut Map, field: &str, value: &Value) -> Result<Value, Rejected> {
    let set = Set { of: None, known: &OF_MAP, field, value };
    match field {
        "title" => {
            let title = set.checked()?.and_then(|title| Some(title.as_str()?.to_owned()));
            let title = title.unwrap_or_else(|| map.title.clone());
            Ok(Value::from(std::mem::replace(&mut map.title, title)))
        }
        "scope" => {
            let scope = set.checked()?.and_then(|scope| serde_json::from_value(scope).ok());
            Ok(json!(std::mem::replace(&mut map.scope, scope.unwrap_or_default())))
        }
        _ => set.on::<Settings>(&mut map.settings),
    }
}
