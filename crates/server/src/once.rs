//! `Idempotency-Key`: the same request under the same key is done once, and answered again as it was answered.
//!
//! For every POST of somebody who is known, but for those that collect, which keep key and events in one transaction. Only
//! what was done is kept: a request that was refused changed nothing, and is looked at anew.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use store::{Claim, Reply};

use crate::access::{Inside, SignedIn};
use crate::app::App;
use crate::collect::idempotency_key;
use crate::error::{Code, Error};
use crate::extract::Json;

/// Put into the extensions of an answer that holds a secret: it is not kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShownOnce;

/// Bytes of an answer that is kept.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;

/// The layer of routes that change something.
pub(crate) async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    match repeatable(&app, request, next).await {
        Ok(response) => response,
        Err(refused) => refused.into_response(),
    }
}

async fn repeatable(app: &App, request: Request, next: Next) -> Result<Response, Error> {
    let is_post = *request.method() == Method::POST;
    let (Some(key), Some(scope)) = (idempotency_key(request.headers())?, scope(&request)) else {
        return Ok(next.run(request).await);
    };
    if !is_post {
        return Ok(next.run(request).await);
    }
    let (request, body_hash) = hashed(app, request).await?;
    match app.store().claim_key((&scope, &key), &body_hash, app.now()).await? {
        Claim::New => {}
        Claim::Answered(reply) => return answer_again(reply),
        Claim::Open => {
            return Err(Error::new(
                Code::Conflict,
                "the first request with this key is being worked on, or ended without an answer; look what became of it",
            ));
        }
        Claim::Other => {
            return Err(Error::new(
                Code::Conflict,
                "this idempotency key was used before with another body; use a new key for a new request",
            )
            .at("Idempotency-Key"));
        }
    }
    // Whoever asked may be gone before it is done; the answer is kept all the same.
    let app = app.clone();
    let done =
        tokio::spawn(async move { kept(&app, (&scope, &key), next.run(request).await).await });
    done.await.map_err(|cause| Error::Internal(cause.into()))?
}

/// Whose key it is: the caller's, in this workspace.
fn scope(request: &Request) -> Option<String> {
    let extensions = request.extensions();
    if let Some(inside) = extensions.get::<Inside>() {
        return Some(format!("{} {}", inside.workspace.id(), inside.source()));
    }
    extensions.get::<SignedIn>().map(|signed_in| format!(" user:{}", signed_in.user))
}

async fn hashed(app: &App, request: Request) -> Result<(Request, String), Error> {
    let (parts, body) = request.into_parts();
    let most = app.config().body_mib as usize * 1024 * 1024;
    let bytes = to_bytes(body, most).await.map_err(|_| {
        Error::new(Code::TooLarge, "the body is too large, or ended before its end")
    })?;
    let mut hasher = Sha256::new();
    // With the workspace's key, so that nobody can try out which customer a body named.
    if let Some(inside) = parts.extensions.get::<Inside>() {
        hasher.update(inside.workspace.key().bytes());
    }
    hasher.update(parts.uri.to_string());
    hasher.update([0]);
    hasher.update(&bytes);
    let hash = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((Request::from_parts(parts, Body::from(bytes)), hash))
}

async fn kept(app: &App, key: (&str, &str), response: Response) -> Result<Response, Error> {
    if !response.status().is_success() {
        app.store().release_key(key).await?;
        return Ok(response);
    }
    let is_secret = response.extensions().get::<ShownOnce>().is_some()
        || response.headers().contains_key(header::SET_COOKIE);
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, LONGEST_ANSWER).await.map_err(|it| Error::Internal(it.into()))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let reply = Reply { status: parts.status.as_u16(), body: (!is_secret).then_some(text) };
    app.store().answer_key(key, &reply).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn answer_again(reply: Reply) -> Result<Response, Error> {
    let status = StatusCode::from_u16(reply.status).map_err(|it| Error::Internal(it.into()))?;
    let Some(body) = reply.body else {
        return Err(Error::new(
            Code::Conflict,
            "this was done before; its answer held a secret, which is shown once",
        ));
    };
    if body.is_empty() {
        return Ok(status.into_response());
    }
    let value = serde_json::from_str::<Box<serde_json::value::Value>>(&body);
    let value = value.map_err(|it| Error::Internal(it.into()))?;
    Ok((status, Json(value)).into_response())
}
