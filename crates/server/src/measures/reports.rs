//! The report for reading: a page, Markdown, or text.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use report::render;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::asking::{Asking, Question};
use super::measured::measured;
use super::tagged::{tag, tagged};
use crate::access::Inside;
use crate::app::App;
use crate::error::Result;
use crate::extract::Path;

/// How the report is to be read.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct As {
    /// `html` when left out.
    #[param(inline)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// One page that needs no network.
    #[default]
    Html,
    Markdown,
    /// Text, at most 100 columns wide.
    Table,
    Json,
}

/// The report on a journey, for reading.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/report", tag = "measures",
    params(("id" = String, Path, description = "The journey"), Question, As),
    responses((status = 200, description = "The report", content((String = "text/html"),
            (String = "text/markdown"), (String = "text/plain"), (String = "application/json"))),
        (status = 304, description = "The caller has it already"),
        (status = 400, body = crate::error::Told), (status = 404, body = crate::error::Told),
        (status = 409, body = crate::error::Told), (status = 429, body = crate::error::Told)))]
pub(crate) async fn report(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    asking: Asking<As>,
    headers: HeaderMap,
) -> Result<Response> {
    let measured = measured(&app, &inside.workspace, &id, &asking.question).await?;
    let format = asking.further.format;
    let drawn = measured.clone();
    let text = app
        .wait(move || {
            let (journey, report) = (Some(&drawn.journey), &drawn.report);
            Ok(match format {
                Format::Html => render::html(journey, report),
                Format::Markdown => render::markdown(journey, report),
                Format::Table => render::text(journey, report),
                Format::Json => drawn.text.clone(),
            })
        })
        .await?;
    let kind = match format {
        Format::Html => "text/html; charset=utf-8",
        Format::Markdown => "text/markdown; charset=utf-8",
        Format::Table => "text/plain; charset=utf-8",
        Format::Json => "application/json",
    };
    let mut response = tagged(&headers, (&tag(text.as_bytes()), kind), text);
    if let (Format::Html, Ok(policy)) = (format, HeaderValue::from_str(&render::html_policy())) {
        // The page's own style and script are part of it, and told by their hashes.
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}
