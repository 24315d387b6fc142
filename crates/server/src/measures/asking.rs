//! A question to a journey as it stands behind the `?`.

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use engine::measure::{Asked, parse_segment};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::moment::moment;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::config::Config;
use crate::error::{Code, Error, Result};

/// What is asked of a journey.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Question {
    /// A published version; the latest when left out.
    pub(crate) version: Option<u64>,
    /// Events and answers from this moment on: a date or RFC 3339.
    pub(crate) from: Option<String>,
    /// Those before this moment.
    pub(crate) to: Option<String>,
    /// The horizon: what comes later is not seen. The last event's time when left out.
    pub(crate) as_of: Option<String>,
    /// Only instances of which this holds, such as `region=north|south,channel=app`.
    pub(crate) segment: Option<String>,
    /// Compares answers by this attribute of theirs: each of its values against all others together.
    pub(crate) compare: Option<String>,
    /// Compares what came since this moment with what came before it.
    pub(crate) since: Option<String>,
    /// Time zone of dates without one, such as `Asia/Kolkata`; UTC when left out.
    pub(crate) zone: Option<String>,
}

/// The names above.
const NAMES: [&str; 8] = ["version", "from", "to", "as_of", "segment", "compare", "since", "zone"];

/// A question, and what else a route is asked.
#[derive(Debug, Clone)]
pub(crate) struct Asking<T> {
    pub(crate) question: Question,
    pub(crate) further: T,
}

/// For routes that are asked nothing else.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Asking<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        let is_question = |pair: &&str| NAMES.contains(&pair.split('=').next().unwrap_or_default());
        let (question, further): (Vec<&str>, Vec<&str>) = pairs.into_iter().partition(is_question);
        Ok(Self { question: read(&question)?, further: read(&further)? })
    }
}

fn read<T: DeserializeOwned>(pairs: &[&str]) -> Result<T> {
    let uri: Uri = format!("/?{}", pairs.join("&"))
        .parse()
        .map_err(|_| Error::invalid("this is no query").at("query"))?;
    let read = Query::<T>::try_from_uri(&uri).map_err(|cause| {
        let text = cause.body_text();
        Error::invalid(text.split_once(": ").map_or(&*text, |(_, rest)| rest)).at("query")
    })?;
    Ok(read.0)
}

impl Question {
    /// The same as the engine takes it.
    pub(crate) fn asked(&self, config: &Config) -> Result<Asked> {
        let zone = self.zone()?;
        let asked = Asked {
            as_of: time("as_of", self.as_of.as_deref(), &zone)?,
            from: time("from", self.from.as_deref(), &zone)?,
            to: time("to", self.to.as_deref(), &zone)?,
            since: time("since", self.since.as_deref(), &zone)?,
            segment: self.segment()?,
            compare: self.compare.clone().filter(|compare| !compare.is_empty()),
            zone: self.zone.as_ref().map(|_| zone),
            floor: Some(u64::from(config.fewest_customers.clamp(5, 30))),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            ..Asked::default()
        };
        if let (Some(from), Some(to)) = (asked.from, asked.to)
            && from >= to
        {
            let message = format!("{from} is not before {to}: no event could be in between");
            return Err(Error::invalid(message).at("from"));
        }
        Ok(asked)
    }

    pub(crate) fn zone(&self) -> Result<TimeZone> {
        let Some(name) = self.zone.as_deref() else { return Ok(TimeZone::UTC) };
        TimeZone::get(name).map_err(|_| {
            let message =
                format!("there is no time zone `{name}`; write a name such as `Europe/Berlin`");
            Error::invalid(message).at("zone")
        })
    }

    fn segment(&self) -> Result<Vec<(String, Vec<String>)>> {
        let text = self.segment.as_deref().filter(|text| !text.is_empty());
        let parsed = text.map(parse_segment).transpose();
        Ok(parsed.map_err(|why| Error::invalid(why).at("segment"))?.unwrap_or_default())
    }
}

fn time(name: &str, text: Option<&str>, zone: &TimeZone) -> Result<Option<Timestamp>> {
    let Some(text) = text else { return Ok(None) };
    let told = || {
        let message = format!(
            "`{text}` is no time; write one such as `2026-03-01` or `2026-03-01T12:00:00Z`"
        );
        Error::invalid(message).at(name)
    };
    moment(text, zone).ok_or_else(told).map(Some)
}

/// What the engine refuses, with the parameter instead of the option of the command line.
pub(crate) fn refused(cause: engine::Error) -> Error {
    let engine::Error::Caller { message, .. } = &cause else { return cause.into() };
    let option = message.strip_prefix("--").and_then(|rest| rest.split_once(": "));
    match option {
        Some((option, rest)) => {
            let rest = rest.replace("; give them with --responses", ", and there are none");
            Error::new(Code::InvalidInput, rest).at(option.replace('-', "_"))
        }
        None => cause.into(),
    }
}
