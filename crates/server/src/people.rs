//! People: who signs in and how, who may what where, and how they come and go.

mod address;
mod authority;
mod cookies;
mod desk;
mod entry;
mod hashing;
mod invitations;
mod keys;
mod leaving;
mod links;
mod members;
mod oidc;
mod page;
mod password;
mod rules;
mod second_factor;
mod sessions;
mod set_up;
mod sign_in;
mod units;
mod workspaces;

use utoipa_axum::routes;

use crate::permissions::Right;
use crate::routes::Routes;

pub(crate) use address::base;
pub use desk::{Desk, Made, Standing, UserLine};
pub(crate) use hashing::Hashing;
pub use set_up::set_up_link;

/// Every route of people, in reading order.
pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = pages(routes)
        .public(routes!(sign_in::sign_in))
        .public(routes!(sign_in::sign_in_with_code))
        .public(routes!(sign_in::sign_out));
    let routes = me(routes)
        .signed_in(routes!(workspaces::workspaces))
        .installation(routes!(workspaces::create_workspace))
        .installation(routes!(leaving::users))
        .installation(routes!(leaving::deactivate_user))
        .installation(routes!(leaving::make_installation_owner));
    inside(routes)
}

/// Pages before one is in.
fn pages(routes: Routes) -> Routes {
    routes
        .public(routes!(page::stylesheet))
        .public(routes!(set_up::set_up_page, set_up::set_up_form))
        .public(routes!(entry::login_page, entry::login_form))
        .public(routes!(entry::code_page, entry::code_form))
        .public(routes!(entry::logout_form))
        .public(routes!(links::invite_page, links::invite_form))
        .public(routes!(links::reset_page, links::reset_form))
        .public(routes!(oidc::begin_oidc))
        .public(routes!(oidc::finish_oidc))
}

/// One's own account.
fn me(routes: Routes) -> Routes {
    routes
        .signed_in(routes!(password::change_password))
        .signed_in(routes!(password::prove))
        .signed_in(routes!(sessions::my_sessions, sessions::end_my_other_sessions))
        .signed_in(routes!(sessions::end_my_session))
        .signed_in(routes!(second_factor::begin_second_factor, second_factor::end_second_factor))
        .signed_in(routes!(second_factor::confirm_second_factor))
        .signed_in(routes!(second_factor::renew_recovery_codes))
        .signed_in(routes!(invitations::accept_invitation))
}

/// A workspace and its people.
fn inside(routes: Routes) -> Routes {
    routes
        .right(Right::ManageWorkspace, routes!(workspaces::rename_workspace))
        .right(Right::ReadJourneys, routes!(units::units))
        .right(Right::ManagePeople, routes!(units::create_unit))
        .right(Right::ManagePeople, routes!(units::change_unit, units::remove_unit))
        .right(Right::ReadJourneys, routes!(members::members))
        .right(Right::ManagePeople, routes!(members::change_member, members::remove_member))
        .right(Right::ManagePeople, routes!(leaving::owned))
        .right(Right::ManagePeople, routes!(leaving::deactivate_member))
        .right(Right::ManagePeople, routes!(leaving::make_password_link))
        .right(Right::ManagePeople, routes!(invitations::invitations, invitations::invite))
        .right(Right::ManagePeople, routes!(invitations::renew_invitation))
        .right(Right::ManagePeople, routes!(invitations::end_invitation))
        .right(Right::ManageWorkspace, routes!(keys::keys, keys::create_key))
        .right(Right::ManageWorkspace, routes!(keys::end_key))
}
