//! CSV, TSV and their kin.

use super::input::Input;
use super::layout::{Layout, Row, Slots, bare_number};
use super::records::{Dialect, Record, Records, Span};
use super::text::Text;
use super::window::Window;
use super::{FileRead, Source};
use crate::error::Error;
use crate::quarantine::{Quarantine, Reason};

/// Takes a row, or says what is wrong with it.
pub(crate) type OnRow<'a> = dyn FnMut(&Row<'_>) -> Result<Option<Reason>, Error> + 'a;

/// What rows are read by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) source: &'a Source,
    pub(crate) slots: &'a Slots,
    pub(crate) quarantine: &'a Quarantine,
}

/// Reads every row of a delimited file into `on_row`; bad ones go to the quarantine.
pub(crate) fn read(
    input: Input<'_>,
    ask: Ask<'_>,
    on_row: &mut OnRow<'_>,
) -> Result<FileRead, Error> {
    let Ask { source, slots, quarantine } = ask;
    let (mut records, columns, layout, dialect) = begin(input, ask)?;
    let mut read = FileRead { path: source.path.clone(), columns, ..FileRead::default() };
    read.absent = slots.absent(|slot| layout.columns[slot].is_some());
    let mut rows = Rows {
        layout,
        width: read.columns.len(),
        spans: Vec::new(),
        slots,
        source,
        any_before: false,
    };
    let mut row_here = !rows.layout.header;
    if row_here {
        read.columns = (1..=rows.width).map(|at| format!("#{at}")).collect();
    }
    while row_here || records.advance()? {
        row_here = false;
        read.rows_read += 1;
        let damaged = records.window.text.is_damaged();
        let torn = rows.is_torn(&records.record());
        if torn {
            records.keep_first_line();
        }
        let record = records.record();
        let reason =
            if torn { Some(Reason::OpenQuote) } else { rows.row(&record, damaged, on_row)? };
        if let Some(reason) = reason {
            quarantine.add(&source.path, record.line, &reason, record.raw)?;
            read.rows_quarantined += 1;
        }
    }
    let text = &records.window.text;
    let packing = text.packing().map_or(String::new(), |packing| format!(", {packing}"));
    read.format = format!("{}, {}{packing}", dialect.name(), text.encoding());
    read.notes = text.notes();
    Ok(read)
}

/// The columns of a file, and those of them that the slots take.
pub(crate) fn columns(input: Input<'_>, ask: Ask<'_>) -> Result<(Vec<String>, Vec<String>), Error> {
    let (_, columns, layout, _) = begin(input, ask)?;
    let own = layout.columns.iter().flatten().map(|column| columns[*column].clone()).collect();
    Ok(if layout.header { (columns, own) } else { (Vec::new(), own) })
}

/// The first record, and where the slots are in it.
fn begin<'a>(
    input: Input<'a>,
    Ask { source, slots, .. }: Ask<'_>,
) -> Result<(Records<'a>, Vec<String>, Layout, Dialect), Error> {
    /// Enough to see a delimiter by.
    const HEAD: usize = 64 * 1024;
    let mut window = Window::new(Text::new(input));
    let head = window.at_least(HEAD)?;
    let dialect = Dialect::of(head.get(..HEAD).unwrap_or(head), &slots.needed(&source.mapping));
    let mut records = Records::new(window, dialect);
    if !records.advance()? {
        return Err(Error::in_file(
            &source.path,
            "the file holds nothing but empty lines: not even a header",
        ));
    }
    let columns: Vec<String> = records.record().fields().collect();
    let layout = Layout::of(slots, source, &columns)?;
    Ok((records, columns, layout, dialect))
}

/// Picks the fields of each record that the slots ask for.
struct Rows<'a> {
    layout: Layout,
    width: usize,
    /// By slot, of the row at hand.
    spans: Vec<Span>,
    slots: &'a Slots,
    source: &'a Source,
    any_before: bool,
}

impl Rows<'_> {
    /// Whether a quote was opened that nobody meant to open: what follows is not one row over many lines.
    fn is_torn(&self, record: &Record<'_>) -> bool {
        let is_odd = record.spans.len() != self.width || record.text_after_quote;
        record.open_quote || (record.lines > 1 && is_odd)
    }

    fn row(
        &mut self,
        record: &Record<'_>,
        damaged: bool,
        on_row: &mut OnRow<'_>,
    ) -> Result<Option<Reason>, Error> {
        let fields = record.spans.len();
        if fields != self.width {
            return Ok(Some(Reason::Ragged { fields, header: self.width }));
        }
        self.spans.clear();
        let place = |column: Option<usize>| {
            column.and_then(|at| record.spans.get(at)).copied().unwrap_or_default()
        };
        self.spans.extend(self.layout.columns.iter().map(|&column| place(column)));
        let row = Row {
            line: record.line,
            text: record.text,
            spans: &self.spans,
            unit: self.layout.unit,
        };
        if damaged
            && self
                .spans
                .iter()
                .any(|&(start, end)| holds_damage(&record.text[start as usize..end as usize]))
        {
            return Ok(Some(Reason::NotUtf8));
        }
        if !std::mem::replace(&mut self.any_before, true)
            && let Some(error) = bare_number(self.slots, self.source, &row)
        {
            return Err(error);
        }
        on_row(&row)
    }
}

/// Whether a character of this text was replaced because its bytes were none.
pub(crate) fn holds_damage(text: &[u8]) -> bool {
    memchr::memmem::find(text, "\u{fffd}".as_bytes()).is_some()
}
