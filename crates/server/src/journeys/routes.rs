//! The routes of journeys and personas, in reading order.

use utoipa_axum::routes;

use super::{carry, comments, edit, events, health, personas, versions};
use crate::permissions::Right;
use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.group(of_maps).group(of_versions).group(talk).group(of_personas)
}

fn of_maps(routes: Routes) -> Routes {
    routes
        .right(Right::ReadJourneys, routes!(super::journeys))
        .right(Right::EditJourneys, routes!(super::create_journey))
        .right(Right::EditJourneys, routes!(carry::preview_journey))
        .right(Right::ReadJourneys, routes!(super::journey))
        .right(Right::EditJourneys, routes!(super::place_journey))
        .right(Right::EditJourneys, routes!(edit::edit_journey))
        .right(Right::ReadJourneys, routes!(events::journey_events))
        .right(Right::ReadJourneys, routes!(events::set_presence))
        .right(Right::ReadJourneys, routes!(health::journey_readiness))
}

fn of_versions(routes: Routes) -> Routes {
    routes
        .right(Right::PublishJourneys, routes!(versions::publish_journey))
        .right(Right::ReadJourneys, routes!(versions::journey_versions))
        .right(Right::EditJourneys, routes!(versions::name_version))
        .right(Right::ReadJourneys, routes!(versions::journey_version))
        .right(Right::ReadJourneys, routes!(versions::compare_journey))
        .right(Right::EditJourneys, routes!(versions::restore_journey))
        .right(Right::ReadJourneys, routes!(versions::journey_mapping))
        .right(Right::EditJourneys, routes!(versions::set_journey_mapping))
        .right(Right::ReadJourneys, routes!(carry::export_journey))
}

fn talk(routes: Routes) -> Routes {
    routes
        .right(Right::ReadJourneys, routes!(comments::journey_comments))
        .right(Right::Comment, routes!(comments::add_comment))
        .right(Right::Comment, routes!(comments::change_comment))
        .right(Right::Comment, routes!(comments::delete_comment))
}

fn of_personas(routes: Routes) -> Routes {
    routes
        .right(Right::ReadJourneys, routes!(personas::personas))
        .right(Right::EditJourneys, routes!(personas::create_persona))
        .right(Right::ReadJourneys, routes!(personas::persona))
        .right(Right::EditJourneys, routes!(personas::set_persona))
        .right(Right::EditJourneys, routes!(personas::delete_persona))
}
