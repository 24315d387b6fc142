//! The one shape of an error, and the only file that knows status codes.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a caller can tell apart, because it would do something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    InvalidInput,
    /// Sign in, or send a key.
    Unauthorized,
    Forbidden,
    NotFound,
    Conflict,
    TooLarge,
    /// Send the same again later; `Retry-After` says when.
    Busy,
    /// There is no room on the server's disk; nothing was stored.
    Full,
    Internal,
}

/// An error as it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Told {
    pub code: Code,
    /// One sentence: what is wrong and what to do.
    pub message: String,
    /// JSON pointer, parameter, or line and column of what is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// By which the log knows the request.
    pub request_id: String,
}

/// The caller's, or ours.
#[derive(Debug)]
pub enum Error {
    Caller {
        code: Code,
        message: String,
        at: Option<String>,
    },
    /// Nothing was done: the same request may come again after so many seconds.
    Later {
        message: String,
        seconds: u64,
    },
    Internal(anyhow::Error),
}

/// The answer of a handler.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self::Caller { code, message: message.into(), at: None }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidInput, message)
    }

    pub(crate) fn not_found(noun: &str, id: &str) -> Self {
        Self::new(Code::NotFound, format!("{noun} `{id}` does not exist"))
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(Code::Forbidden, message)
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(Code::Unauthorized, "sign in, or send an API key as `Authorization: Bearer …`")
    }

    /// The same once more, for somebody else who waited for it.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Caller { code, message, at } => {
                Self::Caller { code: *code, message: message.clone(), at: at.clone() }
            }
            Self::Later { message, seconds } => {
                Self::Later { message: message.clone(), seconds: *seconds }
            }
            Self::Internal(cause) => Self::Internal(anyhow::anyhow!("{cause:#}")),
        }
    }

    /// Where in what the caller sent.
    pub(crate) fn at(self, place: impl Into<String>) -> Self {
        match self {
            Self::Caller { code, message, .. } => {
                Self::Caller { code, message, at: Some(place.into()) }
            }
            other @ (Self::Later { .. } | Self::Internal(_)) => other,
        }
    }

    /// For a page, which has a shape of its own: its status, what it says and where. What is ours is logged.
    pub(crate) fn on_page(self) -> (StatusCode, String, Option<String>) {
        let (code, message, at) = self.told();
        (status(code), message, at)
    }

    fn told(self) -> (Code, String, Option<String>) {
        match self {
            Self::Caller { code, message, at } => (code, message, at),
            Self::Later { message, .. } => (Code::Busy, message, None),
            Self::Internal(cause) => {
                tracing::error!(cause = format!("{cause:#}"), "a request failed");
                let message = "something went wrong here; it has been logged";
                (Code::Internal, message.to_owned(), None)
            }
        }
    }
}

fn status(code: Code) -> StatusCode {
    match code {
        Code::InvalidInput => StatusCode::BAD_REQUEST,
        Code::Unauthorized => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Conflict => StatusCode::CONFLICT,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::Busy => StatusCode::TOO_MANY_REQUESTS,
        Code::Full => StatusCode::INSUFFICIENT_STORAGE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<store::Error> for Error {
    fn from(cause: store::Error) -> Self {
        match cause {
            store::Error::Caller(message) => Self::invalid(message),
            store::Error::Conflict(message) => Self::new(Code::Conflict, message),
            full if full.is_full() => Self::new(Code::Full, full.to_string()),
            down if down.is_out_of_reach() => {
                tracing::warn!(cause = %down, "the database does not answer");
                let message = "the database does not answer; send this request again in a moment";
                Self::Later { message: message.to_owned(), seconds: 2 }
            }
            other => Self::Internal(other.into()),
        }
    }
}

impl From<engine::Error> for Error {
    fn from(cause: engine::Error) -> Self {
        match cause {
            engine::Error::Stored(cause) => cause.into(),
            caller @ (engine::Error::Caller { .. } | engine::Error::NoAttribute { .. }) => {
                Self::invalid(caller.to_string())
            }
            other => Self::Internal(other.into()),
        }
    }
}

impl IntoResponse for Error {
    /// Without the id of the request, which [`tell`] knows.
    fn into_response(self) -> Response {
        let after = match &self {
            Self::Later { seconds, .. } => Some(HeaderValue::from(*seconds)),
            _ => None,
        };
        let (code, message, at) = self.told();
        let mut response = status(code).into_response();
        if let Some(after) = after {
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response.extensions_mut().insert(Untold { code, message, at });
        response
    }
}

/// An error on its way to the caller.
#[derive(Debug, Clone)]
struct Untold {
    code: Code,
    message: String,
    at: Option<String>,
}

/// The id of a request, made here or taken from a proxy.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

const REQUEST_ID: &str = "x-request-id";

/// Gives each request an id and each error its shape, those of the layers too.
pub(crate) async fn tell(mut request: Request, next: Next) -> Response {
    let id = request_id(&request);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Some(untold) = response.extensions_mut().remove::<Untold>() {
        response = shaped(response, untold, &id);
    } else if let Some(code) = foreign(&response) {
        let (parts, body) = response.into_parts();
        let said = to_bytes(body, 4096).await.unwrap_or_default();
        let said = String::from_utf8_lossy(&said).trim().to_owned();
        let message = if said.is_empty() { parts.status.to_string() } else { said };
        let untold = Untold { code, message, at: None };
        response = shaped(Response::from_parts(parts, Body::empty()), untold, &id);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The code of an error that a layer or the router made, whose body is not ours.
fn foreign(response: &Response) -> Option<Code> {
    let is_plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|it| it.to_str().is_ok_and(|it| it.starts_with("text/plain")));
    if !is_plain {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Code::NotFound),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Code::TooLarge),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => Some(Code::Busy),
        status if status.is_client_error() => Some(Code::InvalidInput),
        status if status.is_server_error() => Some(Code::Internal),
        _ => None,
    }
}

fn shaped(mut response: Response, untold: Untold, id: &str) -> Response {
    let Untold { code, message, at } = untold;
    let told = Told { code, message, at, request_id: id.to_owned() };
    let body = serde_json::to_vec(&told).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.remove(header::CONTENT_LENGTH);
    if code == Code::Busy && !headers.contains_key(header::RETRY_AFTER) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    *response.body_mut() = Body::from(body);
    response
}

fn request_id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let is_fit = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
    };
    given.filter(is_fit).map_or_else(|| uuid::Uuid::now_v7().to_string(), str::to_owned)
}
