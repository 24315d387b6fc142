//! Measures out: a journey's report, its drawings, what lies behind a number, and word when any of it changes.

mod answers;
mod asking;
mod charts;
mod documents;
mod measured;
mod reports;
mod tagged;

use utoipa_axum::routes;

use self::answers::Answers;
use self::documents::Documents;
use self::measured::Measured;
use crate::permissions::Right;
use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .right(Right::ReadMeasures, routes!(measured::measures))
        .right(Right::ReadMeasures, routes!(reports::report))
        .right(Right::ReadMeasures, routes!(charts::charts))
        .right(Right::ReadMeasures, routes!(charts::chart))
}

/// What measuring keeps between requests.
#[derive(Debug)]
pub(crate) struct Measures {
    pub(crate) documents: Documents,
    pub(crate) reports: Answers<Measured>,
}

impl Measures {
    pub(crate) fn new(cache_mib: u32) -> Self {
        Self {
            documents: Documents::default(),
            reports: Answers::new(cache_mib as usize * 1024 * 1024),
        }
    }
}
