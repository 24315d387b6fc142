//! Files of events: sent, looked at, tried out, imported once, given up.

use reqwest::Method;
use serde_json::{Value, json};
use server::{Config, Role};

use crate::house::{Caller, HERE, House, on_both};

const VISITS: &str = "Case ID;when;Activity;sum\n\
    ada;2026-03-01 10:00:00;Paid;9\n\
    bob;2026-03-01 10:01:00;Paid;\n\
    ;2026-03-01 10:02:00;Paid;\n\
    ada;2026-03-01 11:00:00;Left;\n";

fn send(caller: &Caller<'_>, name: &str, bytes: &[u8]) -> Value {
    let path = format!("/api/v1/uploads?name={name}");
    let body = Some(("application/octet-stream", bytes.to_vec()));
    caller.send_bytes(Method::POST, &path, body).ok()
}

/// Asks for an import and waits for its end.
fn import(house: &House, caller: &Caller<'_>, id: &str, reading: &Value) -> Value {
    let path = format!("/api/v1/uploads/{id}");
    let begun = caller.post(&format!("{path}/import"), reading);
    assert_eq!(begun.status, 202, "{}", begun.text);
    let is_over = |state: &Value| !["waiting", "running"].contains(&state.as_str().unwrap());
    house.wait_until("the import ends", || is_over(&caller.get(&path).ok()["state"]));
    caller.get(&path).ok()
}

const GUESS: &str = "customer_id=Case ID,at=when,activity=Activity";

#[test]
fn a_file_is_looked_at_tried_out_and_imported_once() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let upload = send(&editor, "visits.csv", VISITS.as_bytes());
        let told = (&upload["state"], &upload["bytes"]);
        assert_eq!(told, (&json!("kept"), &json!(VISITS.len())));
        let id = upload["id"].as_str().unwrap();
        look(&editor, id);
        try_out(house, &editor, id);
        imported(house, &editor, id);
        mended(house, &editor, id);
        again(house, &editor);
    });
}

fn look(editor: &Caller<'_>, id: &str) {
    let look = editor.get(&format!("/api/v1/uploads/{id}/preview")).ok();
    assert_eq!(look["format"], "CSV with semicolons, UTF-8");
    assert_eq!(look["columns"], json!(["Case ID", "when", "Activity", "sum"]));
    assert_eq!(look["guess"], GUESS);
    assert_eq!(look["rows"][0], json!(["ada", "2026-03-01 10:00:00", "Paid", "9"]));
    assert_eq!((&look["looked_at"], &look["refused"]), (&json!(4), &json!(1)));
    assert_eq!(look["troubles"][0]["reason"], "the row has no customer");
    let odd = editor.get(&format!("/api/v1/uploads/{id}/preview?mapping=at%3Dthen")).ok();
    let failure = odd["failure"].as_str().unwrap();
    assert!(failure.contains("`then`") && !failure.contains("/uploads/"), "{failure}");
}

fn try_out(house: &House, editor: &Caller<'_>, id: &str) {
    let failed = import(house, editor, id, &json!({ "mapping": GUESS }));
    assert_eq!(failed["state"], "failed", "{failed}");
    let why = failed["result"]["failure"].as_str().unwrap();
    assert!(why.contains("visits.csv"), "{why}");
    let dry = json!({ "mapping": GUESS, "max_bad_percent": 30, "dry_run": true });
    let tried = import(house, editor, id, &dry);
    assert_eq!(tried["state"], "kept", "{tried}");
    let told = (&tried["result"]["events"], &tried["result"]["refused"]);
    assert_eq!(told, (&json!(3), &json!(1)));
    assert_eq!(house.contents(HERE).events, 0);
}

fn wet() -> Value {
    json!({ "mapping": GUESS, "max_bad_percent": 30 })
}

