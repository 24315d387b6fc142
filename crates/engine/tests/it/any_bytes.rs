//! Laws: no bytes make a reader panic, and the splitter of records agrees with the csv crate.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, StringArray, TimestampMicrosecondArray};
use engine::import::{Chunk, Column, Intake, Kind, Names, Wanted, Watch, read};
use engine::quarantine::Quarantine;
use engine::responses::read_responses;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;

use crate::parquet::written;
use crate::reading::file;

/// Reads the bytes as events and as answers; whatever comes of it, it comes back.
fn survive(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let source = file(name, bytes).map("customer_id=c,at=t,activity=a").source(folder.path());
    let (mut names, quarantine, watch) =
        (Names::default(), Quarantine::default(), Watch::default());
    let wanted = Wanted {
        attributes: vec![
            ("x".to_owned(), Kind::Number),
            ("y".to_owned(), Kind::Time),
            ("z".to_owned(), Kind::Text),
        ],
        channel: true,
        event_id: true,
    };
    let mut intake = Intake { names: &mut names, quarantine: &quarantine, watch: &watch };
    let mut rows = 0;
    let done = read(&source, &wanted, &mut intake, &mut |chunk: Chunk| {
        let lengths = [
            chunk.at.len(),
            chunk.activities.len(),
            chunk.channels.len(),
            chunk.event_ids.len(),
            chunk.rows.len(),
        ];
        assert!(lengths.iter().all(|&length| length == chunk.customers.len()));
        rows += chunk.customers.len() as u64;
        Ok(())
    });
    if let Ok(done) = done {
        assert_eq!(done.rows_read, rows + done.rows_quarantined);
    }
    let _ = read_responses(&source, &[], &quarantine, &watch);
}

/// A Parquet file with the columns that [`survive`] asks for.
fn of_many_types(compressed: bool) -> Vec<u8> {
    let texts = |modulus: i64| -> ArrayRef {
        Arc::new(StringArray::from_iter((0..200_i64).map(|row| Some((row % modulus).to_string()))))
    };
    let times = || -> ArrayRef {
        Arc::new(
            (0..200_i64)
                .map(|row| (row % 7 > 0).then_some(row * 1_000_000))
                .collect::<TimestampMicrosecondArray>(),
        )
    };
    let codec = if compressed { Compression::SNAPPY } else { Compression::UNCOMPRESSED };
    written(
        vec![
            ("c", texts(40)),
            ("t", times()),
            ("a", texts(3)),
            ("x", Arc::new((0..200_i32).map(|row| Some(f64::from(row))).collect::<Float64Array>())),
            ("y", times()),
            ("z", texts(5)),
            ("event_id", texts(150)),
        ],
        WriterProperties::builder()
            .set_compression(codec)
            .set_max_row_group_row_count(Some(120))
            .build(),
    )
}

/// Something near enough to a file of each kind to get past its door.
fn beginnings() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(Vec::new()),
        Just(b"c,t,a,x,y,z,channel\n".to_vec()),
        Just(b"c;t;a\r\n7;2024-03-01;\"".to_vec()),
        Just(b"\xff\xfec\0,\0t\0,\0a\0\n\0".to_vec()),
        Just(b"\xef\xbb\xbfc\tt\ta\n".to_vec()),
        Just(b"{\"c\": 7, \"t\": \"2024-03-01\", \"a\": \"b\"}\n{".to_vec()),
        Just(b"[{\"c\": 7, \"t\": \"2024-03-01\", \"a\": \"b\"},".to_vec()),
        Just(
            b"<log><trace><string key='c' value='7'/><event><date key='t' value='2024-03-01'/>"
                .to_vec()
        ),
        Just(b"PAR1".to_vec()),
        Just(b"\x1f\x8b\x08".to_vec()),
        Just(b"\x28\xb5\x2f\xfd".to_vec()),
    ]
}

/// Bytes that mean something to one reader or another, more often than chance would have them.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..8),
        "[,;\t|\"\r\n{}\\[\\]<>/:&;'=a-c0-9 -]{0,12}".prop_map(String::into_bytes),
        Just(b"2024-03-01T10:00:00Z".to_vec()),
        Just(b"7,2024-03-01,a\n".to_vec()),
        Just(b"<event><string key='a' value='".to_vec()),
        Just(b"'/></event></trace>".to_vec()),
        Just("\u{fffd}\u{e9}\u{1f600}".as_bytes().to_vec()),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_panic(begin in beginnings(), rest in pieces(), name in prop_oneof![Just("a"), Just("a.csv"), Just("a.jsonl")]) {
        survive(name, &[begin, rest].concat());
    }

    #[test]
    fn no_change_of_a_parquet_file_panics(compressed in any::<bool>(), changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = of_many_types(compressed);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        survive("a.parquet", &bytes);
    }

    /// What the csv crate writes, we read, whatever the fields hold.
    #[test]
    fn what_csv_writes_is_read(
        rows in proptest::collection::vec(("[a\",;\n é]{0,6}", "[a\",\r\n|]{0,6}"), 1..20),
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')],
    ) {
        let mut csv = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        csv.write_record(["customer_id", "at", "activity", "note"]).unwrap();
        for (name, note) in &rows {
            csv.write_record(["7", "2024-03-01", &format!("x{name}"), note]).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let source = file("a.csv", csv.into_inner().unwrap()).source(folder.path());
        let (mut names, quarantine, watch) = (Names::default(), Quarantine::default(), Watch::default());
        let wanted = Wanted { attributes: vec![("note".to_owned(), Kind::Text)], ..Wanted::default() };
        let (mut codes, mut notes) = (Vec::new(), Vec::<u64>::new());
        let mut intake = Intake { names: &mut names, quarantine: &quarantine, watch: &watch };
        read(&source, &wanted, &mut intake, &mut |chunk: Chunk| {
            codes.extend(chunk.activities);
            if let Column::Text(texts) = &chunk.attributes[0] {
                notes.extend(texts);
            }
            Ok(())
        }).unwrap();
        let read: Vec<_> = codes.iter().map(|&code| names.activities.text(code).to_owned()).collect();
        let written: Vec<_> = rows.iter().map(|(name, _)| format!("x{name}")).collect();
        prop_assert_eq!(read, written);
        let written: Vec<_> = rows.iter().map(|(_, note)| engine::import::hash_or_missing(note.as_bytes())).collect();
        prop_assert_eq!(notes, written);
    }
}
