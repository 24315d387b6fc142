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
mod customers;
mod dump;
mod erase;
mod erasures;
mod error;
mod files;
mod findings;
mod hooks;
mod identities;
mod ids;
mod invitations;
mod jobs;
pub mod journeys;
mod links;
mod mails;
mod members;
mod migrations;
mod notifications;
mod owned;
mod pool;
mod quarantine;
mod replies;
mod retention;
mod second_factor;
mod sessions;
mod set_up;
mod sound;
mod sources;
mod tail;
mod told;
mod units;
mod uploads;
mod users;
mod values;
mod verdicts;
mod webhooks;
mod workspace;

pub use accounts::{Account, TotpState};
pub use append::{Event, MOST_EVENTS, Receipt, Request};
pub use attempts::Subject;
pub use audit::{AuditLine, AuditVerdict, Deed, Done, Sought};
pub use catalogue::CatalogueColumn;
pub use credentials::ApiKey;
pub use dump::{Filling, Take};
pub use erase::{Gone, Leaver};
pub use erasures::{Erasure, Wish};
pub use error::Error;
pub use files::{Change, DataFile, Import, LakeColumn, NewFile, Seen, Snapshot};
pub use findings::{
    Finding, FindingChange, FindingFilter, Found, HistoryLine, Judged, KeptFindings, Measurement,
    Size, SizeFound, StandingVerdict, Tell, Turned,
};
pub use hooks::Hook;
pub use identities::Departure;
pub use invitations::Invitation;
pub use jobs::{Attempt, Job, Standing};
pub use links::{LinkKind, NewLink};
pub use mails::{Mail, MailState};
pub use migrations::steps;
pub use notifications::{LetterOut, Notice, Notification, PreferencesRow};
pub use owned::Owned;
pub use pool::Store;
pub use quarantine::{KeptRow, Refused};
pub use replies::{Claim, Reply};
pub use retention::{Before, Retention, TooOld};
pub use sessions::{NewSession, Session};
pub use set_up::{FIRST_WORKSPACE, FirstUser};
pub use sources::SourceCount;
pub use tail::TailEvent;
pub use told::{About, Complaint, DataVersion, Kept, Person, Response};
pub use units::Unit;
pub use uploads::Upload;
pub use users::{Member, Membership, User};
pub use verdicts::KeptVerdict;
pub use webhooks::{Delivery, News, Webhook, WebhookChange};
pub use workspace::{HashKey, Workspace};
