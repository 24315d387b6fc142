//! The operations: each a small and total change of a map, as clients send them and as the log keeps them.
//!
//! As applied, an operation that places something carries the `order` it was given, and one that restores carries what
//! came back; so the log of a map, laid on any earlier state of it that people saw, gives what they see now.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{Card, Lane, Stage, Touchpoint};
use crate::journey::{Feeling, Grade, LaneKind, LaneView, Link};

/// One change of a map. `after` names the one in front of it in its row, `null`: it becomes the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "op", deny_unknown_fields)]
pub enum Op {
    #[serde(rename = "card.add")]
    CardAdd {
        /// A UUID of the client's making.
        id: String,
        touchpoint: String,
        lane: String,
        after: Option<String>,
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grade: Option<Grade>,
        /// A proposal of the client; as applied, the place that it got.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    },
    /// What is left out stays; `null` takes grade or owner away.
    #[serde(rename = "card.set")]
    CardSet {
        id: String,
        /// The change of the text that the writer has seen; only a change of `text` needs it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text_rev: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        #[serde(default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
        grade: Option<Option<Grade>>,
        #[serde(default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
        owner: Option<Option<String>>,
    },
    #[serde(rename = "card.move")]
    CardMove {
        id: String,
        touchpoint: String,
        lane: String,
        after: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    },
    #[serde(rename = "card.del")]
    CardDel { id: String },
    #[serde(rename = "card.restore")]
    CardRestore {
        id: String,
        #[serde(default, skip_serializing_if = "Restored::is_none")]
        restored: Restored,
    },

    #[serde(rename = "stage.add")]
    StageAdd {
        id: String,
        title: String,
        after: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    },
    /// `field`: title, phase, owner or goal; `null` takes away what may be missing.
    #[serde(rename = "stage.set")]
    StageSet { id: String, field: String, value: Value },
    #[serde(rename = "stage.move")]
    StageMove {
        id: String,
        after: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    },
    #[serde(rename = "stage.del")]
    StageDel { id: String },
    #[serde(rename = "stage.restore")]
    StageRestore {
        id: String,
        #[serde(default, skip_serializing_if = "Restored::is_none")]
        restored: Restored,
    },

    #[serde(rename = "touchpoint.add")]
    TouchpointAdd {
        id: String,
        stage: String,
        title: String,
        after: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    },
    /// `field`: any key of a touchpoint beside its place and its feelings.
    #[serde(rename = "touchpoint.set")]
    TouchpointSet { id: String, field: String, value: Value },
    #[serde(rename = "touchpoint.move")]
    TouchpointMove {
        id: String,
        stage: String,
        after: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    },
    #[serde(rename = "touchpoint.del")]
    TouchpointDel { id: String },
    #[serde(rename = "touchpoint.restore")]
    TouchpointRestore {
        id: String,
        #[serde(default, skip_serializing_if = "Restored::is_none")]
        restored: Restored,
    },

    #[serde(rename = "lane.add")]
    LaneAdd {
        id: String,
        title: String,
        kind: LaneKind,
        view: LaneView,
        after: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    },
    /// `field`: title, kind, view or on.
    #[serde(rename = "lane.set")]
    LaneSet { id: String, field: String, value: Value },
    #[serde(rename = "lane.move")]
    LaneMove {
        id: String,
        after: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    },
    #[serde(rename = "lane.del")]
    LaneDel { id: String },
    #[serde(rename = "lane.restore")]
    LaneRestore {
        id: String,
        #[serde(default, skip_serializing_if = "Restored::is_none")]
        restored: Restored,
    },

    /// `null`: nobody has said what is felt here.
    #[serde(rename = "feel.set")]
    FeelSet { touchpoint: String, feels: Option<Feeling> },
    /// A link of the same kind to the same place is replaced.
    #[serde(rename = "link.add")]
    LinkAdd {
        card: String,
        link: Link,
        /// Its position among the card's links; left out: the last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<usize>,
    },
    #[serde(rename = "link.del")]
    LinkDel { card: String, link: Link },
    /// `field`: title, scope or a key of the settings.
    #[serde(rename = "meta.set")]
    MetaSet { field: String, value: Value },
}

/// What a restoring operation brought back into sight; the server says it, nobody else needs to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Restored {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lanes: Vec<Lane>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub touchpoints: Vec<Touchpoint>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<Card>,
}

impl Restored {
    pub fn is_none(&self) -> bool {
        self.lanes.is_empty()
            && self.stages.is_empty()
            && self.touchpoints.is_empty()
            && self.cards.is_empty()
    }
}

/// A key that is there, be it `null`, is something.
fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
