//! What handlers take out of a request; what does not fit is told in our words.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::{Code, Error};

/// A JSON body; no other kind is taken, so that no form of another site can send one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => {
                Err(Error::invalid("send JSON, with `Content-Type: application/json`"))
            }
            Err(JsonRejection::BytesRejection(cause)) => {
                Err(Error::new(Code::TooLarge, cause.body_text()))
            }
            Err(JsonRejection::JsonDataError(cause)) => Err(told(&cause.body_text())),
            Err(cause) => Err(told(&cause.body_text())),
        }
    }
}

/// `Failed to …: name: a journey needs a name at line 1 column 11` → the sentence, and the place.
fn told(text: &str) -> Error {
    let text = text.split_once(": ").map_or(text, |(_, rest)| rest);
    match text.rsplit_once(" at line ") {
        Some((message, place)) => {
            Error::invalid(without_value(message)).at(format!("line {place}"))
        }
        None => Error::invalid(without_value(text)),
    }
}

/// A text in the wrong place may be a secret in the wrong place: it is not said again.
fn without_value(message: &str) -> String {
    const STRING: &str = "invalid type: string ";
    let value = message.find(STRING).map(|at| at + STRING.len());
    match value.zip(message.rfind(", expected ")) {
        Some((from, to)) if from < to => {
            format!("{}{}", message[..from].trim_end(), &message[to..])
        }
        _ => message.to_owned(),
    }
}

impl<T: serde::Serialize> axum::response::IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

/// The form of a page of ours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let form = axum::Form::<T>::from_request(request, state).await;
        form.map(|axum::Form(value)| Self(value)).map_err(|cause| told(&cause.body_text()))
    }
}

/// Parts of the path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|cause: PathRejection| Error::invalid(cause.body_text()).at("path"))
    }
}

/// Parameters behind the `?`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        axum::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|cause: QueryRejection| {
                let text = cause.body_text();
                let text = text.split_once(": ").map_or(&*text, |(_, rest)| rest);
                Error::invalid(text).at("query")
            })
    }
}
