//! Events in: many ways of saying what happened, one door, one receipt.

mod attributes;
mod body;
mod cloud_events;
mod cross_origin;
mod door;
mod happened;
mod hook_mapping;
mod hooks;
mod key_quotas;
mod plain;
mod quota;
mod refused;
mod segment;
mod segment_routes;
mod signature;
mod sources;

pub(crate) use body::{Sent, idempotency_key};
pub(crate) use cross_origin::cross_origin;
pub(crate) use quota::Quotas;

use utoipa_axum::routes;

use crate::permissions::Right;
use crate::routes::Routes;

/// Every route of collection, in reading order.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.group(of_segment).group(of_others).group(of_hooks).group(of_sources)
}

fn of_segment(routes: Routes) -> Routes {
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
}

fn of_others(routes: Routes) -> Routes {
    let collect = Right::Collect;
    routes
        .key(collect, routes!(cloud_events::send_cloud_events))
        .key(collect, routes!(plain::send_events))
        .public(routes!(hooks::receive_hook))
}

fn of_hooks(routes: Routes) -> Routes {
    let manage = Right::ManageSources;
    routes
        .right(manage, routes!(hooks::hooks))
        .right(manage, routes!(hooks::create_hook))
        .right(manage, routes!(hooks::preview_hook))
        .right(manage, routes!(hooks::map_hook))
        .right(manage, routes!(hooks::end_hook))
}

fn of_sources(routes: Routes) -> Routes {
    let manage = Right::ManageSources;
    routes
        .right(manage, routes!(sources::sources))
        .right(manage, routes!(sources::collection))
        .right(manage, routes!(refused::refused))
        .right(manage, routes!(refused::refused_csv))
        .right(manage, routes!(refused::replay_refused))
        .right(manage, routes!(refused::mend_refused))
        .right(manage, routes!(refused::discard_refused))
        .right(Right::ManageWorkspace, routes!(key_quotas::quota))
        .right(Right::ManageWorkspace, routes!(key_quotas::set_quota))
}
