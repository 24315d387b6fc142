//! One test, two databases.

use std::future::Future;
use std::sync::OnceLock;

use store::{Deed, Event, Leaver, Request, Store, Workspace};
use throwaway::{Durability, Postgres};

/// Runs a test on an empty workspace of each database.
pub(crate) fn on_both<F: Future<Output = ()>>(test: impl Fn(Workspace) -> F) {
    on_both_databases(|store| {
        let test = &test;
        async move { test(store.workspace("here", 1).await.unwrap()).await }
    });
}

/// Runs a test on each database.
pub(crate) fn on_both_databases<F: Future<Output = ()>>(test: impl Fn(Store) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    runtime.block_on(async {
        let store = Store::open_file(&folder.path().join("store.sqlite")).await.unwrap();
        test(store.clone()).await;
        store.close().await;
        if let Some(server) = server() {
            let store = Store::open(&server.database().unwrap()).await.unwrap();
            test(store.clone()).await;
            store.close().await;
        }
    });
}

/// The server of this run of the tests. It is said when there is none.
pub(crate) fn server() -> Option<&'static Postgres> {
    static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
    let start = || {
        Postgres::start(Durability::None)
            .inspect_err(|why| eprintln!("not tested on PostgreSQL: {why}"))
            .ok()
    };
    SERVER.get_or_init(start).as_ref()
}

/// An event of a customer at a minute, with an id.
pub(crate) fn event(customer: u64, minute: i64, id: u64) -> Event {
    Event {
        customer,
        identity: format!("customer {customer}"),
        at: minute * 60_000_000,
        activity: "paid".to_owned(),
        channel: (minute % 2 == 0).then(|| "app".to_owned()),
        event_id: (id != 0).then_some(id),
        attributes: (minute % 3 == 0).then(|| r#"{"basket":"12.5"}"#.to_owned()),
    }
}

/// Somebody who does something at this moment.
pub(crate) fn deed(at: i64) -> Deed {
    Deed { actor: "system".to_owned(), at, origin: String::new(), request: String::new() }
}

/// A customer of [`event`] who is to be forgotten; of texts those that name the customer.
pub(crate) fn leaver(customer: u64) -> Leaver<'static> {
    let id: &'static str = format!("customer {customer}").leak();
    let is_in = move |text: &str| text.split(',').any(|it| it == id);
    Leaver { customer, hint: "customer", is_in: Box::leak(Box::new(is_in)) }
}

/// A request of these events.
pub(crate) fn request(key: Option<&str>, events: Vec<Event>) -> Request {
    Request {
        idempotency_key: key.map(str::to_owned),
        body_hash: format!("{events:?}").len().to_string(),
        events,
        ..Request::default()
    }
}
