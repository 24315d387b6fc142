//! Answers are kept under the caller's word for the request.

use store::{Claim, Reply};

use crate::both::on_both_databases;

#[test]
fn a_key_is_taken_once_and_answered_as_it_was() {
    on_both_databases(|store| async move {
        let mine = ("here user:ada", "k");
        let claim = async |key, body, at| store.claim_key(key, body, at).await.unwrap();
        assert_eq!(claim(mine, "a body", 5).await, Claim::New);
        assert_eq!(claim(mine, "a body", 6).await, Claim::Open, "it is being worked on");
        assert_eq!(claim(mine, "another", 6).await, Claim::Other);
        assert_eq!(claim(("here user:bob", "k"), "another", 6).await, Claim::New);
        let reply = Reply { status: 201, body: Some("{}".to_owned()) };
        store.answer_key(mine, &reply).await.unwrap();
        // What was answered is not answered differently, and not given back.
        store.answer_key(mine, &Reply { status: 500, body: None }).await.unwrap();
        store.release_key(mine).await.unwrap();
        assert_eq!(claim(mine, "a body", 7).await, Claim::Answered(reply));
        store.release_key(("here user:bob", "k")).await.unwrap();
        assert_eq!(claim(("here user:bob", "k"), "a third", 8).await, Claim::New);
        assert_eq!(store.forget_replies(8).await.unwrap(), 1);
        assert_eq!(claim(mine, "another", 9).await, Claim::New, "forgotten");
        let secret = Reply { status: 201, body: None };
        store.answer_key(mine, &secret).await.unwrap();
        assert_eq!(claim(mine, "another", 9).await, Claim::Answered(secret));
    });
}
