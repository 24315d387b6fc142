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

#[test]
fn a_file_is_looked_at_tried_out_and_imported_once() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let upload = send(&editor, "visits.csv", VISITS.as_bytes());
        assert_eq!((&upload["state"], &upload["bytes"]), (&json!("kept"), &json!(VISITS.len())));
        let id = upload["id"].as_str().unwrap();

        let look = editor.get(&format!("/api/v1/uploads/{id}/preview")).ok();
        assert_eq!(look["format"], "CSV with semicolons, UTF-8");
        assert_eq!(look["columns"], json!(["Case ID", "when", "Activity", "sum"]));
        let guess = "customer_id=Case ID,at=when,activity=Activity";
        assert_eq!(look["guess"], guess);
        assert_eq!(look["rows"][0], json!(["ada", "2026-03-01 10:00:00", "Paid", "9"]));
        assert_eq!((&look["looked_at"], &look["refused"]), (&json!(4), &json!(1)));
        assert_eq!(look["troubles"][0]["reason"], "the row has no customer");
        let odd = editor.get(&format!("/api/v1/uploads/{id}/preview?mapping=at%3Dthen")).ok();
        let failure = odd["failure"].as_str().unwrap();
        assert!(failure.contains("`then`") && !failure.contains("/uploads/"), "{failure}");

        let failed = import(house, &editor, id, &json!({ "mapping": guess }));
        assert_eq!(failed["state"], "failed", "{failed}");
        assert!(failed["result"]["failure"].as_str().unwrap().contains("visits.csv"), "{failed}");
        assert_eq!(house.contents(HERE).events, 0);

        let dry = json!({ "mapping": guess, "max_bad_percent": 30, "dry_run": true });
        let tried = import(house, &editor, id, &dry);
        assert_eq!(tried["state"], "kept", "{tried}");
        assert_eq!(
            (&tried["result"]["events"], &tried["result"]["refused"]),
            (&json!(3), &json!(1))
        );
        assert_eq!(house.contents(HERE).events, 0);

        let wet = json!({ "mapping": guess, "max_bad_percent": 30 });
        let done = import(house, &editor, id, &wet);
        assert_eq!(done["state"], "done", "{done}");
        assert_eq!((&done["result"]["events"], &done["result"]["refused"]), (&json!(3), &json!(1)));
        assert_eq!(house.timeline(HERE, "ada"), [r#"Paid - {"sum": "9"}"#, "Left - {}"]);
        let refused = editor.get(&format!("/api/v1/refused?source=upload:{id}")).ok();
        assert_eq!(refused["items"][0]["line"], 4);
        assert_eq!(refused["items"][0]["row"], ";2026-03-01 10:02:00;Paid;");

        // Mended in our own words.
        let path = format!("/api/v1/refused/{}/mend", refused["items"][0]["id"].as_str().unwrap());
        let row = json!({ "customer_id": "bob", "at": "2026-03-01T10:02:00Z", "activity": "Paid" });
        assert_eq!(editor.post(&path, &json!({ "row": row })).ok()["accepted"], 1);
        assert_eq!(house.timeline(HERE, "bob").len(), 2);

        // The same file again changes nothing, under another name and for another time.
        let again = send(&editor, "other.csv", VISITS.as_bytes());
        let done = import(house, &editor, again["id"].as_str().unwrap(), &wet);
        assert_eq!(
            (&done["state"], &done["result"]["known"]),
            (&json!("done"), &json!(true)),
            "{done}"
        );
        assert_eq!(house.contents(HERE).events + house.contents(HERE).tail, 4);
        let list = editor.get("/api/v1/uploads").ok();
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
    });
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
