//! Messages of Segment's SDKs as events.
//!
//! The words of the messages are those of <https://segment.com/docs/connections/spec/>; what they become is ours.

use serde_json::Value;

use super::attributes::Attributes;
use super::happened::{Happened, moment, text, within, word};

/// What is the same for all messages of a request.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Posted<'a> {
    /// What the path says that the message is; a batch says it in each message.
    pub(crate) kind: Option<&'a str>,
    /// When the client sent it, by the client's clock.
    pub(crate) sent_at: Option<i64>,
    /// When it came here, µs.
    pub(crate) received_at: i64,
}

/// What of a message's context is kept: nothing that names a person or a machine.
const CONTEXT: [&str; 11] = [
    "app.name",
    "app.version",
    "campaign.content",
    "campaign.medium",
    "campaign.name",
    "campaign.source",
    "campaign.term",
    "device.type",
    "locale",
    "os.name",
    "page.path",
];

/// The event of a message, or why it is none.
pub(crate) fn happened(message: &Value, posted: Posted<'_>) -> Result<Happened, String> {
    if !message.is_object() {
        return Err("the message is no JSON object".to_owned());
    }
    let said = text(message.get("type"), "type")?;
    let kind = posted.kind.or(said.as_deref()).ok_or("the message has no `type`")?;
    let (activity, told) = activity(message, kind)?;
    let mut attributes = Attributes::default();
    if let Some(told) = told {
        attributes.add_all("", told);
    }
    if kind == "group"
        && let Some(group) = message.get("groupId")
    {
        attributes.add_one("group_id", group);
    }
    for name in CONTEXT {
        let pointer = format!("/context/{}", name.replace('.', "/"));
        if let Some(value) = message.pointer(&pointer) {
            attributes.add_one(&format!("context.{name}"), value);
        }
    }
    Ok(Happened {
        customer: word(&customer(message)?)?,
        at: at(message, posted)?,
        activity: word(&activity)?,
        channel: channel(message, kind)?.map(|it| word(&it)).transpose()?,
        event_id: text(message.get("messageId"), "messageId")?.map(|it| word(&it)).transpose()?,
        attributes,
    })
}

/// What happened, and where its attributes stand.
fn activity<'a>(message: &'a Value, kind: &str) -> Result<(String, Option<&'a Value>), String> {
    let named = |noun: &str, without: &str| -> Result<String, String> {
        let category = text(message.get("category"), "category")?;
        let name = text(message.get("name"), "name")?;
        let words: Vec<String> = category.into_iter().chain(name).collect();
        Ok(if words.is_empty() {
            without.to_owned()
        } else {
            format!("Viewed {} {noun}", words.join(" "))
        })
    };
    let properties = message.get("properties");
    match kind {
        "track" => {
            let event = text(message.get("event"), "event")?;
            Ok((event.ok_or("a `track` message has no `event`")?, properties))
        }
        "page" => Ok((named("Page", "Loaded a Page")?, properties)),
        "screen" => Ok((named("Screen", "Loaded a Screen")?, properties)),
        "identify" | "group" => Ok((kind.to_owned(), message.get("traits"))),
        "alias" => Ok((kind.to_owned(), None)),
        other => Err(format!(
            "`{other}` is no type of message; it is one of track, identify, page, screen, group, alias"
        )),
    }
}

/// The user's id where it is known, else the one that the device made up.
fn customer(message: &Value) -> Result<String, String> {
    let user = text(message.get("userId"), "userId")?;
    let anonymous = text(message.get("anonymousId"), "anonymousId")?;
    user.or(anonymous)
        .ok_or_else(|| "the message has neither `userId` nor `anonymousId`".to_owned())
}

/// The client's time, put right by how far its clock was off when it sent.
fn at(message: &Value, posted: Posted<'_>) -> Result<i64, String> {
    let said = |name: &str| -> Result<Option<i64>, String> {
        text(message.get(name), name)?.map(|it| moment(&it)).transpose()
    };
    let told = match said("originalTimestamp")? {
        Some(told) => Some(told),
        None => said("timestamp")?,
    };
    let sent_at = match said("sentAt")? {
        Some(sent_at) => Some(sent_at),
        None => posted.sent_at,
    };
    match (told, sent_at) {
        (Some(told), Some(sent_at)) => within(posted.received_at - (sent_at - told)),
        (Some(told), None) => Ok(told),
        (None, _) => Ok(posted.received_at),
    }
}

