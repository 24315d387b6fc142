//! A database is opened as it is, brought up to date, or refused.

use store::{Error, Store};

use crate::both::server;

#[test]
fn a_workspace_keeps_its_key() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let key = || {
        runtime.block_on(async {
            let store = Store::open_file(&path).await.unwrap();
            let here = store.workspace("here", 1).await.unwrap().key();
            let there = store.workspace("there", 1).await.unwrap().key();
            store.close().await;
            assert_ne!(here, there);
            here
        })
    };
    assert_eq!(key(), key());
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite://{}?mode=rwc", folder.path().join("store.sqlite").display());
    let urls = [Some(file), server().map(|server| server.database().unwrap())];
    for url in urls.into_iter().flatten() {
        runtime.block_on(async {
            Store::open(&url).await.unwrap().close().await;
            sqlx::any::install_default_drivers();
            let pool = sqlx::AnyPool::connect(&url).await.unwrap();
            sqlx::query(
                "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                 select 999, description, success, checksum, execution_time from _sqlx_migrations where version = 1",
            )
            .execute(&pool)
            .await
            .unwrap();
            pool.close().await;
            assert!(matches!(Store::open(&url).await, Err(Error::Newer(999))));
        });
    }
}
