//! Endpoints are told in order, at least once, signed so that others can tell; and not for ever in vain.

use serde_json::{Value, json};
use server::{Config, Role};
use store::{News, WebhookChange};

use crate::clocks::{DAY, HOUR, clock, pass};
use crate::house::{Caller, HERE, House, deed, on_both_still};
use crate::python;
use crate::receiver::Receiver;

fn allowing() -> Config {
    Config { outbound_allow: "127.0.0.1".parse().unwrap(), ..Config::default() }
}

fn make(admin: &Caller<'_>, url: &str, events: &[&str]) -> Value {
    admin.post("/api/v1/webhooks", &json!({ "url": url, "events": events })).ok()
}

fn news(number: usize) -> News {
    News { event: "finding.new".to_owned(), body: format!("{{\"number\":{number}}}") }
}

fn tell(house: &House, number: usize) {
    let telling = house.workspace(HERE);
    house.runtime.block_on(telling.tell_webhooks(&news(number), house.now())).unwrap();
}

/// An endpoint that is told nothing, and what it would be told.
pub(crate) fn disabled_with_delivery(house: &House, workspace: &str) -> (String, String) {
    let id = uuid::Uuid::now_v7().to_string();
    let webhook = store::Webhook {
        id: id.clone(),
        url: "https://hooks.example.org/".to_owned(),
        events: vec!["finding.new".to_owned()],
        created_by: "system".to_owned(),
        created_at: house.now(),
        failing_since: None,
        failures: 0,
        disabled_at: None,
        disabled_why: None,
    };
    let workspace = house.workspace(workspace);
    house.runtime.block_on(async {
        workspace.create_webhook(&webhook, "whsec_AAAA", &deed()).await.unwrap();
        workspace.disable_webhook(&id, "a test's", &deed()).await.unwrap();
        workspace.tell_webhook(&id, &news(0), &deed()).await.unwrap();
        let delivery = workspace.deliveries(&id, i64::MAX, 1).await.unwrap().remove(0);
        (id, delivery.id)
    })
}

#[test]
fn an_endpoint_is_told_in_order_and_again_until_it_takes_it() {
    on_both_still::<6>(&allowing(), |house| {
        let receiver = Receiver::start();
        let (id, _) = disabled_with_delivery(house, HERE);
        let workspace = house.workspace(HERE);
        let change = WebhookChange {
            url: Some(receiver.url()),
            is_enabled: Some(true),
            ..WebhookChange::default()
        };
        house.runtime.block_on(workspace.change_webhook(&id, &change, &deed())).unwrap();
        receiver.answers(&[500, 204, 302, 404], 200);
        for number in 1..=5 {
            tell(house, number);
        }
        let unwanted = News { event: "finding.changed".to_owned(), body: "{}".to_owned() };
        house.runtime.block_on(workspace.tell_webhooks(&unwanted, house.now())).unwrap();
        for _ in 0..9 {
            house.run_due();
            pass::<6>(HOUR);
        }
        let told: Vec<String> = receiver.received().into_iter().map(|it| it.body).collect();
        let expected = [0, 0, 1, 1, 1, 2, 3, 4, 5].map(|number| news(number).body);
        assert_eq!(told, expected);
    });
}

const VERIFY: &str = "
import json, sys
from standardwebhooks.webhooks import Webhook
headers = json.loads(sys.argv[2])
print(json.dumps(Webhook(sys.argv[1]).verify(sys.argv[3], headers)))
";

/// The clock of this machine: whoever checks a signature also looks whether it is of this moment.
#[expect(clippy::disallowed_methods, reason = "the package that checks has no other clock")]
fn real() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_micros()).unwrap()
}

