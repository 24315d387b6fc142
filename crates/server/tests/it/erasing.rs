//! Privacy: who asks to be forgotten is forgotten in every place, and everybody else in none.

use std::fs;
use std::path::Path;

use engine::import::Watch;
use engine::lake::{DataFolder, Place, back_up, restore};
use reqwest::Method;
use serde_json::{Map, Value, json};
use server::{Role, Scope};
use store::{AuditVerdict, Store, Take};

use crate::house::{Caller, ELSEWHERE, HERE, House, now, on_both};

const PEOPLE: usize = 20;
/// Of each: ten places, and a canary in each of them.
const PLACES: usize = 10;

fn id(person: usize) -> String {
    format!("person-{person}")
}

fn canary(person: usize, place: usize) -> String {
    format!("canary{person}x{place}canary")
}

/// Everything that a workspace can be told, with canaries.
fn tell_all(house: &House, workspace: &str) {
    let key = house.key(workspace, &[Scope::Collect]);
    let editor = house.signed_in(workspace, Role::Editor);
    let event = |person, place| {
        json!({
            "customer_id": id(person), "at": "2026-02-01T10:00:00Z", "activity": "paid",
            "event_id": format!("{person}-{place}"), "note": canary(person, place),
        })
    };
    let events = |place| (0..PEOPLE).map(|it| event(it, place)).collect::<Vec<_>>();
    key.post("/api/v1/events", &json!({ "events": events(0) })).ok();
    let lake = house.app.lake_of(&house.workspace(workspace)).unwrap();
    lake.flush().unwrap();
    let mut file = "customer_id,at,activity,note\n".to_owned();
    for person in 0..PEOPLE {
        file += &format!("{},2026-02-02T10:00:00Z,paid,{}\n", id(person), canary(person, 1));
        file += &format!("{},{},paid,\n", id(person), canary(person, 2));
    }
    let upload = send(&editor, "all.csv", file.as_bytes());
    let path = format!("/api/v1/uploads/{upload}");
    let reading = json!({ "max_bad_percent": 60 });
    editor.post(&format!("{path}/import"), &reading).ok();
    house.wait_until("the import ends", || editor.get(&path).ok()["state"] == "done");
    key.post("/api/v1/events", &json!({ "events": events(3) })).ok();
    for person in 0..PEOPLE {
        let (customer, of) = (id(person), |place| canary(person, place));
        let told = json!({ "responses": [
            { "id": format!("r{person}"), "customer_id": customer, "question": "csat", "score": 4, "comment": of(4) },
            { "customer_id": customer, "question": "csat", "score": 4, "at": of(5) },
        ] });
        key.post("/api/v1/responses", &told).ok();
        let told = json!({ "complaints": [{ "customer_id": customer, "text": of(6) }] });
        key.post("/api/v1/complaints", &told).ok();
        let odd = json!({ "userId": customer, "event": "", "properties": { "note": of(7) } });
        key.post("/v1/track", &odd).ok();
        send(&editor, "one.csv", format!("who,what\n{customer},{}\n", of(8)).as_bytes());
        let looked = json!({
            "mapping": { "customer_id": "/c", "activity": "Paid" },
            "body": { "c": customer, "note": of(9) },
        });
        let looking = format!("look {person}");
        editor.with("idempotency-key", &looking).post("/api/v1/hooks/preview", &looked).ok();
        // Whose name the key itself tells.
        let named = format!("{customer} {}", of(9));
        editor.with("idempotency-key", &named).post("/api/v1/hooks/preview", &looked).ok();
    }
}

fn send(caller: &Caller<'_>, name: &str, bytes: &[u8]) -> String {
    let body = Some(("application/octet-stream", bytes.to_vec()));
    let sent = caller.send_bytes(Method::POST, &format!("/api/v1/uploads?name={name}"), body).ok();
    sent["id"].as_str().unwrap().to_owned()
}

/// Rows of all tables, as text.
#[derive(Default)]
struct Rows(String);

impl Take for Rows {
    fn table(&mut self, _: &str) -> std::io::Result<()> {
        Ok(())
    }

