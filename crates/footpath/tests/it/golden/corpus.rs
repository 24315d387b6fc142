//! Where the logs and the expected numbers lie, and what stands in them.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::program::repository;

/// A log of the corpus; `None`, said on standard error, when it is not to be had.
///
/// A folder that was asked for by `FOOTPATH_CORPUS` must have it.
pub(super) fn find(log: &str) -> Option<PathBuf> {
    let published = repository("tests/corpus").join(log);
    if published.exists() {
        return Some(published);
    }
    if let Some(asked) = std::env::var_os("FOOTPATH_CORPUS") {
        let path = Path::new(&asked).join(log);
        assert!(path.exists(), "FOOTPATH_CORPUS: there is no {}", path.display());
        return Some(path);
    }
    let beside = repository("../shared/data");
    if !beside.exists() {
        say(&format!("{log}: not run: no corpus folder"));
        return None;
    }
    let path = beside.join(log);
    assert!(path.exists(), "there is no {}", path.display());
    Some(path)
}

/// Tells it even when the test passes: the harness swallows what `println!` says.
pub(super) fn say(line: &str) {
    let mut stderr = std::io::stderr();
    writeln!(stderr, "golden: {line}").unwrap();
}

/// The expected numbers of this name.
pub(super) fn golden(name: &str) -> Value {
    let folder = repository("tests/corpus/golden");
    let plain = folder.join(format!("{name}.json"));
    let text = if plain.exists() {
        std::fs::read_to_string(plain).unwrap()
    } else {
        unpacked(&folder.join(format!("{name}.json.gz")))
    };
    serde_json::from_str(&text).unwrap()
}

/// The text of a gzip file.
pub(super) fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// The rows of a packed CSV log, each with all its columns.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Rows {
    pub(super) fn of(path: &Path) -> Self {
        let text = unpacked(path);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        Self { header, rows }
    }

    /// Position of a column.
    pub(super) fn column(&self, name: &str) -> usize {
        self.header.iter().position(|column| column == name).unwrap()
    }

    pub(super) fn write(&self, path: &Path) {
        let mut writer = csv::Writer::from_path(path).unwrap();
        writer.write_record(&self.header).unwrap();
        self.rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
    }
}

/// An array of texts.
pub(super) fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}
