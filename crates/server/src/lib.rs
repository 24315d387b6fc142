//! The application and its HTTP: who may what, journeys and their versions, events in, measures out.
//!
//! Everything goes through [`routes`]: a route cannot be added without saying who may use it.

mod access;
mod app;
mod arrive;
mod audit;
mod collect;
mod config;
mod error;
mod extract;
mod forgetting;
mod health;
mod journeys;
mod keeper;
mod log;
mod me;
mod measures;
mod moment;
mod once;
mod origin;
mod page;
mod patient;
mod people;
mod permissions;
mod privacy;
mod retaining;
mod router;
mod routes;
mod schemas;
mod serve;
mod token;
mod told;
mod uploads;

pub use app::{App, Clock};
pub use config::{Config, Effective, From, Setting, Settings};
pub use log::begin as begin_log;
pub use people::{Desk, Made, Standing, UserLine, set_up_link};
pub use permissions::{Need, Right, Role, Scope};
pub use router::{openapi, openapi_text, router, table};
pub use routes::Line;
pub use serve::serve;
pub use token::Token;
