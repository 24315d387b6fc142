//! The pages that are inside the program: whatever is no route of the API is an address of theirs.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use ui::{Answer, Pages};

use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::base;

/// Answers with a file of the pages, or with the page itself; whoever meant a route is told that there is none.
pub(crate) async fn page(State(app): State<App>, request: Request) -> Result<Response> {
    let path = request.uri().path();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_route = ["/api/", "/v1/"].iter().any(|begin| path.starts_with(begin));
    if !is_read || is_route {
        let message = format!(
            "there is no route {} {path}; /api/v1/openapi.json lists those that there are",
            request.method()
        );
        return Err(Error::new(Code::NotFound, message));
    }
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    Ok(response(pages(&app)?.answer(path, accepted)))
}

/// Those of the folder that was named, or those inside.
fn pages(app: &App) -> Result<Pages> {
    let prefix = base(app);
    match &app.config().ui_dir {
        None => Ok(Pages::embedded(&prefix)),
        Some(folder) => Pages::in_folder(&prefix, folder.clone())
            .map_err(|missing| Error::Internal(missing.into())),
    }
}

fn response(answer: Answer) -> Response {
    let status = if answer.is_found { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let mut response = Response::new(Body::from(answer.body.into_owned()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(answer.cache_control));
    if let Some(encoding) = answer.content_encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if answer.varies {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}
