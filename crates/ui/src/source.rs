//! Where files come from: the binary, or a folder that was named when the program started.

use std::borrow::Cow;
use std::path::PathBuf;

use rust_embed::RustEmbed;

use crate::folder;

/// What was found when the program was built.
#[derive(RustEmbed)]
#[folder = "$UI_FOLDER"]
struct Embedded;

/// Which pages are served, for the line at the start and for `/healthz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inside {
    /// Built into the program; the stamp changes with any file of them.
    Embedded {
        stamp: String,
    },
    /// The page that says how to build the others.
    Fallback,
    Folder(PathBuf),
}

impl std::fmt::Display for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Embedded { stamp } => write!(f, "embedded {stamp}"),
            Self::Fallback => f.write_str("fallback page only"),
            Self::Folder(folder) => write!(f, "from {}", folder.display()),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Source {
    Embedded,
    Folder(PathBuf),
}

impl Source {
    pub(crate) fn file(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Embedded => Embedded::get(path).map(|file| file.data),
            Self::Folder(folder) => folder::read(folder, path).map(Cow::Owned),
        }
    }

    pub(crate) fn inside(&self) -> Inside {
        match self {
            Self::Folder(folder) => Inside::Folder(folder.clone()),
            Self::Embedded if Embedded::get("fallback.css").is_some() => Inside::Fallback,
            Self::Embedded => Inside::Embedded { stamp: stamp() },
        }
    }
}

/// `index.html` names every other file by its hash, so its own tells them all apart.
fn stamp() -> String {
    let hash = Embedded::get("index.html").map(|file| file.metadata.sha256_hash());
    hash.unwrap_or_default().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
