//! A first look at a file that was sent.

use axum::extract::State;
use engine::import::{Source, preview};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::importer::{Reading, Trouble};
use super::{find, receive};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Result, Told};
use crate::extract::{Json, Path, Query};

/// Rows that are shown.
const ROWS: usize = 20;

/// How a file shall be looked at.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Glance {
    /// Which column is which: `customer_id=case_id,at=timestamp`; left out: what seems likely.
    #[serde(default)]
    mapping: String,
    /// Where times without an offset were written down, such as `Asia/Kolkata`; left out: UTC.
    #[serde(default)]
    zone: String,
}

/// What a first look tells.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Look {
    /// Such as `CSV with semicolons, windows-1252, gzip`.
    format: String,
    columns: Vec<String>,
    /// The first rows, a text for each column.
    rows: Vec<Vec<String>>,
    /// The mapping that seems likely.
    guess: String,
    /// Rows that were looked at as events: of a long file the first ones.
    looked_at: u64,
    /// Those of them that would be refused.
    refused: u64,
    troubles: Vec<Trouble>,
    /// Why no row could be looked at as an event.
    failure: Option<String>,
}

/// Looks at a file: its format and columns, the first rows, and what would be refused.
#[utoipa::path(get, path = "/api/v1/uploads/{upload}/preview", tag = "collection",
    params(("upload" = String, Path), Glance),
    responses((status = 200, body = Look), (status = 400, body = Told), (status = 404, body = Told)))]
pub(crate) async fn preview_upload(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Query(glance): Query<Glance>,
) -> Result<Json<Look>> {
    let upload = find(&inside, &id).await?;
    let reading = Reading { mapping: glance.mapping, zone: glance.zone, ..Reading::default() };
    let (mapping, zone) = reading.check()?;
    let source = Source { path: receive::path(&app, &upload.id, &upload.name), mapping, zone };
    let name = upload.name;
    app.wait(move || {
        let seen = preview(&source, ROWS)
            .map_err(|cause| super::importer::named(cause, &source.path, &name))?;
        let guess: Vec<String> =
            seen.guess.iter().map(|(ours, theirs)| format!("{ours}={theirs}")).collect();
        Ok(Json(Look {
            format: seen.format,
            columns: seen.columns,
            rows: seen.rows,
            guess: guess.join(","),
            looked_at: seen.looked_at,
            refused: seen.refused,
            troubles: seen.troubles.into_iter().map(Trouble::from).collect(),
            failure: seen.failure,
        }))
    })
    .await
}
