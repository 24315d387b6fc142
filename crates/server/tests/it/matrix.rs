//! S1: every route, asked by everybody, for what is theirs, what is another workspace's, and what is not there.
//!
//! A route without a line in [`SAMPLES`] fails the test: whoever adds one says here how it is asked.

use std::collections::HashMap;

use reqwest::Method;
use serde_json::Value;
use server::{Line, Need, Role, Scope, table};

use crate::house::{Caller, ELSEWHERE, HERE, House, on_both};

mod of_journeys;

/// How a route is asked.
struct Sample {
    method: &'static str,
    path: &'static str,
    /// What each parameter of the path names, as [`World::of`] knows it.
    names: &'static [(&'static str, &'static str)],
    /// JSON.
    body: Option<&'static str>,
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
    post("/api/v1/responses", r#"{"responses":[]}"#),
    post("/api/v1/complaints", r#"{"complaints":[]}"#),
    of_journey("/api/v1/journeys/{id}/measures"),
    of_journey("/api/v1/journeys/{id}/report"),
    of_journey("/api/v1/journeys/{id}/charts"),
    of_journey("/api/v1/journeys/{id}/charts/{name}"),
    post("/v1/track", r#"{"event":"Paid","userId":"ada"}"#),
    post("/v1/identify", r#"{"userId":"ada"}"#),
    post("/v1/page", r#"{"userId":"ada"}"#),
    post("/v1/screen", r#"{"userId":"ada"}"#),
    post("/v1/group", r#"{"userId":"ada"}"#),
    post("/v1/alias", r#"{"userId":"ada"}"#),
    post("/v1/batch", r#"{"batch":[]}"#),
    post("/v1/t", r#"{"event":"Paid","userId":"ada"}"#),
    post("/v1/i", r#"{"userId":"ada"}"#),
    post("/v1/p", r#"{"userId":"ada"}"#),
    post("/v1/s", r#"{"userId":"ada"}"#),
    post("/v1/g", r#"{"userId":"ada"}"#),
    post("/v1/a", r#"{"userId":"ada"}"#),
    post("/v1/b", r#"{"batch":[]}"#),
    Sample {
        method: "GET",
        path: "/api/v1/keys/{key}/quota",
        names: &[("key", "key")],
        body: None,
    },
    Sample {
        method: "PUT",
        path: "/api/v1/keys/{key}/quota",
        names: &[("key", "key")],
        body: Some(r#"{"events_a_minute":1000}"#),
    },
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
            world.things.insert(("journey", whose), journey);
            let (key, _) = house.new_key(workspace, &[Scope::Collect]);
            world.things.insert(("key", whose), key);
            for (thing, id) in of_journeys::things(house, workspace) {
                world.things.insert((thing, whose), id);
            }
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
    SAMPLES.iter().chain(of_journeys::SAMPLES).find(is_of).unwrap_or_else(|| {
        panic!("{} {} is a new route: say in SAMPLES how it is asked", line.method, line.path)
    })
}

/// Everybody who may ask, and whether what the route needs is theirs.
fn everybody(house: &House) -> Vec<(String, Caller<'_>, Box<dyn Fn(Need) -> bool>)> {
    let mut all: Vec<(String, Caller<'_>, Box<dyn Fn(Need) -> bool>)> =
        vec![("anonymous".to_owned(), house.anonymous(), Box::new(|need| need == Need::Public))];
    for role in Role::ALL {
        let may = move |need| match need {
            Need::Public | Need::SignedIn => true,
            Need::Right(right) => role.may(right),
            // Whoever collects has a key; who is signed in does not matter.
            Need::Key(_) => false,
        };
        all.push((role.name().to_owned(), house.signed_in(HERE, role), Box::new(may)));
    }
    for scope in Scope::ALL {
        let may = move |need| match need {
            Need::Public => true,
            Need::SignedIn => false,
            Need::Right(right) | Need::Key(right) => scope.may(right),
        };
        all.push((format!("key {}", scope.name()), house.key(HERE, &[scope]), Box::new(may)));
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
    let body: Option<Value> = sample.body.map(|text| serde_json::from_str(text).unwrap());
    caller.send(method, path, body.as_ref()).status
}

#[test]
fn every_route_lets_in_whom_the_table_names_and_nobody_else() {
    on_both(|house| {
        let world = World::of(house);
        let everybody = everybody(house);
        for line in table() {
            let sample = sample(&line);
            for (name, caller, may) in &everybody {
                // What is not there changes nothing, so that the next one finds the same.
                let path = world.path(sample, Whose::Absent);
                let status = ask(caller, sample, &path);
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
        let (ours, theirs) =
            (house.signed_in(HERE, Role::Owner), house.signed_in(ELSEWHERE, Role::Owner));
        let named = table().into_iter().filter(|line| line.path.contains('{'));
        for line in named {
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
