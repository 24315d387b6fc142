//! Cells between tabs, in quotes where they hold a tab, a line end or a quote.

use super::super::Unreadable;

/// One row, with the line on which it begins.
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

pub(super) fn write(rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(&safe(cell))).collect();
        out += &cells.join("\t");
        out.push('\n');
    }
    out
}

/// A spreadsheet computes what begins with these; behind an apostrophe it is text.
const MARKS: [char; 4] = ['=', '+', '-', '@'];

fn safe(cell: &str) -> String {
    let is_computed = cell.trim_start_matches('\'').starts_with(MARKS);
    if is_computed { format!("'{cell}") } else { cell.to_owned() }
}

fn meant(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(MARKS) => rest.to_owned(),
        _ => cell,
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['\t', '\n', '\r', '"']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

pub(super) fn read(text: &str) -> Result<Vec<Row>, Unreadable> {
    let mut rows = Vec::new();
    let mut row = Row { line: 1, cells: Vec::new() };
    let (mut line, mut cell, mut chars) = (1, String::new(), text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' if cell.is_empty() => {
                let opened = line;
                loop {
                    match chars.next() {
                        Some('"') if chars.peek() == Some(&'"') => {
                            chars.next();
                            cell.push('"');
                        }
                        Some('"') => break,
                        Some(c) => {
                            line += usize::from(c == '\n');
                            cell.push(c);
                        }
                        None => {
                            let message = "a quote is opened in this line and never closed";
                            return Err(Unreadable::at(opened, message));
                        }
                    }
                }
            }
            '\t' => row.cells.push(meant(std::mem::take(&mut cell))),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => {
                row.cells.push(meant(std::mem::take(&mut cell)));
                line += 1;
                rows.push(std::mem::replace(&mut row, Row { line, cells: Vec::new() }));
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !row.cells.is_empty() {
        row.cells.push(meant(cell));
        rows.push(row);
    }
    Ok(rows)
}
