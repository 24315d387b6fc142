//! What turns a text into a direction, so that texts about the same thing point the same way.

use std::fmt;

use crate::{Language, Vector};

/// A way to turn texts into vectors: the built-in one, a model from a folder, or the caller's own.
pub trait Embedder: fmt::Debug {
    /// Its name and a hash of what it learned or loaded. It stands with every result, because another embedder gives
    /// other themes, and two results compare only under the same one.
    fn id(&self) -> String;

    fn embed(&self, text: &str, language: Option<Language>) -> Vector;

    /// How near a comment must come to a theme while nobody has coded any: what is near depends on the embedder.
    fn default_threshold(&self) -> f64;
}
