//! The nouns of Footpath and their pure rules: journey documents, standards, spans of time.

pub mod change_plan;
pub mod diff;
pub mod document;
pub mod event;
pub mod exchange;
pub mod id;
pub mod journey;
pub mod map;
pub mod mapping;
pub mod moment;
pub mod nearest;
pub mod publish;
pub mod question;
pub mod resolve;
pub mod rule;
pub mod schema;
pub mod span;
pub mod write;
