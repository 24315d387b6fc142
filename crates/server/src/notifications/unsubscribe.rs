//! The link at the foot of a letter: looking at it changes nothing, one request to it ends such letters (RFC 8058).

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use store::Workspace;

use super::Preferences;
use crate::access::Visit;
use crate::app::App;
use crate::error::{Error, Result, Told};
use crate::extract::Path;
use crate::token::hash;

/// Asks whether letters are to end. Programs that look at links before people do change nothing.
#[utoipa::path(get, path = "/unsubscribe/{token}", tag = "notifications", params(("token" = String, Path)),
    responses((status = 200, description = "A page with a button", content_type = "text/html", body = String),
        (status = 404, body = Told)))]
pub(crate) async fn unsubscribe_page(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<impl IntoResponse> {
    of(&app, &token).await?;
    Ok(page(
        "<p>End letters about findings and standards? The inbox stays as it is.</p>\
             <form method=\"post\"><button>No more letters</button></form>",
    ))
}

/// Ends letters to the user whom the link was sent to.
#[utoipa::path(post, path = "/unsubscribe/{token}", tag = "notifications", params(("token" = String, Path)),
    responses((status = 200, description = "A page that says so", content_type = "text/html", body = String),
        (status = 404, body = Told)))]
pub(crate) async fn unsubscribe(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<impl IntoResponse> {
    let (workspace, user) = of(&app, &token).await?;
    let preferences = Preferences::of(&workspace, &user).await?;
    let less = preferences.clone().without_mail();
    if less != preferences {
        let deed = visit.deed(format!("link:{user}"), app.now());
        less.keep(&workspace, &user, &deed).await?;
    }
    Ok(page("<p>Done: no more letters. You can ask for them again in Footpath.</p>"))
}

async fn of(app: &App, token: &str) -> Result<(Workspace, String)> {
    let absent = || Error::not_found("link", "to end letters");
    let (workspace, user) = app.store().find_unsubscribe(&hash(token)).await?.ok_or_else(absent)?;
    let workspace = app.store().find_workspace(&workspace).await?.ok_or_else(absent)?;
    Ok((workspace, user))
}

fn page(body: &str) -> impl IntoResponse {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Footpath</title>\
         <meta name=\"robots\" content=\"noindex\"></head><body><main>{body}</main></body></html>"
    );
    ([(header::REFERRER_POLICY, "no-referrer")], Html(page))
}
