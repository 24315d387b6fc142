//! The examples, and their files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use demo::{Example, Twin};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Named {
    /// A real service desk.
    Incident,
    /// A retail chain and its members (generated).
    LoyaltyVisit,
    /// A seed company and its farmers (generated).
    SeedSeason,
    /// A mutual fund and its investors (generated).
    FundInvesting,
}

impl Named {
    pub(super) const ALL: [Self; 4] =
        [Self::Incident, Self::LoyaltyVisit, Self::SeedSeason, Self::FundInvesting];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::LoyaltyVisit => Example::LoyaltyVisit.name(),
            Self::SeedSeason => Example::SeedSeason.name(),
            Self::FundInvesting => Example::FundInvesting.name(),
        }
    }

    /// Writes the example's journey and data into a folder.
    pub(super) fn write(self, folder: &Path) -> anyhow::Result<()> {
        let generated = match self {
            Self::LoyaltyVisit => Example::LoyaltyVisit,
            Self::SeedSeason => Example::SeedSeason,
            Self::FundInvesting => Example::FundInvesting,
            Self::Incident => {
                fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
                for (name, bytes) in demo::incident() {
                    let path = folder.join(name);
                    fs::write(&path, bytes).with_context(|| format!("write {}", path.display()))?;
                }
                return Ok(());
            }
        };
        demo::write(generated, folder, Twin::No)
    }
}

/// A file of the example, if it has one of this name.
pub(super) fn file(folder: &Path, name: &str) -> Option<PathBuf> {
    Some(folder.join(name)).filter(|path| path.exists())
}
