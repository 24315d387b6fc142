//! Copies of a data folder, and data folders made out of them.

use std::fs;
use std::path::{Path, PathBuf};

use engine::import::Watch;
use engine::lake::{DataFolder, Lake, Place, back_up, check_backup, prune_backups, restore};

use super::{Happened, clock, open, request};

const EVENTS: [Happened; 5] = [
    (1, 0, "arrived", "app", "north", 1),
    (1, 9, "paid", "app", "", 2),
    (2, 3, "arrived", "", "south", 3),
    (2, 60_000, "paid", "shop", "", 4),
    (3, 5, "arrived", "app", "", 0),
];

/// A lake with events in files and in the tail.
fn filled(folder: &Path) -> Lake {
    let lake = open(folder);
    lake.append(&[request(&lake, &EVENTS[..3])]).unwrap();
    lake.flush().unwrap();
    lake.append(&[request(&lake, &EVENTS[3..])]).unwrap();
    lake
}

/// What everybody did.
fn told(lake: &Lake) -> Vec<String> {
    let view = lake.view(None, None).unwrap();
    let of = |id: u64| format!("{:?}", view.timeline(&id.to_string()).unwrap());
    (1..=3).map(of).collect()
}

fn back_up_as(folder: &Path, root: &Path, name: &str) -> PathBuf {
    back_up(&Place::folder(folder, clock), root, name, &Watch::default()).unwrap();
    root.join(name)
}

fn restored(copy: &Path, folder: &Path) -> Lake {
    restore(copy, &Place::folder(folder, clock), &Watch::default()).unwrap();
    open(folder)
}

#[test]
fn what_is_restored_is_what_was_copied_while_the_lake_was_in_use() {
    let scratch = tempfile::tempdir().unwrap();
    let (data, root) = (scratch.path().join("data"), scratch.path().join("copies"));
    let lake = filled(&data);
    let before = told(&lake);
    let copy = back_up_as(&data, &root, "one");
    lake.append(&[request(&lake, &[(3, 99, "paid", "", "", 9)])]).unwrap();
    lake.flush().unwrap();
    lake.compact().unwrap();
    lake.tidy(i64::MAX).unwrap();
    assert_ne!(told(&lake), before);
    assert_eq!(told(&restored(&copy, &scratch.path().join("again"))), before);
    // A second copy has the files of the first one, and takes what is new.
    let again = back_up(&Place::folder(&data, clock), &root, "two", &Watch::default()).unwrap();
    assert!(again.new_files < again.files || again.files == 1, "{again:?}");
    let refused = restore(&copy, &Place::folder(&data, clock), &Watch::default()).unwrap_err();
    assert!(refused.to_string().contains("something here already"), "{refused}");
}

#[test]
fn whoever_asked_to_be_forgotten_after_a_copy_is_not_in_what_is_made_of_it() {
    let scratch = tempfile::tempdir().unwrap();
    let (data, root) = (scratch.path().join("data"), scratch.path().join("copies"));
    let lake = filled(&data);
    let copy = back_up_as(&data, &root, "one");
    lake.erase("2").unwrap();
    back_up_as(&data, &root, "two");
    let again = restored(&copy, &scratch.path().join("again"));
    let told = told(&again);
    assert_eq!((told[1].as_str(), told[0].contains("paid")), ("[]", true));
    let id = again.workspace().identity(again.keys().of(engine::import::hash(b"2")));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(id).unwrap(), None);
}

#[test]
fn a_damaged_copy_is_told_and_makes_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let (data, root) = (scratch.path().join("data"), scratch.path().join("copies"));
    let _lake = filled(&data);
    let copy = back_up_as(&data, &root, "one");
    let mut files = Vec::new();
    all_files(&root, &mut files);
    let damageable = files
        .iter()
        .filter(|path| path.extension().is_some_and(|it| it == "parquet" || it == "zst"));
    let mut tried = 0;
    for path in damageable {
        let sound = fs::read(path).unwrap();
        if sound.is_empty() {
            continue;
        }
        let mut changed = sound.clone();
        let place = changed.len() / 2;
        changed[place] ^= 1;
        fs::write(path, &changed).unwrap();
        assert_eq!(check_backup(&copy, &Watch::default()).unwrap().len(), 1, "{}", path.display());
        let again = scratch.path().join("again");
        let refused = restore(&copy, &Place::folder(&again, clock), &Watch::default()).unwrap_err();
        assert!(refused.to_string().contains("have changed"), "{refused}");
        assert!(!again.exists());
        fs::write(path, &sound).unwrap();
        tried += 1;
    }
    assert!(tried > 10, "{tried} files were tried");
    assert_eq!(check_backup(&copy, &Watch::default()).unwrap(), Vec::<String>::new());
    fs::remove_file(copy.join("manifest.json")).unwrap();
    let refused = check_backup(&copy, &Watch::default()).unwrap_err();
    assert!(refused.to_string().contains("no whole backup"), "{refused}");
}

fn all_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all_files(&path, files) } else { files.push(path) }
    }
}

#[test]
fn older_copies_go_and_what_the_others_need_stays() {
    let scratch = tempfile::tempdir().unwrap();
    let (data, root) = (scratch.path().join("data"), scratch.path().join("copies"));
    let lake = filled(&data);
    back_up_as(&data, &root, "1");
    lake.flush().unwrap();
    lake.compact().unwrap();
    let second = back_up_as(&data, &root, "2");
    let third = back_up_as(&data, &root, "3");
    let before = told(&lake);
    assert_eq!(prune_backups(&root, 2).unwrap(), 1);
    assert!(!root.join("1").exists());
    for (copy, name) in [(second, "a"), (third, "b")] {
        assert_eq!(check_backup(&copy, &Watch::default()).unwrap(), Vec::<String>::new());
        assert_eq!(told(&restored(&copy, &scratch.path().join(name))), before);
    }
    let mut files = Vec::new();
    all_files(&root.join("files"), &mut files);
    assert_eq!(files.len(), lake.view(None, None).unwrap().paths().len());
}

#[test]
fn an_upgrade_keeps_the_tables_from_before_and_they_can_be_restored() {
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("data");
    let place = Place::folder(&data, clock);
    let steps: Vec<i64> = store::steps().map(|step| step.0).collect();
    let step = steps[steps.len() - 2];
    let older = DataFolder::open_at_step(&place, step).unwrap();
    let lake = older.lake(&place.workspace).unwrap();
    lake.append(&[request(&lake, &EVENTS)]).unwrap();
    lake.flush().unwrap();
    drop((lake, older));
    let lake = open(&data);
    let before = told(&lake);
    assert!(before.iter().all(|events| events.contains("arrived")), "{before:?}");
    drop(lake);
    let kept = data.join(format!("upgrades/before-step-{}", step + 1));
    assert_eq!(check_backup(&kept, &Watch::default()).unwrap(), Vec::<String>::new());
    assert_eq!(told(&restored(&kept, &scratch.path().join("again"))), before);
    // Nothing is kept when there is nothing to bring up to date.
    fs::remove_dir_all(data.join("upgrades")).unwrap();
    drop(open(&data));
    assert!(!data.join("upgrades").exists());
}
