//! A lake whose files lie in an object store: the same answers, and clear words when the store is not well.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use engine::Error;
use engine::lake::disk::{Disk as _, Objects};
use engine::lake::{Access, Contents, Lake, Place};
use engine::measure::Asked;
use throwaway::{Bucket, Durability, Mood, Postgres};

use super::{Happened, clock, csv, import, request};
use crate::reading::source;
use crate::ways::asked_of;

fn happened(numbers: std::ops::Range<u64>) -> Vec<Happened> {
    let at = |n: u64| {
        let (activity, hall) =
            (["came", "served", "left"][n as usize % 3], ["north", "south"][n as usize % 2]);
        (n % 11, n as i64 * 400, activity, "web", hall, n + 1)
    };
    numbers.map(at).collect()
}

/// How a lake keeps its files in the store.
fn place(folder: &Path, bucket: &Bucket, prefix: &str) -> Place {
    within("5s", folder, bucket, prefix)
}

/// The same, and how long one request may take: little where all of them hang.
fn within(time: &str, folder: &Path, bucket: &Bucket, prefix: &str) -> Place {
    let limits = [("AWS_MAX_ATTEMPTS", "3"), ("AWS_TIMEOUT", time)];
    let limits = limits.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Place {
        files: Some(format!("s3://bucket/{prefix}")),
        access: Access::new(bucket.variables().into_iter().chain(limits)),
        ..Place::folder(folder, clock)
    }
}

/// Files that lie in the store, those that describe others left out.
fn objects(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(objects(&path));
        } else if path.extension().is_some_and(|ending| ending == "parquet") {
            found.push(path.display().to_string());
        }
    }
    found
}

fn report(lake: &Lake) -> String {
    let view = lake.view(None, None).unwrap();
    let report = asked_of(&[], Some(&view), &Asked::default(), 1 << 20).report;
    serde_json::to_string(&report).unwrap()
}

/// Everything that a lake does, and its report at the end.
fn live(place: &Place) -> (String, Contents) {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("first.csv");
    std::fs::write(&path, csv(&happened(0..400))).unwrap();
    let lake = Lake::open(place).unwrap();
    import(&lake, &[source(path, "", None)]);
    lake.append(&[request(&lake, &happened(350..500))]).unwrap();
    lake.flush().unwrap();
    drop(lake);
    // What was said once is remembered.
    let lake = Lake::open(&Place { files: None, ..place.clone() }).unwrap();
    for first in [500, 550, 600] {
        lake.append(&[request(&lake, &happened(first..first + 50))]).unwrap();
        lake.flush().unwrap();
    }
    lake.append(&[request(&lake, &happened(650..700))]).unwrap();
    let before = report(&lake);
    assert!(lake.compact().unwrap() > 0);
    assert_eq!(report(&lake), before);
    lake.flush().unwrap();
    assert_eq!(lake.verify(&Default::default()).unwrap().damage, Vec::<String>::new());
    assert!(lake.erase("3").unwrap().files > 0);
    assert_eq!(lake.verify(&Default::default()).unwrap().damage, Vec::<String>::new());
    (report(&lake), lake.contents().unwrap())
}

#[test]
fn a_lake_in_an_object_store_reports_what_one_in_a_folder_does() {
    static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
    let start = || {
        Postgres::start(Durability::None)
            .inspect_err(|why| eprintln!("not tested on PostgreSQL: {why}"))
            .ok()
    };
    let bucket = Bucket::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (expected, _) = live(&Place::folder(&folder.path().join("folder"), clock));
    let server = SERVER.get_or_init(start).as_ref();
    let databases = [None, server.map(|server| server.database().unwrap())];
    for (number, database) in databases.into_iter().enumerate() {
        if number > 0 && database.is_none() {
            continue;
        }
        let data = folder.path().join(number.to_string());
        let prefix = format!("shop/{number}");
        let (given, contents) = live(&Place { database, ..place(&data, &bucket, &prefix) });
        assert_eq!(given, expected);
        let there = objects(&bucket.folder().join(prefix));
        assert_eq!(there.len() as u64, contents.files, "{there:?}");
        assert!(!data.join("events").exists());
    }
}

#[test]
fn a_scan_is_a_few_requests_and_not_one_a_page() {
    let bucket = Bucket::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(&place(&folder.path().join("data"), &bucket, "")).unwrap();
    // One customer in one month: one file, of three row groups, each with a page or more for every column.
    let events: Vec<Happened> = (0..300_000_i64)
        .map(|n| {
            (
                7,
                (n * 7919) % 20_000,
                ["came", "served", "left"][n as usize % 3],
                "web",
                "north",
                n as u64 + 1,
            )
        })
        .collect();
    let path = folder.path().join("all.csv");
    std::fs::write(&path, csv(&events)).unwrap();
    import(&lake, &[source(path, "", None)]);
    assert_eq!(lake.contents().unwrap().files, 1);
    bucket.reads();
    let view = lake.view(None, None).unwrap();
    assert_eq!(view.ids().unwrap().len(), 300_000);
    let reads = bucket.reads();
    assert!((2..=5).contains(&reads), "{reads} requests");
    // A small file is one request.
    let lake = Lake::open(&place(&folder.path().join("small"), &bucket, "small")).unwrap();
    lake.append(&[request(&lake, &happened(0..30))]).unwrap();
    lake.flush().unwrap();
    bucket.reads();
    lake.view(None, None).unwrap().ids().unwrap();
    assert_eq!(bucket.reads(), lake.contents().unwrap().files);
}

