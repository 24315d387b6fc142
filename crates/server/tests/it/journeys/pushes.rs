//! The stream of a journey: what happened since, what happens, who is there.

use std::collections::VecDeque;

use reqwest::Response;
use serde_json::{Value, json};
use server::{Role, Scope};
use sha2::{Digest, Sha256};

use super::{doc, edit, small, uuid};
use crate::house::{Caller, ELSEWHERE, HERE, House, deed, on_both};

/// An open stream.
struct Stream<'a> {
    house: &'a House,
    response: Response,
    unread: String,
    events: VecDeque<Pushed>,
}

#[derive(Debug, Clone)]
struct Pushed {
    event: String,
    id: Option<i64>,
    data: Value,
}

impl<'a> Stream<'a> {
    fn open(caller: &Caller<'a>, id: &str, known: Option<i64>) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = client.get(format!("{}/api/v1/journeys/{id}/events", caller.house.url));
        for (name, value) in &caller.headers {
            request = request.header(*name, value);
        }
        if let Some(known) = known {
            request = request.header("last-event-id", known.to_string());
        }
        let house = caller.house;
        let response = house.runtime.block_on(request.send()).unwrap();
        assert_eq!(response.status(), 200);
        assert!(
            response.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream")
        );
        Self { house, response, unread: String::new(), events: VecDeque::new() }
    }

    /// The next event of a kind; `None`: the stream has ended.
    fn next(&mut self, kind: &str) -> Option<Pushed> {
        loop {
            let event = self.any()?;
            if event.event == kind {
                return Some(event);
            }
        }
    }

    fn any(&mut self) -> Option<Pushed> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            let chunk = self.house.runtime.block_on(self.response.chunk()).ok().flatten()?;
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
            while let Some((block, rest)) = self.unread.split_once("\n\n") {
                let field = |name: &str| {
                    block.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()))
                };
                if let (Some(event), Some(data)) = (field("event:"), field("data:")) {
                    let id = field("id:").map(|id| id.parse().unwrap());
                    self.events.push_back(Pushed {
                        event,
                        id,
                        data: serde_json::from_str(&data).unwrap(),
                    });
                }
                self.unread = rest.to_owned();
            }
        }
    }

    /// Presence as names and cells, once it is as wanted.
    fn await_presence(&mut self, is_wanted: impl Fn(&[Value]) -> bool) {
        loop {
            let event = self.next("presence").unwrap();
            if is_wanted(event.data["users"].as_array().unwrap()) {
                return;
            }
        }
    }
}

fn title(text: &str) -> Value {
    json!([{"op": "meta.set", "field": "title", "value": text}])
}

#[test]
fn what_one_does_the_other_sees() {
    on_both(|house| {
        let (ann, bob) = (house.signed_in(HERE, Role::Editor), house.signed_in(HERE, Role::Viewer));
        let id = small(&ann);
        let mut stream = Stream::open(&bob, &id, None);
        stream.await_presence(|users| users.len() == 1);
        edit(&ann, &id, 1, title("One"));
        edit(&ann, &id, 2, title("Two"));
        for (rev, batch, text) in [(2, 1, "One"), (3, 2, "Two")] {
            let pushed = stream.next("ops").unwrap();
            assert_eq!(pushed.id, Some(rev));
            assert_eq!(
                (&pushed.data["rev"], &pushed.data["batch"]),
                (&json!(rev), &json!(uuid(batch)))
            );
            assert_eq!(pushed.data["ops"], title(text));
            assert!(pushed.data["actor"].as_str().unwrap().starts_with("user:"));
        }
    });
}

#[test]
fn a_stream_goes_on_where_it_was_left_also_after_a_restart() {
    for begin in [|| Some(House::on_sqlite()), House::on_postgres] {
        let Some(house) = begin() else { continue };
        let user = house.user(HERE, Role::Editor).id;
        let editor = house.session(&user);
        let id = small(&editor);
        for batch in 1..=3 {
            edit(&editor, &id, batch, title(&format!("T{batch}")));
        }
        let mut stream = Stream::open(&editor, &id, Some(2));
        let revs: Vec<Option<i64>> = (0..2).map(|_| stream.next("ops").unwrap().id).collect();
        assert_eq!(revs, [Some(3), Some(4)]);
        drop(stream);
        let house = house.restart();
        let editor = house.session(&user);
        edit(&editor, &id, 4, title("T4"));
        let mut stream = Stream::open(&editor, &id, Some(3));
        let revs: Vec<Option<i64>> = (0..2).map(|_| stream.next("ops").unwrap().id).collect();
        assert_eq!(revs, [Some(4), Some(5)]);
    }
}

