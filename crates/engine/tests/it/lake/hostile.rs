//! What nobody means to send and somebody does: it is stored whole, or refused in words.

use engine::import::hash;
use engine::measure::Asked;
use store::{Event, Request};

use super::{Happened, cases, csv, event, import, open, request};
use crate::reading::source;
use crate::ways::asked_of;

#[test]
fn ids_of_ten_kilobytes_are_ids() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(&folder.path().join("data"));
    let long = |letter: &str| letter.repeat(10_000);
    let (customer, activity, hall) = (long("c"), long("a"), long("h"));
    let row = |id: &str, minute: u32| {
        format!("{customer},2025-06-15T10:{minute:02}:00Z,{activity},web,{hall},{id}\n")
    };
    // Two events whose ids differ in the last letter, and one of them again.
    let ids = [long("i"), format!("{}j", "i".repeat(9_999)), long("i")];
    let rows: String = (0..).zip(&ids).map(|(minute, id)| row(id, minute)).collect();
    let path = folder.path().join("long.csv");
    std::fs::write(&path, format!("customer_id,at,activity,channel,hall,event_id\n{rows}"))
        .unwrap();
    import(&lake, &[source(path, "", None)]);
    let sent = Event {
        customer: lake.keys().of(hash(customer.as_bytes())),
        identity: customer.clone(),
        activity: activity.clone(),
        event_id: Some(hash(ids[0].as_bytes())),
        ..event(&lake, &(1, 0, "", "web", "", 0))
    };
    let other = Event { event_id: Some(hash(b"other")), ..sent.clone() };
    lake.append(&[Request { events: vec![sent, other], ..Request::default() }]).unwrap();
    for _ in 0..2 {
        let view = lake.view(None, None).unwrap();
        assert_eq!(view.ids().unwrap().len(), 3);
        assert_eq!(view.values_of("hall").unwrap(), [hall.clone(), hall.clone()]);
        lake.flush().unwrap();
        lake.compact().unwrap();
    }
    assert_eq!(lake.verify(&Default::default()).unwrap().damage, Vec::<String>::new());
    assert!(lake.erase(&customer).unwrap().files > 0);
    assert_eq!(lake.view(None, None).unwrap().events(), 0);
}

#[test]
fn a_hundred_thousand_activities_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(&folder.path().join("data"));
    let mut text = String::from("customer_id,at,activity,hall,parcels\n");
    for n in 0..100_000 {
        text.push_str(&format!("{},2025-06-{:02},activity {n},,\n", n % 997, 1 + n % 28));
    }
    // And some that the document knows.
    text.push_str("1,2025-06-01,came,,\n1,2025-06-02,served,north,2\n1,2025-06-03,left,,\n");
    let path = folder.path().join("many.csv");
    std::fs::write(&path, text).unwrap();
    import(&lake, &[source(path.clone(), "", None)]);
    let asked = Asked::default();
    let view = lake.view(None, None).unwrap();
    let given = asked_of(&[], Some(&view), &asked, 1 << 20).report;
    let expected = asked_of(&[source(path, "", None)], None, &asked, 1 << 20).report;
    assert_eq!((given.events.read, given.customers), (100_003, expected.customers));
    assert_eq!(given.by_id(), expected.by_id());
}

/// One customer has a million events and more: before a release five million, by a variable.
#[test]
fn one_customer_may_have_most_of_the_events() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(&folder.path().join("data"));
    let count = cases("FOOTPATH_LAKE_EVENTS_OF_ONE", 250_000);
    let happened = |n: u32| -> Happened {
        let activity = ["came", "served", "left"][n as usize % 3];
        let customer = if n.is_multiple_of(1000) { 8 } else { 7 };
        (customer, i64::from(n) / 4, activity, "web", "north", u64::from(n) + 1)
    };
    let path = folder.path().join("one.csv");
    let events: Vec<Happened> = (0..count).map(happened).collect();
    std::fs::write(&path, csv(&events)).unwrap();
    let source = source(path, "", None);
    import(&lake, std::slice::from_ref(&source));
    // And some of them again.
    lake.append(&[request(&lake, &events[..500])]).unwrap();
    lake.flush().unwrap();
    lake.compact().unwrap();
    let view = lake.view(None, None).unwrap();
    assert_eq!(view.ids().unwrap().len(), count as usize);
    let asked = Asked::default();
    let given = asked_of(&[], Some(&view), &asked, 1 << 20).report;
    let expected = asked_of(&[source], None, &asked, 1 << 20).report;
    assert_eq!(given.instances, expected.instances);
    assert_eq!(given.by_id().standards, expected.by_id().standards);
}

#[test]
fn columns_may_come_go_and_change_what_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(&folder.path().join("data"));
    let files = [
        "customer_id,at,activity,hall,parcels\n1,2025-06-01,came,north,1\n1,2025-06-02,left,,2\n",
        "customer_id,at,activity,parcels,weather\n1,2025-06-03,came,many,rain\n2,2025-06-03,came,3.5,\n",
        "weather,activity,at,customer_id\nsun,left,2025-06-04,2\n",
        // A column of the lake's own name, one that differs by case, and one that reads like a path.
        "customer_id,at,activity,batch,Hall,shop.hall\n3,2025-06-05,came,forty,south,east\n",
    ];
    for (number, text) in files.iter().enumerate() {
        let path = folder.path().join(format!("{number}.csv"));
        std::fs::write(&path, text).unwrap();
        import(&lake, &[source(path, "", None)]);
    }
    let values = |attribute: &str| lake.view(None, None).unwrap().values_of(attribute).unwrap();
    for _ in 0..2 {
        assert_eq!(values("parcels"), ["1", "2", "3.5", "many"]);
        assert_eq!(values("weather"), ["rain", "sun"]);
        assert_eq!(values("hall"), ["north"]);
        assert_eq!(values("Hall"), ["south"]);
        assert_eq!(values("batch"), ["forty"]);
        assert_eq!(values("shop.hall"), ["east"]);
        assert_eq!(lake.view(None, None).unwrap().events(), 6);
        lake.compact().unwrap();
    }
    assert_eq!(lake.verify(&Default::default()).unwrap().damage, Vec::<String>::new());
}
