//! Letters by SMTP: each is a row first, and sent by a job until the mail server has taken it.
//!
//! A letter has one recipient and keeps its `Message-ID`, so that a mail server which took it and whose answer was lost can
//! tell that it came again. More than that SMTP does not allow.

use std::error::Error as _;
use std::time::Duration;

use jiff::Timestamp;
use lettre::message::header::{ContentType, Date, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use store::{Mail, MailState, Workspace};

use crate::app::App;
use crate::error::Result;
use crate::jobs::{Ended, Failure, HOUR, Kind, Work};
use crate::notifications;

/// Longest time that a mail server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends letters. A mail server that is away for four days gets them after.
pub(crate) const KIND: Kind =
    Kind { name: Mail::JOB, tries: 100, run: |work| Box::pin(send(work)) };

/// Without a mail server a letter waits for one so long before it is looked again.
const WITHOUT_SERVER: i64 = HOUR;

/// What a letter says.
#[derive(Debug, Clone)]
pub(crate) struct Letter<'a> {
    pub(crate) recipient: &'a str,
    pub(crate) subject: &'a str,
    /// Paragraphs and links; becomes text and HTML.
    pub(crate) parts: &'a [Part],
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Words(String),
    Link { words: String, url: String },
}

/// Posts a letter that somebody waits for, such as an invitation; it is sent at once, in quiet hours too.
#[expect(dead_code, reason = "invitations and forgotten passwords are posted by it")]
pub(crate) async fn post(app: &App, workspace: &Workspace, letter: &Letter<'_>) -> Result<()> {
    let now = app.now();
    workspace.post(&letter.mail(), now, now).await?;
    app.wake();
    Ok(())
}

impl Letter<'_> {
    /// The same as a row.
    pub(crate) fn mail(&self) -> Mail {
        Mail {
            id: uuid::Uuid::now_v7().to_string(),
            recipient: self.recipient.to_owned(),
            user: None,
            subject: self.subject.to_owned(),
            plain: plain(self.parts),
            html: html(self.parts),
            unsubscribe: None,
        }
    }
}

fn plain(parts: &[Part]) -> String {
    let text = |part: &Part| match part {
        Part::Words(words) => words.clone(),
        Part::Link { words, url } => format!("{words}:\n{url}"),
    };
    parts.iter().map(text).collect::<Vec<_>>().join("\n\n") + "\n"
}

