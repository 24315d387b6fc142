//! Examples measured without a server, a page each.

use std::path::Path;

use super::example::{Named, file};
use crate::Answer;
use crate::commands::measure::{Format, Measure};
use crate::output::{talk, write};
use crate::sources::Selection;

/// Writes and measures the examples, and says which pages to open.
pub(super) fn write_all(chosen: &[Named], out: &Path) -> anyhow::Result<Answer> {
    let mut pages = Vec::new();
    for named in chosen {
        let folder = out.join(named.name());
        talk(&format!("{}: writing data", named.name()));
        named.write(&folder)?;
        talk(&format!("{}: measuring", named.name()));
        let page = out.join(format!("{}.html", named.name()));
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

/// As `footpath measure` with the files of a folder.
fn measure(folder: &Path, page: &Path) -> anyhow::Result<()> {
    let present = |name: &str| file(folder, name);
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
