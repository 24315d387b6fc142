//! R7: clocks that are wrong, zones, and times that are none: kept as meant, or put aside with a reason, never lost.

use std::path::Path;

use engine::import::{Source, Watch};
use engine::quarantine::Quarantine;
use engine::scan::Files;

use super::{clock, event, micros, open};
use crate::reading::source;
use store::Request;

const UNREADABLE: &str = "the time cannot be read";
const MISSING: &str = "the row has no time";

/// How a file writes a time and in which zone, and what it is: an instant, or why not.
const FILES: [(&str, &str, Result<&str, &str>); 30] = [
    // Clocks that began anew, or run ahead by decades.
    ("UTC", "1970-01-01T00:00:01Z", Ok("1970-01-01T00:00:01Z")),
    ("UTC", "1970-01-01 00:00:00", Ok("1970-01-01T00:00:00Z")),
    ("UTC", "1969-12-31T23:59:59.999999Z", Ok("1969-12-31T23:59:59.999999Z")),
    ("UTC", "1980-01-06T00:00:00Z", Ok("1980-01-06T00:00:00Z")),
    ("UTC", "1999-12-31T23:59:59.5Z", Ok("1999-12-31T23:59:59.5Z")),
    ("UTC", "2000-02-29", Ok("2000-02-29T00:00:00Z")),
    ("UTC", "2016-12-31T23:59:60Z", Ok("2016-12-31T23:59:59Z")),
    ("UTC", "2038-01-19T03:14:08Z", Ok("2038-01-19T03:14:08Z")),
    ("UTC", "2099-12-31T23:59:59Z", Ok("2099-12-31T23:59:59Z")),
    ("UTC", "2100-02-28T23:59:59Z", Ok("2100-02-28T23:59:59Z")),
    ("UTC", "2100-02-29", Err(UNREADABLE)),
    // Summer time: the hour that is not there, the hour that is there twice, and the hours beside them.
    ("Europe/Berlin", "2024-03-31 01:59:59", Ok("2024-03-31T00:59:59Z")),
    ("Europe/Berlin", "2024-03-31 02:30:01", Ok("2024-03-31T01:30:01Z")),
    ("Europe/Berlin", "2024-03-31 03:00:02", Ok("2024-03-31T01:00:02Z")),
    ("Europe/Berlin", "2024-10-27 02:30:03", Ok("2024-10-27T00:30:03Z")),
    ("Europe/Berlin", "2024-10-27 03:00:04", Ok("2024-10-27T02:00:04Z")),
    ("Europe/Berlin", "2024-10-27T02:30:05+01:00", Ok("2024-10-27T01:30:05Z")),
    ("Australia/Lord_Howe", "2024-10-06 02:15", Ok("2024-10-05T15:45:00Z")),
    ("Asia/Kathmandu", "1986-01-01 00:10", Ok("1985-12-31T18:40:00Z")),
    ("America/New_York", "2100-07-01 12:00", Ok("2100-07-01T16:00:00Z")),
    // Beyond what any clock says.
    ("UTC", "1899-12-31T23:59:59Z", Err(UNREADABLE)),
    ("UTC", "2200-01-01", Err(UNREADABLE)),
    ("UTC", "9999-12-31T23:59:59Z", Err(UNREADABLE)),
    ("UTC", "0001-01-01", Err(UNREADABLE)),
    ("Asia/Kolkata", "1899-12-31 12:00", Err(UNREADABLE)),
    // No times at all.
    ("UTC", "", Err(MISSING)),
    ("UTC", "1711908307", Err(UNREADABLE)),
    ("UTC", "31/03/2024 18:05", Err(UNREADABLE)),
    ("UTC", "2024-02-30", Err(UNREADABLE)),
    ("UTC", "yesterday", Err(UNREADABLE)),
];

/// What clients say, in minutes from the clock of the lake, or in µs as they are.
const REQUESTS: [(i64, bool); 10] = [
    (0, true),
    (-5, true),
    (90, true),
    (-60 * 24 * 400, true),
    (60 * 24 * 365 * 30, true),
    (i64::MIN, false),
    (i64::MAX, false),
    (7_258_118_400_000_000, false),
    (-2_208_988_800_000_001, false),
    (1_750_000_000_000_000_000, false),
];

