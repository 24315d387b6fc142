//! The list of files changes whole or not at all.

use store::{Change, Error, Import, NewFile};

use crate::both::{event, on_both, request};

fn file(path: &str) -> NewFile {
    NewFile {
        path: path.to_owned(),
        records: 3,
        bytes: 100,
        footer: 20,
        month: 600,
        bucket: 15,
        span: (-5, 7),
        checksum: "ab".to_owned(),
    }
}

fn change(why: &str, added: &[&str]) -> Change {
    Change {
        why: why.to_owned(),
        added: added.iter().map(|path| file(path)).collect(),
        ..Change::default()
    }
}

#[test]
fn a_flush_moves_events_from_the_tail_to_a_file() {
    on_both(|here| async move {
        let events = (0..5).map(|minute| event(1, minute, 0)).collect();
        here.append(&[request(None, events)], 5).await.unwrap();
        here.announce(&["a".to_owned()], 6).await.unwrap();
        let flush = Change { tail_seq: Some(3), ..change("flush", &["a"]) };
        assert_eq!(here.commit(&flush, 7).await.unwrap(), 1);
        let snapshot = here.snapshot().await.unwrap();
        assert_eq!((snapshot.id, snapshot.tail_seq), (1, 3));
        assert_eq!(snapshot.files.len(), 1);
        assert_eq!(snapshot.files[0].new, file("a"));
        assert_eq!(
            here.tail(0, 10).await.unwrap().iter().map(|it| it.seq).collect::<Vec<_>>(),
            [4, 5]
        );
        assert_eq!(here.pending().await.unwrap(), Vec::<String>::new());
        here.announce(&["b".to_owned()], 8).await.unwrap();
        here.commit(&change("import", &["b"]), 9).await.unwrap();
        assert_eq!(here.snapshot().await.unwrap().tail_seq, 3, "what was flushed stays flushed");
    });
}

#[test]
fn of_two_replacements_of_a_file_one_wins() {
    on_both(|here| async move {
        let all = ["a", "b", "c", "d"].map(str::to_owned);
        here.announce(&all, 1).await.unwrap();
        here.commit(&change("import", &["a", "b"]), 2).await.unwrap();
        let before = here.snapshot().await.unwrap();
        let first = Change { removed: before.files.clone(), ..change("compact", &["c"]) };
        let second = Change { removed: before.files.clone(), ..change("compact", &["d"]) };
        here.commit(&first, 3).await.unwrap();
        let refused = here.commit(&second, 4).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        let after = here.snapshot().await.unwrap();
        let paths: Vec<&str> = after.files.iter().map(|file| file.new.path.as_str()).collect();
        assert_eq!(paths, ["c"]);
        assert_eq!(after.files[0].begin_snapshot, 2);
        assert_eq!(here.pending().await.unwrap(), ["a", "b", "d"]);
        assert_eq!(here.replaced(i64::MAX).await.unwrap(), ["a", "b"], "`d` may be being written");
        here.gone("d").await.unwrap();
        assert_eq!(here.pending().await.unwrap(), ["a", "b"]);
        assert_eq!(here.replaced(4).await.unwrap(), ["a", "b"]);
        assert_eq!(here.replaced(3).await.unwrap(), Vec::<String>::new(), "too young");
    });
}

#[test]
fn a_file_that_was_not_announced_is_refused() {
    on_both(|here| async move {
        let refused = here.commit(&change("import", &["never"]), 2).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        assert_eq!(here.snapshot().await.unwrap().files, []);
    });
}

#[test]
fn an_import_is_done_once() {
    on_both(|here| async move {
        let import = |understood: &str| Import {
            content: "hash".to_owned(),
            understood: understood.to_owned(),
        };
        assert!(!here.is_imported(&import("so")).await.unwrap());
        here.announce(&["a".to_owned(), "b".to_owned()], 1).await.unwrap();
        let step = |path| Change { import: Some(import("so")), ..change("import", &[path]) };
        here.commit(&step("a"), 2).await.unwrap();
        here.forget_before(i64::MAX).await.unwrap();
        assert!(here.is_imported(&import("so")).await.unwrap(), "files are never forgotten");
        let otherwise = here.is_imported(&import("otherwise")).await;
        assert!(matches!(otherwise, Err(Error::Conflict(_))), "{otherwise:?}");
        assert!(here.commit(&step("b"), 3).await.is_err());
        assert_eq!(here.snapshot().await.unwrap().files.len(), 1);
    });
}

#[test]
fn columns_keep_their_numbers() {
    on_both(|here| async move {
        let numbered = |columns: Vec<store::LakeColumn>| -> Vec<(i64, String)> {
            columns.into_iter().map(|column| (column.id, column.name)).collect()
        };
        let expected = |names: &[&str]| -> Vec<(i64, String)> {
            (1..).zip(names.iter().map(|name| (*name).to_owned())).collect()
        };
        let first = here.with_columns(&["customer", "at"]).await.unwrap();
        assert_eq!(numbered(first), expected(&["customer", "at"]));
        let more = here.with_columns(&["at", "größe \"x\"", "customer"]).await.unwrap();
        assert_eq!(numbered(more), expected(&["customer", "at", "größe \"x\""]));
    });
}
