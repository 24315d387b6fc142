//! One file for each command.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod discover;
pub(crate) mod erase;
#[cfg(feature = "cluster")]
pub(crate) mod executor;
pub(crate) mod export;
pub(crate) mod import;
#[cfg(not(all(feature = "sql", feature = "cluster")))]
pub(crate) mod left_out;
pub(crate) mod measure;
pub(crate) mod openapi;
pub(crate) mod publish;
pub(crate) mod restore;
#[cfg(feature = "cluster")]
pub(crate) mod scheduler;
pub(crate) mod serve;
#[cfg(feature = "sql")]
pub(crate) mod sql;
pub(crate) mod timeline;
pub(crate) mod token;
pub(crate) mod user;
pub(crate) mod verify;
pub(crate) mod words;
