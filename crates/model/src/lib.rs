//! The nouns of Footpath and their pure rules: journey documents, standards, spans of time.

pub mod journey;
pub mod rule;
pub mod span;
