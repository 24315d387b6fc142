//! Static embeddings from a folder: a vector for every part of a word, and a text is their mean (model2vec).
//!
//! Such a model knows that "lot" and "car park" are about the same, and a multilingual one that "Parkplatz" is too. None is
//! shipped, and none is fetched: whoever wants one puts its three files into a folder.

use std::fmt;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use crate::{Embedder, Language, Vector};

/// A model that was loaded.
pub struct StaticModel {
    model: model2vec_rs::model::StaticModel,
    id: String,
}

/// Why a folder holds no model.
#[derive(Debug)]
pub enum ModelError {
    /// A file is missing or cannot be read.
    File { path: PathBuf, source: std::io::Error },
    /// The files are no model.
    NoModel { folder: PathBuf, why: String },
}

impl StaticModel {
    /// Reads `tokenizer.json`, `model.safetensors` and `config.json`.
    ///
    /// # Errors
    /// A file cannot be read, or the three are no model.
    pub fn load(folder: &Path) -> Result<Self, ModelError> {
        let mut hash = Xxh3::new();
        let mut read = |name: &str| {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(|source| ModelError::File { path, source })?;
            hash.update(&bytes);
            Ok(bytes)
        };
        let tokenizer = read("tokenizer.json")?;
        let weights = read("model.safetensors")?;
        let config = read("config.json")?;
        let model = model2vec_rs::model::StaticModel::from_bytes(tokenizer, weights, config, None)
            .map_err(|why| ModelError::NoModel {
                folder: folder.to_owned(),
                why: format!("{why:#}"),
            })?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self { model, id: format!("model2vec-{name}-{:016x}", hash.digest()) })
    }
}

impl Embedder for StaticModel {
    fn id(&self) -> String {
        self.id.clone()
    }

    /// The model brings its own way of cutting texts into parts, for all its languages.
    fn embed(&self, text: &str, _language: Option<Language>) -> Vector {
        Vector::dense(&self.model.encode_single(text))
    }

    /// Means of word vectors share a direction even when texts do not share a subject, so near is nearer than for words.
    fn default_threshold(&self) -> f64 {
        0.5
    }
}

impl fmt::Debug for StaticModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticModel").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, source } => {
                write!(
                    f,
                    "{}: {source}; a model's folder holds tokenizer.json, model.safetensors and config.json",
                    path.display()
                )
            }
            Self::NoModel { folder, why } => {
                write!(f, "{} holds no model of static embeddings: {why}", folder.display())
            }
        }
    }
}

impl std::error::Error for ModelError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { source, .. } => Some(source),
            Self::NoModel { .. } => None,
        }
    }
}
