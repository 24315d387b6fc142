//! S1: every route, asked by everybody, for what is theirs, what is another workspace's, and what is not there.
//!
//! A route without a line in [`SAMPLES`] fails the test: whoever adds one says here how it is asked.

use std::collections::HashMap;

use engine::import::hash;
use engine::lake::Keys;
use reqwest::Method;
use serde_json::{Value, json};
use server::{Line, Need, Role, Scope, Token, table};
use store::{Deed, NewSession};

use crate::house::{Caller, ELSEWHERE, HERE, House, deed, now, on_both};

mod of_collection;
mod of_journeys;

/// How a route is asked.
struct Sample {
    method: &'static str,
    path: &'static str,
    /// What each parameter of the path names, as [`World::of`] knows it.
    names: &'static [(&'static str, &'static str)],
    /// JSON, or a form if it does not begin with a brace.
    body: Option<&'static str>,
}

const fn of(
    method: &'static str,
    path: &'static str,
    names: &'static [(&'static str, &'static str)],
    body: &'static str,
) -> Sample {
    Sample { method, path, names, body: Some(body) }
}

const fn without_body(
    method: &'static str,
    path: &'static str,
    names: &'static [(&'static str, &'static str)],
) -> Sample {
    Sample { method, path, names, body: None }
}

const fn get(path: &'static str) -> Sample {
    Sample { method: "GET", path, names: &[], body: None }
}

const fn post(path: &'static str, body: &'static str) -> Sample {
    Sample { method: "POST", path, names: &[], body: Some(body) }
}

const fn of_journey(path: &'static str) -> Sample {
    Sample { method: "GET", path, names: &[("id", "journey")], body: None }
}

