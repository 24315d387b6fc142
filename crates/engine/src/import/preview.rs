//! A first look at a file of events: its format, its columns, the first rows, and which column seems to be which.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::delimited::Ask;
use super::input::Input;
use super::layout::{ALIASES, Need, Row, Slot, Slots};
use super::mapping::Mapping;
use super::sniff::Format;
use super::text::Text;
use super::{Intake, Names, Source, Wanted, Watch, parquet_rows, read_rows};
use crate::error::Error;
use crate::quarantine::{Quarantine, Trouble};
use crate::time::Times;

/// What a first look tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Such as `CSV with semicolons, windows-1252, gzip`.
    pub format: String,
    pub columns: Vec<String>,
    /// The first rows, a text for each column.
    pub rows: Vec<Vec<String>>,
    /// Our columns and what the file seems to call them: `customer_id`, `case_id`.
    pub guess: Vec<(&'static str, String)>,
    /// Rows that were looked at with the mapping, and those of them that would be refused.
    pub looked_at: u64,
    pub refused: u64,
    pub troubles: Vec<Trouble>,
    /// Why no row could be looked at with the mapping.
    pub failure: Option<String>,
}

/// Bytes of a file of lines that are looked at; of other formats it is the whole file.
const HEAD: usize = 1 << 20;

/// Looks at a file; `most` rows are shown. Without a mapping the guess is tried.
pub fn preview(source: &Source, most: usize) -> Result<Preview, Error> {
    let sample = sample(&source.path)?;
    let looked_at = Source {
        path: sample.as_ref().map_or_else(|| source.path.clone(), |it| it.path().to_owned()),
        ..source.clone()
    };
    let mut preview = first_rows(&looked_at, most)?;
    preview.guess = guess(&preview.columns, &preview.rows);
    let mut mapping = source.mapping.clone();
    if mapping.is_empty() {
        for (ours, theirs) in &preview.guess {
            mapping = mapping.with(ours, theirs);
        }
    }
    try_out(&Source { mapping, ..looked_at }, &mut preview);
    Ok(preview)
}

/// The head of a file of lines, if it is long: cut after a line.
fn sample(path: &Path) -> Result<Option<tempfile::NamedTempFile>, Error> {
    let watch = Watch::default();
    let input = Input::open(path, &watch)?;
    let format = Format::of(path, &input.head)?;
    let is_of_lines = matches!(format, Format::Delimited | Format::JsonLines);
    if !is_of_lines || fs::metadata(path).is_ok_and(|it| it.len() < HEAD as u64 / 64) {
        return Ok(None);
    }
    let mut text = Text::new(input);
    let mut head = Vec::new();
    let mut is_whole = false;
    while head.len() < HEAD && !is_whole {
        is_whole = !text.fill(&mut head)?;
    }
    if !is_whole {
        let end = memchr::memrchr(b'\n', &head).map_or(head.len(), |at| at + 1);
        head.truncate(end);
    }
    let failed = |cause| Error::world("writing the head of a file", cause);
    let ending =
        path.extension().and_then(|it| it.to_str()).filter(|it| !["gz", "zst"].contains(it));
    let suffix = ending.map_or_else(String::new, |it| format!(".{it}"));
    let mut file = tempfile::Builder::new().suffix(&suffix).tempfile().map_err(failed)?;
    file.write_all(&head).map_err(failed)?;
    file.flush().map_err(failed)?;
    Ok(Some(file))
}

fn first_rows(source: &Source, most: usize) -> Result<Preview, Error> {
    let nothing = Slots { list: Vec::new() };
    let plain = Source { mapping: Mapping::default(), ..source.clone() };
    let (format, columns) = read_while(&plain, &nothing, &mut |_| true)?;
    let slot = |name: &String| Slot { name: name.clone(), need: Need::Attribute };
    // Of two columns with one name neither can be asked for.
    let is_single = |name: &&String| columns.iter().filter(|it| it == name).count() == 1;
    let slots = Slots { list: columns.iter().filter(is_single).map(slot).collect() };
    let mut rows = Vec::new();
    let mut keep = |row: &Row<'_>| {
        let field = |slot| String::from_utf8_lossy(row.field(slot)).into_owned();
        rows.push((0..slots.list.len()).map(field).collect());
        rows.len() < most
    };
    match read_while(&plain, &slots, &mut keep) {
        Ok(_) | Err(Error::Interrupted) => {}
        Err(other) => return Err(other),
    }
    let columns = slots.list.into_iter().map(|slot| slot.name).collect();
    Ok(Preview { format, columns, rows, ..Preview::default() })
}