fn html(parts: &[Part]) -> String {
    let paragraph = |part: &Part| match part {
        Part::Words(words) => format!("<p>{}</p>\n", escaped(words).replace('\n', "<br>\n")),
        Part::Link { words, url } => {
            format!("<p><a href=\"{}\">{}</a></p>\n", escaped(url), escaped(words))
        }
    };
    let body: String = parts.iter().map(paragraph).collect();
    format!(
        "<!doctype html>\n<html><head><meta charset=\"utf-8\"></head><body>\n{body}</body></html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Takes a letter to the mail server.
async fn send(work: Work) -> Result<Ended, Failure> {
    let Work { app, workspace, attempt } = work;
    let Some((mail, MailState::Waiting)) = workspace.find_mail(&attempt.id).await? else {
        return Ok(Ended::Done);
    };
    let now = app.now();
    if let Some(user) = &mail.user
        && let Some(until) = notifications::quiet_until(&workspace, user, now).await?
    {
        return Ok(Ended::Later(until));
    }
    let Some(url) = app.config().smtp_url.clone() else {
        return Ok(Ended::Later(now + WITHOUT_SERVER));
    };
    let message = match message(&mail, app.config().mail_from.as_deref(), now) {
        Ok(message) => message,
        Err(why) => {
            workspace.mail_failed(&mail.id, &why, now).await?;
            return Err(Failure::last(why));
        }
    };
    // Its address holds a password, and is not told.
    let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
        .map_err(|_| Failure::again("the setting `smtp_url` is no address of a mail server"))?;
    let server = server.timeout(Some(PATIENCE)).build::<Tokio1Executor>();
    match server.send(message).await {
        Ok(_) => {
            workspace.mail_sent(&mail.id, app.now()).await?;
            Ok(Ended::Done)
        }
        Err(cause) if cause.is_permanent() => {
            let why = told(&cause);
            workspace.mail_failed(&mail.id, &why, app.now()).await?;
            Err(Failure::last(why))
        }
        Err(cause) => Err(Failure::again(told(&cause))),
    }
}

fn told(cause: &lettre::transport::smtp::Error) -> String {
    let mut text = cause.to_string();
    let mut source = cause.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    format!("the mail server did not take a letter: {text}")
}

/// Where letters come from when nobody said.
const FROM: &str = "Footpath <footpath@localhost>";

fn message(mail: &Mail, from: Option<&str>, now: i64) -> Result<Message, String> {
    let from: Mailbox = from
        .unwrap_or(FROM)
        .parse()
        .map_err(|cause| format!("the setting `mail_from` is no address: {cause}"))?;
    let to: Mailbox =
        mail.recipient.parse().map_err(|cause| format!("a recipient is no address: {cause}"))?;
    let domain = from.email.domain().to_owned();
    let at = Timestamp::from_microsecond(now).unwrap_or_default();
    let mut message = Message::builder()
        .from(from)
        .to(to)
        .subject(one_line(&mail.subject))
        .header(Date::new(at.into()))
        .message_id(Some(format!("<{}@{domain}>", mail.id)))
        // Nobody who is away answers to a program.
        .header(Raw::<0>("auto-generated".to_owned()));
    if let Some(link) = &mail.unsubscribe {
        message = message
            .header(Raw::<1>(format!("<{link}>")))
            .header(Raw::<2>("List-Unsubscribe=One-Click".to_owned()));
    }
    let part = |kind, text: &str| SinglePart::builder().header(kind).body(text.to_owned());
    let both = MultiPart::alternative()
        .singlepart(part(ContentType::TEXT_PLAIN, &mail.plain))
        .singlepart(part(ContentType::TEXT_HTML, &mail.html));
    message.multipart(both).map_err(|cause| format!("a letter cannot be written: {cause}"))
}

/// A header is one line, whatever a title holds.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A header that the library does not know, by its place in [`NAMES`].
#[derive(Debug, Clone)]
struct Raw<const N: usize>(String);

const NAMES: [&str; 3] = ["Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"];

impl<const N: usize> Header for Raw<N> {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str(NAMES[N])
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// What is wrong with the settings of mail.
pub(crate) fn check(smtp_url: Option<&str>, mail_from: Option<&str>) -> Result<(), String> {
    if let Some(url) = smtp_url {
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| {
            "the setting `smtp_url` is no address of a mail server, such as smtps://user:password@mail.example.org"
        })?;
    }
    if let Some(from) = mail_from {
        from.parse::<Mailbox>().map_err(|_| {
            format!("the setting `mail_from`: `{from}` is no address, such as Footpath <footpath@example.org>")
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{Letter, Part, message};

    #[test]
    fn a_letter_is_text_and_html_and_no_title_adds_a_header() {
        let letter = Letter {
            recipient: "Ann <ann@example.org>",
            subject: "Hello\r\nBcc: everybody@example.org",
            parts: &[
                Part::Words("“A < B” & C".to_owned()),
                Part::Link {
                    words: "Open it".to_owned(),
                    url: "https://example.org/?a=\"".to_owned(),
                },
            ],
        };
        let mail = store::Mail {
            id: "0190".to_owned(),
            unsubscribe: Some("https://example.org/unsubscribe/x".to_owned()),
            ..letter.mail()
        };
        expect![[r#"
            “A < B” & C

            Open it:
            https://example.org/?a="
        "#]]
        .assert_eq(&mail.plain);
        expect![[r#"
            <!doctype html>
            <html><head><meta charset="utf-8"></head><body>
            <p>“A &lt; B” &amp; C</p>
            <p><a href="https://example.org/?a=&quot;">Open it</a></p>
            </body></html>
        "#]]
        .assert_eq(&mail.html);
        let text = message(&mail, Some("Footpath <fp@example.org>"), 0).unwrap().formatted();
        let text = String::from_utf8(text).unwrap();
        let (headers, _) = text.split_once("\r\n\r\n").unwrap();
        let headers: Vec<&str> = headers.lines().filter(|it| !it.contains("boundary")).collect();
        expect![[r#"
            From: Footpath <fp@example.org>
            To: Ann <ann@example.org>
            Subject: Hello Bcc: everybody@example.org
            Date: Thu, 01 Jan 1970 00:00:00 +0000
            Message-ID: <0190@example.org>
            Auto-Submitted: auto-generated
            List-Unsubscribe: <https://example.org/unsubscribe/x>
            List-Unsubscribe-Post: List-Unsubscribe=One-Click
            MIME-Version: 1.0
            Content-Type: multipart/alternative;"#]]
        .assert_eq(&headers.join("\n"));
    }
}
