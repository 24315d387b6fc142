//! One file for each command.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod discover;
pub(crate) mod erase;
pub(crate) mod import;
pub(crate) mod measure;
pub(crate) mod publish;
pub(crate) mod timeline;
pub(crate) mod verify;
pub(crate) mod words;
