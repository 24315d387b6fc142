//! S13: secrets stand in no line of the log and in no error, whatever happens.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;
use server::{Config, Role, Scope, table};
use store::{Notice, PreferencesRow};
use throwaway::{Durability, Postgres, Smtp, SmtpMood};

use crate::clocks::{DAY, clock, pass};
use crate::house::{HERE, House, deed};
use crate::receiver::Receiver;

/// Everything that was logged.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const SMTP_PASSWORD: &str = "canary-of-the-mail-server";
const DATABASE_PASSWORD: &str = "canary-of-the-database";
const IN_ADDRESS: &str = "canary-in-an-address";
const SESSION: &str = "canary-of-a-session-that-is-none";
const KEY: &str = "fp_canary-of-a-key-that-is-none";
const LINK: &str = "canary-of-a-link";

/// All parts of the server that hold secrets, well and in trouble, with the log at its most talkative but for bytes on wires.
#[test]
fn s13_no_secret_is_in_a_line_of_the_log_or_an_error() {
    let captured = Captured::default();
    let writer = captured.clone();
    server::begin_log("debug", false, move || writer.clone()).unwrap();
    let smtp = Smtp::start().unwrap();
    let receiver = Receiver::start();
    let config = Config {
        smtp_url: Some(smtp.url().replace("smtp://", &format!("smtp://robot:{SMTP_PASSWORD}@"))),
        outbound_allow: "127.0.0.1".parse().unwrap(),
        ..Config::default()
    };
    let mut secrets: Vec<String> =
        [SMTP_PASSWORD, DATABASE_PASSWORD, IN_ADDRESS, SESSION, KEY, LINK]
            .map(str::to_owned)
            .into();
    let mut answers = Vec::new();
    let server = Postgres::start(Durability::None).ok();
    let database = server.as_ref().map(|server| {
        let address = server.database().unwrap();
        address
            .replace("postgres://postgres@", &format!("postgres://postgres:{DATABASE_PASSWORD}@"))
    });
    for database in [None].into_iter().chain(database.map(Some)) {
        let config = Config { database, ..config.clone() };
        let house = House::begin_at(tempfile::tempdir().unwrap(), config.clone(), clock::<13>);
        let admin = house.signed_in(HERE, Role::Admin);
        secrets.extend(
            admin.headers.iter().map(|(_, value)| value.split_once('=').unwrap().1.to_owned()),
        );
        let key = house.key_text(HERE, &[Scope::Admin]);
        secrets.push(key.clone());
        let with_key = house.anonymous().with("authorization", &format!("Bearer {key}"));
        let url = format!("{}&more={IN_ADDRESS}", receiver.url());
        let endpoint = json!({ "url": url, "events": ["finding.new"] });
        let made = admin.post("/api/v1/webhooks", &endpoint).ok();
        secrets.push(made["secret"].as_str().unwrap().to_owned());
        let id = made["id"].as_str().unwrap();
        let strangers = [
            house.anonymous().with("cookie", &format!("footpath_session={SESSION}")),
            house.anonymous().with("authorization", &format!("Bearer {KEY}")),
        ];
        for line in table() {
            let path = line.path.replace("{token}", LINK).replace(['{', '}'], "");
            for caller in strangers.iter().chain([&admin, &with_key]) {
                let method = line.method.parse().unwrap();
                let body =
                    json!({ "secret": IN_ADDRESS, "url": format!("http://u:{IN_ADDRESS}@[/") });
                let answer = caller.send(method, &path, Some(&body));
                if answer.status >= 400 {
                    answers.push(answer.text);
                }
            }
        }
        receiver.answers(&[500], 204);
        admin.post(&format!("/api/v1/webhooks/{id}/test"), &json!({}));
        let still = house.with(config);
        letters(&still, &smtp, &mut secrets);
    }
    let log = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
    assert!(log.contains("DEBUG") && log.contains("a job failed"), "nothing was logged: {log}");
    assert!(secrets.iter().all(|secret| secret.len() > 15) && answers.len() > 50);
    for secret in &secrets {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "{secret}");
        let answer = answers.iter().find(|answer| answer.contains(secret.as_str()));
        assert_eq!(answer, None, "{secret}");
    }
}

/// Letters that are sent, and some that are not; the links at their feet are secrets too.
fn letters(house: &House, smtp: &Smtp, secrets: &mut Vec<String>) {
    let user = house.user(HERE, Role::Viewer);
    let workspace = house.workspace(HERE);
    let row = PreferencesRow {
        kinds: "{}".to_owned(),
        digest: "immediately".to_owned(),
        quiet_from: None,
        quiet_to: None,
        zone: "UTC".to_owned(),
    };
    let notice = Notice {
        user: user.id.clone(),
        kind: "mentioned".to_owned(),
        object: "comment:1".to_owned(),
        sentence: "Somebody named you".to_owned(),
        letter_at: Some(house.now()),
    };
    house.runtime.block_on(async {
        workspace.set_preferences(&user.id, &row, &deed()).await.unwrap();
        workspace.notify(&[notice], house.now()).await.unwrap();
    });
    for mood in [SmtpMood::Busy, SmtpMood::Closes, SmtpMood::Takes] {
        smtp.set_mood(mood);
        house.run_due();
        pass::<13>(DAY);
    }
    let letters = smtp.letters();
    let text = letters.last().unwrap().text.replace("=\n", "");
    let token = text.split("/unsubscribe/").nth(1).unwrap();
    secrets
        .push(token.chars().take_while(|it| it.is_alphanumeric() || "-_".contains(*it)).collect());
}
