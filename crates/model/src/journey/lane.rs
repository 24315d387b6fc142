//! The rows of the map: those that every map has, and a journey's own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A row of the map; of one that every map has, only what differs is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct Lane {
    pub id: String,
    pub title: Option<String>,
    pub kind: Option<OwnKind>,
    pub view: Option<LaneView>,
    pub on: Option<bool>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Lane")]
enum Written {
    Id(#[schemars(extend("pattern" = crate::id::PATTERN))] String),
    Whole(WholeLane),
}

/// A row of the map that is the journey's own, or one that every map has, changed.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WholeLane")]
struct WholeLane {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<OwnKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    view: Option<LaneView>,
    /// Whether it is shown; left out: it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
}

impl From<Written> for Lane {
    fn from(written: Written) -> Self {
        match written {
            Written::Id(id) => Self { id, ..Self::default() },
            Written::Whole(WholeLane { id, title, kind, view, on }) => {
                Self { id, title, kind, view, on }
            }
        }
    }
}

impl From<Lane> for Written {
    fn from(lane: Lane) -> Self {
        if (Lane { id: lane.id.clone(), ..Lane::default() }) == lane {
            return Self::Id(lane.id);
        }
        let Lane { id, title, kind, view, on } = lane;
        Self::Whole(WholeLane { id, title, kind, view, on })
    }
}

/// What a lane of the journey's own holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwnKind {
    /// Cards with sentences; what it is unless it says otherwise.
    Text,
    /// Cards with a few words each.
    Tags,
}

impl From<OwnKind> for LaneKind {
    fn from(kind: OwnKind) -> Self {
        match kind {
            OwnKind::Text => Self::Text,
            OwnKind::Tags => Self::Tags,
        }
    }
}

/// What a lane holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LaneKind {
    /// Cards with sentences.
    Text,
    /// Cards with a few words each.
    Tags,
    /// The curve of feelings.
    Feeling,
    /// Fields of the touchpoints themselves.
    Structure,
    /// What is measured.
    Measure,
}

impl LaneKind {
    pub fn holds_cards(self) -> bool {
        matches!(self, Self::Text | Self::Tags)
    }
}

/// Whose side of the line of visibility it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LaneView {
    Customer,
    Company,
    Both,
}

/// A lane that every map has; it can be renamed, moved and switched off, not removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub id: &'static str,
    pub title: &'static str,
    pub kind: LaneKind,
    pub view: LaneView,
}

/// In the order in which a map shows them unless its journey says otherwise.
pub const STANDING: [Standing; 17] = {
    use LaneKind::{Feeling, Measure, Structure, Tags, Text};
    use LaneView::{Both, Company, Customer};
    [
        standing("does", "Does", Text, Customer),
        standing("channels", "Touchpoints and channels", Structure, Both),
        standing("thinks", "Thinks", Text, Customer),
        standing("feels", "Feels", Feeling, Customer),
        standing("needs", "Needs", Text, Customer),
        standing("expects", "Expects", Text, Customer),
        standing("pains", "Pains", Tags, Customer),
        standing("gains", "Gains", Tags, Customer),
        standing("quotes", "Quotes", Text, Customer),
        standing("evidence", "Evidence and props", Text, Company),
        standing("frontstage", "Frontstage", Text, Company),
        standing("technology", "Frontstage technology", Text, Company),
        standing("backstage", "Backstage", Text, Company),
        standing("support", "Support processes", Text, Company),
        standing("systems", "Systems", Text, Company),
        standing("standards", "Standards and verdicts", Measure, Company),
        standing("opportunities", "Opportunities", Text, Both),
    ]
};

const fn standing(
    id: &'static str,
    title: &'static str,
    kind: LaneKind,
    view: LaneView,
) -> Standing {
    Standing { id, title, kind, view }
}

/// The standing lane of an id.
pub fn find_standing(id: &str) -> Option<&'static Standing> {
    STANDING.iter().find(|lane| lane.id == id)
}
