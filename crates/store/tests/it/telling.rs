//! What customers told is kept once, in its order, and goes with the customer.

use store::{About, Complaint, Person, Receipt, Request, Response};

use crate::both::{deed, leaver, on_both, on_both_databases};

fn about(id: Option<&str>, customer: Option<u64>, touchpoint: &str) -> About {
    About {
        id: id.map(str::to_owned),
        person: customer.map(|key| Person { key, id: format!("customer {key}") }),
        touchpoint: Some(touchpoint.to_owned()),
        at: Some(60_000_000),
        source: "request".to_owned(),
        ..About::default()
    }
}

fn response(about: About, score: f64) -> Response {
    Response {
        about,
        question: "csat".to_owned(),
        score: Some(score),
        comment: Some("so late".to_owned()),
        invited_at: Some(1),
    }
}

fn complaint(about: About) -> Complaint {
    Complaint { about, severity: Some(3.0), text: "nobody answers".to_owned() }
}

#[test]
fn what_was_told_is_read_as_it_was_told() {
    on_both(|here| async move {
        let mut first = response(about(Some("a"), Some(u64::MAX), "parking"), 4.0);
        first.about.attributes = Some(r#"{"region":"north"}"#.to_owned());
        let nobody = response(about(None, None, "parking"), 1.5);
        let of_another =
            About { journey: Some("other".to_owned()), ..about(None, Some(3), "till") };
        let request = Request {
            responses: vec![first.clone(), response(of_another, 2.0), nobody.clone()],
            complaints: vec![complaint(about(Some("a"), Some(7), "till"))],
            ..Request::default()
        };
        let before = here.data_version().await.unwrap();
        let receipt = here.append(&[request], 5).await.unwrap().remove(0).unwrap();
        assert_eq!(receipt, Receipt { accepted: 4, duplicate: 0, quarantined: 0 });
        assert!(here.data_version().await.unwrap() > before);
        let kept = here.responses("ours", (0, i64::MAX), 10).await.unwrap();
        // The sender's id leads to no row.
        first.about.id = None;
        assert_eq!(kept.iter().map(|kept| kept.seq).collect::<Vec<_>>(), [1, 3]);
        assert_eq!((&kept[0].told, &kept[1].told), (&first, &nobody));
        assert_eq!(here.responses("other", (0, i64::MAX), 10).await.unwrap().len(), 3);
        assert_eq!(here.responses("ours", (1, 2), 10).await.unwrap().len(), 0);
        let complaints = here.complaints("ours", (0, i64::MAX), 10).await.unwrap();
        assert_eq!(complaints[0].told.about.person.as_ref().unwrap().id, "customer 7");
        assert_eq!((complaints[0].seq, complaints[0].told.severity), (4, Some(3.0)));
    });
}

#[test]
fn an_answer_with_a_known_id_is_a_duplicate_and_so_is_a_request_with_a_known_key() {
    on_both(|here| async move {
        let one = |id| response(about(Some(id), None, "parking"), 4.0);
        let request = Request {
            idempotency_key: Some("key".to_owned()),
            responses: vec![one("a"), one("b"), one("a")],
            complaints: vec![complaint(about(Some("a"), None, "parking"))],
            ..Request::default()
        };
        let again = Request { idempotency_key: None, ..request.clone() };
        let receipts = here.append(&[request.clone(), request, again], 5).await.unwrap();
        let told = |accepted, duplicate| Receipt { accepted, duplicate, quarantined: 0 };
        let receipts: Vec<Receipt> = receipts.into_iter().map(Result::unwrap).collect();
        assert_eq!(receipts, [told(3, 1), told(3, 1), told(0, 4)]);
        assert_eq!(here.responses("ours", (0, i64::MAX), 10).await.unwrap().len(), 2);
    });
}

#[test]
fn what_a_customer_told_goes_with_the_customer() {
    on_both(|here| async move {
        let of = |customer| response(about(None, customer, "parking"), 4.0);
        let request = Request {
            responses: vec![of(Some(1)), of(Some(2)), of(None)],
            complaints: vec![complaint(about(None, Some(1), "till"))],
            ..Request::default()
        };
        here.append(&[request], 5).await.unwrap();
        let before = here.data_version().await.unwrap();
        here.erase(&leaver(1), &deed(6)).await.unwrap();
        assert!(here.data_version().await.unwrap().told > before.told);
        let left = here.responses("ours", (0, i64::MAX), 10).await.unwrap();
        assert_eq!(left.iter().map(|kept| kept.seq).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(here.complaints("ours", (0, i64::MAX), 10).await.unwrap(), []);
    });
}

#[test]
fn what_one_workspace_was_told_another_does_not_hear() {
    on_both_databases(|store| async move {
        let (here, there) =
            (store.workspace("here", 1).await.unwrap(), store.workspace("there", 1).await.unwrap());
        let request = |score| Request {
            responses: vec![response(about(Some("a"), Some(1), "parking"), score)],
            ..Request::default()
        };
        here.append(&[request(1.0)], 5).await.unwrap();
        let receipt = there.append(&[request(5.0)], 5).await.unwrap().remove(0).unwrap();
        assert_eq!(receipt.accepted, 1, "ids are a workspace's own");
        there.erase(&leaver(1), &deed(6)).await.unwrap();
        assert_eq!(there.responses("ours", (0, i64::MAX), 10).await.unwrap(), []);
        let kept = here.responses("ours", (0, i64::MAX), 10).await.unwrap();
        assert_eq!(kept[0].told.score, Some(1.0));
    });
}
