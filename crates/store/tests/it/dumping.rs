//! A dump of one database fills another one, of either kind, with the same rows.

use serde_json::{Map, Value};
use store::{Deed, Store, Take, User};

use crate::both::{event, on_both_databases, request};

/// Everything that was dumped.
#[derive(Debug, Default, PartialEq)]
struct Kept(Vec<(String, Vec<Map<String, Value>>)>);

impl Take for Kept {
    fn table(&mut self, name: &str) -> std::io::Result<()> {
        self.0.push((name.to_owned(), Vec::new()));
        Ok(())
    }

    fn row(&mut self, row: &Map<String, Value>) -> std::io::Result<()> {
        self.0.last_mut().unwrap().1.push(row.clone());
        Ok(())
    }
}

/// What is the same whatever the order in which a database gives its rows.
fn sorted(mut kept: Kept) -> Kept {
    for (_, rows) in &mut kept.0 {
        rows.sort_by_key(|row| Value::Object(row.clone()).to_string());
    }
    kept
}

async fn fill(store: &Store) {
    let deed = Deed {
        actor: "system".to_owned(),
        at: 7,
        origin: "127.0.0.1".to_owned(),
        request: "r".to_owned(),
    };
    let here = store.workspace("here", 1).await.unwrap();
    let events = (0..700).map(|n| event(n, n.cast_signed(), n)).collect();
    here.append(&[request(Some("k"), events)], 5).await.unwrap();
    let user = User {
        id: "u".to_owned(),
        email: "who@example.org".to_owned(),
        name: "Who – “quoted”\n\u{1F600}".to_owned(),
        created_at: 7,
        signed_in_at: None,
        deactivated_at: None,
    };
    store.create_user(&user, &deed).await.unwrap();
    here.set_member("u", "owner", None, &deed).await.unwrap();
}

#[test]
fn a_dump_fills_another_database_with_the_same_rows() {
    on_both_databases(|store| async move {
        fill(&store).await;
        let mut dumped = Kept::default();
        let step = store.dump(&mut dumped).await.unwrap();
        let rows = |name: &str| {
            dumped.0.iter().find(|table| table.0 == name).map_or(0, |table| table.1.len())
        };
        assert_eq!(
            (rows("tail"), rows("customers"), rows("users"), rows("audit")),
            (700, 700, 1, 2)
        );
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("other.sqlite").display());
        let mut filling = Store::open_for_restore(&url, step).await.unwrap();
        for (name, rows) in &dumped.0 {
            filling.table(name).await.unwrap();
            for row in rows {
                filling.row(row.clone()).await.unwrap();
            }
        }
        let restored = filling.finish().await.unwrap();
        let mut again = Kept::default();
        assert_eq!(restored.dump(&mut again).await.unwrap(), step);
        assert_eq!(sorted(again), sorted(dumped));
        restored.close().await;
        let refused = Store::open_for_restore(&url, step).await.unwrap_err();
        assert!(refused.to_string().contains("not empty"), "{refused}");
    });
}

#[test]
fn a_database_in_use_is_dumped_as_it_was_at_one_moment() {
    on_both_databases(|store| async move {
        fill(&store).await;
        let here = store.workspace("here", 1).await.unwrap();
        let writing = async {
            for n in 0..40_u64 {
                let events = (0..20).map(|k| event(10_000 + 20 * n + k, 1, 0)).collect();
                here.append(&[request(None, events)], 5).await.unwrap();
            }
        };
        let mut dumped = Kept::default();
        let (_, step) = tokio::join!(writing, store.dump(&mut dumped));
        step.unwrap();
        let rows = |name: &str| &dumped.0.iter().find(|table| table.0 == name).unwrap().1;
        // Each request is there whole or not at all, and the counter fits the rows.
        assert_eq!(rows("tail").len() % 20, 0);
        assert_eq!(rows("workspaces")[0]["last_seq"], rows("tail").len());
    });
}
