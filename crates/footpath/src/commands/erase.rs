//! `footpath erase`: a customer is forgotten.

use std::path::PathBuf;

use engine::lake::Erased;

use crate::Answer;
use crate::elsewhere::Elsewhere;
use crate::output::{count, talk};

/// Forget customers: their events go from every file of a data folder, for good.
#[derive(Debug, clap::Args)]
pub(crate) struct Erase {
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    elsewhere: Elsewhere,
    /// Ids of customers, as their events carry them.
    #[arg(required = true, value_name = "CUSTOMER")]
    customers: Vec<String>,
}

impl Erase {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let lake = self.elsewhere.open(&self.data)?;
        for customer in &self.customers {
            let erased = lake.erase(customer)?;
            talk(&if erased == Erased::default() {
                format!("{customer}: nothing of this customer is here")
            } else {
                let mut parts = vec![
                    format!("{} written anew", count(erased.files, "file")),
                    format!(
                        "{} taken from those not in files yet",
                        count(erased.gone.tail, "event")
                    ),
                ];
                let more = [
                    (erased.gone.responses, "answer"),
                    (erased.gone.complaints, "complaint"),
                    (erased.gone.refused, "refused row"),
                    (erased.uploads, "file that was sent"),
                ];
                let more = more.into_iter().filter(|(n, _)| *n > 0);
                parts.extend(more.map(|(n, what)| count(n, what)));
                format!("{customer}: gone; {}", parts.join(", "))
            });
        }
        Ok(Answer::Yes)
    }
}
