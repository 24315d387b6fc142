//! Events are stored once, whatever is sent again.

use store::{Error, KeptRow, Receipt, Refused, Request};

use crate::both::{event, on_both, request};

#[test]
fn what_was_accepted_is_in_the_tail_in_its_order() {
    on_both(|here| async move {
        let events: Vec<_> = (0..2500).map(|n| event(n % 7, n as i64, 0)).collect();
        let group = [request(None, events[..1].to_vec()), request(None, events[1..].to_vec())];
        let receipts = here.append(&group, 5).await.unwrap();
        let accepted: Vec<u64> =
            receipts.into_iter().map(|receipt| receipt.unwrap().accepted).collect();
        assert_eq!(accepted, [1, 2499]);
        let mut tail = here.tail(0, 2000).await.unwrap();
        tail.extend(here.tail(2000, 2000).await.unwrap());
        assert_eq!(here.tail_len().await.unwrap(), 2500);
        for ((told, sent), seq) in tail.iter().zip(&events).zip(1..) {
            assert_eq!(told.seq, seq);
            assert_eq!((told.customer, told.at), (sent.customer, sent.at));
            assert_eq!(
                (&told.activity, &told.channel, &told.attributes),
                (&sent.activity, &sent.channel, &sent.attributes)
            );
        }
        assert_eq!(tail.len(), events.len());
    });
}

#[test]
fn an_event_with_a_known_id_is_a_duplicate() {
    on_both(|here| async move {
        let group = [
            request(None, vec![event(1, 1, 10), event(1, 2, 10), event(2, 1, 10)]),
            request(None, vec![event(1, 9, 10), event(1, 3, 11), event(u64::MAX, 1, u64::MAX)]),
        ];
        let told = |receipt: Result<Receipt, Error>| receipt.unwrap();
        let receipts: Vec<Receipt> =
            here.append(&group, 5).await.unwrap().into_iter().map(told).collect();
        assert_eq!(receipts[0], Receipt { accepted: 2, duplicate: 1, quarantined: 0 });
        assert_eq!(receipts[1], Receipt { accepted: 2, duplicate: 1, quarantined: 0 });
        let tail = here.tail(0, 100).await.unwrap();
        let ids: Vec<_> = tail
            .iter()
            .map(|event| (event.customer, event.at / 60_000_000, event.event_id))
            .collect();
        assert_eq!(
            ids,
            [(1, 1, Some(10)), (2, 1, Some(10)), (1, 3, Some(11)), (u64::MAX, 1, Some(u64::MAX))]
        );
        assert!(here.forget_before(6).await.unwrap() > 0);
        let again = here.append(&[request(None, vec![event(1, 1, 10)])], 7).await.unwrap();
        assert_eq!(
            again.into_iter().map(told).next().unwrap().accepted,
            1,
            "forgotten ids are new"
        );
    });
}

#[test]
fn the_same_key_is_answered_the_same_way() {
    on_both(|here| async move {
        let refused = Refused {
            id: "1".to_owned(),
            source: "request".to_owned(),
            line: 3,
            reason: "no customer".to_owned(),
            row: "{}".to_owned(),
            form: "segment".to_owned(),
        };
        let sent = Request {
            refused: vec![refused.clone()],
            ..request(Some("a"), vec![event(1, 1, 0), event(1, 2, 0)])
        };
        let first = here.append(std::slice::from_ref(&sent), 5).await.unwrap().remove(0).unwrap();
        assert_eq!(first, Receipt { accepted: 2, duplicate: 0, quarantined: 1 });
        let twice = here.append(&[sent.clone(), sent], 6).await.unwrap();
        for receipt in twice {
            assert_eq!(receipt.unwrap(), first);
        }
        let other = request(Some("a"), vec![event(1, 1, 0)]);
        let refusal = here.append(&[other], 7).await.unwrap().remove(0);
        assert!(matches!(refusal, Err(Error::Conflict(_))), "{refusal:?}");
        assert_eq!(here.tail_len().await.unwrap(), 2);
        assert_eq!(here.refused(None, "", 10).await.unwrap(), [KeptRow { refused, at: 5 }]);
        assert_eq!(here.refused(None, "1", 10).await.unwrap(), []);
    });
}
