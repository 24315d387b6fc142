//! What a map holds and lacks, in counts for lists and in words for its owner.

use model::map::Map;
use model::publish::{Readiness, readiness};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Inside;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::schemas::ReadinessBody;

/// Counts of a map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Health {
    stages: usize,
    touchpoints: usize,
    cards: usize,
    /// What stands against publication.
    problems: usize,
    warnings: usize,
    /// Cells with anything in them, and those in which all is assumed.
    cells: usize,
    assumed: usize,
}

impl Health {
    pub(crate) fn of(map: &Map) -> Self {
        let (shown, readiness) = (map.visible(), readiness(map));
        Self {
            stages: shown.stages.len(),
            touchpoints: shown.touchpoints.len(),
            cards: shown.cards.len(),
            problems: readiness.problems.len(),
            warnings: readiness.warnings.len(),
            cells: readiness.cells,
            assumed: readiness.assumed,
        }
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What an older version wrote has none of what is new.
    pub(crate) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// What stands between a map and its publication.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Shortcomings {
    rev: i64,
    may_publish: bool,
    assumed_share: Option<f64>,
    #[serde(flatten)]
    #[schema(value_type = ReadinessBody)]
    readiness: Readiness,
}

/// What stands between a journey and its publication.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/readiness", tag = "journeys",
    params(("id" = String, Path, description = "id of a journey")),
    responses((status = 200, body = Shortcomings), (status = 404, body = crate::error::Told)))]
pub(crate) async fn journey_readiness(
    inside: Inside,
    Path(id): Path<String>,
) -> Result<Json<Shortcomings>> {
    let (row, map) = super::find(&inside, &id).await?;
    let readiness = readiness(&map);
    Ok(Json(Shortcomings {
        rev: row.rev,
        may_publish: readiness.may_publish(),
        assumed_share: readiness.assumed_share(),
        readiness,
    }))
}
