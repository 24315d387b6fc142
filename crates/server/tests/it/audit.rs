//! The audit log: lines for what was done, and no way to change one unseen.

use serde_json::{Value, json};
use server::Role;
use store::AuditVerdict;

use crate::house::{HERE, on_both};

#[test]
fn what_was_done_is_in_the_log_newest_first_and_paged() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Admin);
        for _ in 0..3 {
            house.user(HERE, Role::Viewer);
        }
        let first = admin.get("/api/v1/audit?limit=3").ok();
        let lines = first["items"].as_array().unwrap();
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line["action"] == "member.set"), "{first}");
        let next = first["next"].as_str().unwrap();
        let second = admin.get(&format!("/api/v1/audit?limit=3&after={next}")).ok();
        assert_eq!(second["items"].as_array().unwrap().len(), 1);
        assert!(second["next"].is_null());
        assert_eq!(admin.get("/api/v1/audit?limit=501").code(), "invalid_input");
        let verdict = house.runtime.block_on(house.workspace(HERE).verify_audit()).unwrap();
        assert_eq!(verdict, AuditVerdict::Whole { lines: 4 });
    });
}

#[test]
fn lines_are_found_by_who_did_what_to_which_and_when() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Admin);
        let whom = json!({ "customer": "ada" });
        admin.post("/api/v1/customers/export", &whom).ok();
        admin.post("/api/v1/customers/erase", &whom).ok();
        let found = |query: &str| {
            let list = admin.get(&format!("/api/v1/audit?{query}")).ok();
            let lines = list["items"].as_array().unwrap().clone();
            lines.iter().map(|it| it["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("action=customer.erased"), ["customer.erased"]);
        let all = admin.get("/api/v1/audit").ok();
        let (object, actor) = (&all["items"][0]["object"], &all["items"][0]["actor"]);
        let both = ["customer.erased", "customer.exported"];
        assert_eq!(found(&format!("object={}", object.as_str().unwrap())), both);
        assert_eq!(found(&format!("actor={}", actor.as_str().unwrap())), both);
        assert_eq!(found("actor=user:nobody"), [""; 0]);
        assert_eq!(found("to=2020-01-01T00:00:00Z"), [""; 0]);
        assert_eq!(found("from=2020-01-01T00:00:00Z&action=customer.exported").len(), 1);
        assert_eq!(admin.get("/api/v1/audit?from=soon").code(), "invalid_input");
    });
}

#[test]
fn the_log_is_checked_and_written_out_and_that_is_in_it() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Admin);
        let checked = admin.get("/api/v1/audit/verify").ok();
        assert_eq!(checked, json!({ "is_whole": true, "lines": 1 }));
        let written = admin.get("/api/v1/audit/export");
        assert_eq!(written.headers["content-type"], "application/jsonl");
        let lines: Vec<Value> =
            written.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let actions: Vec<_> = lines.iter().map(|line| &line["action"]).collect();
        assert_eq!(actions, ["audit.exported", "member.set"]);
        assert_eq!(admin.get("/api/v1/audit/verify").ok()["lines"], 2);
    });
}
