//! Events in: many ways of saying what happened, one door, one receipt.

mod attributes;
mod body;
mod cross_origin;
mod door;
mod happened;
mod key_quotas;
mod quota;
mod segment;
mod segment_routes;

pub(crate) use body::{Sent, Throttle, idempotency_key};
pub(crate) use cross_origin::cross_origin;
pub(crate) use quota::Quotas;

use utoipa_axum::routes;

use crate::permissions::Right;
use crate::routes::Routes;

/// Every route of collection, in reading order.
pub(crate) fn routes(routes: Routes) -> Routes {
    let collect = Right::Collect;
    routes
        .key(collect, routes!(segment_routes::track))
        .key(collect, routes!(segment_routes::identify))
        .key(collect, routes!(segment_routes::page))
        .key(collect, routes!(segment_routes::screen))
        .key(collect, routes!(segment_routes::group))
        .key(collect, routes!(segment_routes::alias))
        .key(collect, routes!(segment_routes::batch))
        .key(collect, routes!(segment_routes::short_track))
        .key(collect, routes!(segment_routes::short_identify))
        .key(collect, routes!(segment_routes::short_page))
        .key(collect, routes!(segment_routes::short_screen))
        .key(collect, routes!(segment_routes::short_group))
        .key(collect, routes!(segment_routes::short_alias))
        .key(collect, routes!(segment_routes::short_batch))
        .right(Right::ManageWorkspace, routes!(key_quotas::quota))
        .right(Right::ManageWorkspace, routes!(key_quotas::set_quota))
}
