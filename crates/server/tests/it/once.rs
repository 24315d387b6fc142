//! `Idempotency-Key`: the same request is done once, and answered the same way.

use serde_json::json;
use server::Scope;

use crate::house::{ELSEWHERE, HERE, now, on_both};

#[test]
fn a_request_that_comes_again_is_answered_as_the_first_time() {
    on_both(|house| {
        let key = house.key(HERE, &[Scope::Collect]).with("idempotency-key", "first");
        let paid = json!({ "userId": "ada", "event": "Paid" });
        let first = key.post("/v1/track", &paid);
        assert_eq!(first.ok(), json!({ "accepted": 1, "duplicate": 0, "quarantined": 0 }));
        let again = key.post("/v1/track", &paid);
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        let other = key.post("/v1/track", &json!({ "userId": "ada", "event": "Left" }));
        assert_eq!((other.status, other.code().as_str()), (409, "conflict"));
        // The same body on another path is another request.
        assert_eq!(key.post("/v1/page", &paid).status, 409);
        // The same word of somebody else is another word.
        let others = house.key(HERE, &[Scope::Collect]).with("idempotency-key", "first");
        assert_eq!(others.post("/v1/track", &paid).ok()["accepted"], 1);
        let theirs = house.key(ELSEWHERE, &[Scope::Collect]).with("idempotency-key", "first");
        assert_eq!(theirs.post("/v1/track", &paid).ok()["accepted"], 1);
        assert_eq!(house.timeline(HERE, "ada").len(), 2);
        assert_eq!(house.timeline(ELSEWHERE, "ada").len(), 1);
    });
}

#[test]
fn a_key_that_is_no_text_is_told() {
    on_both(|house| {
        let key = house.key(HERE, &[Scope::Collect]);
        for odd in ["", &"x".repeat(256)] {
            let answer = key
                .with("idempotency-key", odd)
                .post("/v1/track", &json!({ "userId": "ada", "event": "Paid" }));
            assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_input"), "{odd}");
        }
        assert_eq!(house.contents(HERE).tail, 0);
    });
}

/// After seven days a key is a new one.
#[test]
fn keys_are_forgotten_after_seven_days() {
    on_both(|house| {
        let week = 7 * 86_400_000_000;
        let key = house.key(HERE, &[Scope::Collect]).with("idempotency-key", "first");
        let paid = json!({ "userId": "ada", "event": "Paid" });
        assert_eq!(key.post("/v1/track", &paid).ok()["accepted"], 1);
        let here = house.workspace(HERE);
        let forget = |before| house.runtime.block_on(here.forget_before(before)).unwrap();
        forget(now() - week);
        assert_eq!(key.post("/v1/track", &json!({})).status, 409, "six days and more are kept");
        forget(now() + 1);
        assert_eq!(key.post("/v1/track", &paid).ok()["accepted"], 1);
    });
}
