//! The dirt that real logs come with: each test asks that nothing is lost, merged or moved by it.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::corpus::{Rows, find, golden, say};
use super::journey::{Ends, activities, discover, found, journey, measure};
use super::walked::compare;
use crate::program::footpath_in;

const SHOP: &str = "retentioneering_ecom/ecom.csv.gz";
const SHOP_MAP: [&str; 2] = ["--map", "customer_id=case_id,at=timestamp"];

/// `A`, …, `Z`, `AA`, …: how a spreadsheet calls its columns, and some logs their cases.
fn letters(mut number: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + (number % 26) as u8);
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    letters.reverse();
    String::from_utf8(letters).unwrap()
}

/// Readers for which `NA` is a missing value lose the 365th case of the hospital logs that are numbered so.
#[test]
fn a_customer_called_na_is_a_customer() {
    let mut shop = Rows::of(&find(SHOP).unwrap());
    let mut ids: Vec<String> = shop.rows.iter().map(|row| row[0].clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(letters(364), "NA");
    for row in &mut shop.rows {
        row[0] = letters(ids.binary_search(&row[0]).unwrap());
    }
    assert!(shop.rows.iter().any(|row| row[0] == "NA"));
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("letters.csv");
    shop.write(&path);
    let numbers = compare(&path, &discover(&path, &SHOP_MAP), &golden("ecom_user"));
    say(&format!("NA as an id: {numbers} numbers"));
}

/// An insurer's log whose clock began to count at 0: its midnight of 1970 is a time, not a missing one.
#[test]
fn times_of_1970_are_times() {
    let Some(log) = find("pm4py_logs/teleclaims.csv.gz") else { return };
    let midnight =
        Rows::of(&log).rows.iter().filter(|row| row[2] == "1970-01-01T00:00:00.000Z").count();
    assert_eq!(midnight, 4);
    let report = discover(&log, &SHOP_MAP);
    assert_eq!(
        report["period"],
        json!({"from": "1970-01-01T00:00:00Z", "to": "1970-01-01T12:09:18Z"})
    );
    assert_eq!(report["events"]["read"], 46_138);
    say("times of 1970: teleclaims");
}

/// A hospital that writes down days: of two events of a patient, one after the other, 87 in 100 have the same time. Their
/// order is the order of the file, wherever other patients' rows stand between them.
#[test]
fn ties_keep_the_order_of_the_file_among_other_customers() {
    let Some(log) = find("eventdataR/hospital_bpic2011.csv.gz") else { return };
    let mut events = Rows::of(&log);
    let tied = {
        let mut sorted: Vec<(&str, &str)> =
            events.rows.iter().map(|row| (row[0].as_str(), row[2].as_str())).collect();
        sorted.sort_unstable();
        let followed = sorted.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        followed.clone().filter(|pair| pair[0] == pair[1]).count() as f64 / followed.count() as f64
    };
    assert!((0.87..0.88).contains(&tied), "{tied}");
    // By day and no longer by patient; a stable sort leaves ties as they were.
    events.rows.sort_by(|a, b| a[2].cmp(&b[2]));
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("by-day.csv");
    events.write(&path);
    let numbers = compare(&path, &discover(&path, &SHOP_MAP), &golden("hospital_bpic2011"));
    say(&format!("ties of {:.0} %: {numbers} numbers", 100.0 * tied));
}

/// Complaints to a Dutch agency: ISO-8859-1, semicolons, CRLF, days without an hour, quotes nowhere.
#[test]
fn a_file_of_another_alphabet_and_dialect_is_read_whole() {
    let Some(log) = find("uwv_bpic2016_complaints/BPI2016_Complaints.csv") else { return };
    let bytes = fs::read(&log).unwrap();
    assert!(std::str::from_utf8(&bytes).is_err() && bytes.windows(2).any(|pair| pair == b"\r\n"));
    let numbers = golden("drivers_km_misc");
    let expected = &numbers["uwv_complaints"];
    let report = discover(
        &log,
        &["--map", "customer_id=CustomerID,at=ContactDate,activity=ComplaintTheme_EN"],
    );
    assert_eq!(report["events"]["read"], expected["rows"]);
    assert_eq!(report["customers"], expected["customers"]);
    let themes = report["touchpoints"].as_array().unwrap().iter().map(|theme| {
        let name = theme["id"].as_str().unwrap().to_owned();
        (name, theme["visits"].clone())
    });
    assert_eq!(Value::Object(themes.collect()), expected["themes"]);
    let day = |day: &Value| json!(format!("{}T00:00:00Z", day.as_str().unwrap()));
    assert_eq!(
        report["period"],
        json!({"from": day(&expected["first"]), "to": day(&expected["last"])})
    );

    // The column with a diaeresis in it.
    let report =
        discover(&log, &["--map", "customer_id=CustomerID,at=ContactDate,activity=ComplaintTopic"]);
    let word = b"boos over be\xebindiging gesprek";
    let rows = bytes.windows(word.len()).filter(|window| window == word).count();
    assert!(rows > 0);
    assert_eq!(
        found(&report["touchpoints"], "id", "boos over beëindiging gesprek")["visits"],
        rows
    );
    say("ISO-8859-1, semicolons, CRLF: UWV complaints");
}

#[test]
fn a_log_says_the_same_in_every_dialect() {
    let shop = Rows::of(&find(SHOP).unwrap());
    let golden = golden("ecom_user");
    let folder = TempDir::new().unwrap();
    let lines = |delimiter: &str, end: &str, header: bool| {
        let header = shop.rows.iter().take(0).chain(header.then_some(&shop.header));
        let rows = header.chain(&shop.rows).map(|row| row.join(delimiter) + end);
        rows.collect::<String>()
    };
    let with_mark = |text: String| format!("\u{feff}{text}").into_bytes();
    let utf16: Vec<u8> = with_utf16_mark(&lines("\t", "\r\n", true));
    let by_position = ["--map", "customer_id=#1,activity=#2,at=#3"];
    let dialects: [(&str, Vec<u8>, [&str; 2]); 5] = [
        ("a byte order mark", with_mark(lines(",", "\n", true)), SHOP_MAP),
        ("no header", lines(",", "\n", false).into_bytes(), by_position),
        ("a byte order mark and no header", with_mark(lines(";", "\r\n", false)), by_position),
        ("semicolons and CRLF", lines(";", "\r\n", true).into_bytes(), SHOP_MAP),
        ("UTF-16 and tabs", utf16, SHOP_MAP),
    ];
    let mut numbers = 0;
    for (name, bytes, map) in dialects {
        let path = folder.path().join(format!("{name}.csv"));
        fs::write(&path, bytes).unwrap();
        numbers += compare(&path, &discover(&path, &map), &golden);
    }
    say(&format!("byte order marks, no headers, other dialects: {numbers} numbers"));
}

fn with_utf16_mark(text: &str) -> Vec<u8> {
    let units = [0xfeff].into_iter().chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// A state of no name in a desk's log: found by who looks, and told by a journey that does not know it.
#[test]
fn a_state_of_no_name_is_counted_and_told() {
    let log = find("uci_incident/incident_events.csv.gz").unwrap();
    let found = |report: &Value| {
        report["touchpoints"].as_array().unwrap().iter().find(|t| t["id"] == "-100").cloned()
    };
    let report = discover(&log, &SHOP_MAP);
    assert_eq!(found(&report).unwrap()["visits"], 2);

    let golden = golden("uci_incident");
    let known: Vec<&str> =
        activities(&golden).into_iter().filter(|activity| *activity != "-100").collect();
    let report = measure(&journey(&known, Ends::Open), &log, &SHOP_MAP);
    assert_eq!(report["events"]["unbound"], 2);
    assert_eq!(report["events"]["unbound_activities"], json!([{"activity": "-100", "count": 2}]));
    assert_eq!(report["events"]["bound"], golden["events"].as_u64().unwrap() - 2);
    say("the state -100: uci_incident");
}

/// A log cut off in the middle, as a copy that was stopped leaves it, is a failure and not half an answer.
#[test]
fn a_packed_log_that_breaks_off_is_a_failure() {
    let bytes = fs::read(find(SHOP).unwrap()).unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cut.csv.gz");
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let arguments = [
        "discover",
        "--events",
        "cut.csv.gz",
        "--format",
        "json",
        "--map",
        SHOP_MAP[1],
        "-o",
        "report.json",
    ];
    let ran = footpath_in(folder.path(), arguments);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("cut.csv.gz"), "{}", ran.stderr);
    assert!(!folder.path().join("report.json").exists());
}
