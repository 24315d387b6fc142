//! Numbers about the server itself, in the text form that Prometheus reads, on a listener of their own.
//!
//! Names and units follow the conventions of Prometheus. No label carries what a caller sent: routes by their pattern, never by
//! their path.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

/// What is counted. Clones count together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metrics {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    requests: Mutex<BTreeMap<Asked, Taken>>,
    counters: [AtomicU64; Counter::ALL.len()],
    under_way: AtomicU64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    method: String,
    route: String,
    status: u16,
}

/// How long requests took.
#[derive(Debug, Clone, Default)]
struct Taken {
    /// Of each of [`BOUNDS`], requests that took no longer; the last is all of them.
    within: [u64; BOUNDS.len() + 1],
    seconds: f64,
}

/// Seconds.
const BOUNDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// What is counted beside requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counter {
    EventsAccepted,
    EventsDuplicate,
    EventsQuarantined,
    /// Requests that were told to come back.
    Refused,
}

impl Counter {
    const ALL: [Self; 4] =
        [Self::EventsAccepted, Self::EventsDuplicate, Self::EventsQuarantined, Self::Refused];

    fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::EventsAccepted => ("footpath_events_accepted_total", "Events that were stored."),
            Self::EventsDuplicate => {
                ("footpath_events_duplicate_total", "Events that were there already.")
            }
            Self::EventsQuarantined => {
                ("footpath_events_quarantined_total", "Events that were refused and kept.")
            }
            Self::Refused => {
                ("footpath_requests_refused_total", "Requests that were told to come back later.")
            }
        }
    }
}

impl Metrics {
    pub(crate) fn add(&self, counter: Counter, count: u64) {
        self.inner.counters[counter as usize].fetch_add(count, Ordering::Relaxed);
    }

    fn took(&self, asked: Asked, seconds: f64) {
        let mut requests = self.inner.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = requests.entry(asked).or_default();
        let first = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        taken.within[first..].iter_mut().for_each(|count| *count += 1);
        taken.seconds += seconds;
    }

    /// All of it, as Prometheus reads it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _never_fails = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        for counter in Counter::ALL {
            let (name, help) = counter.name();
            let count = self.inner.counters[counter as usize].load(Ordering::Relaxed);
            writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {count}")?;
        }
        let under_way = self.inner.under_way.load(Ordering::Relaxed);
        let name = "footpath_requests_under_way";
        writeln!(
            text,
            "# HELP {name} Requests being answered.\n# TYPE {name} gauge\n{name} {under_way}"
        )?;
        let name = "footpath_request_duration_seconds";
        writeln!(text, "# HELP {name} How long requests took.\n# TYPE {name} histogram")?;
        let requests = self.inner.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for (Asked { method, route, status }, taken) in requests.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            let bounds = BOUNDS.iter().map(f64::to_string).chain(["+Inf".to_owned()]);
            for (bound, count) in bounds.zip(taken.within) {
                writeln!(text, "{name}_bucket{{{labels},le=\"{bound}\"}} {count}")?;
            }
            let all = taken.within[BOUNDS.len()];
            writeln!(
                text,
                "{name}_sum{{{labels}}} {}\n{name}_count{{{labels}}} {all}",
                taken.seconds
            )?;
        }
        Ok(())
    }
}

/// The layer that counts requests.
pub(crate) async fn count(
    State(metrics): State<Metrics>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "(none)".to_owned(), |route| route.as_str().to_owned());
    let method = request.method().to_string();
    let under_way = UnderWay::begin(&metrics);
    let since = Instant::now();
    let response = next.run(request).await;
    drop(under_way);
    let status = response.status().as_u16();
    if matches!(status, 429 | 503) {
        metrics.add(Counter::Refused, 1);
    }
    metrics.took(Asked { method, route, status }, since.elapsed().as_secs_f64());
    response
}

/// A request being answered; one that is given up counts no more, too.
struct UnderWay(Metrics);

impl UnderWay {
    fn begin(metrics: &Metrics) -> Self {
        metrics.inner.under_way.fetch_add(1, Ordering::Relaxed);
        Self(metrics.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.inner.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Serves the numbers for as long as it is asked to go on.
pub(crate) async fn serve_metrics(metrics: Metrics, listener: TcpListener) -> io::Result<()> {
    let answer = |State(metrics): State<Metrics>| async move {
        ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.text())
            .into_response()
    };
    let router = Router::new().route("/metrics", get(answer)).with_state(metrics);
    axum::serve(listener, router).await
}

#[cfg(test)]
mod tests {
    use super::{Asked, Counter, Metrics};

    #[test]
    fn buckets_add_up_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        let asked = Asked { method: "GET".to_owned(), route: "/healthz".to_owned(), status: 200 };
        for seconds in [0.001, 0.005, 0.3, 60.0] {
            metrics.took(asked.clone(), seconds);
        }
        metrics.add(Counter::EventsAccepted, 3);
        let text = metrics.text();
        let labels = "method=\"GET\",route=\"/healthz\",status=\"200\"";
        for line in [
            format!("footpath_request_duration_seconds_bucket{{{labels},le=\"0.005\"}} 2"),
            format!("footpath_request_duration_seconds_bucket{{{labels},le=\"0.25\"}} 2"),
            format!("footpath_request_duration_seconds_bucket{{{labels},le=\"0.5\"}} 3"),
            format!("footpath_request_duration_seconds_bucket{{{labels},le=\"10\"}} 3"),
            format!("footpath_request_duration_seconds_bucket{{{labels},le=\"+Inf\"}} 4"),
            format!("footpath_request_duration_seconds_count{{{labels}}} 4"),
            "footpath_events_accepted_total 3".to_owned(),
            "footpath_events_duplicate_total 0".to_owned(),
        ] {
            assert!(text.lines().any(|it| it == line), "{line} is not in\n{text}");
        }
    }
}
