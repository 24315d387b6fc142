//! A canary for each person: of the erased not a byte is left, of the others every one.

use std::path::Path;

use engine::measure::Asked;

use super::{Happened, clock, csv, import, open, request};
use crate::reading::source;
use crate::ways::asked_of;

/// Every file below a folder, as bytes.
fn all_bytes(folder: &Path, into: &mut Vec<u8>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_bytes(&path, into);
        } else {
            into.extend(std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn nothing_of_an_erased_person_is_left_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let lake = open(&data);
    let halls: Vec<&'static str> =
        (0..200).map(|n| &*format!("canary{n:03}canary").leak()).collect();
    let events: Vec<Happened> = (0..200_u64)
        .map(|n| {
            (
                n % 20,
                n as i64 * 2000,
                ["came", "served", "left"][n as usize % 3],
                "web",
                halls[n as usize],
                n + 1,
            )
        })
        .collect();
    let path = folder.path().join("all.csv");
    std::fs::write(&path, csv(&events[..100])).unwrap();
    import(&lake, &[source(path, "", None)]);
    lake.append(&[request(&lake, &events[100..150])]).unwrap();
    lake.flush().unwrap();
    lake.append(&[request(&lake, &events[150..])]).unwrap();
    let found = |canary: &str| {
        let mut bytes = Vec::new();
        all_bytes(&data, &mut bytes);
        // Pages of Parquet are compressed, so the canaries are looked for as readers see them, too.
        let view = lake.view(None, None).unwrap();
        let texts = view.texts().unwrap();
        texts.iter().any(|text| text == canary) || memchr(&bytes, canary.as_bytes())
    };
    assert!(halls.iter().all(|canary| found(canary)));
    for person in 0..10 {
        lake.erase(&person.to_string()).unwrap();
    }
    for (n, canary) in halls.iter().enumerate() {
        assert_eq!(found(canary), n % 20 >= 10, "{canary}");
    }
    let view = lake.view(None, None).unwrap();
    let report = asked_of(&[], Some(&view), &Asked::default(), 1 << 20).report;
    assert_eq!((report.customers, report.events.read), (10, 100));
    assert_eq!(lake.verify(&Default::default()).unwrap().damage, Vec::<String>::new());
}

/// An erased person who comes back is a stranger.
#[test]
fn who_comes_back_starts_anew() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(&folder.path().join("data"));
    let came = (5, 0, "came", "web", "north", 1);
    lake.append(&[request(
        &lake,
        &[came, (6, 1, "served", "web", "north", 2), (6, 5, "left", "web", "", 4)],
    )])
    .unwrap();
    lake.flush().unwrap();
    lake.erase("5").unwrap();
    lake.append(&[request(&lake, &[came, (5, 9, "left", "web", "north", 3)])]).unwrap();
    let events = || lake.view(None, None).unwrap().events();
    assert_eq!(events(), 4);
    lake.flush().unwrap();
    assert_eq!(lake.forget().unwrap(), 0, "the wish was followed");
    assert_eq!(events(), 4);
}

#[test]
fn months_that_are_too_old_go() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(&folder.path().join("data"));
    let month = 31 * 24 * 60;
    let events: Vec<Happened> =
        (0..10).map(|n| (n as u64, n * month, "came", "web", "north", 0)).collect();
    lake.append(&[request(&lake, &events)]).unwrap();
    lake.flush().unwrap();
    let months = lake.view(None, None).unwrap().months();
    let now = jiff::Timestamp::from_microsecond(clock()).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
    let now = 12 * (i64::from(now.year()) - 1970) + i64::from(now.month()) - 1;
    let kept = u32::try_from(now - months[4]).unwrap();
    let retention = store::Retention { events: Some(kept), ..Default::default() };
    let deed = store::Deed {
        actor: "system".to_owned(),
        at: 0,
        origin: String::new(),
        request: String::new(),
    };
    assert_eq!(lake.too_old(retention).unwrap().events, 4);
    assert_eq!(lake.retain(retention, &deed).unwrap().events, 4);
    assert_eq!(lake.view(None, None).unwrap().months(), months[4..]);
    assert_eq!(lake.retain(retention, &deed).unwrap().events, 0);
}

fn memchr(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
