//! `footpath token`: the API keys of a data folder, for whoever has it.

use std::fmt::Write as _;

use server::Scope;

use crate::Answer;
use crate::commands::serve::Chosen;
use crate::output::{talk, write};

/// Look after the API keys of a data folder that no server holds: list, create, end.
#[derive(Debug, clap::Args)]
pub(crate) struct Token {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show every key.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Make a key and print it, this once.
    Create {
        /// What it is for.
        #[arg(long)]
        name: String,
        /// What it may; given again for more.
        #[arg(long = "scope", value_parser = scope, default_value = "collect")]
        scopes: Vec<Scope>,
        #[command(flatten)]
        place: Place,
    },
    /// End a key.
    End {
        /// The id of the key.
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, clap::Args)]
struct Place {
    /// The id of the workspace; the first one when left out.
    #[arg(long, value_name = "ID")]
    workspace: Option<String>,
    #[command(flatten)]
    chosen: Chosen,
}

fn scope(text: &str) -> Result<Scope, String> {
    let names = Scope::ALL.map(Scope::name).join(", ");
    Scope::named(text).ok_or_else(|| format!("there is no such scope; take one of {names}"))
}

impl Token {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        match self.what {
            What::List { place } => place.chosen.at_desk(async |desk| {
                let mut text = String::new();
                for key in desk.keys(place.workspace.as_deref()).await? {
                    let note = if key.is_ended { "  ended" } else { "" };
                    let scopes = key.scopes.join(" ");
                    writeln!(text, "{} {}… {scopes:<16} {}{note}", key.id, key.prefix, key.name)?;
                }
                write(&text, None)
            }),
            What::Create { name, scopes, place } => place.chosen.at_desk(async |desk| {
                let made = desk.create_key(&name, &scopes, place.workspace.as_deref()).await?;
                talk(&format!("the key has the id {}; it is shown this once", made.id));
                write(&format!("{}\n", made.secret), None)
            }),
            What::End { id, place } => place.chosen.at_desk(async |desk| {
                desk.end_key(&id, place.workspace.as_deref()).await?;
                talk("ended");
                Ok(())
            }),
        }?;
        Ok(Answer::Yes)
    }
}
