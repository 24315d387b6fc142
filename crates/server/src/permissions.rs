//! Who may what: the one table.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a user is in a workspace, or a key by its scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    Editor,
    Analyst,
    Agent,
    Viewer,
}

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Send events and answers, and nothing else: may be seen in a page.
    Collect,
    /// Read what a viewer reads.
    Read,
    /// What an editor may.
    Edit,
    /// What an analyst may, persons included.
    Analyse,
    /// What an admin may.
    Admin,
}

/// One thing that somebody may or may not do in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    ReadJourneys,
    EditJourneys,
    PublishJourneys,
    Comment,
    ReadMeasures,
    /// Single customers: their instances and timelines.
    ReadPersons,
    /// What customers wrote.
    ReadVerbatims,
    /// Questions in SQL, exports of rows.
    Analyse,
    /// Own a finding, say what became of it.
    HandleFindings,
    /// Events and answers in.
    Collect,
    /// Files, mappings, bindings, refused rows, webhooks.
    ManageSources,
    ManagePeople,
    /// Settings, keys, retention.
    ManageWorkspace,
    /// What a customer may ask for: to be forgotten, or to be told everything that is known.
    EraseCustomers,
    ReadAudit,
    /// Give the workspace away, back it up.
    OwnWorkspace,
}

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Anybody.
    Public,
    /// A user, whatever the workspace.
    SignedIn,
    /// A user who looks after the whole installation.
    Installation,
    /// A right in the workspace.
    Right(Right),
    /// A key with this right: no cookie is looked at, so that pages of any site may send.
    Key(Right),
}

impl Right {
    pub const ALL: [Self; 16] = [
        Self::ReadJourneys,
        Self::EditJourneys,
        Self::PublishJourneys,
        Self::Comment,
        Self::ReadMeasures,
        Self::ReadPersons,
        Self::ReadVerbatims,
        Self::Analyse,
        Self::HandleFindings,
        Self::Collect,
        Self::ManageSources,
        Self::ManagePeople,
        Self::ManageWorkspace,
        Self::EraseCustomers,
        Self::ReadAudit,
        Self::OwnWorkspace,
    ];
}

impl Role {
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::Admin, Self::Editor, Self::Analyst, Self::Agent, Self::Viewer];

    /// As it is kept and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Analyst => "analyst",
            Self::Agent => "agent",
            Self::Viewer => "viewer",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The table.
    pub fn may(self, right: Right) -> bool {
        use Role::{Admin, Agent, Analyst, Editor, Owner, Viewer};
        let who: &[Self] = match right {
            Right::ReadJourneys | Right::ReadMeasures => &Self::ALL,
            Right::Comment => &[Owner, Admin, Editor, Analyst, Agent, Viewer],
            Right::EditJourneys | Right::PublishJourneys => &[Owner, Admin, Editor],
            Right::ReadPersons => &[Owner, Admin, Analyst, Agent],
            Right::ReadVerbatims => &[Owner, Admin, Editor, Analyst, Agent],
            Right::Analyse => &[Owner, Admin, Analyst],
            Right::HandleFindings => &[Owner, Admin, Editor, Analyst, Agent],
            Right::Collect => &[Owner, Admin, Editor, Analyst],
            Right::ManageSources => &[Owner, Admin, Editor, Analyst],
            Right::ManagePeople | Right::ManageWorkspace => &[Owner, Admin],
            Right::EraseCustomers | Right::ReadAudit => &[Owner, Admin],
            Right::OwnWorkspace => &[Owner],
        };
        who.contains(&self)
    }
}

impl Scope {
    pub const ALL: [Self; 5] = [Self::Collect, Self::Read, Self::Edit, Self::Analyse, Self::Admin];

    pub fn name(self) -> &'static str {
        match self {
            Self::Collect => "collect",
            Self::Read => "read",
            Self::Edit => "edit",
            Self::Analyse => "analyse",
            Self::Admin => "admin",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// A scope is a role's rights, but for the one that only collects.
    pub fn may(self, right: Right) -> bool {
        match self {
            Self::Collect => right == Right::Collect,
            Self::Read => Role::Viewer.may(right),
            Self::Edit => Role::Editor.may(right),
            Self::Analyse => Role::Analyst.may(right),
            Self::Admin => Role::Admin.may(right),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Right, Role, Scope};

    #[test]
    fn the_list_of_rights_is_whole() {
        let utoipa::openapi::RefOr::T(utoipa::openapi::Schema::Object(schema)) =
            <Right as utoipa::PartialSchema>::schema()
        else {
            panic!("a right is a word");
        };
        let words: Vec<_> =
            Right::ALL.iter().map(|right| serde_json::to_value(right).unwrap()).collect();
        assert_eq!(schema.enum_values, Some(words));
    }

    #[test]
    fn names_lead_back() {
        assert!(Role::ALL.iter().all(|role| Role::named(role.name()) == Some(*role)));
        assert!(Scope::ALL.iter().all(|scope| Scope::named(scope.name()) == Some(*scope)));
        assert_eq!((Role::named("root"), Scope::named("root")), (None, None));
    }

    #[test]
    fn a_key_that_may_be_seen_only_collects() {
        assert!(Scope::Collect.may(Right::Collect));
        for right in [Right::ReadJourneys, Right::ReadMeasures, Right::ManageSources] {
            assert!(!Scope::Collect.may(right), "{right:?}");
        }
    }

    #[test]
    fn persons_are_not_for_everybody() {
        assert!(!Role::Viewer.may(Right::ReadPersons));
        assert!(!Role::Editor.may(Right::ReadPersons));
        assert!(Role::Agent.may(Right::ReadPersons));
        assert!(!Role::Agent.may(Right::Analyse));
    }
}
