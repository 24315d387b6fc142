//! `footpath export`: everything that is known of one customer.

use std::path::PathBuf;

use crate::Answer;
use crate::elsewhere::Elsewhere;
use crate::output::{count, talk, write};

/// Write out everything that a data folder knows of one customer, as JSON; exit code 1 if nothing is known.
///
/// It shows a person, so the audit log notes it.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The id of the customer, as events carry it.
    #[arg(long, value_name = "CUSTOMER")]
    customer: String,
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    elsewhere: Elsewhere,
    /// Write to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let lake = self.elsewhere.open(&self.data)?;
        let known = lake.export_by_ourselves(self.customer.trim())?;
        let mut text = serde_json::to_string_pretty(&known)?;
        text.push('\n');
        write(&text, self.output.as_deref())?;
        let told = known.responses.len() + known.complaints.len();
        talk(&format!(
            "{}, {}, {}, {}",
            count(known.events.len() as u64, "event"),
            count(known.responses.len() as u64, "answer"),
            count(known.complaints.len() as u64, "complaint"),
            count(known.refused.len() as u64, "refused row")
        ));
        let is_known = !known.events.is_empty() || told > 0 || !known.refused.is_empty();
        Ok(if is_known || known.is_named { Answer::Yes } else { Answer::No })
    }
}
