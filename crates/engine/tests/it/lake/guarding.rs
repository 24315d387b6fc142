//! A lake minds what is its own: one process, whole files, clear words.

use engine::Error;
use engine::lake::{Lake, Place};
use engine::measure::Asked;

use super::{Happened, clock, open, request};

fn events() -> Vec<Happened> {
    (0..60)
        .map(|n| {
            (n % 9, n as i64 * 700, ["came", "served", "left"][n as usize % 3], "web", "north", n)
        })
        .collect()
}

#[test]
fn a_second_opener_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(folder.path());
    let second = Lake::open(&Place::folder(folder.path(), clock));
    let Err(Error::Caller { message, .. }) = second else { panic!("{second:?}") };
    assert!(message.contains("another footpath"), "{message}");
    drop(lake);
    open(folder.path());
}

#[test]
fn an_empty_lake_says_how_to_fill_it() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(folder.path());
    let view = Asked::default().view(&lake).unwrap();
    assert_eq!((view.events(), view.latest()), (0, None));
    assert_eq!(lake.flush().unwrap(), 0);
    assert_eq!(lake.compact().unwrap(), 0);
}

#[test]
fn a_missing_file_is_found_and_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(folder.path());
    lake.append(&[request(&lake, &events())]).unwrap();
    lake.flush().unwrap();
    let paths = lake.view(None, None).unwrap().paths();
    std::fs::remove_file(folder.path().join(&paths[0])).unwrap();
    assert_eq!(lake.verify(&Default::default()).unwrap().damage.len(), 1);
    let view = lake.view(None, None).unwrap();
    assert!(view.texts().is_err());
}

/// A page that a torn write left empty, a file that was cut off, and something else under its name.
#[test]
fn a_damaged_database_is_found_and_said() {
    const PAGE: usize = 4096;
    let folder = tempfile::tempdir().unwrap();
    let lake = open(folder.path());
    let many: Vec<Happened> =
        (0..900).map(|n| (n % 70, n as i64, "came", "web", "north", n + 1)).collect();
    lake.append(&[request(&lake, &many)]).unwrap();
    assert!(lake.verify(&Default::default()).unwrap().is_sound());
    drop(lake);
    let path = folder.path().join("footpath.sqlite");
    let whole = std::fs::read(&path).unwrap();
    let pages = whole.len() / PAGE;
    assert!(pages > 30, "{pages} pages");
    let emptied = (0..pages).map(|page| {
        let mut bytes = whole.clone();
        bytes[page * PAGE..(page + 1) * PAGE].fill(0);
        bytes
    });
    let others = [whole[..whole.len() / 2 / PAGE * PAGE].to_vec(), b"no database ".repeat(1000)];
    for (number, damaged) in emptied.chain(others).enumerate() {
        std::fs::write(&path, damaged).unwrap();
        match Lake::open(&Place::folder(folder.path(), clock)) {
            Ok(lake) => {
                let verified = lake.verify(&Default::default());
                let is_found = match &verified {
                    Ok(verified) => !verified.database.is_empty(),
                    Err(error) => error.to_string().contains("damaged"),
                };
                assert!(is_found, "damage {number}: {verified:?}");
            }
            Err(error) => {
                let told = error.to_string();
                assert!(
                    told.contains("damaged") && told.contains("backup"),
                    "damage {number}: {told}"
                );
            }
        }
        // A journal of the damaged file would be replayed into the next one.
        for beside in ["footpath.sqlite-wal", "footpath.sqlite-shm"] {
            drop(std::fs::remove_file(folder.path().join(beside)));
        }
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(open(folder.path()).view(None, None).unwrap().ids().unwrap().len(), 900);
}