#[test]
fn the_library_of_standard_webhooks_takes_our_signature_and_no_changed_body() {
    let Some(python) = python::with("standardwebhooks", &["standardwebhooks==1.0.0"]) else {
        return;
    };
    let receiver = Receiver::start();
    let house = House::begin_at(tempfile::tempdir().unwrap(), allowing(), real);
    let admin = house.signed_in(HERE, Role::Admin);
    let made = make(&admin, &receiver.url(), &["finding.new"]);
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert_eq!(admin.post(&format!("/api/v1/webhooks/{id}/test"), &json!({})).status, 202);
    let received = crate::jobs::until(|| receiver.received().into_iter().next());
    let headers = serde_json::to_string(&received.headers).unwrap();
    let verified = python::run(&python, VERIFY, &[secret, &headers, &received.body]);
    let told = String::from_utf8_lossy(&verified.stderr).into_owned();
    assert!(verified.status.success(), "{told}");
    let told: Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!((&told["type"], &told["data"]["webhook"]), (&json!("webhook.test"), &json!(id)));
    let changed = received.body.replace("webhook.test", "webhook.tset");
    assert!(!python::run(&python, VERIFY, &[secret, &headers, &changed]).status.success());
    let other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert!(!python::run(&python, VERIFY, &[other, &headers, &received.body]).status.success());
}

#[test]
fn the_log_tells_what_came_back_and_a_replay_is_the_same_message() {
    let receiver = Receiver::start();
    let house = House::begin_at(tempfile::tempdir().unwrap(), allowing(), clock::<7>);
    let admin = house.signed_in(HERE, Role::Admin);
    let id = make(&admin, &receiver.url(), &["finding.new"])["id"].as_str().unwrap().to_owned();
    assert_eq!(admin.post(&format!("/api/v1/webhooks/{id}/test"), &json!({})).status, 202);
    let log = || admin.get(&format!("/api/v1/webhooks/{id}/deliveries")).ok()["items"].clone();
    let first = crate::jobs::until(|| log()[0]["delivered_at"].is_string().then(log));
    assert_eq!((&first[0]["status"], &first[0]["attempts"]), (&json!(204), &json!(1)));
    let delivery = first[0]["id"].as_str().unwrap();
    let replay = format!("/api/v1/webhooks/{id}/deliveries/{delivery}/replay");
    assert_eq!(admin.post(&replay, &json!({})).status, 202);
    crate::jobs::until(|| (receiver.received().len() == 2).then_some(()));
    let ids: Vec<String> =
        receiver.received().iter().map(|it| it.headers["webhook-id"].clone()).collect();
    assert_eq!(ids[0], ids[1], "whoever took it can tell that it came before");
    crate::jobs::until(|| log()[0]["delivered_at"].is_string().then_some(()));
    let page = admin.get(&format!("/api/v1/webhooks/{id}/deliveries?limit=1")).ok();
    let next = page["next"].as_str().unwrap();
    let rest = admin.get(&format!("/api/v1/webhooks/{id}/deliveries?limit=1&after={next}")).ok();
    assert_eq!(rest["items"][0]["id"], delivery);
}

