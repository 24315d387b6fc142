//! Users: patience with those who guess, links that are good once, keys of those who are gone, and a log that stays whole.

use store::{
    ApiKey, AuditVerdict, Deed, LinkKind, NewLink, NewSession, Store, Subject, User, Workspace,
};

use crate::both::{on_both, on_both_databases};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 3600 * SECOND;

fn deed(at: i64) -> Deed {
    Deed {
        actor: "system".to_owned(),
        at,
        origin: "127.0.0.1".to_owned(),
        request: "test".to_owned(),
    }
}

async fn user(store: &Store, id: &str) -> User {
    let user = User {
        id: id.to_owned(),
        email: format!("{id}@example.org"),
        name: id.to_owned(),
        created_at: 0,
        signed_in_at: None,
        deactivated_at: None,
    };
    store.create_user(&user, &deed(0)).await.unwrap();
    user
}

async fn key(here: &Workspace, maker: &str) {
    let key = ApiKey {
        id: format!("key of {maker}"),
        name: "k".to_owned(),
        prefix: "fp_".to_owned(),
        scopes: vec!["read".to_owned()],
        created_by: maker.to_owned(),
        created_at: 0,
        used_at: None,
        ended_at: None,
    };
    here.create_key(&key, &format!("hash of {maker}"), &deed(0)).await.unwrap();
}

#[test]
fn pauses_grow_with_failures_are_forgotten_after_a_day_and_forgiven_at_once() {
    on_both_databases(|store| async move {
        let account = Subject { name: "account:a".to_owned(), allowed: 3 };
        let address = Subject { name: "address:b".to_owned(), allowed: 100 };
        let both = [account.clone(), address];
        let free = |at: i64| store.begin_attempt(&both, at);
        for _ in 0..3 {
            assert_eq!(free(0).await.unwrap(), None);
        }
        // The third failure makes wait a second, each further one twice as long.
        assert_eq!(free(SECOND - 1).await.unwrap(), Some(SECOND));
        assert_eq!(free(SECOND).await.unwrap(), None);
        assert_eq!(free(2 * SECOND).await.unwrap(), Some(3 * SECOND));
        assert_eq!(free(3 * SECOND).await.unwrap(), None);
        assert_eq!(free(4 * SECOND).await.unwrap(), Some(7 * SECOND));
        // What was right takes its own count back, and no pause of before.
        let late = 4 * SECOND + DAY;
        for _ in 0..3 {
            assert_eq!(free(late).await.unwrap(), None);
        }
        assert_eq!(free(late).await.unwrap(), Some(late + SECOND));
        store.forgive(&both).await.unwrap();
        for _ in 0..3 {
            assert_eq!(free(late).await.unwrap(), None);
            store.undo_attempt(std::slice::from_ref(&account)).await.unwrap();
        }
        assert_eq!(free(late).await.unwrap(), None);
    });
}

#[test]
fn a_link_is_good_once_for_what_it_is_and_until_it_ends() {
    on_both_databases(|store| async move {
        user(&store, "ann").await;
        let link = |token_hash: &'static str, expires_at| NewLink {
            kind: LinkKind::Password,
            token_hash,
            user: Some("ann"),
            expires_at,
        };
        store.make_link(&link("one", 10), &deed(1)).await.unwrap();
        store.make_link(&link("two", 10), &deed(2)).await.unwrap();
        let find = |hash: &'static str, now| store.find_link(LinkKind::Password, hash, now);
        assert_eq!(find("one", 3).await.unwrap(), None, "a new one takes its place");
        assert_eq!(find("two", 10).await.unwrap(), None, "it is over");
        assert_eq!(store.find_link(LinkKind::SetUp, "two", 3).await.unwrap(), None);
        assert_eq!(store.take_link(LinkKind::Code, "two", 3).await.unwrap(), None);
        let taken = store.take_link(LinkKind::Password, "two", 3).await.unwrap();
        assert_eq!(taken, Some(Some("ann".to_owned())));
        assert_eq!(store.take_link(LinkKind::Password, "two", 3).await.unwrap(), None);
    });
}

#[test]
fn who_is_deactivated_is_refused_with_every_session_and_key_that_nobody_took_over() {
    on_both(|here| async move {
        let store = here.store();
        for id in ["ann", "bo"] {
            user(store, id).await;
            here.set_member(id, "editor", None, &deed(0)).await.unwrap();
        }
        let session = NewSession { token_hash: "session of ann", user: "ann", expires_at: 100 };
        store.begin_session(&session, &deed(1)).await.unwrap();
        assert!(store.session("session of ann", 2, 0).await.unwrap().is_some());
        assert!(store.session("session of ann", 100, 0).await.unwrap().is_none(), "its end");
        assert!(store.session("session of ann", 50, 1).await.unwrap().is_none(), "not seen");
        assert!(store.deactivate_user("ann", None, &deed(2)).await.unwrap());
        assert!(!store.deactivate_user("ann", None, &deed(2)).await.unwrap());
        assert!(store.session("session of ann", 2, 0).await.unwrap().is_none());
        // Made by somebody who is gone, as after a restored backup: nobody answers for it.
        key(&here, "ann").await;
        key(&here, "bo").await;
        key(&here, "system").await;
        let is_alive = async |hash: &str| store.find_key(hash).await.unwrap().is_some();
        assert!(!is_alive("hash of ann").await);
        assert!(is_alive("hash of bo").await && is_alive("hash of system").await);
        assert!(store.deactivate_user("bo", None, &deed(3)).await.is_err(), "bo owns a key");
        assert!(store.deactivate_user("bo", Some("ann"), &deed(3)).await.is_err(), "ann is gone");
        assert!(is_alive("hash of bo").await, "nothing happened");
        user(store, "cy").await;
        here.set_member("cy", "viewer", None, &deed(0)).await.unwrap();
        assert!(store.deactivate_user("bo", Some("cy"), &deed(3)).await.unwrap());
        assert!(is_alive("hash of bo").await);
        let mine = here.owned("cy").await.unwrap();
        assert_eq!((mine[0].kind, &*mine[0].id), ("key", "key of bo"));
    });
}

#[test]
fn whoever_changes_people_leaves_a_log_that_is_whole() {
    on_both(|here| async move {
        let store = here.store();
        user(store, "ann").await;
        here.set_member("ann", "owner", None, &deed(1)).await.unwrap();
        here.change_member("ann", "admin", None, &deed(2)).await.unwrap_err();
        key(&here, "ann").await;
        here.end_key("key of ann", &deed(3)).await.unwrap();
        store.set_password("ann", "$argon2id$…", None, &deed(4)).await.unwrap();
        store.begin_totp("ann", "SECRET", &deed(5)).await.unwrap();
        store.confirm_totp("ann", ("SECRET", 1), &["code".to_owned()], &deed(6)).await.unwrap();
        let lines = here.audit(i64::MAX, 10).await.unwrap();
        let actions: Vec<&str> = lines.iter().map(|line| &*line.action).collect();
        assert_eq!(actions, ["key.ended", "key.created", "member.set"]);
        let verdicts = store.verify_audits().await.unwrap();
        let whole = |name: &str, lines| (name.to_owned(), AuditVerdict::Whole { lines });
        assert_eq!(verdicts, [whole("", 4), whole("here", 3)]);
    });
}
