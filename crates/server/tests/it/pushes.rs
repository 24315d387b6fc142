//! Word that there are new measures: pushed when something came, ended with the session and with the server.

use serde_json::{Value, json};
use server::{Role, Scope};

use crate::examples::import;
use crate::house::{Caller, HERE, House, on_both};
use crate::measures::{CAFE, cafe};

/// Those who look at a map are told as well, and a version that is published is judged without being asked for.
#[test]
fn a_map_that_is_open_hears_of_new_data_and_a_published_version_is_judged() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let source = json!({"format": "yaml", "text": CAFE.replace(
            "        channels: [till]\n",
            "        channels: [till]\n        no_standard: Nothing to promise\n",
        )});
        let made = editor.post("/api/v1/journeys", &json!({"source": source})).ok();
        let path = format!("/api/v1/journeys/{}", made["id"].as_str().unwrap());
        let mut page = listen_at(house, &editor, &format!("{path}/events"));
        cafe(house, HERE, 60);
        let mut february = String::from("customer_id,at,activity\n");
        (0..6).for_each(|n| february.push_str(&format!("F{n},2026-02-03T10:00:00Z,ordered\n")));
        let path_of_file = house.folder.path().join("february.csv");
        std::fs::write(&path_of_file, february).unwrap();
        import(house, HERE, path_of_file);
        while !page.text.contains("event: measures\n") {
            assert!(page.more());
        }
        editor.post(&format!("{path}/publish"), &json!({})).ok();
        while editor.get(&format!("{path}/verdicts")).ok()["items"].as_array().unwrap().is_empty() {
            std::thread::yield_now();
        }
    });
}

/// A page that listens.
struct Listening<'a> {
    house: &'a House,
    response: reqwest::Response,
    text: String,
}

fn listen<'a>(house: &'a House, caller: &Caller<'_>) -> Listening<'a> {
    listen_at(house, caller, "/api/v1/journeys/ours/measures/events")
}

fn listen_at<'a>(house: &'a House, caller: &Caller<'_>, path: &str) -> Listening<'a> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.get(format!("{}{path}", house.url));
    for (name, value) in &caller.headers {
        request = request.header(*name, value);
    }
    let response = house.runtime.block_on(request.send()).unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    Listening { house, response, text: String::new() }
}

impl Listening<'_> {
    /// The next push; `None` when the server has ended them.
    fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((push, rest)) = self.text.split_once("\n\n") {
                let (push, rest) = (push.to_owned(), rest.to_owned());
                self.text = rest;
                let Some(rest) = push.strip_prefix("event: measures-changed\n") else { continue };
                return Some(serde_json::from_str(rest.strip_prefix("data: ").unwrap()).unwrap());
            }
            if !self.more() {
                return None;
            }
        }
    }

    /// Reads on; `false` at the end. One that was not said would be an error here.
    fn more(&mut self) -> bool {
        let Some(chunk) = self.house.runtime.block_on(self.response.chunk()).unwrap() else {
            return false;
        };
        self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        true
    }
}

#[test]
fn what_changes_measures_is_pushed_and_sign_out_ends_it() {
    on_both(|house| {
        house.app.publish(HERE, "ours", CAFE);
        let user = house.user(HERE, Role::Viewer);
        let viewer = house.session(&user.id);
        let mut page = listen(house, &viewer);
        let first = page.next().unwrap();
        assert_eq!(first["version"], 1);
        let answer = json!({"responses": [{"question": "nps", "score": 9}]});
        house.key(HERE, &[Scope::Collect]).post("/api/v1/responses", &answer).ok();
        let second = page.next().unwrap();
        assert!(second["version"] == 1 && second["data"] != first["data"], "{second}");
        house.app.publish(HERE, "ours", CAFE);
        let third = page.next().unwrap();
        assert!(third["version"] == 2 && third["data"] == second["data"], "{third}");
        assert_eq!(viewer.post("/api/v1/sign_out", &json!({})).status, 204);
        assert_eq!(page.next(), None);
    });
}

#[test]
fn a_server_that_stops_ends_what_it_pushes() {
    let house = House::on_sqlite();
    house.app.publish(HERE, "ours", CAFE);
    let viewer = house.signed_in(HERE, Role::Viewer);
    let mut page = listen(&house, &viewer);
    page.next().unwrap();
    house.ask_to_stop();
    assert_eq!(page.next(), None);
}

#[test]
fn one_caller_listens_with_so_many_pages_and_no_more() {
    let house = House::on_sqlite();
    house.app.publish(HERE, "ours", CAFE);
    let viewer = house.signed_in(HERE, Role::Viewer);
    let mut pages: Vec<Listening<'_>> = (0..20).map(|_| listen(&house, &viewer)).collect();
    let path = "/api/v1/journeys/ours/measures/events";
    assert_eq!(viewer.get(path).status, 429);
    let mut other = listen(&house, &house.signed_in(HERE, Role::Viewer));
    assert!(other.next().is_some() && pages[19].next().is_some());
}