fn import_all(data: &Path, scratch: &Path) -> (Vec<i64>, Vec<(&'static str, u64)>) {
    let lake = open(data);
    let mut refused: Vec<(&'static str, u64)> = Vec::new();
    let mut zones: Vec<&str> = FILES.iter().map(|case| case.0).collect();
    zones.sort_unstable();
    zones.dedup();
    for zone in zones {
        let of_zone = || FILES.iter().filter(|case| case.0 == zone);
        let rows: String =
            of_zone().enumerate().map(|(n, case)| format!("{n},{},came\n", case.1)).collect();
        let path = scratch.join(zone.replace('/', " "));
        std::fs::write(&path, format!("customer_id,at,activity\n{rows}")).unwrap();
        let events: [Source; 1] = [source(path, "", Some(zone))];
        let (quarantine, watch) = (Quarantine::default(), Watch::default());
        let files = Files {
            events: &events,
            bad_share: 1.0,
            memory: 1 << 20,
            ..Files::none(&quarantine, &watch)
        };
        let imported = lake.import(&files).unwrap();
        assert_eq!(imported[0].events + quarantine.rows(), of_zone().count() as u64, "{zone}");
        refused.extend(quarantine.troubles().iter().map(|trouble| (trouble.reason, trouble.rows)));
    }
    let times = lake.view(None, None).unwrap().times().unwrap();
    (times, refused)
}

#[test]
fn times_of_files_are_kept_as_meant_or_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (times, refused) = import_all(&data, folder.path());
    let instants = FILES.iter().filter_map(|case| case.2.ok());
    let mut expected: Vec<i64> =
        instants.map(|text| text.parse::<jiff::Timestamp>().unwrap().as_microsecond()).collect();
    expected.sort_unstable();
    assert_eq!(times, expected);
    for reason in [UNREADABLE, MISSING] {
        let told = refused.iter().filter(|told| told.0 == reason).map(|told| told.1).sum::<u64>();
        let meant = FILES.iter().filter(|case| case.2 == Err(reason)).count() as u64;
        assert_eq!(told, meant, "{reason} of {refused:?}");
    }
}

#[test]
fn what_a_wrong_clock_sends_is_kept_or_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(folder.path());
    let happened = (1, 0, "came", "web", "north", 0);
    let at = |(said, is_kept): (i64, bool)| {
        if is_kept { micros(1_000_000 + said) } else { said }
    };
    let events = REQUESTS.map(|case| store::Event { at: at(case), ..event(&lake, &happened) });
    let request = Request {
        events: events.to_vec(),
        idempotency_key: Some("once".to_owned()),
        ..Request::default()
    };
    let ingest = lake.ingest();
    let receipt = ingest.append_blocking(request.clone()).unwrap();
    assert_eq!((receipt.accepted, receipt.quarantined), (5, 5));
    // Sent again, through either door: nothing is there twice, neither kept nor refused.
    assert_eq!(ingest.append_blocking(request.clone()).unwrap(), receipt);
    assert_eq!(lake.append(&[request]).unwrap().pop().unwrap().unwrap(), receipt);
    let mut expected: Vec<i64> =
        REQUESTS.iter().filter(|case| case.1).map(|case| at(*case)).collect();
    expected.sort_unstable();
    for _ in 0..2 {
        assert_eq!(lake.view(None, None).unwrap().times().unwrap(), expected);
        lake.flush().unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let refused = runtime.block_on(lake.workspace().refused(None, "", 100)).unwrap();
    assert_eq!(refused.len(), 5);
    for row in refused {
        assert!(row.refused.reason.contains("1900 to 2199"), "{}", row.refused.reason);
    }
}

/// A client whose clock was set right in between sends an event again, at another time: the first counts.
#[test]
fn an_event_that_was_sent_before_the_clock_was_set_is_the_same_event() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(folder.path());
    let first = event(&lake, &(1, 0, "came", "web", "north", 9));
    let again = store::Event { at: clock(), ..first.clone() };
    let request = |event| Request { events: vec![event], ..Request::default() };
    let receipts = lake.append(&[request(first.clone()), request(again)]).unwrap();
    let receipts: Vec<_> = receipts.into_iter().map(Result::unwrap).collect();
    assert_eq!((receipts[0].accepted, receipts[1].duplicate), (1, 1));
    assert_eq!(lake.view(None, None).unwrap().times().unwrap(), [first.at]);
}
