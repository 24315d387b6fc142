//! The generated examples: journeys whose data hold defects that we put there, so that finding them can be tested.
//!
//! The same seed gives the same bytes on every run and machine. Three things make it so: every customer has a stream of
//! `ChaCha8` of its own, so no draw depends on another customer's; [`dice`] uses no logarithm, exponential or sine, whose
//! last bit differs between mathematics libraries; and nothing is ever read out of a hash map.

mod calendar;
mod codes;
mod dice;
mod fund_investing;
mod importance;
mod loyalty_visit;
mod rows;
mod seed_season;
mod survey;
mod truth;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use codes::Meant;
use rows::Rows;
use truth::Truths;

/// A generated example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    LoyaltyVisit,
    SeedSeason,
    FundInvesting,
}

impl Example {
    pub const ALL: [Self; 3] = [Self::LoyaltyVisit, Self::SeedSeason, Self::FundInvesting];

    /// Name of the example, of its folder and of its journey.
    pub fn name(self) -> &'static str {
        match self {
            Self::LoyaltyVisit => "loyalty-visit",
            Self::SeedSeason => "seed-season",
            Self::FundInvesting => "fund-investing",
        }
    }

    /// The journey document, which is written by hand; only the data beside it are generated.
    pub fn journey(self) -> &'static str {
        match self {
            Self::LoyaltyVisit => include_str!("../../../examples/loyalty-visit/journey.yaml"),
            Self::SeedSeason => include_str!("../../../examples/seed-season/journey.yaml"),
            Self::FundInvesting => include_str!("../../../examples/fund-investing/journey.yaml"),
        }
    }

    /// The change plan of an example in which something was changed; written by hand, like the journey.
    pub fn plan(self) -> Option<&'static str> {
        match self {
            Self::LoyaltyVisit => Some(include_str!("../../../examples/loyalty-visit/plan.yaml")),
            Self::SeedSeason | Self::FundInvesting => None,
        }
    }

    fn rows(self, twin: Twin) -> Rows {
        match self {
            Self::LoyaltyVisit => loyalty_visit::rows(twin),
            Self::SeedSeason => seed_season::rows(twin),
            Self::FundInvesting => fund_investing::rows(twin),
        }
    }

    /// Themes of which it is known which comments mean them.
    fn themes(self) -> &'static [Meant] {
        match self {
            Self::LoyaltyVisit => loyalty_visit::themes(),
            Self::SeedSeason | Self::FundInvesting => &[],
        }
    }

    /// What touchpoints hold of the answer about the whole.
    fn importance(self) -> Vec<(&'static str, f64)> {
        match self {
            Self::LoyaltyVisit => loyalty_visit::importance(),
            Self::SeedSeason => seed_season::importance(),
            Self::FundInvesting => fund_investing::importance(),
        }
    }

    fn truths(self) -> Truths {
        match self {
            Self::LoyaltyVisit => loyalty_visit::truths::truths(),
            Self::SeedSeason => seed_season::truths::truths(),
            Self::FundInvesting => fund_investing::truths::truths(),
        }
    }
}

/// Whether the planted defects are left out: the twin has the same customers and none of the defects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twin {
    Yes,
    No,
}

impl Twin {
    fn has_defects(self) -> bool {
        self == Self::No
    }
}

/// Writes an example's journey, data and truths into a folder, which is made if need be.
///
/// The twin gets no `truth.yaml`: nothing is planted in it.
pub fn write(example: Example, out_dir: &Path, twin: Twin) -> Result<()> {
    fs::create_dir_all(out_dir)
        .with_context(|| format!("make the folder {}", out_dir.display()))?;
    for (name, bytes) in files(example, twin)? {
        let path = out_dir.join(name);
        fs::write(&path, bytes).with_context(|| format!("write {}", path.display()))?;
    }
    Ok(())
}

/// The files of an example: name and content.
pub fn files(example: Example, twin: Twin) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let rows = example.rows(twin);
    let mut files = vec![
        ("journey.yaml", example.journey().as_bytes().to_vec()),
        ("events.csv.gz", rows::gzip(rows.events_csv().as_bytes())?),
        ("responses.csv", rows.responses_csv().into_bytes()),
        ("walks.csv", rows.walks_csv().into_bytes()),
        ("complaints.csv", rows.complaints_csv().into_bytes()),
    ];
    if let Some(plan) = example.plan() {
        files.push(("plan.yaml", plan.as_bytes().to_vec()));
    }
    if twin.has_defects() {
        let (truths, themes) = (example.truths(), example.themes());
        if !themes.is_empty() {
            let sheet = codes::sheet(&rows, themes, truths.seed);
            files.push(("codes.csv", sheet.into_bytes()));
        }
        let shares = codes::truths(&rows, themes);
        files.push(("truth.yaml", truths.yaml(&example.importance(), &shares).into_bytes()));
    }
    Ok(files)
}

/// Real service-desk incidents, as committed under `examples/incident` with their source and licence.
pub fn incident() -> [(&'static str, &'static [u8]); 3] {
    [
        ("journey.yaml", include_bytes!("../../../examples/incident/journey.yaml")),
        ("events.csv.gz", include_bytes!("../../../examples/incident/events.csv.gz")),
        ("README.md", include_bytes!("../../../examples/incident/README.md")),
    ]
}
