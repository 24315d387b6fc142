//! `footpath audit`: the log of what was done, checked or written out.

use std::path::PathBuf;
use std::sync::Arc;

use engine::lake::{DataFolder, Place};
use serde_json::json;
use store::{AuditLine, AuditVerdict};

use crate::Answer;
use crate::commands::serve::runtime;
use crate::elsewhere::Elsewhere;
use crate::output::{count, talk, write};

/// Check the audit log of a data folder, or write it out.
#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Whether every line follows from the one before; exit code 1 if one was changed, taken away or moved.
    Verify(Where),
    /// All lines of a workspace as JSON lines, newest first.
    Export {
        #[command(flatten)]
        place: Where,
        /// The workspace; of the whole installation when left out.
        #[arg(long, value_name = "WORKSPACE", default_value = "")]
        workspace: String,
    },
}

#[derive(Debug, clap::Args)]
struct Where {
    /// The data folder; a server may be working on it.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    elsewhere: Elsewhere,
}

const PAGE: u32 = 1000;

impl Audit {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        match self.what {
            What::Verify(place) => verify(&place.elsewhere.place(&place.data)),
            What::Export { place, workspace } => {
                export(&place.elsewhere.place(&place.data), &workspace)
            }
        }
    }
}

fn verify(place: &Place) -> anyhow::Result<Answer> {
    let runtime = runtime()?;
    let store = DataFolder::look_at(place, &runtime)?;
    let mut answer = Answer::Yes;
    let verdicts = runtime.block_on(store.verify_audits())?;
    for (workspace, verdict) in verdicts {
        let name = if workspace.is_empty() { "the installation" } else { &workspace };
        match verdict {
            AuditVerdict::Whole { lines } => {
                talk(&format!("{name}: {}, whole", count(lines, "line")))
            }
            AuditVerdict::Broken { seq, why } => {
                talk(&format!("{name}: broken at line {seq}: {why}"));
                answer = Answer::No;
            }
        }
    }
    runtime.block_on(store.close());
    Ok(answer)
}

fn export(place: &Place, workspace: &str) -> anyhow::Result<Answer> {
    let runtime = Arc::clone(&runtime()?);
    let store = DataFolder::look_at(place, &runtime)?;
    let mut before = i64::MAX;
    loop {
        let lines = runtime.block_on(store.audit_of(workspace, before, PAGE))?;
        let Some(last) = lines.last() else { break };
        before = last.seq;
        let text: String = lines.iter().map(|line| format!("{}\n", shown(line))).collect();
        write(&text, None)?;
    }
    runtime.block_on(store.close());
    Ok(Answer::Yes)
}

fn shown(line: &AuditLine) -> serde_json::Value {
    json!({
        "seq": line.seq,
        "at": jiff::Timestamp::from_microsecond(line.deed.at).unwrap_or_default().to_string(),
        "actor": line.deed.actor,
        "origin": line.deed.origin,
        "request": line.deed.request,
        "action": line.action,
        "object": line.object,
        "before": line.before,
        "after": line.after,
        "outcome": line.outcome,
        "hash": line.hash,
    })
}
