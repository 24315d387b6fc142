//! Tells an endpoint what it was not told yet, in order, until it takes it.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use store::{Deed, Delivery, Webhook, Workspace};

use super::signature::signature;
use crate::app::App;
use crate::jobs::{DAY, Ended, Failure, Kind, SECOND, Work, back_off};
use crate::notifications::{Message, People, Topic, notify};
use crate::outbound::{Outgoing, Unsent};

pub(crate) const KIND: Kind =
    Kind { name: Webhook::JOB, tries: 1000, run: |work| Box::pin(deliver(work)) };

/// An endpoint that takes nothing for so long is told nothing more.
const LONG: i64 = 5 * DAY;

#[derive(serde::Deserialize)]
struct Input {
    webhook: String,
}

async fn deliver(work: Work) -> Result<Ended, Failure> {
    let Work { app, workspace, attempt } = work;
    let input: Input = serde_json::from_str(&attempt.input)
        .map_err(|cause| Failure::last(format!("reading what is to be done: {cause}")))?;
    let webhook = &input.webhook;
    while let Some(delivery) = workspace.next_delivery(webhook).await? {
        let now = app.now();
        let (status, why) = match tell(&app, &workspace, webhook, &delivery).await? {
            Ok(status @ 200..300) => {
                workspace.delivered(webhook, &delivery, status, app.now()).await?;
                continue;
            }
            Ok(status) => (Some(status), format!("it answered {status}")),
            Err(Unsent::Refused(why) | Unsent::Failed(why)) => (None, why),
        };
        let failed = workspace.not_delivered(webhook, &delivery, (status, &why), app.now()).await?;
        let Some(standing) = failed else { return Ok(Ended::Done) };
        let is_long = standing.failing_since.is_some_and(|since| now - since >= LONG);
        if is_long || status == Some(GONE) {
            disable(&app, &workspace, &standing, &why).await?;
            continue;
        }
        return Ok(Ended::Later(now + back_off(webhook, standing.failures)));
    }
    // Nothing was left, and something may have been added since: whoever added it found this job still there.
    workspace.finish(&attempt, app.now()).await?;
    if workspace.ask_to_deliver(webhook, app.now()).await? {
        app.wake();
    }
    Ok(Ended::Settled)
}

/// Asks for what no job was asked for, should a database have let two of them pass each other.
pub(crate) async fn ask_for_all(app: &App, workspace: &Workspace) -> Result<(), Failure> {
    let mut after = String::new();
    loop {
        let page = workspace.webhooks(&after, PAGE).await?;
        for webhook in &page {
            workspace.ask_to_deliver(&webhook.id, app.now()).await?;
        }
        match page.last() {
            Some(last) if page.len() == PAGE as usize => after.clone_from(&last.id),
            _ => return Ok(()),
        }
    }
}

const PAGE: u32 = 500;

/// Standard Webhooks: whoever answers so does not want to hear more.
const GONE: u16 = 410;

async fn tell(
    app: &App,
    workspace: &Workspace,
    webhook: &str,
    delivery: &Delivery,
) -> Result<Result<u16, Unsent>, Failure> {
    let (Some(found), Some(secret)) =
        (workspace.find_webhook(webhook).await?, workspace.webhook_secret(webhook).await?)
    else {
        return Err(Failure::again("the endpoint was taken away at this moment"));
    };
    let seconds = app.now().div_euclid(SECOND);
    let signature =
        signature(&secret, &delivery.message, seconds, &delivery.body).ok_or_else(|| {
            Failure::last("the secret of the endpoint is damaged; make a new endpoint")
        })?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let texts = [
        ("webhook-id", delivery.message.clone()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signature),
    ];
    for (name, text) in texts {
        let value = HeaderValue::from_str(&text)
            .map_err(|cause| Failure::last(format!("the header {name}: {cause}")))?;
        headers.insert(name, value);
    }
    let request = Outgoing {
        method: Method::POST,
        url: found.url,
        headers,
        body: delivery.body.clone().into_bytes(),
    };
    Ok(app.outbound().send(request).await.map(|answer| answer.status))
}

async fn disable(
    app: &App,
    workspace: &Workspace,
    webhook: &Webhook,
    why: &str,
) -> Result<(), Failure> {
    let deed = Deed {
        actor: "system".to_owned(),
        at: app.now(),
        origin: String::new(),
        request: String::new(),
    };
    if !workspace.disable_webhook(&webhook.id, why, &deed).await? {
        return Ok(());
    }
    let people = People::of(workspace).await?;
    let host = url::Url::parse(&webhook.url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let object = format!("webhook:{}", webhook.id);
    let sentence = format!(
        "{} is told nothing more: {why}. Enable the webhook again when it listens.",
        host.unwrap_or_default()
    );
    let told = Message { topic: Topic::WebhookDisabled, object: &object, sentence: &sentence };
    notify(app, workspace, &people.admins(), told).await?;
    tracing::warn!(webhook = webhook.id, "an endpoint was disabled");
    Ok(())
}