    fn row(&mut self, row: &Map<String, Value>) -> std::io::Result<()> {
        self.0 += &serde_json::to_string(row)?;
        Ok(())
    }
}

/// Every byte below a folder, every row of the database, and what stands packed in the files of events.
struct Everything {
    bytes: String,
    rows: String,
    packed: Vec<String>,
}

impl Everything {
    fn of(folder: &Path, store: &Store, packed: Vec<String>) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut rows = Rows::default();
        runtime.block_on(store.dump(&mut rows)).unwrap();
        let mut bytes = String::new();
        all_bytes(folder, &mut bytes);
        Self { bytes, rows: rows.0, packed }
    }

    fn of_house(house: &House, workspace: &str) -> Self {
        let lake = house.app.lake_of(&house.workspace(workspace)).unwrap();
        // When no wish is open a view leaves nobody out: it shows what the files hold.
        let packed = lake.view(None, None).unwrap().texts().unwrap();
        let mut rows = Rows::default();
        house.runtime.block_on(house.app.store().dump(&mut rows)).unwrap();
        let mut bytes = String::new();
        all_bytes(&house.folder.path().join("data"), &mut bytes);
        Self { bytes, rows: rows.0, packed }
    }

    fn holds(&self, text: &str) -> bool {
        self.rows.contains(text)
            || self.packed.iter().any(|it| it == text)
            || self.bytes.contains(text)
    }
}

fn all_bytes(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_bytes(&path, into);
        } else if let Ok(bytes) = fs::read(&path) {
            into.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}

/// Of the first ten nothing, of the others everything.
#[track_caller]
fn check(everything: &Everything, erased: usize) {
    for person in 0..PEOPLE {
        for place in 0..PLACES {
            let text = canary(person, place);
            assert_eq!(everything.holds(&text), person >= erased, "{text}");
        }
    }
}

fn is_done(admin: &Caller<'_>) -> bool {
    let list = admin.get("/api/v1/erasures").ok();
    list["items"].as_array().unwrap().iter().all(|it| it["done_at"].is_string())
}

#[test]
fn two_hundred_canaries_over_twenty_people() {
    on_both(|house| {
        tell_all(house, HERE);
        let admin = house.signed_in(HERE, Role::Admin);
        let everything = Everything::of_house(house, HERE);
        check(&everything, 0);
        drop(everything);
        let data = house.folder.path().join("data");
        let place =
            Place { database: house.app.config().database.clone(), ..Place::folder(&data, now) };
        let copies = house.folder.path().join("copies");
        back_up(&place, &copies, "before", &Watch::default()).unwrap();

        for person in 0..10 {
            let gone = admin.post("/api/v1/customers/erase", &json!({ "customer": id(person) }));
            assert_eq!(gone.status, 202, "{}", gone.text);
            let gone = gone.json();
            assert_eq!((&gone["responses"], &gone["complaints"]), (&json!(1), &json!(1)), "{gone}");
            assert_eq!(gone["refused"], 3, "{gone}");
            assert_eq!(gone["uploads"].as_array().unwrap().len(), 1, "{gone}");
            assert_eq!(house.timeline(HERE, &id(person)), [""; 0], "invisible at once");
        }
        house.wait_until("files follow", || is_done(&admin));
        check(&Everything::of_house(house, HERE), 10);
        assert_eq!(house.timeline(HERE, &id(10)).len(), 3);
        let whole = house.runtime.block_on(house.workspace(HERE).verify_audit()).unwrap();
        assert!(matches!(whole, AuditVerdict::Whole { .. }));

        // A copy knows the wishes that came before it, and whoever restores an older one follows them.
        back_up(&place, &copies, "after", &Watch::default()).unwrap();
        for copy in ["before", "after"] {
            let folder = house.folder.path().join(format!("restored-{copy}"));
            let place = Place { workspace: HERE.to_owned(), ..Place::folder(&folder, now) };
            restore(&copies.join(copy), &place, &Watch::default()).unwrap();
            let opened = DataFolder::open(&place).unwrap();
            let packed = opened.lake(HERE).unwrap().view(None, None).unwrap().texts().unwrap();
            let everything = Everything::of(&folder, opened.store(), packed);
            for person in 0..10 {
                for place in 0..PLACES {
                    let text = canary(person, place);
                    assert!(!everything.holds(&text), "{copy}: {text}");
                }
            }
            assert!(everything.holds(&canary(10, 0)) && everything.holds(&canary(19, 4)));
        }
    });
}