/// Reads rows until one is enough; its format and columns, if it comes to its end.
fn read_while(
    source: &Source,
    slots: &Slots,
    on_row: &mut dyn FnMut(&Row<'_>) -> bool,
) -> Result<(String, Vec<String>), Error> {
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    let input = Input::open(&source.path, &watch)?;
    let ask = Ask { source, slots, quarantine: &quarantine };
    let mut on_row = |row: &Row<'_>| if on_row(row) { Ok(None) } else { Err(Error::Interrupted) };
    let read = match Format::of(&source.path, &input.head)? {
        Format::Parquet => parquet_rows::read(input, ask, &mut on_row)?,
        format => read_rows(input, format, ask, &mut on_row)?,
    };
    Ok((read.format, read.columns))
}

/// Reads what is looked at as events, and notes what would be refused.
fn try_out(source: &Source, preview: &mut Preview) {
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    let mut names = Names::default();
    let mut intake = Intake { names: &mut names, quarantine: &quarantine, watch: &watch };
    let wanted = Wanted { channel: true, event_id: true, ..Wanted::default() };
    match super::read(source, &wanted, &mut intake, &mut |_| Ok(())) {
        Ok(read) => (preview.looked_at, preview.refused) = (read.rows_read, read.rows_quarantined),
        Err(cause) => {
            // The file's place here is no place of the caller's.
            let told = cause.to_string();
            let path = source.path.display().to_string();
            preview.failure = Some(told.replace(&path, "the file"));
        }
    }
    preview.troubles = quarantine.troubles();
}

/// Which column seems to be which: by its name, then by what stands in it.
fn guess(columns: &[String], rows: &[Vec<String>]) -> Vec<(&'static str, String)> {
    let folded =
        |column: &str| column.to_lowercase().replace(|sign: char| !sign.is_alphanumeric(), "_");
    let mut taken = BTreeSet::new();
    let mut guess = Vec::new();
    for (ours, aliases) in ALIASES.iter().take(5) {
        // A column that is called so and holds no time at all is something else.
        let fits = |at: usize| *ours != "at" || rows.is_empty() || times(rows, at).0 > 0;
        let by_name = aliases.iter().find_map(|alias| {
            (0..columns.len())
                .find(|at| !taken.contains(at) && folded(&columns[*at]) == *alias && fits(*at))
        });
        let is_of_times = |at: &usize| {
            let (times, texts) = times(rows, *at);
            !taken.contains(at) && times > 0 && times * 10 >= texts * 9
        };
        let by_content = || (0..columns.len()).find(is_of_times).filter(|_| *ours == "at");
        if let Some(at) = by_name.or_else(by_content) {
            taken.insert(at);
            guess.push((*ours, columns[at].clone()));
        }
    }
    guess
}

/// How many texts of a column are times, and how many there are.
fn times(rows: &[Vec<String>], at: usize) -> (usize, usize) {
    let texts = || rows.iter().filter_map(|row| row.get(at)).filter(|it| !it.trim().is_empty());
    let is_time = |text: &&String| Times::new(None).micros(text.as_bytes()).is_ok();
    (texts().filter(is_time).count(), texts().count())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use expect_test::{Expect, expect};

    use super::{Source, preview};
    use crate::import::Mapping;

    fn check(name: &str, text: &str, mapping: &str, expect: Expect) {
        let folder = tempfile::tempdir().unwrap();
        let path: PathBuf = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let mapping: Mapping = mapping.parse().unwrap();
        let told = match preview(&Source { path, mapping, zone: None }, 2) {
            Ok(it) => format!(
                "{} {:?} {:?}\n{:?}\n{} of {} refused {:?}\n{}\n",
                it.format,
                it.columns,
                it.guess,
                it.rows,
                it.refused,
                it.looked_at,
                it.troubles.iter().map(|it| it.reason).collect::<Vec<_>>(),
                it.failure.unwrap_or_default(),
            ),
            Err(cause) => format!("{}\n", cause.to_string().split("events").last().unwrap()),
        };
        expect.assert_eq(&told);
    }

    #[test]
    fn names_and_contents_tell_which_column_is_which() {
        check(
            "events.csv",
            "Case ID;when;Activity;sum\nada;2026-03-01 10:00:00;Paid;9\nbob;2026-03-01 10:01:00;Paid;\n;2026-03-01 10:01:00;Paid;\n",
            "",
            expect![[r#"
                CSV with semicolons, UTF-8 ["Case ID", "when", "Activity", "sum"] [("customer_id", "Case ID"), ("at", "when"), ("activity", "Activity")]
                [["ada", "2026-03-01 10:00:00", "Paid", "9"], ["bob", "2026-03-01 10:01:00", "Paid", ""]]
                1 of 3 refused ["the row has no customer"]

            "#]],
        );
        check(
            "events.jsonl",
            "{\"user_id\":\"ada\",\"ts\":\"2026-03-01T10:00:00Z\",\"event\":\"Paid\"}\n{\"user_id\":\"bob\",\"ts\":\"then\",\"event\":\"Paid\",\"sum\":2}\n",
            "",
            expect![[r#"
                JSONL, UTF-8 ["user_id", "ts", "event", "sum"] [("customer_id", "user_id"), ("at", "ts"), ("activity", "event")]
                [["ada", "2026-03-01T10:00:00Z", "Paid", ""], ["bob", "then", "Paid", "2"]]
                1 of 2 refused ["the time cannot be read"]

            "#]],
        );
        check(
            "events.csv",
            "a,b\n1,2\n",
            "",
            expect![[r#"
                CSV, UTF-8 ["a", "b"] []
                [["1", "2"]]
                0 of 0 refused []
                the file:1: there are no columns `customer_id`, `at`, `activity`. The file has `a`, `b`; say which is which: `--map customer_id=<column>,at=a,activity=<column>`
            "#]],
        );
        check(
            "events.csv",
            "",
            "",
            expect![[r#"
                .csv: the file is empty: not even a header
            "#]],
        );
    }
}
