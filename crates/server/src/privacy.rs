//! What a customer may ask for: to be told what is known, and to be forgotten.
//!
//! The id of the customer is in the body, so that no address, and so no log of addresses, holds it.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use engine::lake::Known;
use serde::{Deserialize, Serialize};
use store::Wish;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result, Told};
use crate::extract::{Json, Query};
use crate::moment::moment;
use crate::once::ShownOnce;
use crate::page::{Asked, Page};
use crate::permissions::Right;
use crate::routes::Routes;

/// Every route of this, in reading order.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .right(Right::EraseCustomers, routes!(erase_customer))
        .right(Right::EraseCustomers, routes!(erasures))
        .right(Right::EraseCustomers, routes!(export_customer))
}

/// Whom it is about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Whom {
    /// The id of the customer, as events carry it.
    customer: String,
}

/// What is invisible from now on; files are rewritten within a day, as a rule within seconds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Forgotten {
    /// By which `GET /api/v1/erasures` knows the wish.
    key: String,
    asked_at: String,
    /// Events that were in no file yet.
    events: u64,
    responses: u64,
    complaints: u64,
    /// Refused rows.
    refused: u64,
    /// Files that were sent and not imported yet, and that hold the id or cannot be searched: they were given up.
    uploads: Vec<String>,
}

/// A customer's wish to be forgotten. Of whom it is nobody can say any more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErasureTold {
    /// A keyed hash of the id.
    key: String,
    asked_at: String,
    /// When the last file was rewritten; absent until then.
    done_at: Option<String>,
}

/// Forgets a customer: invisible at once, and soon gone from every file.
#[utoipa::path(post, path = "/api/v1/customers/erase", tag = "privacy", request_body = Whom,
    responses((status = 202, body = Forgotten), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn erase_customer(
    State(app): State<App>,
    inside: Inside,
    Json(whom): Json<Whom>,
) -> Result<(StatusCode, Json<Forgotten>)> {
    let id = id(whom)?;
    let lake = app.lake(&inside.workspace).await?.lake;
    let deed = inside.deed(app.now());
    let asked_at = moment(deed.at);
    let key = lake.key_of(&id);
    let done = app.wait(move || Ok(lake.erase_at_once(&id, &deed)?)).await?;
    done.uploads.iter().for_each(|upload| app.importer().stop(upload));
    app.keeper().somebody_leaves();
    let forgotten = Forgotten {
        key: format!("{key:016x}"),
        asked_at,
        events: done.gone.tail,
        responses: done.gone.responses,
        complaints: done.gone.complaints,
        refused: done.gone.refused,
        uploads: done.uploads,
    };
    Ok((StatusCode::ACCEPTED, Json(forgotten)))
}

/// Wishes to be forgotten, the latest first.
#[utoipa::path(get, path = "/api/v1/erasures", tag = "privacy", params(Asked),
    responses((status = 200, body = Page<ErasureTold>), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn erasures(
    inside: Inside,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<ErasureTold>>> {
    let behind = match asked.after() {
        "" => (i64::MAX, u64::MAX),
        mark => behind(mark)
            .ok_or_else(|| Error::invalid("`after` is the `next` of a page before").at("after"))?,
    };
    let wishes = inside.workspace.wishes(behind, asked.limit()?).await?;
    let mark = |wish: &Wish| format!("{}-{:016x}", wish.asked_at, wish.customer);
    let told = |wish: Wish| ErasureTold {
        key: format!("{:016x}", wish.customer),
        asked_at: moment(wish.asked_at),
        done_at: wish.done_at.map(moment),
    };
    Ok(Json(asked.page(wishes, mark, told)?))
}

/// Everything that is known of one customer: events, answers, complaints, refused rows. The audit log notes it.
#[utoipa::path(post, path = "/api/v1/customers/export", tag = "privacy", request_body = Whom,
    responses((status = 200, body = Object), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn export_customer(
    State(app): State<App>,
    inside: Inside,
    Json(whom): Json<Whom>,
) -> Result<Response> {
    let id = id(whom)?;
    let lake = app.lake(&inside.workspace).await?.lake;
    let deed = inside.deed(app.now());
    let known: Known = app.wait(move || Ok(lake.export(&id, &deed)?)).await?;
    Ok((Extension(ShownOnce), Json(known)).into_response())
}

fn id(whom: Whom) -> Result<String> {
    let id = whom.customer.trim();
    if id.is_empty() {
        return Err(Error::invalid("name the customer by the id that events carry").at("/customer"));
    }
    Ok(id.to_owned())
}

fn behind(mark: &str) -> Option<(i64, u64)> {
    let (at, key) = mark.rsplit_once('-')?;
    Some((at.parse().ok()?, u64::from_str_radix(key, 16).ok()?))
}