#[test]
fn a_wish_is_followed_though_the_server_ended_in_between() {
    let house = House::on_sqlite();
    tell_all(&house, HERE);
    let lake = house.app.lake_of(&house.workspace(HERE)).unwrap();
    lake.flush().unwrap();
    // Behind the server's back, so that the keeper does not know.
    lake.erase_at_once(&id(0), &crate::house::deed()).unwrap();
    drop(lake);
    let house = house.restart();
    let admin = house.signed_in(HERE, Role::Admin);
    house.wait_until("files follow", || is_done(&admin));
    check(&Everything::of_house(&house, HERE), 1);
}

#[test]
fn an_erasure_is_a_workspaces_own_and_is_told_without_the_id() {
    on_both(|house| {
        tell_all(house, HERE);
        tell_all(house, ELSEWHERE);
        let admin = house.signed_in(HERE, Role::Admin);
        let whom = json!({ "customer": id(1) });
        let key = admin.post("/api/v1/customers/erase", &whom).ok()["key"].clone();
        admin.post("/api/v1/customers/erase", &json!({ "customer": id(2) })).ok();
        house.wait_until("files follow", || is_done(&admin));
        assert!(house.timeline(HERE, &id(1)).is_empty());
        assert_eq!(house.timeline(ELSEWHERE, &id(1)).len(), 3);
        assert_eq!(house.timeline(HERE, &id(10)).len(), 3, "not the one whose id begins alike");
        let first = admin.get("/api/v1/erasures?limit=1").ok();
        let next = first["next"].as_str().unwrap();
        let second = admin.get(&format!("/api/v1/erasures?limit=1&after={next}")).ok();
        let keys = [&first["items"][0]["key"], &second["items"][0]["key"]];
        assert!(keys.contains(&&key) && keys[0] != keys[1], "{keys:?}");
        let log = admin.get("/api/v1/audit?limit=500").ok();
        let erased = log["items"].as_array().unwrap().iter();
        let erased: Vec<_> = erased.filter(|it| it["action"] == "customer.erased").collect();
        assert_eq!(erased.len(), 2);
        assert_eq!(erased[1]["object"], format!("customer:{}", key.as_str().unwrap()));
        assert!(!log.to_string().contains(&id(1)));
        assert_eq!(admin.post("/api/v1/customers/erase", &json!({ "customer": " " })).status, 400);
        assert_eq!(admin.get("/api/v1/erasures?after=x").code(), "invalid_input");
    });
}

#[test]
fn everything_that_is_known_of_one_person_is_one_document() {
    on_both(|house| {
        tell_all(house, HERE);
        let admin = house.signed_in(HERE, Role::Admin);
        let asking = admin.with("idempotency-key", "once");
        let answer = asking.post("/api/v1/customers/export", &json!({ "customer": id(1) }));
        let known = answer.ok();
        assert_eq!((&known["customer"], &known["is_named"]), (&json!(id(1)), &json!(true)));
        let n = |what: &str| known[what].as_array().unwrap().len();
        assert_eq!((n("events"), n("responses"), n("complaints"), n("refused")), (3, 1, 1, 3));
        for place in 0..8 {
            assert!(answer.text.contains(&canary(1, place)), "{place}: {known}");
        }
        assert!(!answer.text.contains("canary10x"), "of nobody else");
        // What was shown is not kept.
        let again = asking.post("/api/v1/customers/export", &json!({ "customer": id(1) }));
        assert_eq!(again.status, 409, "{}", again.text);
        let log = admin.get("/api/v1/audit?limit=1").ok();
        assert_eq!(log["items"][0]["action"], "customer.exported");
        let nobody = admin.post("/api/v1/customers/export", &json!({ "customer": "nobody" })).ok();
        assert_eq!((&nobody["is_named"], &nobody["events"]), (&json!(false), &json!([])));
    });
}
