//! The log is a chain: whoever changes, takes away, moves or cuts off a line is found.

use sqlx::any::AnyPoolOptions;
use sqlx::{AssertSqlSafe, Executor as _};
use store::{AuditVerdict, Deed, Done, Store, Workspace};

use crate::both::server;

async fn write(here: &Workspace, lines: i64) {
    for at in 0..lines {
        let deed = Deed {
            actor: "user:1".to_owned(),
            at,
            origin: "127.0.0.1".to_owned(),
            request: format!("r{at}"),
        };
        let done = Done { action: "thing.changed", object: "thing:1", ..Done::default() };
        here.record_alone(&deed, done).await.unwrap();
    }
}

/// What a check of five lines finds after somebody with the database's password did this.
fn check(tampering: &[&str], expected: &AuditVerdict) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!("sqlite://{}?mode=rwc", folder.path().join("a.sqlite").display())];
    urls.extend(server().map(|server| server.database().unwrap()));
    for url in urls {
        let verdict = runtime.block_on(async {
            let store = Store::open(&url).await.unwrap();
            let here = store.workspace("here", 1).await.unwrap();
            write(&here, 5).await;
            let pool = AnyPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
            for sql in tampering {
                pool.execute(AssertSqlSafe((*sql).to_owned())).await.unwrap();
            }
            pool.close().await;
            let verdict = here.verify_audit().await.unwrap();
            store.close().await;
            verdict
        });
        assert_eq!(verdict, *expected, "{tampering:?} on {url}");
    }
}

#[test]
fn a_log_that_nobody_touched_is_whole() {
    check(&[], &AuditVerdict::Whole { lines: 5 });
}

#[test]
fn a_changed_line_is_found() {
    let changed = AuditVerdict::Broken { seq: 3, why: "it was changed" };
    check(&["update audit set actor = 'user:2' where seq = 3"], &changed);
    check(&["update audit set before = '' where seq = 3"], &changed);
    check(&["update audit set at = 7 where seq = 3"], &changed);
    // A new hash for the changed line would have to be that of the line after, too.
    check(&["update audit set actor = 'user:2', hash = 'ff' where seq = 3"], &changed);
}

#[test]
fn a_missing_line_is_found() {
    check(
        &["delete from audit where seq = 2"],
        &AuditVerdict::Broken { seq: 2, why: "it is missing" },
    );
    check(
        &["delete from audit where seq = 5"],
        &AuditVerdict::Broken { seq: 5, why: "the end was cut off" },
    );
    check(&["delete from audit"], &AuditVerdict::Broken { seq: 1, why: "the end was cut off" });
}

#[test]
fn lines_that_changed_places_are_found() {
    check(
        &[
            "update audit set seq = 99 where seq = 2",
            "update audit set seq = 2 where seq = 3",
            "update audit set seq = 3 where seq = 99",
        ],
        &AuditVerdict::Broken { seq: 2, why: "it was changed" },
    );
}
