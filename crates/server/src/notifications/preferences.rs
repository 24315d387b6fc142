//! How each user wants to be told.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use store::{PreferencesRow, Workspace};
use utoipa::ToSchema;

use super::Topic;
use super::inbox::user;
use super::moments::Times;
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result, Told};
use crate::extract::Json;

/// How a user wants to be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Preferences {
    pub(super) topics: Ways,
    pub(super) digest: Digest,
    /// Nothing is sent then; absent: at any hour.
    pub(super) quiet_hours: Option<QuietHours>,
    /// Of quiet hours and of the morning, such as `Europe/Berlin`.
    pub(super) zone: String,
}

/// How of which topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ways {
    pub(super) standard_defective: Way,
    pub(super) standard_recovered: Way,
    pub(super) finding_assigned: Way,
    pub(super) finding_reopened: Way,
    pub(super) mentioned: Way,
    pub(super) webhook_disabled: Way,
}

/// By which way a user is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// In the inbox and by mail.
    Mail,
    Inbox,
    Off,
}

/// When letters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Digest {
    Immediately,
    /// In the morning, everything together.
    Daily,
    /// On Monday morning, everything together.
    Weekly,
}

/// Hours of the day; through midnight if `from` is the later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuietHours {
    /// Such as `20:00`.
    pub(super) from: String,
    pub(super) to: String,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            standard_defective: Way::Mail,
            standard_recovered: Way::Mail,
            finding_assigned: Way::Mail,
            finding_reopened: Way::Mail,
            mentioned: Way::Mail,
            webhook_disabled: Way::Mail,
        }
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            topics: Ways::default(),
            digest: Digest::Daily,
            quiet_hours: Some(QuietHours { from: "20:00".to_owned(), to: "07:00".to_owned() }),
            zone: "UTC".to_owned(),
        }
    }
}

impl Preferences {
    pub(crate) async fn of(workspace: &Workspace, user: &str) -> Result<Self> {
        let row = workspace.preferences(user).await?;
        Ok(row.as_ref().map(Self::read).unwrap_or_default())
    }

    /// What was kept; what this version does not know is as the program thinks best.
    pub(super) fn read(row: &PreferencesRow) -> Self {
        let words = |text: &str| serde_json::Value::String(text.to_owned());
        let quiet_hours = row.quiet_from.zip(row.quiet_to);
        Self {
            topics: serde_json::from_str(&row.kinds).unwrap_or_default(),
            digest: serde_json::from_value(words(&row.digest)).unwrap_or(Digest::Daily),
            quiet_hours: quiet_hours
                .map(|(from, to)| QuietHours { from: hour(from), to: hour(to) }),
            zone: row.zone.clone(),
        }
    }

    fn row(&self) -> Result<PreferencesRow> {
        if TimeZone::get(&self.zone).is_err() {
            let message = format!("`{}` is no time zone; write one as Europe/Berlin", self.zone);
            return Err(Error::invalid(message).at("/zone"));
        }
        let minutes = |text: &str, place: &str| {
            minutes(text).map(i64::from).ok_or_else(|| {
                Error::invalid(format!("`{text}` is no hour; write one as 20:00")).at(place)
            })
        };
        let hours = self.quiet_hours.as_ref();
        let word = |value: &Digest| serde_json::to_value(value).unwrap_or_default();
        Ok(PreferencesRow {
            kinds: serde_json::to_string(&self.topics).unwrap_or_default(),
            digest: word(&self.digest).as_str().unwrap_or_default().to_owned(),
            quiet_from: hours.map(|it| minutes(&it.from, "/quiet_hours/from")).transpose()?,
            quiet_to: hours.map(|it| minutes(&it.to, "/quiet_hours/to")).transpose()?,
            zone: self.zone.clone(),
        })
    }

