//! Rows that could not be used, kept for whoever can mend them.

use std::path::Path;

use anyhow::Context;
use engine::quarantine::Quarantine;

use crate::output::{Target, count, talk};

/// Keeps bad rows, if there were any, and says where.
pub(crate) fn keep(quarantine: &Quarantine, path: &Path) -> anyhow::Result<()> {
    let rows = quarantine.rows();
    if rows == 0 {
        return Ok(());
    }
    let rows = count(rows, "unusable row");
    match Target::of(path)? {
        // As with `/dev/null`: somebody does not want them.
        Target::Stream => talk(&format!("note: {rows} left out and not kept")),
        Target::File(file) => {
            let kept = quarantine.persist(&file);
            kept.context("keep unusable rows; name another place with --quarantine")?;
            talk(&format!(
                "note: {rows} left out, kept with line and reason in {}",
                path.display()
            ));
        }
    }
    Ok(())
}