const SAMPLES: &[Sample] = &[
    get("/healthz"),
    get("/readyz"),
    get("/api/v1/openapi.json"),
    get("/api/v1/me"),
    get("/api/v1/audit"),
    get("/api/v1/audit/verify"),
    get("/api/v1/audit/export"),
    post("/api/v1/responses", r#"{"responses":[]}"#),
    post("/api/v1/complaints", r#"{"complaints":[]}"#),
    of_journey("/api/v1/journeys/{id}/measures"),
    of_journey("/api/v1/journeys/{id}/measures/events"),
    of_journey("/api/v1/journeys/{id}/report"),
    of_journey("/api/v1/journeys/{id}/charts"),
    of_journey("/api/v1/journeys/{id}/charts/{name}"),
    // people
    get("/entry.css"),
    without_body("GET", "/setup/{token}", &[("token", "link")]),
    of(
        "POST",
        "/setup/{token}",
        &[("token", "link")],
        "workspace=Ours&name=Ann&email=ann@example.org&password=correct+horse+battery",
    ),
    get("/login"),
    of("POST", "/login", &[], "email=nobody@example.org&password=correct+horse+battery"),
    get("/login/code"),
    of("POST", "/login/code", &[], "code=123456"),
    without_body("POST", "/logout", &[]),
    without_body("GET", "/invite/{token}", &[("token", "link")]),
    of("POST", "/invite/{token}", &[("token", "link")], "name=Ann&password=correct+horse+battery"),
    without_body("GET", "/reset/{token}", &[("token", "link")]),
    of("POST", "/reset/{token}", &[("token", "link")], "password=correct+horse+battery"),
    get("/oidc/begin"),
    get("/oidc/callback"),
    of(
        "POST",
        "/api/v1/sign_in",
        &[],
        r#"{"email":"nobody@example.org","password":"correct horse battery"}"#,
    ),
    of("POST", "/api/v1/sign_in/code", &[], r#"{"token":"none","code":"123456"}"#),
    without_body("POST", "/api/v1/sign_out", &[]),
    of("PUT", "/api/v1/me/password", &[], r#"{"password":"correct horse battery"}"#),
    of("POST", "/api/v1/me/prove", &[], r#"{"password":"correct horse battery"}"#),
    get("/api/v1/me/sessions"),
    without_body("DELETE", "/api/v1/me/sessions", &[]),
    without_body("DELETE", "/api/v1/me/sessions/{session}", &[("session", "session")]),
    without_body("POST", "/api/v1/me/second_factor", &[]),
    without_body("DELETE", "/api/v1/me/second_factor", &[]),
    of("POST", "/api/v1/me/second_factor/confirm", &[], r#"{"code":"123456"}"#),
    without_body("POST", "/api/v1/me/second_factor/recovery_codes", &[]),
    of("POST", "/api/v1/me/invitations", &[], r#"{"token":"none"}"#),
    get("/api/v1/workspaces"),
    of("POST", "/api/v1/workspaces", &[], r#"{"name":"another"}"#),
    get("/api/v1/users"),
    of("POST", "/api/v1/users/{user}/deactivate", &[("user", "user")], "{}"),
    without_body("POST", "/api/v1/users/{user}/owner", &[("user", "user")]),
    of("PATCH", "/api/v1/workspace", &[], r#"{"name":"ours"}"#),
    get("/api/v1/units"),
    of("POST", "/api/v1/units", &[], r#"{"name":"a branch"}"#),
    of("PUT", "/api/v1/units/{unit}", &[("unit", "unit")], r#"{"name":"a branch"}"#),
    without_body("DELETE", "/api/v1/units/{unit}", &[("unit", "unit")]),
    get("/api/v1/members"),
    of("PUT", "/api/v1/members/{user}", &[("user", "user")], r#"{"role":"viewer"}"#),
    without_body("DELETE", "/api/v1/members/{user}", &[("user", "user")]),
    without_body("GET", "/api/v1/members/{user}/owned", &[("user", "user")]),
    of("POST", "/api/v1/members/{user}/deactivate", &[("user", "user")], "{}"),
    without_body("POST", "/api/v1/members/{user}/password_link", &[("user", "user")]),
    get("/api/v1/invitations"),
    of("POST", "/api/v1/invitations", &[], r#"{"email":"new@example.org","role":"viewer"}"#),
    without_body("POST", "/api/v1/invitations/{invitation}/renew", &[("invitation", "invitation")]),
    without_body("DELETE", "/api/v1/invitations/{invitation}", &[("invitation", "invitation")]),
    get("/api/v1/keys"),
    of("POST", "/api/v1/keys", &[], r#"{"name":"a page","scopes":["collect"]}"#),
    without_body("DELETE", "/api/v1/keys/{key}", &[("key", "key")]),
    of_journey("/api/v1/journeys/{id}/trends"),
    of_journey("/api/v1/journeys/{id}/differences"),
    of_journey("/api/v1/journeys/{id}/verdicts"),
    of_journey("/api/v1/journeys/{id}/bindings"),
    Sample {
        method: "POST",
        body: Some(r#"{"document":"footpath: 1"}"#),
        ..of_journey("/api/v1/journeys/{id}/preview")
    },
    post("/api/v1/discover", "{}"),
    of_journey("/api/v1/journeys/{id}/instances"),
    of_journey("/api/v1/journeys/{id}/instances/{instance}"),
    get("/api/v1/customers"),
    post("/api/v1/customers/erase", r#"{"customer":"nobody"}"#),
    get("/api/v1/erasures"),
    get("/api/v1/retention"),
    of("PUT", "/api/v1/retention", &[], r#"{"events":1200}"#),
    post("/api/v1/retention/preview", r#"{"events":24}"#),
    post("/api/v1/customers/export", r#"{"customer":"nobody"}"#),
    Sample { names: &[("key", "customer")], ..get("/api/v1/customers/{key}/timeline") },
    get("/api/v1/findings"),
    post("/api/v1/findings", r#"{"journey":"cafe","sentence":"Nobody greets"}"#),
    without_body("GET", "/api/v1/findings/{finding}", &[("finding", "finding")]),
    of("PATCH", "/api/v1/findings/{finding}", &[("finding", "finding")], r#"{"note":"seen"}"#),
    of(
        "POST",
        "/api/v1/findings/{finding}/merge",
        &[("finding", "finding")],
        r#"{"into":"01900000-0000-7000-8000-000000000001"}"#,
    ),
    without_body("GET", "/api/v1/findings/{finding}/history", &[("finding", "finding")]),
    without_body("GET", "/api/v1/findings/{finding}/sizes", &[("finding", "finding")]),
    get("/api/v1/owned"),
    without_body("POST", "/api/v1/journeys/{id}/findings/refresh", &[("id", "journey")]),
    get("/api/v1/notifications"),
    get("/api/v1/notifications/unread"),
    without_body(
        "POST",
        "/api/v1/notifications/{notification}/read",
        &[("notification", "notification")],
    ),
    post("/api/v1/notifications/read", r#"{"up_to":"00000000-0000-7000-8000-000000000000"}"#),
    get("/api/v1/notifications/preferences"),
    of("PUT", "/api/v1/notifications/preferences", &[], r#"{"digest":"weekly"}"#),
    // No thing of the world: whoever has such a link is whom it was sent to.
    without_body("GET", "/unsubscribe/{token}", &[("token", "link at the foot of a letter")]),
    without_body("POST", "/unsubscribe/{token}", &[("token", "link at the foot of a letter")]),
    get("/api/v1/jobs"),
    without_body("POST", "/api/v1/jobs/{job}/retry", &[("job", "job")]),
    get("/api/v1/webhooks"),
    of(
        "POST",
        "/api/v1/webhooks",
        &[],
        r#"{"url":"https://hooks.example.org/","events":["finding.new"]}"#,
    ),
    without_body("GET", "/api/v1/webhooks/{webhook}", &[("webhook", "webhook")]),
    of("PATCH", "/api/v1/webhooks/{webhook}", &[("webhook", "webhook")], r#"{"enabled":false}"#),
    without_body("DELETE", "/api/v1/webhooks/{webhook}", &[("webhook", "webhook")]),
    without_body("POST", "/api/v1/webhooks/{webhook}/test", &[("webhook", "webhook")]),
    without_body("GET", "/api/v1/webhooks/{webhook}/deliveries", &[("webhook", "webhook")]),
    without_body(
        "POST",
        "/api/v1/webhooks/{webhook}/deliveries/{delivery}/replay",
        &[("webhook", "webhook"), ("delivery", "delivery")],
    ),
];

/// Whose thing a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    Own,
    Others,
    Absent,
}

/// Things of both workspaces, by what they are.
#[derive(Default)]
struct World {
    things: HashMap<(&'static str, Whose), String>,
}

impl World {
    /// Makes one thing of each kind in both workspaces.
    fn of(house: &House) -> Self {
        let mut world = Self::default();
        for (workspace, whose) in [(HERE, Whose::Own), (ELSEWHERE, Whose::Others)] {
            let journey = format!("journey-{workspace}");
            house.app.publish(workspace, &journey, crate::measures::CAFE);
            crate::measures::cafe(house, workspace, 12);
            let key = Keys::new(house.workspace(workspace).key()).of(hash(b"C1"));
            world.things.insert(("customer", whose), format!("{key:016x}"));
            world.things.insert(("journey", whose), journey);
            let owner = house.signed_in(workspace, Role::Owner);
            let id = |path: &str, body: Value| {
                owner.post(path, &body).ok()["id"].as_str().unwrap().to_owned()
            };
            let session = owner.get("/api/v1/me/sessions").ok()[0]["id"].clone();
            let invitation = json!({ "email": "new@example.org", "role": "viewer" });
            let things = [
                ("user", house.user(workspace, Role::Viewer).id),
                ("session", session.as_str().unwrap().to_owned()),
                ("unit", id("/api/v1/units", json!({ "name": "a branch" }))),
                ("invitation", id("/api/v1/invitations", invitation)),
                ("key", id("/api/v1/keys", json!({ "name": "k", "scopes": ["collect"] }))),
            ];
            for (thing, id) in things.into_iter().chain(of_journeys::things(house, workspace)) {
                world.things.insert((thing, whose), id);
            }
            for (thing, id) in of_collection::things(house, workspace) {
                world.things.insert((thing, whose), id);
            }
            world.things.insert(("job", whose), crate::jobs::dead_job(house, workspace));
            let (webhook, delivery) = crate::webhooks::disabled_with_delivery(house, workspace);
            world.things.insert(("webhook", whose), webhook);
            world.things.insert(("delivery", whose), delivery);
            let finding = crate::findings::made(house, workspace);
            world.things.insert(("finding", whose), finding);
            world.things.insert(("notification", whose), crate::findings::told(house, workspace));
        }
        world
    }

    fn path(&self, sample: &Sample, whose: Whose) -> String {
        let mut path = sample.path.to_owned();
        for (name, thing) in sample.names {
            let absent = || "01900000-0000-7000-8000-000000000000".to_owned();
            let id = self.things.get(&(*thing, whose)).cloned().unwrap_or_else(absent);
            path = path.replace(&format!("{{{name}}}"), &id);
        }
        path
    }
}

fn sample(line: &Line) -> &'static Sample {
    let is_of = |sample: &&Sample| {
        // Some need a parameter behind the path.
        let path = sample.path.split('?').next().unwrap();
        sample.method == line.method && path == line.path
    };
    let mut all = SAMPLES.iter().chain(of_collection::SAMPLES).chain(of_journeys::SAMPLES);
    all.find(is_of).unwrap_or_else(|| {
        panic!("{} {} is a new route: say in SAMPLES how it is asked", line.method, line.path)
    })
}

/// Somebody who may ask.
struct Asking {
    name: String,
    /// A user, who gets a new session for every request: some requests end it.
    user: Option<String>,
    key: Option<String>,
    may: Box<dyn Fn(Need) -> bool>,
}

impl Asking {
    fn caller<'a>(&self, house: &'a House) -> Caller<'a> {
        match (&self.user, &self.key) {
            // Some are made an owner of another workspace on the way.
            (Some(user), _) => house.session(user).with("footpath-workspace", HERE),
            (_, Some(key)) => house.anonymous().with("authorization", &format!("Bearer {key}")),
            _ => house.anonymous(),
        }
    }
}

/// Everybody who may ask, and whether what the route needs is theirs.
fn everybody(house: &House) -> Vec<Asking> {
    let mut all = vec![Asking {
        name: "anonymous".to_owned(),
        user: None,
        key: None,
        may: Box::new(|need| need == Need::Public),
    }];
    for role in Role::ALL {
        let may = move |need| match need {
            Need::Public | Need::SignedIn => true,
            Need::Installation => false,
            Need::Right(right) => role.may(right),
            // Whoever collects has a key; who is signed in does not matter.
            Need::Key(_) => false,
        };
        let user = Some(house.user(HERE, role).id);
        all.push(Asking { name: role.name().to_owned(), user, key: None, may: Box::new(may) });
    }
    let may = |need| match need {
        Need::Right(right) => Role::Viewer.may(right),
        Need::Public | Need::SignedIn | Need::Installation => true,
        Need::Key(_) => false,
    };
    let user = house.user(HERE, Role::Viewer).id;
    house.runtime.block_on(house.app.store().make_owner(&user, &deed())).unwrap();
    let name = "owner of the installation".to_owned();
    all.push(Asking { name, user: Some(user), key: None, may: Box::new(may) });
    for scope in Scope::ALL {
        let may = move |need| match need {
            Need::Public => true,
            Need::SignedIn | Need::Installation => false,
            Need::Right(right) | Need::Key(right) => scope.may(right),
        };
        let name = format!("key {}", scope.name());
        let key = Some(house.key_text(HERE, &[scope]));
        all.push(Asking { name, user: None, key, may: Box::new(may) });
    }
    all
}

/// Where only keys are looked at, a user is as good as a stranger.
fn is_nobody(need: Need, name: &str) -> bool {
    matches!(need, Need::Key(_)) && !name.starts_with("key ")
}

#[track_caller]
fn ask(caller: &Caller<'_>, sample: &Sample, path: &str) -> u16 {
    let method: Method = sample.method.parse().unwrap();
    let body = sample.body.map(|text| {
        let is_form = !text.starts_with(['{', '[']);
        let kind = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
        (kind, text.as_bytes().to_vec())
    });
    caller.send_bytes(method, path, body).status
}

#[test]
fn every_route_lets_in_whom_the_table_names_and_nobody_else() {
    on_both(|house| {
        let world = World::of(house);
        let everybody = everybody(house);
        for line in table() {
            let sample = sample(&line);
            for asking in &everybody {
                let Asking { name, may, .. } = asking;
                // What is not there changes nothing, so that the next one finds the same.
                let path = world.path(sample, Whose::Absent);
                let status = ask(&asking.caller(house), sample, &path);
                let told = format!("{name}: {} {path}: {status}", line.method);
                assert!(status < 500, "{told}");
                if may(line.need) {
                    assert!(status != 401 && status != 403, "{told}");
                } else if name == "anonymous" || is_nobody(line.need, name) {
                    assert_eq!(status, 401, "{told}");
                } else {
                    assert_eq!(status, 403, "{told}");
                }
            }
        }
    });
}

#[test]
fn what_belongs_to_another_workspace_is_as_if_it_were_not_there() {
    on_both(|house| {
        let world = World::of(house);
        // Users belong to the whole installation, and so does who looks after it.
        let is_scoped = |line: &Line| line.path.contains('{') && line.need != Need::Installation;
        for line in table().into_iter().filter(is_scoped) {
            let (ours, theirs) =
                (house.signed_in(HERE, Role::Owner), house.signed_in(ELSEWHERE, Role::Owner));
            let sample = sample(&line);
            for (caller, whose) in
                [(&ours, Whose::Others), (&ours, Whose::Absent), (&theirs, Whose::Own)]
            {
                let path = world.path(sample, whose);
                let status = ask(caller, sample, &path);
                assert_eq!(status, 404, "{} {path} ({whose:?})", line.method);
            }
        }
    });
}

#[test]
fn a_user_of_another_workspace_cannot_name_this_one() {
    on_both(|house| {
        let stranger = house.signed_in(ELSEWHERE, Role::Owner).with("footpath-workspace", HERE);
        for line in table().into_iter().filter(|line| matches!(line.need, Need::Right(_))) {
            let sample = sample(&line);
            let status = ask(&stranger, sample, &World::default().path(sample, Whose::Absent));
            assert_eq!(status, 404, "{} {}", line.method, line.path);
        }
    });
}

#[test]
fn a_session_or_key_that_nobody_knows_opens_nothing() {
    on_both(|house| {
        let forged = [
            house.anonymous().with("cookie", "footpath_session=AAAA"),
            house.anonymous().with("authorization", "Bearer fp_AAAA"),
            house.anonymous().with("authorization", "Basic AAAA"),
            house.anonymous().with("authorization", "Nonsense"),
        ];
        for line in table().into_iter().filter(|line| line.need != Need::Public) {
            let sample = sample(&line);
            for caller in &forged {
                let status = ask(caller, sample, &World::default().path(sample, Whose::Absent));
                assert_eq!(status, 401, "{} {} {:?}", line.method, line.path, caller.headers);
            }
        }
    });
}

#[test]
fn who_was_let_in_once_is_refused_when_it_is_over() {
    on_both(|house| {
        let user = house.user(HERE, Role::Owner).id;
        let successor = house.user(HERE, Role::Owner).id;
        let gone = house.session(&user);
        let key = json!({ "name": "k", "scopes": ["admin"] });
        let secret = gone.post("/api/v1/keys", &key).ok()["secret"].as_str().unwrap().to_owned();
        let key = house.anonymous().with("authorization", &format!("Bearer {secret}"));
        assert_eq!(key.get("/api/v1/members").status, 200);
        // Behind the server's back, so that nothing is handed over.
        let store = house.app.store();
        let over = [
            // Past its end, and not seen for longer than `session_hours`.
            (Deed { at: now() - 3_600_000_000, ..deed() }, now() - 1),
            (Deed { at: now() - 13 * 3_600_000_000, ..deed() }, now() + 3_600_000_000),
        ]
        .map(|(deed, expires_at)| {
            let token = Token::new("").unwrap();
            let session = NewSession { token_hash: &token.hash(), user: &successor, expires_at };
            house.runtime.block_on(store.begin_session(&session, &deed)).unwrap();
            house.anonymous().with("cookie", &format!("footpath_session={}", token.text()))
        });
        let ended = house.session(&successor);
        assert_eq!(ended.send(Method::POST, "/api/v1/sign_out", None).status, 204);
        let refused = house
            .session(&successor)
            .post(&format!("/api/v1/members/{user}/deactivate"), &json!({}));
        assert_eq!((refused.status, &*refused.code()), (409, "conflict"));
        assert_eq!(gone.get("/api/v1/me").status, 200, "nothing happened");
        let given = json!({ "hand_over_to": successor });
        let path = format!("/api/v1/members/{user}/deactivate");
        assert_eq!(house.session(&successor).post(&path, &given).status, 204);
        assert_eq!(key.get("/api/v1/members").status, 200, "its new owner answers for it");
        let outsiders = [&gone, &ended, &over[0], &over[1]];
        for line in table().into_iter().filter(|line| line.need != Need::Public) {
            let sample = sample(&line);
            for caller in outsiders {
                let status = ask(caller, sample, &World::default().path(sample, Whose::Absent));
                assert_eq!(status, 401, "{} {} {:?}", line.method, line.path, caller.headers);
            }
        }
    });
}

#[test]
fn an_admin_of_another_workspace_reaches_nothing_by_ids_inside_a_request() {
    on_both(|house| {
        let world = World::of(house);
        let theirs = |thing| world.things[&(thing, Whose::Others)].clone();
        let admin = house.signed_in(HERE, Role::Admin);
        let unit = theirs("unit");
        let user = house.user(HERE, Role::Viewer).id;
        let refused = [
            admin.post("/api/v1/units", &json!({ "name": "a", "parent": unit })),
            admin.post(
                "/api/v1/invitations",
                &json!({ "email": "a@example.org", "role": "viewer", "unit": unit }),
            ),
            admin.send(
                Method::PUT,
                &format!("/api/v1/members/{user}"),
                Some(&json!({ "role": "viewer", "unit": unit })),
            ),
        ];
        for answer in refused {
            assert_eq!((answer.status, &*answer.code()), (400, "invalid_input"), "{}", answer.text);
        }
        // Somebody of another workspace cannot take over what is owned here.
        let owner = house.user(HERE, Role::Editor);
        let editor = house.user(HERE, Role::Admin).id;
        let key = json!({ "name": "k", "scopes": ["read"] });
        house.session(&editor).post("/api/v1/keys", &key).ok();
        let path = format!("/api/v1/members/{editor}/deactivate");
        let given = json!({ "hand_over_to": theirs("user") });
        let boss = house.signed_in(HERE, Role::Owner);
        assert_eq!(boss.post(&path, &given).code(), "conflict");
        assert_eq!(boss.post(&path, &json!({ "hand_over_to": owner.id })).status, 204);
    });
}
