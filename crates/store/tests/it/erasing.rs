//! Who asks to be forgotten is forgotten, and may come back as a stranger.

use store::{Change, Claim, Erasure, NewFile, Refused, Reply, Store};

use crate::both::{deed, event, leaver, on_both, request};

#[test]
fn an_erased_customer_leaves_the_tail_at_once_and_the_files_when_they_are_rewritten() {
    on_both(|here| async move {
        let events = vec![event(1, 1, 10), event(2, 1, 11), event(1, 2, 12)];
        here.append(&[request(None, events)], 5).await.unwrap();
        assert_eq!(here.erase(&leaver(1), &deed(6)).await.unwrap().tail, 2);
        let tail = here.tail(0, 10).await.unwrap();
        assert_eq!(tail.iter().map(|event| event.customer).collect::<Vec<_>>(), [2]);
        let wish = Erasure { customer: 1, snapshot: 0 };
        assert_eq!(here.snapshot().await.unwrap().erasures, [wish]);
        here.append(&[request(None, vec![event(1, 3, 10)])], 7).await.unwrap();
        assert_eq!(here.tail_len().await.unwrap(), 2, "a new acquaintance, its old ids forgotten");
        let done = Change { why: "erase".to_owned(), erased: vec![wish], ..Change::default() };
        here.commit(&done, 8).await.unwrap();
        assert_eq!(here.snapshot().await.unwrap().erasures, []);
        here.erase(&leaver(1), &deed(9)).await.unwrap();
        let again = Erasure { customer: 1, snapshot: 1 };
        assert_eq!(here.snapshot().await.unwrap().erasures, [again]);
        here.commit(&Change { erased: vec![wish], ..done }, 10).await.unwrap();
        assert_eq!(here.erasures().await.unwrap(), [again], "an older wish does not settle it");
    });
}

/// A step that began before the wish brings what the customer did before it; one that began after it does not.
#[test]
fn a_wish_that_comes_while_files_are_made_holds_for_them_too() {
    on_both(|here| async move {
        let file = |path: &str| NewFile {
            path: path.to_owned(),
            records: 1,
            bytes: 1,
            footer: 1,
            month: 0,
            bucket: 0,
            span: (0, 0),
            checksum: String::new(),
        };
        let step = |path: &str, seen| Change {
            why: "flush".to_owned(),
            added: vec![file(path)],
            seen: Some(seen),
            ..Change::default()
        };
        for path in ["a", "b", "c"] {
            here.announce(&[path.to_owned()], 1).await.unwrap();
        }
        let before = here.seen().await.unwrap();
        here.erase(&leaver(1), &deed(2)).await.unwrap();
        let wish = here.erasures().await.unwrap()[0];
        // Meanwhile all files that were there are followed.
        let followed = Change { why: "erase".to_owned(), erased: vec![wish], ..Change::default() };
        here.commit(&followed, 3).await.unwrap();
        assert_eq!(here.erasures().await.unwrap(), []);
        let snapshot = here.commit(&step("a", before), 4).await.unwrap();
        assert_eq!(here.erasures().await.unwrap(), [Erasure { customer: 1, snapshot }]);
        let after = here.seen().await.unwrap();
        here.commit(&step("b", after), 5).await.unwrap();
        let still = [Erasure { customer: 1, snapshot }];
        assert_eq!(here.erasures().await.unwrap(), still, "the customer has come back");
    });
}

#[test]
fn texts_that_hold_the_customer_go_and_others_stay() {
    on_both(|here| async move {
        let row = |id: &str, text: &str| Refused {
            id: id.to_owned(),
            source: "file".to_owned(),
            line: 1,
            reason: "no time".to_owned(),
            row: text.to_owned(),
            form: String::new(),
        };
        // More than one page of them.
        let mut rows: Vec<Refused> =
            (0..1200).map(|n| row(&format!("{n:05}"), &format!("customer {n},odd"))).collect();
        rows.push(row("x", "odd,customer 1"));
        here.refuse(&rows, 5).await.unwrap();
        let store = here.store();
        for (scope, key) in [
            ("here key:1", "customer 1"),
            ("here key:1", "a"),
            ("here key:2", "a"),
            ("there key:1", "a"),
        ] {
            let body = Some("customer 1".to_owned());
            store.claim_key((scope, key), "hash", 5).await.unwrap();
            store.answer_key((scope, key), &Reply { status: 200, body }).await.unwrap();
        }
        let gone = here.erase(&leaver(1), &deed(6)).await.unwrap();
        assert_eq!(gone.refused, 2);
        assert_eq!(here.refused(None, "", 5000).await.unwrap().len(), 1199);
        let claim = async |scope, key| store.claim_key((scope, key), "hash", 7).await.unwrap();
        assert_eq!(claim("here key:1", "customer 1").await, Claim::New, "the key itself is gone");
        let empty = Claim::Answered(Reply { status: 200, body: None });
        assert_eq!(claim("here key:1", "a").await, empty);
        assert_eq!(claim("here key:2", "a").await, empty);
        let Claim::Answered(Reply { body: Some(_), .. }) = claim("there key:1", "a").await else {
            panic!("it is another workspace's");
        };
        let lines = here.audit(i64::MAX, 10).await.unwrap();
        assert_eq!(
            (&*lines[0].action, &*lines[0].object),
            ("customer.erased", "customer:0000000000000001")
        );
    });
}

/// Rows move about in a database's file before they are deleted; their old places are overwritten too.
#[test]
fn nothing_of_the_erased_is_left_in_the_bytes_of_the_file() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    runtime.block_on(async {
        let store = Store::open_file(&folder.path().join("store.sqlite")).await.unwrap();
        let here = store.workspace("here", 1).await.unwrap();
        let mut number = 1_u64;
        let customers: Vec<u64> = (0..1200)
            .map(|_| {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                number
            })
            .collect();
        for (place, customer) in customers.iter().enumerate() {
            let row = Refused {
                id: format!("{customer:020}"),
                source: "file".to_owned(),
                line: 1,
                reason: "no time".to_owned(),
                row: format!("customer {customer},{}", "odd".repeat(place % 90)),
                form: String::new(),
            };
            let key = format!("customer {customer}");
            store.claim_key(("here key:1", &key), "hash", 5).await.unwrap();
            here.refuse(&[row], 5).await.unwrap();
        }
        let events = customers.iter().map(|it| event(*it, 3, 0)).collect();
        here.append(&[request(None, events)], 5).await.unwrap();
        let (gone, left): (Vec<u64>, Vec<u64>) =
            customers.iter().partition(|customer| *customer >> 17 & 7 == 0);
        for customer in &gone {
            here.erase(&leaver(*customer), &deed(6)).await.unwrap();
        }
        assert!(here.shred().await.unwrap());
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
        }
        let text = String::from_utf8_lossy(&bytes);
        let holds = |customer: &u64| text.contains(&format!("customer {customer}"));
        let found: Vec<&u64> = gone.iter().filter(|it| holds(it)).collect();
        assert_eq!(found, Vec::<&u64>::new(), "of {}", gone.len());
        assert!(left.iter().all(holds));
        store.close().await;
    });
}
