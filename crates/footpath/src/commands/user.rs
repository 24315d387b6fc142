//! `footpath user`: the users of a data folder, for whoever has it.

use std::fmt::Write as _;

use server::{Desk, Role};

use crate::Answer;
use crate::commands::serve::Chosen;
use crate::output::{talk, write};

/// Look after the users of a data folder that no server holds: list, add, deactivate, give a link for a new password.
#[derive(Debug, clap::Args)]
pub(crate) struct User {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show every user and what it is where.
    List {
        #[command(flatten)]
        chosen: Chosen,
    },
    /// Take up a user; the link that is printed lets the user choose a password.
    Add {
        /// The address of the user.
        #[arg(value_name = "EMAIL")]
        email: String,
        /// What the user is called.
        #[arg(long)]
        name: String,
        /// What the user may.
        #[arg(long, value_parser = role, default_value = "viewer")]
        role: Role,
        /// The id of the workspace; the first one when left out.
        #[arg(long, value_name = "ID")]
        workspace: Option<String>,
        #[command(flatten)]
        chosen: Chosen,
    },
    /// Refuse a user everywhere from now on.
    Deactivate {
        /// The address of the user.
        #[arg(value_name = "EMAIL")]
        email: String,
        /// The address of the user who takes over what this one owns.
        #[arg(long, value_name = "EMAIL")]
        hand_over_to: Option<String>,
        #[command(flatten)]
        chosen: Chosen,
    },
    /// Print a link by which a user chooses a new password.
    Reset {
        /// The address of the user.
        #[arg(value_name = "EMAIL")]
        email: String,
        #[command(flatten)]
        chosen: Chosen,
    },
}

fn role(text: &str) -> Result<Role, String> {
    let names = Role::ALL.map(Role::name).join(", ");
    Role::named(text).ok_or_else(|| format!("there is no such role; take one of {names}"))
}

impl User {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        match self.what {
            What::List { chosen } => chosen.at_desk(list),
            What::Add { email, name, role, workspace, chosen } => chosen.at_desk(async |desk| {
                let link = desk.add(&email, &name, role, workspace.as_deref()).await?;
                print_link(&link)
            }),
            What::Deactivate { email, hand_over_to, chosen } => chosen.at_desk(async |desk| {
                desk.deactivate(&email, hand_over_to.as_deref()).await?;
                talk(&format!("{email} is refused everywhere from now on"));
                Ok(())
            }),
            What::Reset { email, chosen } => {
                chosen.at_desk(async |desk| print_link(&desk.reset(&email).await?))
            }
        }?;
        Ok(Answer::Yes)
    }
}

async fn list(desk: Desk<'_>) -> anyhow::Result<()> {
    let mut text = String::new();
    for user in desk.users().await? {
        let places = user.memberships.iter().map(|(workspace, role)| format!("{workspace}:{role}"));
        let places: Vec<String> = places.collect();
        let note = if user.is_deactivated { "  deactivated" } else { "" };
        writeln!(text, "{:<32} {:<24} {}{note}", user.email, user.name, places.join(" "))?;
    }
    write(&text, None)
}

/// The link is the result; what to do with it is talk.
fn print_link(link: &str) -> anyhow::Result<()> {
    talk(
        "the link is good for one use within 24 hours; it works as soon as a server serves this data folder",
    );
    write(&format!("{link}\n"), None)
}
