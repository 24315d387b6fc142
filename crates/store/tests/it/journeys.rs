//! Journeys: edited in one order, answered once, kept as versions, and nobody else's business.

use store::journeys::batches::{Batch, Edited, Head, Outcome};
use store::journeys::comments::{Comment, CommentChange};
use store::journeys::versions::NewVersion;
use store::journeys::{Among, Shown, Sought};
use store::{Deed, Error, Workspace};

use crate::both::{on_both, on_both_databases};

fn deed(at: i64) -> Deed {
    let (origin, request) = ("127.0.0.1".to_owned(), "r".to_owned());
    Deed { actor: "user:ann".to_owned(), at, origin, request }
}

fn shown(title: &str, document: &str) -> Shown {
    Shown {
        name: "pay".to_owned(),
        title: title.to_owned(),
        scope: "current".to_owned(),
        owner: None,
        health: "{}".to_owned(),
        document: document.to_owned(),
    }
}

async fn create(here: &Workspace, id: &str, title: &str) {
    here.create_journey(id, &shown(title, "0"), &Among::default(), &deed(1)).await.unwrap();
}

/// A batch that writes this document.
async fn write(here: &Workspace, id: &str, batch: &str, document: &str) -> Outcome {
    let sent = Batch { id: batch, body_hash: document };
    let edit = |_: &Head| -> Result<Edited, Error> {
        Ok(Edited {
            shown: Some(shown("T", document)),
            applied: 1,
            ops: format!("[{document}]"),
            answer: format!("answer to {document}"),
        })
    };
    here.edit_journey(id, sent, &deed(2), edit).await.unwrap()
}

#[test]
fn a_batch_is_done_once_and_a_failed_one_leaves_nothing() {
    on_both(|here| async move {
        create(&here, "j", "T").await;
        assert!(matches!(write(&here, "j", "b1", "1").await, Outcome::Done { rev: 2, .. }));
        let again = write(&here, "j", "b1", "1").await;
        assert_eq!(again, Outcome::Repeated { answer: "answer to 1".to_owned() });
        assert_eq!(write(&here, "j", "b1", "other").await, Outcome::OtherBody);
        assert_eq!(write(&here, "nobody", "b1", "1").await, Outcome::Missing);
        let sent = Batch { id: "b2", body_hash: "" };
        let fail = |head: &Head| -> Result<Edited, Error> {
            assert_eq!((head.rev, head.document.as_str()), (2, "1"));
            Err(Error::Caller("no".to_owned()))
        };
        assert!(here.edit_journey("j", sent, &deed(3), fail).await.is_err());
        // The same id is free still.
        assert!(matches!(write(&here, "j", "b2", "2").await, Outcome::Done { rev: 3, .. }));
        let log = here.journey_log("j", 1, 10).await.unwrap();
        let log: Vec<(i64, &str)> = log.iter().map(|it| (it.rev, it.ops.as_str())).collect();
        assert_eq!(log, [(2, "[1]"), (3, "[2]")]);
        assert_eq!(here.journey_log("j", 2, 10).await.unwrap().len(), 1);
    });
}

#[test]
fn a_version_stays_as_it_was_kept() {
    on_both(|here| async move {
        create(&here, "j", "T").await;
        let keep = |is_published: bool| {
            let here = here.clone();
            async move {
                let make = |head: &Head| -> Result<NewVersion, Error> {
                    let (name, note) = ("N".to_owned(), String::new());
                    Ok(NewVersion { is_published, name, note, document: head.document.clone() })
                };
                here.keep_version("j", &deed(4), make).await.unwrap().unwrap()
            }
        };
        assert_eq!(keep(true).await.number, 1);
        write(&here, "j", "b1", "1").await;
        let second = keep(false).await;
        assert_eq!((second.number, second.kind.as_str(), second.rev), (2, "named", 2));
        assert_eq!(here.find_version("j", 1).await.unwrap().unwrap().1, "0");
        assert_eq!(here.find_version("j", 2).await.unwrap().unwrap().1, "1");
        let (row, _) = here.find_journey("j").await.unwrap().unwrap();
        assert_eq!((row.published, row.published_rev, row.rev), (Some(1), Some(1), 2));
        here.set_mapping("j", [1, 2], "{}", &deed(5)).await.unwrap();
        here.set_mapping("j", [1, 2], "{\"a\":[]}", &deed(6)).await.unwrap();
        let mapping = here.find_mapping("j", [1, 2]).await.unwrap();
        assert_eq!(mapping.as_deref(), Some("{\"a\":[]}"));
    });
}

#[test]
fn nothing_of_a_journey_is_seen_from_another_workspace() {
    on_both_databases(|store| async move {
        let here = store.workspace("here", 1).await.unwrap();
        let there = store.workspace("there", 1).await.unwrap();
        create(&here, "j", "Mine").await;
        // The same id, as only a mistake would make it.
        create(&there, "j", "Theirs").await;
        write(&here, "j", "b", "secret").await;
        let comment = Comment {
            id: "c".to_owned(),
            thread: None,
            about_kind: "map".to_owned(),
            about_id: String::new(),
            text: "Hi".to_owned(),
            author: "user:ann".to_owned(),
            created_at: 7,
            edited_at: None,
            resolved_at: None,
            resolved_by: None,
            mentions: vec!["bob".to_owned()],
        };
        here.add_comment("j", &comment, &deed(7)).await.unwrap();
        assert_eq!(there.find_journey("j").await.unwrap().unwrap().1, "0");
        assert_eq!(there.journey_log("j", 0, 10).await.unwrap(), []);
        assert_eq!(there.comments("j", (0, ""), 10).await.unwrap(), []);
        assert_eq!(there.find_comment("j", "c").await.unwrap(), None);
        there.change_comment("c", &CommentChange::Deleted, &deed(8)).await.unwrap();
        assert_eq!(here.find_comment("j", "c").await.unwrap(), Some(comment));
        let titles = |rows: Vec<store::journeys::JourneyRow>| -> Vec<String> {
            rows.into_iter().map(|row| row.title).collect()
        };
        let sought = Sought { limit: 10, ..Sought::default() };
        assert_eq!(titles(there.journeys(&sought).await.unwrap()), ["Theirs"]);
        assert!(!there.place_journey("k", &Among::default(), None, &deed(9)).await.unwrap());
    });
}
