//! The examples of the repository: in a workspace of a server, and as their files alone report them.

use std::path::{Path, PathBuf};

use engine::import::{Mapping, Source, Watch};
use engine::measure::{Asked, Document, measure};
use engine::quarantine::Quarantine;
use engine::scan::Files;
use model::document;
use model::resolve::Resolved;
use report::document::Report;
use serde_json::{Map, Value};
use server::Role;

use crate::house::{HERE, House};

pub(crate) fn folder(example: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example)
}

pub(crate) fn journey(example: &str) -> String {
    std::fs::read_to_string(folder(example).join("journey.yaml")).unwrap()
}

fn source(path: PathBuf) -> Source {
    Source { path, mapping: Mapping::default(), zone: None }
}

/// Events of a file, in.
pub(crate) fn import(house: &House, workspace: &str, path: PathBuf) {
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    let events = [source(path)];
    let files = Files { events: &events, ..Files::none(&quarantine, &watch) };
    house.app.lake_of(&house.workspace(workspace)).unwrap().import(&files).unwrap();
}

/// Fills the tests' workspace with an example, its answers and complaints over HTTP, and publishes its journey as `id`.
pub(crate) fn fill(house: &House, example: &str, id: &str) {
    import(house, HERE, folder(example).join("events.csv.gz"));
    let editor = house.signed_in(HERE, Role::Editor);
    for kind in ["responses", "complaints"] {
        let Ok(text) = std::fs::read_to_string(folder(example).join(format!("{kind}.csv"))) else {
            continue;
        };
        let rows = rows(&text, example);
        for rows in rows.chunks(5000) {
            let body = Value::Object(Map::from_iter([(kind.to_owned(), rows.into())]));
            let taken = editor.post(&format!("/api/v1/{kind}"), &body).ok();
            assert_eq!(taken["accepted"], rows.len(), "{taken}");
        }
    }
    house.app.publish(HERE, id, &journey(example));
}

/// The report of an example from its files.
pub(crate) fn reported(example: &str, asked: &Asked) -> Report {
    let text = journey(example);
    let reading = document::read(&text);
    let resolved = Resolved::of(reading.journey.as_ref().unwrap());
    let document = Document { path: Path::new("journey"), reading: &reading, journey: &resolved };
    let of = |name: &str| {
        let path = folder(example).join(name);
        path.exists().then(|| source(path)).into_iter().collect::<Vec<_>>()
    };
    let (events, responses, complaints) =
        (of("events.csv.gz"), of("responses.csv"), of("complaints.csv"));
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    let files = Files {
        events: &events,
        responses: &responses,
        complaints: &complaints,
        ..Files::none(&quarantine, &watch)
    };
    let asked = Asked { program: env!("CARGO_PKG_VERSION").to_owned(), ..asked.clone() };
    let mut report = measure(document, &files, &asked).unwrap().report;
    report.version = Some(1);
    report
}

const FIELDS: [&str; 10] = [
    "customer_id",
    "at",
    "question",
    "touchpoint",
    "score",
    "comment",
    "invited_at",
    "severity",
    "text",
    "journey",
];

/// Rows of a CSV file as the API takes them.
fn rows(text: &str, journey: &str) -> Vec<Value> {
    let mut lines = records(text).into_iter();
    let names = lines.next().unwrap();
    let row = |line: Vec<String>| {
        let (mut row, mut attributes) = (Map::new(), Map::new());
        row.insert("journey".to_owned(), journey.into());
        for (name, text) in names.iter().zip(line).filter(|(_, text)| !text.is_empty()) {
            let is_number = ["score", "severity"].contains(&name.as_str());
            let value =
                if is_number { text.parse::<f64>().unwrap().into() } else { Value::from(text) };
            let known = FIELDS.contains(&name.as_str());
            if known { &mut row } else { &mut attributes }.insert(name.clone(), value);
        }
        row.insert("attributes".to_owned(), attributes.into());
        Value::Object(row)
    };
    lines.map(row).collect()
}

/// Fields in quotes may hold commas, line breaks and doubled quotes.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(std::mem::take(&mut field)),
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            '\r' if !is_quoted => {}
            letter => field.push(letter),
        }
    }
    records
}
