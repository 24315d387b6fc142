//! The application and its HTTP: who may what, journeys and their versions, events in, measures out.
//!
//! Everything goes through [`routes`]: a route cannot be added without saying who may use it.

mod access;
mod app;
mod arrive;
mod ask;
mod audit;
mod collect;
mod config;
mod error;
mod extract;
mod findings;
mod forgetting;
mod health;
mod jobs;
mod journeys;
mod keeper;
mod log;
mod mail;
mod me;
mod measures;
mod metrics;
mod moment;
mod notifications;
mod once;
mod origin;
mod outbound;
mod page;
mod pages;
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
mod webhooks;

pub use app::{App, Clock};
pub use ask::ask;
pub use config::{Config, Effective, From, Setting, Settings};
pub use error::Error;
pub use findings::keep as keep_findings;
pub use jobs::run_due;
pub use log::begin as begin_log;
pub use outbound::Allowed;
pub use people::{Desk, Made, Standing, UserLine, set_up_link};
pub use permissions::{Need, Right, Role, Scope};
pub use router::{openapi, openapi_text, router, table};
pub use routes::Line;
pub use serve::serve;
pub use token::Token;