#[test]
fn who_knows_a_rev_that_never_was_reads_anew() {
    let house = House::on_sqlite();
    let editor = house.signed_in(HERE, Role::Editor);
    let id = small(&editor);
    let mut stream = Stream::open(&editor, &id, Some(40));
    assert_eq!(stream.next("reload").unwrap().id, Some(1));
    edit(&editor, &id, 1, title("One"));
    assert_eq!(stream.next("ops").unwrap().id, Some(2));
    let wrong = editor.with("last-event-id", "x");
    assert_eq!(wrong.get(&format!("/api/v1/journeys/{id}/events")).code(), "invalid_input");
}

#[test]
fn who_looks_is_shown_with_the_cell_until_they_leave() {
    let house = House::on_sqlite();
    let (ann, bob) = (house.signed_in(HERE, Role::Editor), house.signed_in(HERE, Role::Editor));
    let id = small(&ann);
    let mut stream = Stream::open(&ann, &id, None);
    let other = Stream::open(&bob, &id, None);
    stream.await_presence(|users| users.len() == 2);
    let path = format!("/api/v1/journeys/{id}/presence");
    assert_eq!(bob.post(&path, &json!({"cell": "look/does"})).status, 204);
    stream.await_presence(|users| users.iter().any(|it| it["cell"] == "look/does"));
    bob.post(&path, &json!({"cell": null})).ok();
    stream.await_presence(|users| users.iter().all(|it| it["cell"].is_null()));
    drop(other);
    // Whoever is gone is noticed when something is sent.
    edit(&ann, &id, 1, title("One"));
    edit(&ann, &id, 2, title("Two"));
    stream.await_presence(|users| users.len() == 1);
}

#[test]
fn new_numbers_and_comments_are_told() {
    let house = House::on_sqlite();
    let ann = house.signed_in(HERE, Role::Editor);
    let id = small(&ann);
    let mut stream = Stream::open(&ann, &id, None);
    stream.await_presence(|users| users.len() == 1);
    house.app.measures_changed(ELSEWHERE);
    let comment = json!({"text": "Hi", "about": {"kind": "map"}});
    ann.post(&format!("/api/v1/journeys/{id}/comments"), &comment).ok();
    house.app.measures_changed(HERE);
    // Presence may be told again in between.
    let told = std::iter::from_fn(|| stream.any()).filter(|it| it.event != "presence");
    let kinds: Vec<String> = told.take(2).map(|it| it.event).collect();
    assert_eq!(kinds, ["comments", "measures"]);
}

#[test]
fn a_key_that_ends_ends_its_streams() {
    on_both(|house| {
        let ann = house.signed_in(HERE, Role::Editor);
        let id = small(&ann);
        let (key, text) = house.new_key(HERE, &[Scope::Read]);
        let holder = house.anonymous().with("authorization", &format!("Bearer {text}"));
        let mut stream = Stream::open(&holder, &id, None);
        // Whoever looks on with a key is not shown.
        assert_eq!(stream.next("presence").unwrap().data["users"], json!([]));
        edit(&ann, &id, 1, title("Open"));
        assert_eq!(stream.next("ops").unwrap().id, Some(2));
        let workspace = house.workspace(HERE);
        assert!(house.runtime.block_on(workspace.end_key(&key, &deed())).unwrap());
        edit(&ann, &id, 2, title("Secret"));
        assert!(stream.next("ops").is_none());
    });
}

#[test]
fn a_session_that_ends_ends_its_streams() {
    let house = House::on_sqlite();
    let ann = house.signed_in(HERE, Role::Editor);
    let id = small(&ann);
    let user = house.user(HERE, Role::Viewer).id;
    let bob = house.session(&user);
    let mut stream = Stream::open(&bob, &id, None);
    stream.await_presence(|users| users.len() == 1);
    let cookie = bob.headers[0].1.clone();
    let token = cookie.split_once('=').unwrap().1.to_owned();
    let hash: String = Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect();
    let deed = deed();
    let ended = house.app.store().end_session(&user, &hash, &deed);
    assert!(house.runtime.block_on(ended).unwrap());
    edit(&ann, &id, 1, title("Secret"));
    assert!(stream.next("ops").is_none());
    assert_eq!(doc(&ann, &id)["title"], "Secret");
}
