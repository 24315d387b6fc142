//! Who is told of what, and how: in the inbox, by mail, at once or together, and not in quiet hours.

mod inbox;
mod letters;
mod moments;
mod preferences;
mod unsubscribe;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use store::{Member, Notice, Workspace};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::app::App;
use crate::error::Result;
use crate::permissions::{Right, Role};
use crate::routes::Routes;

pub(crate) use letters::KIND;
pub(crate) use preferences::Preferences;

/// What a user may be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Topic {
    /// A standard that the user owns became defective.
    StandardDefective,
    /// It meets its promise again.
    StandardRecovered,
    /// A finding was given to the user.
    FindingAssigned,
    /// A finding of the user was resolved and is found again.
    FindingReopened,
    /// Somebody named the user in a comment.
    Mentioned,
    /// An endpoint was told nothing more, because it took nothing for days.
    WebhookDisabled,
}

impl Topic {
    pub(crate) const ALL: [&str; 6] = [
        "standard_defective",
        "standard_recovered",
        "finding_assigned",
        "finding_reopened",
        "mentioned",
        "webhook_disabled",
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize]
    }
}

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .right(Right::ReadJourneys, routes!(inbox::notifications))
        .right(Right::ReadJourneys, routes!(inbox::unread))
        .right(Right::ReadJourneys, routes!(inbox::read_notification))
        .right(Right::ReadJourneys, routes!(inbox::read_all_notifications))
        .right(Right::ReadJourneys, routes!(preferences::preferences, preferences::set_preferences))
        .public(routes!(unsubscribe::unsubscribe_page, unsubscribe::unsubscribe))
}

/// Until when (µs) a user is not to be disturbed; `None`: now is fine.
pub(crate) async fn quiet_until(
    workspace: &Workspace,
    user: &str,
    now: i64,
) -> Result<Option<i64>> {
    let preferences = Preferences::of(workspace, user).await?;
    Ok(preferences.times().quiet_until(now))
}

/// Tells users of something; a user who wants to hear nothing of it is not told.
pub(crate) async fn notify(
    app: &App,
    workspace: &Workspace,
    users: &[&str],
    told: Message<'_>,
) -> Result<()> {
    let people = People::of(workspace).await?;
    let notices: Vec<Notice> =
        users.iter().filter_map(|user| people.notice(user, &told, app.now())).collect();
    workspace.notify(&notices, app.now()).await?;
    app.wake();
    Ok(())
}

/// What is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message<'a> {
    pub(crate) topic: Topic,
    /// `finding:ID`, `standard:JOURNEY/ID` and so on.
    pub(crate) object: &'a str,
    pub(crate) sentence: &'a str,
}

/// The members of a workspace and how each wants to be told, read once.
#[derive(Debug)]
pub(crate) struct People {
    members: Vec<Member>,
    preferences: HashMap<String, Preferences>,
}

const PAGE: u32 = 500;

impl People {
    pub(crate) async fn of(workspace: &Workspace) -> Result<Self> {
        let mut members: Vec<Member> = Vec::new();
        loop {
            let after = members.last().map_or(String::new(), |member| member.user.id.clone());
            let page = workspace.members(&after, PAGE).await?;
            let is_last = page.len() < PAGE as usize;
            members.extend(page);
            if is_last {
                break;
            }
        }
        members.retain(|member| member.user.deactivated_at.is_none());
        let rows = workspace.every_preferences().await?;
        let preferences = rows.iter().map(|(user, row)| (user.clone(), Preferences::read(row)));
        Ok(Self { members, preferences: preferences.collect() })
    }

    /// The user whom a document means by the name of an owner: the address, or the name if one alone has it.
    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        let name = name.trim().to_lowercase();
        let by_address = self.members.iter().find(|member| member.user.email == name);
        let mut by_name =
            self.members.iter().filter(|member| member.user.name.trim().to_lowercase() == name);
        let found = by_address.or_else(|| by_name.next().filter(|_| by_name.next().is_none()));
        found.map(|member| member.user.id.as_str())
    }

    /// Whether this is a user who may be given something.
    pub(crate) fn has(&self, user: &str) -> bool {
        self.members.iter().any(|member| member.user.id == user)
    }

    /// Who looks after the workspace: told of what nobody owns.
    pub(crate) fn admins(&self) -> Vec<&str> {
        let names = [Role::Owner.name(), Role::Admin.name()];
        let admins = self.members.iter().filter(|member| names.contains(&&*member.role));
        admins.map(|member| member.user.id.as_str()).collect()
    }

    /// What a user is told, if the user is here and wants to hear of it.
    pub(crate) fn notice(&self, user: &str, told: &Message<'_>, now: i64) -> Option<Notice> {
        if !self.has(user) {
            return None;
        }
        let thought_best = Preferences::default();
        let preferences = self.preferences.get(user).unwrap_or(&thought_best);
        let letter_at = match preferences.way(told.topic) {
            preferences::Way::Off => return None,
            preferences::Way::Inbox => None,
            preferences::Way::Mail => Some(preferences.times().first(now)),
        };
        Some(Notice {
            user: user.to_owned(),
            kind: told.topic.name().to_owned(),
            object: told.object.to_owned(),
            sentence: told.sentence.to_owned(),
            letter_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Topic;

    #[test]
    fn a_topic_is_called_the_same_everywhere() {
        use Topic::{
            FindingAssigned, FindingReopened, StandardDefective, StandardRecovered, WebhookDisabled,
        };
        for it in [
            StandardDefective,
            StandardRecovered,
            FindingAssigned,
            FindingReopened,
            WebhookDisabled,
        ] {
            assert_eq!(serde_json::to_value(it).unwrap(), it.name());
        }
    }
}