fn imported(house: &House, editor: &Caller<'_>, id: &str) {
    let done = import(house, editor, id, &wet());
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!((&done["result"]["events"], &done["result"]["refused"]), (&json!(3), &json!(1)));
    assert_eq!(house.timeline(HERE, "ada"), [r#"Paid - {"sum": "9"}"#, "Left - {}"]);
}

/// A row of a file is mended in our own words.
fn mended(house: &House, editor: &Caller<'_>, id: &str) {
    let refused = editor.get(&format!("/api/v1/refused?source=upload:{id}")).ok();
    assert_eq!(refused["items"][0]["line"], 4);
    assert_eq!(refused["items"][0]["row"], ";2026-03-01 10:02:00;Paid;");
    let path = format!("/api/v1/refused/{}/mend", refused["items"][0]["id"].as_str().unwrap());
    let row = json!({ "customer_id": "bob", "at": "2026-03-01T10:02:00Z", "activity": "Paid" });
    assert_eq!(editor.post(&path, &json!({ "row": row })).ok()["accepted"], 1);
    assert_eq!(house.timeline(HERE, "bob").len(), 2);
}

/// The same file again changes nothing, under another name and at another time; and lies nowhere twice.
fn again(house: &House, editor: &Caller<'_>) {
    let again = send(editor, "other.csv", VISITS.as_bytes());
    let done = import(house, editor, again["id"].as_str().unwrap(), &wet());
    assert_eq!((&done["state"], &done["result"]["known"]), (&json!("done"), &json!(true)));
    assert_eq!(house.contents(HERE).events + house.contents(HERE).tail, 4);
    let list = editor.get("/api/v1/uploads").ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let folder = house.folder.path().join("data/uploads");
    house.wait_until("files are gone", || std::fs::read_dir(&folder).unwrap().count() == 0);
}

#[test]
fn a_file_that_is_none_is_told_in_the_senders_words() {
    let house = House::on_sqlite();
    let editor = house.signed_in(HERE, Role::Editor);
    let upload = send(&editor, "report.pdf", b"%PDF-1.7\n\x00\x01\x02");
    let id = upload["id"].as_str().unwrap();
    let look = editor.get(&format!("/api/v1/uploads/{id}/preview"));
    assert_eq!(look.code(), "invalid_input");
    assert!(look.text.contains("report.pdf") && !look.text.contains(id), "{}", look.text);
    let zone = editor.post(&format!("/api/v1/uploads/{id}/import"), &json!({ "zone": "Moon" }));
    assert_eq!(zone.code(), "invalid_input");
    let mapping =
        editor.post(&format!("/api/v1/uploads/{id}/import"), &json!({ "mapping": "who=x" }));
    assert_eq!(mapping.code(), "invalid_input");
}

#[test]
fn a_file_that_is_too_large_leaves_nothing_behind() {
    let config = Config { upload_mib: 1, ..Config::default() };
    let house = House::begin(tempfile::tempdir().unwrap(), config);
    let editor = house.signed_in(HERE, Role::Editor);
    let post = |name: &str, bytes: Vec<u8>| {
        editor.send_bytes(
            Method::POST,
            &format!("/api/v1/uploads?name={name}"),
            Some(("text/csv", bytes)),
        )
    };
    assert_eq!(post("a.csv", vec![b'x'; (1 << 20) + 1]).code(), "too_large");
    assert_eq!(post("a.csv", Vec::new()).code(), "invalid_input");
    assert_eq!(post("..%2Fa.csv", b"x".to_vec()).code(), "invalid_input");
    let folder = house.folder.path().join("data/uploads");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    assert_eq!(editor.get("/api/v1/uploads").ok()["items"], json!([]));
}

#[test]
fn a_file_that_is_given_up_is_not_imported() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let upload = send(&editor, "visits.csv", VISITS.as_bytes());
        let path = format!("/api/v1/uploads/{}", upload["id"].as_str().unwrap());
        let cancelled = editor.post(&format!("{path}/cancel"), &json!({})).ok();
        assert_eq!(cancelled["state"], "cancelled");
        assert_eq!(editor.post(&format!("{path}/cancel"), &json!({})).status, 409);
        assert_eq!(house.contents(HERE).events, 0);
    });
}

/// The process that imported it was killed: the next one begins anew, and the file is imported once.
#[test]
fn an_import_that_was_interrupted_is_done_by_the_next_process() {
    let house = House::on_sqlite();
    let editor = house.signed_in(HERE, Role::Editor);
    let upload = send(&editor, "visits.csv", VISITS.as_bytes());
    let id = upload["id"].as_str().unwrap();
    let reading = json!({
        "mapping": "customer_id=Case ID,at=when,activity=Activity", "zone": "", "dry_run": false,
        "max_bad_percent": 30.0,
    });
    let here = house.workspace(HERE);
    house.runtime.block_on(async {
        let asked = reading.to_string();
        assert!(here.ask_for_import(id, &asked, &crate::house::deed()).await.unwrap());
        assert!(here.step_upload(id, ("waiting", "running"), None, 1).await.unwrap());
    });
    drop(here);
    let house = house.restart();
    let editor = house.signed_in(HERE, Role::Editor);
    let path = format!("/api/v1/uploads/{id}");
    house.wait_until("the import ends", || editor.get(&path).ok()["state"] == "done");
    assert_eq!(house.timeline(HERE, "ada").len(), 2);
}
