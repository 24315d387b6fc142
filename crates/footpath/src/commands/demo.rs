//! `footpath demo`: examples with data, measured, each as a page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use demo::{Example, Twin};

use crate::commands::measure::{Format, Measure};
use crate::output::write;
use crate::sources::Selection;
use crate::{Answer, output};

/// Write example journeys with their data, measure them, and say which pages to open.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// Where to write.
    #[arg(long, value_name = "DIR", default_value = "footpath-demo")]
    out: PathBuf,
    /// Only these examples.
    #[arg(long, value_enum, value_name = "NAME")]
    only: Vec<Named>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Named {
    /// A real service desk.
    Incident,
    /// A retail chain and its members (generated).
    LoyaltyVisit,
    /// A seed company and its farmers (generated).
    SeedSeason,
    /// A mutual fund and its investors (generated).
    FundInvesting,
}

const ALL: [Named; 4] =
    [Named::Incident, Named::LoyaltyVisit, Named::SeedSeason, Named::FundInvesting];

impl Demo {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let chosen = if self.only.is_empty() { ALL.to_vec() } else { self.only };
        let mut pages = Vec::new();
        fs::create_dir_all(&self.out).with_context(|| {
            format!("cannot make the folder {}; name another with --out", self.out.display())
        })?;
        for named in chosen {
            let folder = self.out.join(named.name());
            output::talk(&format!("{}: writing data", named.name()));
            named.write(&folder)?;
            output::talk(&format!("{}: measuring", named.name()));
            let page = self.out.join(format!("{}.html", named.name()));
            measure(&folder, &page)?;
            pages.push(page);
        }
        write("Open in a browser:\n", None)?;
        for page in pages {
            let page = page.canonicalize().unwrap_or(page);
            write(&format!("  {}\n", page.display()), None)?;
        }
        Ok(Answer::Yes)
    }
}

impl Named {
    fn name(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::LoyaltyVisit => Example::LoyaltyVisit.name(),
            Self::SeedSeason => Example::SeedSeason.name(),
            Self::FundInvesting => Example::FundInvesting.name(),
        }
    }

    fn write(self, folder: &Path) -> anyhow::Result<()> {
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

/// As `footpath measure` with the files of a folder.
fn measure(folder: &Path, page: &Path) -> anyhow::Result<()> {
    let present = |name: &str| Some(folder.join(name)).filter(|path| path.exists());
    let selection =
        Selection { events: vec![folder.join("events.csv.gz")], ..Selection::default() };
    let measure = Measure {
        cluster: None,
        journey: folder.join("journey.yaml"),
        selection,
        responses: present("responses.csv").into_iter().collect(),
        complaints: present("complaints.csv").into_iter().collect(),
        codes: present("codes.csv").into_iter().collect(),
        population: None,
        invited: None,
        segment: None,
        strata: None,
        compare: None,
        compare_period: None,
        plan: present("plan.yaml").into_iter().collect(),
        format: Format::Html,
        output: Some(page.to_owned()),
        fail_on_defect: false,
    };
    measure.run().map(|_| ())
}