#[test]
fn an_endpoint_that_fails_for_long_is_disabled_with_a_notice_and_goes_on_where_it_was() {
    let receiver = Receiver::start();
    let house = House::begin_at(tempfile::tempdir().unwrap(), allowing(), clock::<8>);
    let admin = house.user(HERE, Role::Admin).id;
    let id = make(&house.session(&admin), &receiver.url(), &["finding.new"])["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let house = house.with(allowing());
    receiver.answers(&[], 503);
    tell(&house, 1);
    for _ in 0..6 * 24 {
        house.run_due();
        pass::<8>(HOUR);
    }
    let tried = receiver.received().len();
    assert!((100..150).contains(&tried), "about once an hour: {tried}");
    tell(&house, 2);
    pass::<8>(DAY);
    house.run_due();
    assert_eq!(receiver.received().len(), tried, "it is told nothing more");
    let found = house.runtime.block_on(house.workspace(HERE).find_webhook(&id)).unwrap().unwrap();
    assert!(found.disabled_at.is_some());
    receiver.answers(&[], 204);
    let house = house.with(allowing()).serve();
    let admin = house.session(&admin);
    let inbox = admin.get("/api/v1/notifications").ok();
    assert_eq!(inbox["items"].as_array().unwrap().len(), 1, "{inbox}");
    assert_eq!(inbox["items"][0]["object"], format!("webhook:{id}"));
    let sentence = inbox["items"][0]["sentence"].as_str().unwrap();
    assert!(sentence.contains("it answered 503") && !sentence.contains("secret"), "{sentence}");
    let enabled = admin.send(
        reqwest::Method::PATCH,
        &format!("/api/v1/webhooks/{id}"),
        Some(&json!({ "enabled": true })),
    );
    assert_eq!(enabled.status, 204, "{}", enabled.text);
    crate::jobs::until(|| (receiver.received().len() > tried).then_some(()));
    assert_eq!(receiver.received()[tried].body, news(1).body);
}

#[test]
fn an_address_that_is_not_for_everybody_is_refused_and_one_that_says_gone_is_told_no_more() {
    let house = House::on_sqlite();
    let admin = house.signed_in(HERE, Role::Admin);
    for url in
        ["http://127.0.0.1/", "http://[::1]/", "ftp://a.example/", "http://u:p@a.example/", "x"]
    {
        let answer =
            admin.post("/api/v1/webhooks", &json!({ "url": url, "events": ["finding.new"] }));
        assert_eq!((answer.status, &*answer.code()), (400, "invalid_input"), "{url}");
        assert_eq!(answer.json()["at"], "/url", "{url}");
    }
    let nothing = json!({ "url": "https://a.example/", "events": [] });
    assert_eq!(admin.post("/api/v1/webhooks", &nothing).status, 400);
    let receiver = Receiver::start();
    receiver.answers(&[], 410);
    let house = House::begin_at(tempfile::tempdir().unwrap(), allowing(), clock::<9>);
    let admin = house.signed_in(HERE, Role::Admin);
    let id = make(&admin, &receiver.url(), &["finding.new"])["id"].as_str().unwrap().to_owned();
    tell(&house, 1);
    let shown = crate::jobs::until(|| {
        let shown = admin.get(&format!("/api/v1/webhooks/{id}")).ok();
        shown["disabled_at"].is_string().then_some(shown)
    });
    assert_eq!(shown["disabled_why"], "it answered 410");
    assert_eq!(
        admin.send(reqwest::Method::DELETE, &format!("/api/v1/webhooks/{id}"), None).status,
        204
    );
    assert_eq!(admin.get(&format!("/api/v1/webhooks/{id}")).status, 404);
}

/// S5 for webhooks, whose addresses come from users: whatever passes the door is tried, and reaches nobody here.
#[test]
fn s5_no_webhook_reaches_what_is_not_for_everybody() {
    let receiver = Receiver::start();
    let port = receiver.url().split([':', '/']).nth(4).unwrap().to_owned();
    let house = House::begin_at(tempfile::tempdir().unwrap(), Config::default(), clock::<14>);
    let admin = house.signed_in(HERE, Role::Admin);
    let (id, _) = disabled_with_delivery(&house, HERE);
    let addresses: Vec<String> = include_str!("../addresses.txt")
        .lines()
        .map(|line| line.replace("PORT", &port).replace("\\n", "\n"))
        .collect();
    assert!(addresses.len() >= 60);
    for address in &addresses {
        let new = json!({ "url": address, "events": ["finding.new"] });
        let made = admin.post("/api/v1/webhooks", &new);
        assert!(matches!(made.status, 201 | 400), "{address}: {}", made.status);
        let change = json!({ "url": address });
        let path = format!("/api/v1/webhooks/{id}");
        let changed = admin.send(reqwest::Method::PATCH, &path, Some(&change));
        assert!(matches!(changed.status, 204 | 400), "{address}: {}", changed.status);
    }
    // Behind the door too: an address that a database holds is looked at again when it is used.
    let house = house.with(Config::default());
    let workspace = house.workspace(HERE);
    for address in &addresses {
        let change = WebhookChange {
            url: Some(address.clone()),
            is_enabled: Some(true),
            ..WebhookChange::default()
        };
        house.runtime.block_on(workspace.change_webhook(&id, &change, &deed())).unwrap();
        pass::<14>(HOUR);
        house.run_due();
        let told =
            house.runtime.block_on(workspace.deliveries(&id, i64::MAX, 1)).unwrap().remove(0);
        assert!(told.delivered_at.is_none() && told.failure.is_some(), "{address}: {told:?}");
    }
    assert_eq!(receiver.received(), []);
}
