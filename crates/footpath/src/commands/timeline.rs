//! `footpath timeline`: everything that one customer did, in time.

use std::path::PathBuf;

use engine::lake::TimelineEvent;
use jiff::Timestamp;
use serde_json::json;

use crate::Answer;
use crate::elsewhere::Elsewhere;
use crate::output::{count, talk, write};

/// Show everything that one customer of a data folder did, in time; exit code 1 if nothing is known.
///
/// It shows a person: who may run it may see the customer's events.
#[derive(Debug, clap::Args)]
pub(crate) struct Timeline {
    /// The id of the customer, as events carry it.
    #[arg(value_name = "CUSTOMER")]
    customer: String,
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    elsewhere: Elsewhere,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// A line an event.
    Text,
    /// JSON lines.
    Json,
}

impl Timeline {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let lake = self.elsewhere.open(&self.data)?;
        let events = lake.view(None, None)?.timeline(&self.customer)?;
        let mut text = String::new();
        for event in &events {
            let line = match self.format {
                Format::Text => line(event),
                Format::Json => json!({
                    "at": moment(event.at),
                    "activity": event.activity,
                    "channel": event.channel,
                    "attributes": event.attributes,
                })
                .to_string(),
            };
            text.push_str(line.trim_end());
            text.push('\n');
        }
        write(&text, None)?;
        talk(&count(events.len() as u64, "event"));
        Ok(if events.is_empty() { Answer::No } else { Answer::Yes })
    }
}

fn line(event: &TimelineEvent) -> String {
    let channel = event.channel.as_deref().unwrap_or("–");
    let attributes: Vec<String> =
        event.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{}  {}  {channel}  {}", moment(event.at), event.activity, attributes.join(" "))
}

/// RFC 3339; µs where the calendar does not reach.
fn moment(at: i64) -> String {
    Timestamp::from_microsecond(at).map_or_else(|_| format!("{at} µs"), |at| at.to_string())
}
