//! Who asks to be forgotten is forgotten, and may come back as a stranger.

use store::{Change, Erasure};

use crate::both::{event, on_both, request};

#[test]
fn an_erased_customer_leaves_the_tail_at_once_and_the_files_when_they_are_rewritten() {
    on_both(|here| async move {
        let events = vec![event(1, 1, 10), event(2, 1, 11), event(1, 2, 12)];
        here.append(&[request(None, events)], 5).await.unwrap();
        assert_eq!(here.erase(1, "customer 1", 6).await.unwrap(), 2);
        let tail = here.tail(0, 10).await.unwrap();
        assert_eq!(tail.iter().map(|event| event.customer).collect::<Vec<_>>(), [2]);
        let wish = Erasure { customer: 1, snapshot: 0 };
        assert_eq!(here.snapshot().await.unwrap().erasures, [wish]);
        here.append(&[request(None, vec![event(1, 3, 10)])], 7).await.unwrap();
        assert_eq!(here.tail_len().await.unwrap(), 2, "a new acquaintance, its old ids forgotten");
        let done = Change { why: "erase".to_owned(), erased: vec![wish], ..Change::default() };
        here.commit(&done, 8).await.unwrap();
        assert_eq!(here.snapshot().await.unwrap().erasures, []);
        here.erase(1, "customer 1", 9).await.unwrap();
        let again = Erasure { customer: 1, snapshot: 1 };
        assert_eq!(here.snapshot().await.unwrap().erasures, [again]);
        here.commit(&Change { erased: vec![wish], ..done }, 10).await.unwrap();
        assert_eq!(here.erasures().await.unwrap(), [again], "an older wish does not settle it");
    });
}
