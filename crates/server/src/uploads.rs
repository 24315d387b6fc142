//! Files of events: sent, looked at, tried out, imported, or given up.

mod importer;
mod look;
mod receive;

pub(crate) use importer::{Importer, import_all};
pub(crate) use receive::PATH;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::Upload;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::access::Inside;
use crate::app::App;
use crate::error::{Code, Error, Result, Told};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};
use crate::permissions::Right;
use crate::routes::Routes;
use importer::{Progress, Reading};

/// Every route of files, in reading order.
pub(crate) fn routes(routes: Routes) -> Routes {
    let manage = Right::ManageSources;
    routes
        .streamed(manage, routes!(receive::create_upload))
        .right(manage, routes!(uploads))
        .right(manage, routes!(upload))
        .right(manage, routes!(look::preview_upload))
        .right(manage, routes!(import_upload))
        .right(manage, routes!(cancel_upload))
}

/// A file that was sent, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UploadTold {
    id: String,
    name: String,
    kind: String,
    /// SHA-256 of all bytes, hexadecimal.
    content: String,
    bytes: u64,
    /// `kept`, `waiting`, `running`, `done`, `failed` or `cancelled`.
    state: String,
    created_by: String,
    created_at: String,
    ended_at: Option<String>,
    /// How it was asked to be read.
    asked: Option<Reading>,
    /// While it is being read.
    progress: Option<Progress>,
    /// What came of it.
    #[schema(value_type = Option<Object>)]
    result: Option<serde_json::Value>,
}

fn told(app: &App, upload: Upload) -> UploadTold {
    let progress = app.importer().progress(&upload.id);
    UploadTold {
        progress,
        asked: serde_json::from_str(&upload.asked).ok(),
        result: upload.result.and_then(|it| serde_json::from_str(&it).ok()),
        id: upload.id,
        name: upload.name,
        kind: upload.kind,
        content: upload.content,
        bytes: upload.bytes,
        state: upload.state,
        created_by: upload.created_by,
        created_at: moment(upload.created_at),
        ended_at: upload.ended_at.map(moment),
    }
}

async fn find(inside: &Inside, id: &str) -> Result<Upload> {
    let upload = inside.workspace.find_upload(id).await?;
    upload.ok_or_else(|| Error::not_found("upload", id))
}

/// Files that were sent.
#[utoipa::path(get, path = "/api/v1/uploads", tag = "collection", params(Asked),
    responses((status = 200, body = Page<UploadTold>)))]
pub(crate) async fn uploads(
    State(app): State<App>,
    inside: Inside,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<UploadTold>>> {
    let uploads = inside.workspace.uploads(asked.after(), asked.limit()?).await?;
    Ok(Json(asked.page(uploads, |it| it.id.clone(), |it| told(&app, it))?))
}

/// One file, and how far its import is.
#[utoipa::path(get, path = "/api/v1/uploads/{upload}", tag = "collection", params(("upload" = String, Path)),
    responses((status = 200, body = UploadTold), (status = 404, body = Told)))]
pub(crate) async fn upload(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<Json<UploadTold>> {
    Ok(Json(told(&app, find(&inside, &id).await?)))
}

/// Asks for a file to become events, or with `dry_run` for a look at all of it. The same file again changes nothing.
#[utoipa::path(post, path = "/api/v1/uploads/{upload}/import", tag = "collection",
    params(("upload" = String, Path)), request_body = Reading,
    responses((status = 202, body = UploadTold), (status = 400, body = Told), (status = 404, body = Told),
        (status = 409, body = Told)))]
pub(crate) async fn import_upload(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(reading): Json<Reading>,
) -> Result<(axum::http::StatusCode, Json<UploadTold>)> {
    let upload = find(&inside, &id).await?;
    reading.check()?;
    let asked = serde_json::to_string(&reading).map_err(|it| Error::Internal(it.into()))?;
    let deed = inside.deed(app.now());
    if !inside.workspace.ask_for_import(&upload.id, &asked, &deed).await? {
        let message =
            "this file is being imported, or its import has ended; send it anew to import it again";
        return Err(Error::new(Code::Conflict, message));
    }
    app.importer().nudge();
    let upload = find(&inside, &id).await?;
    Ok((axum::http::StatusCode::ACCEPTED, Json(told(&app, upload))))
}

/// Nothing to say.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Gives up a file and its import: what is not imported yet will not be.
#[utoipa::path(post, path = "/api/v1/uploads/{upload}/cancel", tag = "collection",
    params(("upload" = String, Path)), request_body = Nothing,
    responses((status = 200, body = UploadTold), (status = 404, body = Told), (status = 409, body = Told)))]
pub(crate) async fn cancel_upload(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Json<UploadTold>> {
    let upload = find(&inside, &id).await?;
    if !inside.workspace.cancel_import(&upload.id, &inside.deed(app.now())).await? {
        return Err(Error::new(Code::Conflict, "its import has ended; there is nothing to cancel"));
    }
    app.importer().stop(&upload.id);
    receive::take_away(&app, &upload).await;
    Ok(Json(told(&app, find(&inside, &id).await?)))
}
