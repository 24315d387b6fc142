//! What is kept in SQL: workspaces, the events on their way into files, the lake's list of files, and who asked to be
//! forgotten. The same statements run on SQLite and PostgreSQL.
//!
//! Everything that belongs to a workspace is reached through a [`Workspace`], so that no statement can forget the scope.

mod accounts;
mod append;
mod attempts;
mod audit;
mod catalogue;
mod credentials;
mod erasures;
mod error;
mod files;
mod identities;
mod invitations;
mod jobs;
mod links;
mod members;
mod migrations;
mod owned;
mod pool;
mod quarantine;
mod second_factor;
mod sessions;
mod set_up;
mod sound;
mod tail;
mod units;
mod users;
mod values;
mod workspace;

pub use accounts::{Account, TotpState};
pub use append::{Event, MOST_EVENTS, Receipt, Request};
pub use attempts::Subject;
pub use audit::{AuditLine, AuditVerdict, Deed, Done};
pub use catalogue::CatalogueColumn;
pub use credentials::ApiKey;
pub use erasures::Erasure;
pub use error::Error;
pub use files::{Change, DataFile, Import, LakeColumn, NewFile, Snapshot};
pub use identities::Departure;
pub use invitations::Invitation;
pub use jobs::{Attempt, Job, Standing};
pub use links::{LinkKind, NewLink};
pub use owned::Owned;
pub use pool::Store;
pub use quarantine::Refused;
pub use sessions::{NewSession, Session};
pub use set_up::{FIRST_WORKSPACE, FirstUser};
pub use tail::TailEvent;
pub use units::Unit;
pub use users::{Member, Membership, User};
pub use workspace::{HashKey, Workspace};
