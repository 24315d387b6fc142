//! Measures out: a journey's report, its drawings, what lies behind a number, and word when any of it changes.

mod answers;
mod asking;
mod bindings;
mod charts;
mod differences;
pub(crate) mod discovery;
mod documents;
mod guard;
mod handles;
mod instances;
mod measured;
mod periods;
pub(crate) mod preview;
mod pulse;
mod pushes;
mod reports;
mod tagged;
mod timeline;
pub(crate) mod trends;
pub(crate) mod verdicts;

use engine::lake::Instance;
use tokio::sync::Notify;
use utoipa_axum::routes;

use self::answers::Answers;
pub(crate) use self::asking::Question;
use self::documents::Documents;
pub(crate) use self::measured::{Measured, measured};
use self::pulse::Pulse;
use self::pushes::Seats;
use crate::permissions::Right;
use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .right(Right::ReadMeasures, routes!(measured::measures))
        .right(Right::ReadMeasures, routes!(pushes::measures_events))
        .right(Right::ReadMeasures, routes!(reports::report))
        .right(Right::ReadMeasures, routes!(charts::charts))
        .right(Right::ReadMeasures, routes!(charts::chart))
        .right(Right::ReadMeasures, routes!(trends::trends))
        .right(Right::ReadMeasures, routes!(differences::journey_differences))
        .right(Right::ReadMeasures, routes!(verdicts::verdicts))
        .right(Right::ReadMeasures, routes!(bindings::bindings))
        .right(Right::EditJourneys, routes!(preview::preview))
        .right(Right::ReadMeasures, routes!(discovery::discover_journey))
        .right(Right::ReadMeasures, routes!(instances::instances))
        .right(Right::ReadMeasures, routes!(instances::instance))
        .right(Right::ReadPersons, routes!(timeline::customer))
        .right(Right::ReadPersons, routes!(timeline::timeline))
}

/// What measuring keeps between requests.
#[derive(Debug)]
pub(crate) struct Measures {
    pub(crate) documents: Documents,
    pub(crate) reports: Answers<Measured>,
    pub(crate) instances: Answers<Vec<Instance>>,
    pub(crate) pulse: Pulse,
    pub(crate) seats: Seats,
    /// Wakes whoever judges standards: there is a version that was not judged yet.
    pub(crate) published: Notify,
}

impl Measures {
    pub(crate) fn new(cache_mib: u32) -> Self {
        let most_bytes = cache_mib as usize * 1024 * 1024;
        let workers = answers::workers();
        Self {
            documents: Documents::default(),
            reports: Answers::new(most_bytes - most_bytes / 8, &workers),
            instances: Answers::new(most_bytes / 8, &workers),
            pulse: Pulse::default(),
            seats: Seats::default(),
            published: Notify::new(),
        }
    }
}