fn channel(message: &Value, kind: &str) -> Result<Option<String>, String> {
    if let Some(said) = text(message.get("channel"), "channel")? {
        return Ok(Some(said));
    }
    let said = message.pointer("/properties/channel").filter(|it| it.is_string());
    Ok(match (text(said, "channel")?, kind) {
        (Some(said), _) => Some(said),
        (None, "page") => Some("web".to_owned()),
        (None, "screen") => Some("app".to_owned()),
        (None, _) => None,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{Posted, happened};

    /// 2026-03-01, noon.
    const NOON: i64 = 1_772_366_400_000_000;

    fn told(text: &str, kind: Option<&str>, sent_at: Option<i64>) -> String {
        let message = serde_json::from_str(text).unwrap();
        match happened(&message, Posted { kind, sent_at, received_at: NOON }) {
            Ok(it) => format!(
                "{} {:+} s {:?} {} {} {}",
                it.customer.as_str(),
                (it.at - NOON) / 1_000_000,
                it.activity.as_str(),
                it.channel.map_or("-".to_owned(), |it| it.into_string()),
                it.event_id.map_or("-".to_owned(), |it| it.into_string()),
                it.attributes.into_json().unwrap_or_default(),
            ),
            Err(why) => format!("refused: {why}"),
        }
    }

    fn check(lines: &[(Option<&str>, &str)], expect: Expect) {
        let told: Vec<String> = lines.iter().map(|(kind, text)| told(text, *kind, None)).collect();
        expect.assert_eq(&(told.join("\n") + "\n"));
    }

    #[test]
    fn messages_become_events() {
        check(
            &[
                (
                    Some("track"),
                    r#"{"userId":"ada","event":"Paid","messageId":"m1","properties":{"sum":9.5}}"#,
                ),
                (
                    None,
                    r#"{"type":"track","userId":7,"anonymousId":"x","event":"Paid","channel":"server"}"#,
                ),
                (
                    Some("page"),
                    r#"{"anonymousId":"x","name":"Home","context":{"page":{"path":"/"},"ip":"1.2.3.4"}}"#,
                ),
                (Some("page"), r#"{"anonymousId":"x"}"#),
                (Some("screen"), r#"{"userId":"ada","category":"Shop","name":"Cart"}"#),
                (
                    Some("identify"),
                    r#"{"userId":"ada","anonymousId":"x","traits":{"plan":"gold"}}"#,
                ),
                (Some("group"), r#"{"userId":"ada","groupId":"g1","traits":{"size":3}}"#),
                (Some("alias"), r#"{"userId":"ada","previousId":"x"}"#),
            ],
            expect![[r#"
                ada +0 s "Paid" - m1 {"sum":"9.5"}
                7 +0 s "Paid" server - 
                x +0 s "Viewed Home Page" web - {"context.page.path":"/"}
                x +0 s "Loaded a Page" web - 
                ada +0 s "Viewed Shop Cart Screen" app - 
                ada +0 s "identify" - - {"plan":"gold"}
                ada +0 s "group" - - {"group_id":"g1","size":"3"}
                ada +0 s "alias" - - 
            "#]],
        );
    }

    #[test]
    fn what_is_no_message_says_why() {
        check(
            &[
                (Some("track"), r#"{"event":"Paid"}"#),
                (Some("track"), r#"{"userId":"ada"}"#),
                (Some("track"), r#"{"userId":{"a":1},"event":"Paid"}"#),
                (Some("track"), r#"{"userId":"a\u0000","event":"Paid"}"#),
                (Some("track"), r#"{"userId":"ada","event":"Paid","timestamp":"yesterday"}"#),
                (Some("track"), r#"{"userId":"ada","event":"Paid","timestamp":1772366400}"#),
                (
                    Some("track"),
                    r#"{"userId":"ada","event":"Paid","timestamp":"2999-01-01T00:00:00Z"}"#,
                ),
                (None, r#"{"userId":"ada","event":"Paid"}"#),
                (None, r#"{"type":"wink","userId":"ada"}"#),
                (None, "7"),
            ],
            expect![[r#"
                refused: the message has neither `userId` nor `anonymousId`
                refused: a `track` message has no `event`
                refused: `userId` is neither text nor a number
                refused: the customer's id holds a character that is no text (U+0000)
                refused: the time `yesterday` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z
                refused: the time `1772366400` cannot be read: write it as 2024-03-31T18:05:00Z
                refused: the time `2999-01-01T00:00:00Z` cannot be read: it lies outside 1900 to 2199
                refused: the message has no `type`
                refused: `wink` is no type of message; it is one of track, identify, page, screen, group, alias
                refused: the message is no JSON object
            "#]],
        );
    }

    /// R7: a client whose clock is an hour slow, or a day fast, tells the same moment.
    #[test]
    fn a_clock_that_is_off_is_put_right() {
        let at_ten_to = r#"{"userId":"ada","event":"Paid","timestamp":"2026-03-01T10:50:00Z"}"#;
        let eleven = NOON - 3_600_000_000;
        assert!(told(at_ten_to, Some("track"), Some(eleven)).contains("-600 s"));
        let tomorrow = r#"{"userId":"ada","event":"Paid","timestamp":"2026-03-02T11:50:00Z"}"#;
        assert!(told(tomorrow, Some("track"), Some(NOON + 86_400_000_000)).contains("-600 s"));
        // Without the moment of sending, the client is believed.
        assert!(told(at_ten_to, Some("track"), None).contains("-4200 s"));
    }
}
