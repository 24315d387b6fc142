//! The audit log: lines for what was done, and no way to change one unseen.

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
