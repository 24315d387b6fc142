//! Parquet files of many column types, in order and not, whole and damaged.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array,
    LargeStringArray, ListArray, RecordBatch, StringArray, StringViewArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::Int32Type;
use engine::import::{Intake, Kind, Names, Wanted, Watch, read_row_groups, row_groups};
use engine::quarantine::Quarantine;
use expect_test::expect;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::reading::{file, id, shown, source};

const DAY: i64 = 86_400_000_000;

pub(crate) fn written(columns: Vec<(&str, ArrayRef)>, properties: WriterProperties) -> Vec<u8> {
    // All columns may hold nulls, as most writers declare them.
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    written(columns, WriterProperties::default())
}

fn utc(micros: impl IntoIterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(micros.into_iter().collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}

fn texts(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

#[test]
fn numbers_are_the_same_customers_as_texts() {
    let days = || utc([Some(20_000 * DAY), Some(20_001 * DAY), Some(20_001 * DAY)]);
    let ids: [ArrayRef; 7] = [
        Arc::new(Int64Array::from(vec![-3, 7, 7])),
        Arc::new(Int32Array::from(vec![-3, 7, 7])),
        Arc::new(Float64Array::from(vec![-3.0, 7.0, 7.0])),
        texts(&["-3", "7", "7"]),
        Arc::new(LargeStringArray::from(vec!["-3", "7", "7"])),
        Arc::new(StringViewArray::from(vec!["-3", "7", "7"])),
        Arc::new(BinaryArray::from(vec![&b"-3"[..], b"7", b"7"])),
    ];
    for (index, ids) in ids.into_iter().enumerate() {
        let kind = ids.data_type().clone();
        let bytes = parquet(vec![
            ("customer_id", ids),
            ("at", days()),
            ("activity", texts(&["a", "b", "a"])),
        ]);
        let folder = tempfile::tempdir().unwrap();
        let shown = shown(
            &file("a.parquet", bytes).source(folder.path()),
            &Wanted::default(),
            folder.path(),
        );
        let events = "1: -3 2024-10-04T00:00:00Z a\n2: 7 2024-10-05T00:00:00Z b\n3: 7 2024-10-05T00:00:00Z a\n";
        let order =
            if index < 2 { "Number(-3) to Number(7)" } else { "Text([45, 51]) to Text([55])" };
        assert_eq!(
            shown,
            format!("Parquet: 3 rows, 0 bad\n{events}in order from {order}\n"),
            "{kind}"
        );
    }
}

#[test]
fn order_is_seen_only_where_it_is() {
    let check = |ids: &[i64], days: &[i64], in_order: bool| {
        let at = utc(days.iter().map(|day| Some(day * DAY)));
        let names = vec!["a"; ids.len()];
        let bytes = parquet(vec![
            ("customer_id", Arc::new(Int64Array::from(ids.to_vec()))),
            ("at", at),
            ("activity", texts(&names)),
        ]);
        let folder = tempfile::tempdir().unwrap();
        let shown = shown(
            &file("a.parquet", bytes).source(folder.path()),
            &Wanted::default(),
            folder.path(),
        );
        assert_eq!(shown.contains("in order"), in_order, "{shown}");
    };
    check(&[7, 7, 9, 10], &[3, 3, 1, 2], true);
    check(&[7, 9, 7], &[1, 2, 3], false);
    check(&[7, 7], &[2, 1], false);
    check(&[9, 7], &[1, 2], false);
    // As numbers 9 comes before 10, as texts it does not.
    let bytes = parquet(vec![
        ("customer_id", texts(&["9", "10"])),
        ("at", utc([Some(DAY), Some(DAY)])),
        ("activity", texts(&["a", "a"])),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let shown =
        shown(&file("a.parquet", bytes).source(folder.path()), &Wanted::default(), folder.path());
    assert!(!shown.contains("in order"), "{shown}");
}

#[test]
fn times_of_every_unit() {
    let second = 1_711_908_307_i64;
    let times: Vec<(ArrayRef, &str)> = vec![
        (Arc::new(TimestampMillisecondArray::from(vec![second * 1_000 + 5])), ""),
        (Arc::new(TimestampNanosecondArray::from(vec![second * 1_000_000_000 + 5_000_999])), ""),
        (
            Arc::new(
                TimestampMicrosecondArray::from(vec![second * 1_000_000 + 5_000])
                    .with_timezone("+02:00"),
            ),
            "",
        ),
        (texts(&["2024-03-31T18:05:07.005Z"]), ""),
        (Arc::new(Int64Array::from(vec![second * 1_000 + 5])), "at=at:ms"),
        (Arc::new(Float64Array::from(vec![1_711_908_307.005])), "at=at:s"),
        (Arc::new(UInt64Array::from(vec![1_711_908_307_005_000])), "at=at:us"),
    ];
    for (at, map) in times {
        let kind = at.data_type().clone();
        let bytes =
            parquet(vec![("customer_id", texts(&["7"])), ("at", at), ("activity", texts(&["a"]))]);
        let folder = tempfile::tempdir().unwrap();
        let shown = shown(
            &file("a.parquet", bytes).map(map).source(folder.path()),
            &Wanted::default(),
            folder.path(),
        );
        assert!(shown.contains("1: 7 2024-03-31T18:05:07.005Z a\n"), "{kind}: {shown}");
    }
    let at: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![second * 1_000]));
    let bytes =
        parquet(vec![("customer_id", texts(&["7"])), ("at", at), ("activity", texts(&["a"]))]);
    file("a.parquet", bytes).zone("Europe/Berlin").check(expect![[r#"
        Parquet: 1 rows, 0 bad
        1: 7 2024-03-31T16:05:07Z a
        in order from Text([55]) to Text([55])
    "#]]);
    let bytes = parquet(vec![
        ("customer_id", texts(&["7"])),
        ("at", Arc::new(Date32Array::from(vec![20_000]))),
        ("activity", texts(&["a"])),
    ]);
    file("a.parquet", bytes).zone("Europe/Berlin").check(expect![[r#"
        Parquet: 1 rows, 0 bad
        1: 7 2024-10-03T22:00:00Z a
        in order from Text([55]) to Text([55])
    "#]]);
    let bytes = parquet(vec![
        ("customer_id", texts(&["7"])),
        ("at", Arc::new(Int64Array::from(vec![second]))),
        ("activity", texts(&["a"])),
    ]);
    file("a.parquet", bytes).check(expect![[r#"
        error: a.parquet: the column `at` holds bare numbers, which do not say their unit. If they count from 1970, write `--map at=at:ms` (or `:s`, `:us`, `:ns`)
    "#]]);
}

#[test]
fn bad_rows_leave_and_the_rest_stays_in_order() {
    let ids: ArrayRef = Arc::new(StringArray::from(vec![
        Some("7"),
        None,
        Some(""),
        Some("7"),
        Some("8"),
        Some("NA"),
        Some("ann"),
    ]));
    let at =
        utc([Some(DAY), Some(DAY), Some(DAY), None, Some(400 * 365 * DAY), Some(0), Some(DAY)]);
    let activities =
        vec![Some("a"), Some("b"), Some("c"), Some("d"), Some("e"), Some("f"), Some("")];
    let dictionary: DictionaryArray<Int32Type> = activities.into_iter().collect();
    let channels: ArrayRef =
        Arc::new(StringArray::from(vec![Some("app"), None, None, None, None, None, None]));
    let bytes = parquet(vec![
        ("customer_id", ids),
        ("at", at),
        ("activity", Arc::new(dictionary)),
        ("channel", channels),
    ]);
    file("a.parquet", bytes).channel().check(expect![[r#"
        Parquet: 7 rows, 5 bad
        1: 7 1970-01-02T00:00:00Z a via app
        6: NA 1970-01-01T00:00:00Z f via -
        in order from Text([55]) to Text([78, 65])
        at epoch: 1
        bad 2: the row has no customer | ,1970-01-02T00:00:00,b,
        bad 3: the row has no customer | ,1970-01-02T00:00:00,c,
        bad 4: the row has no time | 7,,d,
        bad 5: the time `2369-09-26T00:00:00Z` cannot be read: it lies outside 1900 to 2199 | 8,2369-09-26T00:00:00,e,
        bad 7: the row has no activity | ann,1970-01-02T00:00:00,,
    "#]]);
}

#[test]
fn attributes_and_mapping() {
    let columns = || -> Vec<(&str, ArrayRef)> {
        vec![
            ("user_id", Arc::new(Int64Array::from(vec![7, 8]))),
            ("ts", utc([Some(DAY), Some(2 * DAY)])),
            ("event", texts(&["a", "b"])),
            ("word", Arc::new(StringArray::from(vec![Some("ann"), None]))),
            ("count", Arc::new(Int32Array::from(vec![Some(5), None]))),
            ("amount", texts(&["1.5", "dear"])),
            ("due", utc([None, Some(3 * DAY)])),
            ("event_id", Arc::new(StringArray::from(vec![Some("9"), Some("")]))),
        ]
    };
    file("a.parquet", parquet(columns())).check(expect![[r#"
        error: a.parquet: there are no columns `customer_id`, `at`, `activity`. The file has `user_id`, `ts`, `event`, `word`, `count`, `amount`, `due`, `event_id`; did you mean `--map customer_id=user_id,at=ts,activity=event`?
    "#]]);
    file("a.parquet", parquet(columns()))
        .map("customer_id=user_id,at=ts,activity=event")
        .event_id()
        .channel()
        .attribute("word", Kind::Text)
        .attribute("count", Kind::Number)
        .attribute("amount", Kind::Number)
        .attribute("due", Kind::Time)
        .attribute("mood", Kind::Number)
        .check(expect![[r#"
            Parquet: 2 rows, 0 bad
            1: 7 1970-01-02T00:00:00Z a via - #9 [ann] [5] [1.5] [-] [NaN]
            2: 8 1970-01-03T00:00:00Z b via - #- [-] [NaN] [NaN] [1970-01-04T00:00:00Z] [NaN]
            in order from Number(7) to Number(8)
            absent: mood
            unreadable: amount x1
        "#]]);
    let list: ArrayRef =
        Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)]), None]));
    let nested =
        vec![("customer_id", list), ("at", utc([None, None])), ("activity", texts(&["a", "b"]))];
    file("a.parquet", parquet(nested)).check(expect![[r#"
        error: a.parquet: the column `customer_id` is nested (List(Int32)); map a plain one
    "#]]);
}

fn many(rows: i64) -> Vec<(&'static str, ArrayRef)> {
    let names: Vec<_> = (0..rows).map(|row| ["a", "b", "c"][(row % 3) as usize]).collect();
    vec![
        ("customer_id", Arc::new((0..rows).map(|row| Some(row / 4)).collect::<Int64Array>())),
        ("at", utc((0..rows).map(|row| Some(row * 1_000_000)))),
        ("activity", texts(&names)),
    ]
}

#[test]
fn every_codec_of_pages() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(parquet::basic::BrotliLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ];
    for codec in codecs {
        let bytes = written(many(1000), WriterProperties::builder().set_compression(codec).build());
        let folder = tempfile::tempdir().unwrap();
        let shown = shown(
            &file("a.parquet", bytes).source(folder.path()),
            &Wanted::default(),
            folder.path(),
        );
        assert!(shown.starts_with("Parquet: 1000 rows, 0 bad\n"), "{codec}: {shown}");
    }
}

#[test]
fn row_groups_can_be_shared_out() {
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(1000)).build();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    std::fs::write(&path, written(many(3500), properties)).unwrap();
    let groups = row_groups(&path).unwrap().unwrap();
    assert_eq!(groups.iter().map(|group| group.rows).collect::<Vec<_>>(), [1000, 1000, 1000, 500]);
    let source = source(path.clone(), "", None);
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    let mut all = Names::default();
    let mut events = Vec::new();
    for range in [2..4, 0..2] {
        let mut names = Names::default();
        let mut intake = Intake { names: &mut names, quarantine: &quarantine, watch: &watch };
        let mut chunks = Vec::new();
        let read = read_row_groups(
            &source,
            &Wanted::default(),
            range.clone(),
            &mut intake,
            &mut |chunk, _| {
                chunks.push(chunk);
                Ok(())
            },
        );
        assert_eq!(
            read.unwrap().rows_read,
            groups[range].iter().map(|group| group.rows).sum::<u64>()
        );
        let codes = all.activities.merge(&names.activities).unwrap();
        for chunk in chunks {
            for (index, &code) in chunk.activities.iter().enumerate() {
                events.push((chunk.rows.row(index), codes[code as usize], chunk.customers[index]));
            }
        }
    }
    events.sort_unstable();
    assert_eq!(events.len(), 3500);
    for (row, &(position, code, customer)) in (0..).zip(&events) {
        assert_eq!(position, row + 1);
        assert_eq!(all.activities.text(code), ["a", "b", "c"][(row % 3) as usize]);
        assert_eq!(customer, engine::import::hash((row / 4).to_string().as_bytes()));
    }
    std::fs::write(&path, "customer_id,at,activity\n").unwrap();
    assert_eq!(row_groups(&path).unwrap(), None);
}

#[test]
fn cut_and_damaged_files() {
    let whole = parquet(many(5000));
    for length in [4, 8, whole.len() / 2, whole.len() - 1] {
        file("a.parquet", &whole[..length])
            .check_error("this Parquet file is damaged or was cut off");
    }
    let mut changed = whole.clone();
    changed[4..40].fill(0xff);
    file("a.parquet", changed).check_error("this Parquet file is damaged or was cut off");
}

#[test]
fn packed_parquet_is_read_from_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let packed = zstd::encode_all(&parquet(many(10))[..], 3).unwrap();
    let shown = shown(
        &file("a.parquet.zst", packed).source(folder.path()),
        &Wanted::default(),
        folder.path(),
    );
    assert!(shown.starts_with("Parquet: 10 rows, 0 bad\n1: 0 1970-01-01T00:00:00Z a\n"), "{shown}");
    assert_eq!(id(engine::import::hash(b"0")), "0");
}
