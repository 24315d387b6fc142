//! Brings what waits to a user by mail: everything in one letter, each thing in one.

use serde::Deserialize;
use store::{LetterOut, Mail, Notice, Notification};

use super::Preferences;
use crate::app::App;
use crate::jobs::{Ended, Failure, Kind, Work};
use crate::mail::{Letter, Part};
use crate::token::Token;

pub(crate) const KIND: Kind =
    Kind { name: Notice::JOB, tries: 100, run: |work| Box::pin(send(work)) };

#[derive(Deserialize)]
struct Input {
    user: String,
}

async fn send(work: Work) -> Result<Ended, Failure> {
    let Work { app, workspace, attempt } = work;
    let input: Input = serde_json::from_str(&attempt.input)
        .map_err(|cause| Failure::last(format!("reading what is to be done: {cause}")))?;
    let waiting = workspace.unsent(&input.user).await?;
    let Some(oldest) = waiting.first() else { return Ok(Ended::Done) };
    let now = app.now();
    let preferences = Preferences::of(&workspace, &input.user).await?;
    if let Err(later) = preferences.times().may_go(oldest.at, now) {
        return Ok(Ended::Later(later));
    }
    let user = app.store().find_user(&input.user).await?;
    let Some(user) = user.filter(|user| user.deactivated_at.is_none()) else {
        workspace.keep_from_mail(&input.user, &super::Topic::ALL).await?;
        return Ok(Ended::Done);
    };
    let token = Token::new("")?;
    let link = format!("{}/unsubscribe/{}", app.public_url(), token.text());
    let parts = parts(&app, &waiting, &link);
    let letter = Letter { recipient: &user.email, subject: &subject(&waiting), parts: &parts };
    let mail = Mail { user: Some(user.id.clone()), unsubscribe: Some(link), ..letter.mail() };
    let out = LetterOut {
        mail: &mail,
        user: &user.id,
        notices: &waiting,
        unsubscribe_hash: &token.hash(),
    };
    workspace.post_notices(&out, now).await?;
    app.wake();
    Ok(Ended::Done)
}

fn subject(notices: &[Notification]) -> String {
    match notices {
        [one] => one.sentence.clone(),
        [first, rest @ ..] => format!("{} (and {} more)", first.sentence, rest.len()),
        [] => String::new(),
    }
}

fn parts(app: &App, notices: &[Notification], unsubscribe: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = notices.iter().map(|it| Part::Words(it.sentence.clone())).collect();
    parts.push(Part::Link {
        words: "See more in Footpath".to_owned(),
        url: format!("{}/inbox", app.public_url()),
    });
    parts.push(Part::Link {
        words: "No more letters like this one".to_owned(),
        url: unsubscribe.to_owned(),
    });
    parts
}
