//! Several files into one set of names, and what stops a read.

use engine::Error;
use engine::import::{CHUNK_ROWS, Chunk, Intake, Names, Wanted, Watch, read};
use engine::quarantine::Quarantine;

use crate::reading::{file, id};

/// Reads one after the other what has a mapping of its own, and gives the chunks of all.
#[test]
fn each_file_has_its_own_mapping_and_all_share_the_names() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        file("a.csv", "case;when;what\n7;2024-03-01;pay\n")
            .map("customer_id=case,at=when,activity=what"),
        file(
            "b.jsonl",
            "{\"customer_id\": 7, \"at\": \"2024-03-01\", \"activity\": \"leave\", \"channel\": \"app\"}\n",
        ),
        file(
            "c.xes",
            "<log><trace><string key='concept:name' value='7'/><event><string key='concept:name' value='pay'/><date key='time:timestamp' value='2024-03-01'/></event></trace></log>",
        ),
    ];
    let (mut names, quarantine, watch) =
        (Names::default(), Quarantine::default(), Watch::default());
    let wanted = Wanted { channel: true, ..Wanted::default() };
    let mut events = Vec::new();
    for file in &files {
        let source = file.source(folder.path());
        watch.expect(&source.path);
        let mut intake = Intake { names: &mut names, quarantine: &quarantine, watch: &watch };
        read(&source, &wanted, &mut intake, &mut |chunk: Chunk| {
            events.push((id(chunk.customers[0]), chunk.activities[0], chunk.channels[0]));
            Ok(())
        })
        .unwrap();
    }
    let seven = || "7".to_owned();
    assert_eq!(events, [(seven(), 0, 0), (seven(), 1, 1), (seven(), 0, 0)]);
    assert_eq!(names.activities.texts().collect::<Vec<_>>(), ["pay", "leave"]);
    assert_eq!(names.channels.texts().collect::<Vec<_>>(), ["app"]);
    assert_eq!((watch.read(), watch.rows()), (watch.total(), 3));
}

#[test]
fn a_read_stops_when_asked_and_hands_on_what_the_receiver_says() {
    let folder = tempfile::tempdir().unwrap();
    let rows = format!("customer_id,at,activity\n{}", "7,2024-03-01,pay\n".repeat(CHUNK_ROWS * 3));
    let source = file("a.csv", rows).source(folder.path());
    let (mut names, quarantine, watch) =
        (Names::default(), Quarantine::default(), Watch::default());
    let mut chunks = 0;
    let mut intake = Intake { names: &mut names, quarantine: &quarantine, watch: &watch };
    let stopped = read(&source, &Wanted::default(), &mut intake, &mut |chunk| {
        chunks += 1;
        assert_eq!(
            (chunk.customers.len(), chunk.rows.row(0), chunk.rows.row(CHUNK_ROWS - 1)),
            (CHUNK_ROWS, 2, CHUNK_ROWS as u64 + 1)
        );
        watch.stop();
        Ok(())
    });
    assert!(matches!(stopped, Err(Error::Interrupted)));
    assert_eq!(chunks, 1);

    let watch = Watch::default();
    let mut intake = Intake { names: &mut names, quarantine: &quarantine, watch: &watch };
    let refused =
        read(&source, &Wanted::default(), &mut intake, &mut |_| Err(Error::caller("no more")));
    assert_eq!(refused.unwrap_err().to_string(), "no more");
}

#[test]
fn a_column_of_ids_is_no_activity() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = "customer_id,at,activity\n".to_owned();
    for row in 0..(1 << 20) + 1 {
        rows.push_str(&format!("7,2024-03-01,id-{row}\n"));
    }
    let shown = crate::reading::shown(
        &file("a.csv", rows).source(folder.path()),
        &Wanted::default(),
        folder.path(),
    );
    assert!(
        shown.starts_with(
            "error: the activity has more than 1048576 different values, such as `id-1048576`"
        ),
        "{shown}"
    );
}
