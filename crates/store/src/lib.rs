//! What is kept in SQL: workspaces, the events on their way into files, the lake's list of files, and who asked to be
//! forgotten. The same statements run on SQLite and PostgreSQL.
//!
//! Everything that belongs to a workspace is reached through a [`Workspace`], so that no statement can forget the scope.

mod append;
mod audit;
mod catalogue;
mod credentials;
mod dump;
mod erasures;
mod error;
mod files;
mod hooks;
mod jobs;
pub mod journeys;
mod migrations;
mod pool;
mod quarantine;
mod replies;
mod sound;
mod sources;
mod tail;
mod told;
mod uploads;
mod users;
mod values;
mod workspace;

pub use append::{Event, MOST_EVENTS, Receipt, Request};
pub use audit::{AuditLine, AuditVerdict, Deed, Done};
pub use catalogue::CatalogueColumn;
pub use credentials::{ApiKey, NewSession};
pub use dump::{Filling, Take};
pub use erasures::Erasure;
pub use error::Error;
pub use files::{Change, DataFile, Import, LakeColumn, NewFile, Snapshot};
pub use hooks::Hook;
pub use jobs::{Attempt, Job, Standing};
pub use migrations::steps;
pub use pool::Store;
pub use quarantine::{KeptRow, Refused};
pub use replies::{Claim, Reply};
pub use sources::SourceCount;
pub use tail::TailEvent;
pub use told::{About, Complaint, DataVersion, Kept, Person, Response};
pub use uploads::Upload;
pub use users::{Member, Membership, User};
pub use workspace::{HashKey, Workspace};
