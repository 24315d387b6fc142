//! Answers and complaints over HTTP: stored once, or kept aside with the reason; anonymous ones without what could be joined.

use serde_json::json;
use server::Scope;

use crate::house::{ELSEWHERE, HERE, on_both};

#[test]
fn answers_are_taken_once_and_bad_ones_are_kept_aside_with_their_place() {
    on_both(|house| {
        let key = house.key(HERE, &[Scope::Collect]);
        let body = json!({"responses": [
            {"id": "a", "customer_id": "C1", "at": "2026-02-01T10:00:00Z", "question": "csat", "touchpoint": "parking", "score": 4},
            {"id": "a", "customer_id": "C1", "at": "2026-02-01T10:00:00Z", "question": "csat", "touchpoint": "parking", "score": 4},
            {"id": "b", "question": "nps"},
            {"id": "c", "score": 4},
            {"id": "d", "question": "nps", "score": 9, "at": "soon"},
            {"id": "e", "question": "nps", "score": 9, "at": "2026-02-01T10:17:31.5Z", "invited_at": "2026-01-31T23:00:00Z",
             "attributes": {"region": "north", "age": 41, "new": true, "none": null}},
            {"id": "f", "question": "nps", "score": 9, "comment": "\u{0}"},
        ]});
        let taken = key.with("idempotency-key", "first").post("/api/v1/responses", &body);
        assert_eq!(taken.status, 202);
        assert_eq!(taken.json(), json!({"accepted": 2, "duplicate": 1, "quarantined": 4}));
        let again = key.with("idempotency-key", "first").post("/api/v1/responses", &body);
        assert_eq!((again.status, again.json()), (202, taken.json()));
        let other = json!({"responses": []});
        let other = key.with("idempotency-key", "first").post("/api/v1/responses", &other);
        assert_eq!((other.status, other.code().as_str()), (409, "conflict"));
        let here = house.workspace(HERE);
        let (kept, refused) = house.runtime.block_on(async {
            let kept = here.responses("any", (0, i64::MAX), 10).await.unwrap();
            (kept, here.refused(None, "", 10).await.unwrap())
        });
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[0].told.about.person.as_ref().unwrap().id, "C1");
        // Of somebody anonymous only the days are kept.
        let nobody = &kept[1].told;
        const DAY: i64 = 86_400_000_000;
        assert_eq!(nobody.about.person, None);
        assert_eq!((nobody.about.at.unwrap() % DAY, nobody.invited_at.unwrap() % DAY), (0, 0));
        assert_eq!(
            nobody.about.attributes.as_deref(),
            Some(r#"{"age":"41","new":"true","region":"north"}"#)
        );
        let reasons: Vec<String> = refused
            .iter()
            .map(|it| format!("{} {}: {}", it.refused.source, it.refused.line, it.refused.reason))
            .collect();
        expect_test::expect![[r#"
            [
                "responses 3: it has no score, no comment and no `invited_at`, so nothing is said",
                "responses 4: missing field `question`",
                "responses 5: `at` is no time from 1970 to 2100; write one as 2026-03-01T12:00:00Z",
                "responses 7: it holds the character U+0000; take it out",
            ]
        "#]]
        .assert_debug_eq(&reasons);
    });
}

#[test]
fn complaints_are_taken_and_belong_to_their_workspace() {
    on_both(|house| {
        let body = json!({"complaints": [
            {"id": "a", "customer_id": "C1", "text": "nobody answers", "severity": 3, "touchpoint": "care"},
            {"id": "b", "text": "  "},
            {"id": "c", "text": "so late", "severity": 9},
        ]});
        let sent =
            |workspace| house.key(workspace, &[Scope::Collect]).post("/api/v1/complaints", &body);
        for workspace in [HERE, ELSEWHERE] {
            let taken = sent(workspace);
            assert_eq!(taken.json(), json!({"accepted": 1, "duplicate": 0, "quarantined": 2}));
        }
        assert_eq!(sent(HERE).json()["duplicate"], 1);
        house.app.lake_of(&house.workspace(HERE)).unwrap().erase("C1").unwrap();
        let left = |workspace| {
            let workspace = house.workspace(workspace);
            house.runtime.block_on(workspace.complaints("any", (0, i64::MAX), 9)).unwrap().len()
        };
        assert_eq!((left(HERE), left(ELSEWHERE)), (0, 1));
    });
}

#[test]
fn a_request_that_brings_too_many_is_refused_whole() {
    on_both(|house| {
        let key = house.key(HERE, &[Scope::Collect]);
        let many: Vec<_> = (0..5001).map(|_| json!({"text": "x"})).collect();
        let answer = key.post("/api/v1/complaints", &json!({"complaints": many}));
        assert_eq!((answer.status, answer.code().as_str()), (413, "too_large"));
    });
}