#[test]
fn a_store_that_is_unwell_for_a_moment_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let moods =
        [Mood::Fails(2), Mood::Hangs(1), Mood::Hangups(2), Mood::Slow(Duration::from_millis(100))];
    for (number, mood) in moods.into_iter().enumerate() {
        let bucket = Bucket::start().unwrap();
        let data = folder.path().join(number.to_string());
        let lake = Lake::open(&place(&data, &bucket, "lake")).unwrap();
        lake.append(&[request(&lake, &happened(0..40))]).unwrap();
        bucket.be(mood);
        assert_eq!(lake.flush().unwrap(), 40, "{mood:?}");
        bucket.be(mood);
        assert_eq!(lake.view(None, None).unwrap().ids().unwrap().len(), 40, "{mood:?}");
        assert_eq!(lake.contents().unwrap().tail, 0);
    }
}

#[test]
fn a_store_that_stays_unwell_is_told_and_the_tail_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let moods = [
        (Mood::Fails(u64::MAX), "failed (InternalError)"),
        (Mood::Hangs(u64::MAX), "did not answer in time"),
        (Mood::Hangups(u64::MAX), "is not reached"),
    ];
    for (number, (mood, words)) in moods.into_iter().enumerate() {
        let bucket = Bucket::start().unwrap();
        let data = folder.path().join(number.to_string());
        let place = place(&data, &bucket, "lake");
        let lake = Lake::open(&place).unwrap();
        lake.append(&[request(&lake, &happened(0..3))]).unwrap();
        lake.flush().unwrap();
        drop(lake);
        let lake = Lake::open(&within("300ms", &data, &bucket, "lake")).unwrap();
        lake.append(&[request(&lake, &happened(3..6))]).unwrap();
        bucket.be(mood);
        let told = |result: Result<(), Error>| {
            let Err(error @ Error::World { .. }) = result else { panic!("{mood:?}: {result:?}") };
            let told = error.to_string();
            assert!(told.contains(words) && told.contains("http://127.0.0.1"), "{told}");
        };
        told(lake.flush().map(drop));
        told(lake.view(None, None).unwrap().ids().map(drop));
        // Damage is only what was seen.
        told(lake.verify(&Default::default()).map(drop));
        assert_eq!(lake.contents().unwrap().tail, 3);
        drop(lake);
        // Events still come in, and what was begun is forgotten when the store is back.
        let lake = Lake::open(&place).unwrap();
        lake.append(&[request(&lake, &happened(6..9))]).unwrap();
        bucket.be(Mood::Well);
        assert_eq!(lake.flush().unwrap(), 6);
        assert_eq!(lake.view(None, None).unwrap().ids().unwrap().len(), 9);
        drop(lake);
        let lake = Lake::open(&place).unwrap();
        assert_eq!(objects(&bucket.folder()).len() as u64, lake.contents().unwrap().files);
        assert_eq!(lake.verify(&Default::default()).unwrap().damage, Vec::<String>::new());
    }
}

#[test]
fn what_is_wrong_with_the_place_is_told_before_anything_is_stored() {
    let mut bucket = Bucket::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let fine = place(&folder.path().join("data"), &bucket, "lake");
    let told = |place: &Place| {
        let told = Lake::open(place).unwrap_err().to_string();
        assert!(!place.folder.join("files").exists());
        told
    };
    let elsewhere = Place { files: Some("s3://absent/lake".to_owned()), ..fine.clone() };
    assert!(told(&elsewhere).contains("there is no bucket `absent`"), "{}", told(&elsewhere));
    let wrong = ("AWS_SECRET_ACCESS_KEY".to_owned(), "wrong".to_owned());
    let variables = bucket.variables().into_iter().filter(|(name, _)| *name != wrong.0);
    let denied = Access::new(variables.chain([wrong.clone()]));
    let denied = told(&Place { access: denied, ..fine.clone() });
    assert!(
        denied.contains("refuses access") && denied.contains("AWS_SECRET_ACCESS_KEY"),
        "{denied}"
    );
    assert!(
        told(&Place { access: Access::default(), ..fine.clone() }).contains("AWS_ACCESS_KEY_ID")
    );
    drop(Lake::open(&fine).unwrap());
    let moved = Place { files: Some("s3://bucket/other".to_owned()), ..fine.clone() };
    let moved = Lake::open(&moved).unwrap_err().to_string();
    assert!(moved.contains("s3://bucket/lake"), "{moved}");
    // A folder that has files already does not begin to put others elsewhere.
    let full = Place::folder(&folder.path().join("full"), clock);
    let lake = Lake::open(&full).unwrap();
    lake.append(&[request(&lake, &happened(0..3))]).unwrap();
    lake.flush().unwrap();
    drop(lake);
    let mixed = Lake::open(&Place { folder: full.folder, ..fine.clone() }).unwrap_err().to_string();
    assert!(mixed.contains("lie in it"), "{mixed}");
    bucket.stop();
    let stopped = told(&Place { folder: folder.path().join("late"), ..fine });
    assert!(stopped.contains("is not reached"), "{stopped}");
}

#[test]
fn a_large_file_is_written_by_parts() {
    let bucket = Bucket::start().unwrap();
    let objects = Objects::new("s3://bucket/large", &Access::new(bucket.variables())).unwrap();
    let bytes: Vec<u8> =
        (0..20_000_003_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    objects.put("one", &bytes).unwrap();
    // Begun, three parts, completed.
    assert_eq!(bucket.writes(), 5);
    assert_eq!(objects.open("one").unwrap().bytes().unwrap(), bytes);
    objects.delete("one").unwrap();
    objects.delete("one").unwrap();
    let gone = objects.open("one").unwrap_err();
    assert_eq!(gone.kind(), std::io::ErrorKind::NotFound);
}
