//! Reads a file made on the spot and shows what came of it as text that a person can check.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use engine::import::{Chunk, Column, Intake, Kind, Names, Source, Wanted, Watch, hash};
use engine::quarantine::Quarantine;
use expect_test::Expect;
use jiff::tz::TimeZone;

/// One file, and how it is read.
pub(crate) struct File<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) map: &'a str,
    pub(crate) zone: Option<&'a str>,
    pub(crate) wanted: Wanted,
}

/// Ids that customers of the test files have; hashes are shown as the id they came from.
const IDS: [&str; 16] = [
    "7", "8", "9", "NA", "null", "0", "Zoë", "ann", "bob", "007", "7.5", "a b", "x\ny", " 7", "-3",
    "Case 1",
];

pub(crate) fn file<'a>(name: &'a str, bytes: impl Into<Vec<u8>>) -> File<'a> {
    File { name, bytes: bytes.into(), map: "", zone: None, wanted: Wanted::default() }
}

impl<'a> File<'a> {
    pub(crate) fn map(self, map: &'a str) -> Self {
        Self { map, ..self }
    }

    pub(crate) fn zone(self, zone: &'a str) -> Self {
        Self { zone: Some(zone), ..self }
    }

    pub(crate) fn channel(mut self) -> Self {
        self.wanted.channel = true;
        self
    }

    pub(crate) fn event_id(mut self) -> Self {
        self.wanted.event_id = true;
        self
    }

    pub(crate) fn attribute(mut self, name: &str, kind: Kind) -> Self {
        self.wanted.attributes.push((name.to_owned(), kind));
        self
    }

    pub(crate) fn source(&self, folder: &Path) -> Source {
        let path = folder.join(self.name);
        std::fs::write(&path, &self.bytes).unwrap();
        source(path, self.map, self.zone)
    }

    /// Reads the file and compares what came of it.
    pub(crate) fn check(self, expected: Expect) {
        let folder = tempfile::tempdir().unwrap();
        let source = self.source(folder.path());
        expected.assert_eq(&shown(&source, &self.wanted, folder.path()));
    }
}

pub(crate) fn source(path: PathBuf, map: &str, zone: Option<&str>) -> Source {
    Source {
        path,
        mapping: map.parse().unwrap(),
        zone: zone.map(|name| TimeZone::get(name).unwrap()),
    }
}

/// What reading a file comes to: its format, its events, its bad rows; or the error.
pub(crate) fn shown(source: &Source, wanted: &Wanted, folder: &Path) -> String {
    let (mut names, quarantine, watch) =
        (Names::default(), Quarantine::default(), Watch::default());
    let mut chunks = Vec::new();
    let mut intake = Intake { names: &mut names, quarantine: &quarantine, watch: &watch };
    let read = engine::import::read(source, wanted, &mut intake, &mut |chunk| {
        chunks.push(chunk);
        Ok(())
    });
    let mut text = String::new();
    match read {
        Err(error) => writeln!(text, "error: {error}").unwrap(),
        Ok(read) => {
            writeln!(
                text,
                "{}: {} rows, {} bad",
                read.format, read.rows_read, read.rows_quarantined
            )
            .unwrap();
            for chunk in &chunks {
                events(&mut text, chunk, &names);
            }
            assert_eq!(
                chunks.iter().map(|chunk| chunk.customers.len() as u64).sum::<u64>(),
                watch.rows()
            );
            assert_eq!(read.rows_read, watch.rows() + read.rows_quarantined);
            assert_eq!(read.rows_quarantined, quarantine.rows());
            if read.rows_at_epoch > 0 {
                writeln!(text, "at epoch: {}", read.rows_at_epoch).unwrap();
            }
            for name in &read.absent {
                writeln!(text, "absent: {name}").unwrap();
            }
            for (name, count) in &read.unreadable {
                writeln!(text, "unreadable: {name} x{count}").unwrap();
            }
            for note in &read.notes {
                writeln!(text, "note: {note}").unwrap();
            }
        }
    }
    bad_rows(&mut text, &quarantine, folder);
    text.replace(&format!("{}/", folder.display()), "")
}

/// The quarantine as it is written for people.
pub(crate) fn bad_rows(text: &mut String, quarantine: &Quarantine, folder: &Path) {
    let path = folder.join("quarantine.csv");
    if quarantine.persist(&path).unwrap() {
        let mut rows = csv::Reader::from_path(&path).unwrap();
        for row in rows.records() {
            let row = row.unwrap();
            writeln!(text, "bad {}: {} | {}", &row[1], &row[2], row[3].escape_debug()).unwrap();
        }
    }
}

pub(crate) fn id(key: u64) -> String {
    IDS.iter()
        .find(|id| hash(id.as_bytes()) == key)
        .map_or_else(|| format!("{key:016x}"), |id| id.escape_debug().to_string())
}

pub(crate) fn time(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).unwrap().to_string()
}

fn events(text: &mut String, chunk: &Chunk, names: &Names) {
    for index in 0..chunk.customers.len() {
        let (customer, at) = (id(chunk.customers[index]), time(chunk.at[index]));
        let activity = names.activities.text(chunk.activities[index]).escape_debug().to_string();
        write!(text, "{}: {customer} {at} {activity}", chunk.rows.row(index)).unwrap();
        if let Some(channel) = chunk.channels.get(index) {
            let name = channel.checked_sub(1).map_or("-", |code| names.channels.text(code));
            write!(text, " via {name}").unwrap();
        }
        if let Some(&event) = chunk.event_ids.get(index) {
            write!(text, " #{}", if event == 0 { "-".to_owned() } else { id(event) }).unwrap();
        }
        for column in &chunk.attributes {
            let value = match column {
                Column::Text(values) if values[index] == 0 => "-".to_owned(),
                Column::Text(values) => id(values[index]),
                Column::Number(values) => values[index].to_string(),
                Column::Time(values) if values[index] == i64::MIN => "-".to_owned(),
                Column::Time(values) => time(values[index]),
                Column::Value(values) => values[index].to_string(),
            };
            write!(text, " [{value}]").unwrap();
        }
        text.push('\n');
    }
    if let Some((first, last)) = &chunk.order {
        writeln!(text, "in order from {first:?} to {last:?}").unwrap();
    }
}

impl File<'_> {
    /// Reads the file, which must fail with a sentence that contains `expected`.
    pub(crate) fn check_error(self, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let source = self.source(folder.path());
        let shown = shown(&source, &self.wanted, folder.path());
        assert!(shown.starts_with("error: ") && shown.contains(expected), "{shown}");
    }
}