    pub(super) fn way(&self, topic: Topic) -> Way {
        let ways = &self.topics;
        match topic {
            Topic::StandardDefective => ways.standard_defective,
            Topic::StandardRecovered => ways.standard_recovered,
            Topic::FindingAssigned => ways.finding_assigned,
            Topic::FindingReopened => ways.finding_reopened,
            Topic::Mentioned => ways.mentioned,
            Topic::WebhookDisabled => ways.webhook_disabled,
        }
    }

    pub(crate) fn times(&self) -> Times {
        let quiet = self.quiet_hours.as_ref();
        Times {
            digest: self.digest,
            quiet: quiet.and_then(|it| Some((minutes(&it.from)?, minutes(&it.to)?))),
            zone: TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC),
        }
    }

    /// Keeps what a user wants; what waits and is not wanted by mail any more does not go.
    pub(super) async fn keep(
        &self,
        workspace: &Workspace,
        user: &str,
        deed: &store::Deed,
    ) -> Result<()> {
        let row = self.row()?;
        let ways = serde_json::to_value(&self.topics).unwrap_or_default();
        let off: Vec<&str> = Topic::ALL.into_iter().filter(|name| ways[*name] != "mail").collect();
        workspace.keep_from_mail(user, &off).await?;
        workspace.set_preferences(user, &row, deed).await?;
        Ok(())
    }

    /// The same without mail.
    pub(super) fn without_mail(self) -> Self {
        let less = |way: Way| if way == Way::Mail { Way::Inbox } else { way };
        let ways = self.topics;
        let topics = Ways {
            standard_defective: less(ways.standard_defective),
            standard_recovered: less(ways.standard_recovered),
            finding_assigned: less(ways.finding_assigned),
            finding_reopened: less(ways.finding_reopened),
            mentioned: less(ways.mentioned),
            webhook_disabled: less(ways.webhook_disabled),
        };
        Self { topics, ..self }
    }
}

/// `20:30` → 1230.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str, below: u16| {
        let is_fit = text.len() == 2 && text.bytes().all(|it| it.is_ascii_digit());
        text.parse::<u16>().ok().filter(|it| is_fit && *it < below)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}

fn hour(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// How the user who asks is told.
#[utoipa::path(get, path = "/api/v1/notifications/preferences", tag = "notifications",
    responses((status = 200, body = Preferences), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn preferences(inside: Inside) -> Result<Json<Preferences>> {
    Ok(Json(Preferences::of(&inside.workspace, user(&inside)?).await?))
}

/// Says how the user who asks is told; what is left out is as the program thinks best.
#[utoipa::path(put, path = "/api/v1/notifications/preferences", tag = "notifications", request_body = Preferences,
    responses((status = 204), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn set_preferences(
    State(app): State<App>,
    inside: Inside,
    Json(preferences): Json<Preferences>,
) -> Result<StatusCode> {
    let deed = inside.deed(app.now());
    preferences.keep(&inside.workspace, user(&inside)?, &deed).await?;
    app.wake();
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::{Preferences, Way, Ways, hour, minutes};

    #[test]
    fn hours_are_read_as_they_are_written() {
        assert_eq!(
            (minutes("20:30"), minutes("00:00"), minutes("23:59")),
            (Some(1230), Some(0), Some(1439))
        );
        for wrong in ["24:00", "7:00", "07:60", "+7:00", "0700", "07:0", ""] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
        assert!((0..1440).all(|it| minutes(&hour(it.into())) == Some(it)));
    }

    #[test]
    fn what_was_kept_is_read_again_and_without_mail_nothing_goes_by_mail() {
        let some = Preferences {
            topics: Ways { mentioned: Way::Off, ..Ways::default() },
            ..Preferences::default()
        };
        assert_eq!(Preferences::read(&some.row().unwrap()), some);
        let less = some.without_mail();
        let ways = serde_json::to_value(&less.topics).unwrap();
        assert!(
            super::Topic::ALL.iter().all(|name| ways[*name].is_string() && ways[*name] != "mail")
        );
        assert_eq!(less.topics.mentioned, Way::Off);
    }
}
