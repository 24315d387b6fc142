//! Words and tables in a fixed number of terminal columns.

use crate::draw::markup::is_harmless;
use crate::draw::number::{count, percent, percent_interval};
use crate::draw::{Cell, Table, is_attached, is_wide, verdict_sign};

pub(super) const WIDTH: usize = 100;
const GAP: usize = 2;
/// Keeps a number with its unit; a plain space once the lines are made.
const NO_BREAK: char = '\u{a0}';
/// No column is squeezed under this.
const NARROWEST: usize = 9;

/// How many columns a terminal gives the words.
pub(super) fn columns(words: &str) -> usize {
    words.chars().map(column).sum()
}

fn column(c: char) -> usize {
    match c {
        _ if is_attached(c) => 0,
        _ if is_wide(c) => 2,
        _ => 1,
    }
}

/// One line without control characters: a title must not move the reader's cursor or recolour the screen.
pub(super) fn plain(words: &str) -> String {
    let safe: String = words
        .chars()
        .map(|c| if c.is_whitespace() && c != NO_BREAK { ' ' } else { c })
        .filter(|c| is_harmless(*c))
        .collect();
    safe.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The words in at most so many columns, cut with an ellipsis.
pub(super) fn fit(words: &str, room: usize) -> String {
    let words = plain(words).replace(NO_BREAK, " ");
    if columns(&words) <= room {
        return words;
    }
    let mut out = String::new();
    let mut used = 1;
    for c in words.chars() {
        used += column(c);
        if used > room {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// Lines of at most `room` columns; words longer than that are broken, after a hyphen or slash if they have one.
pub(super) fn wrap(words: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in plain(words).split(' ') {
        for (i, piece) in pieces(word, room).into_iter().enumerate() {
            let Some(line) = lines.last_mut() else { break };
            let space = if i == 0 && !line.is_empty() { " " } else { "" };
            if line.is_empty() || columns(line) + space.len() + columns(&piece) <= room {
                line.push_str(space);
                line.push_str(&piece);
            } else {
                lines.push(piece);
            }
        }
    }
    lines.iter().map(|line| line.replace(NO_BREAK, " ")).collect()
}

fn pieces(word: &str, room: usize) -> Vec<String> {
    if columns(word) <= room {
        return vec![word.to_owned()];
    }
    let mut pieces: Vec<String> = Vec::new();
    for part in word.split_inclusive(['-', '/', '_', '.', NO_BREAK]) {
        let mut piece = String::new();
        for c in part.chars() {
            if columns(&piece) + column(c) > room && !piece.is_empty() {
                pieces.push(std::mem::take(&mut piece));
            }
            piece.push(c);
        }
        pieces.push(piece);
    }
    pieces
}

/// A paragraph whose first line begins with `lead` and whose others stand below its words.
pub(super) fn fill(out: &mut String, lead: &str, words: &str) {
    let indent = columns(lead);
    for (i, line) in wrap(words, WIDTH - indent).iter().enumerate() {
        let lead = if i == 0 { lead.to_owned() } else { " ".repeat(indent) };
        out.push_str(format!("{lead}{line}").trim_end());
        out.push('\n');
    }
}

/// A table under its caption; nothing when it has no rows.
pub(super) fn table(out: &mut String, table: &Table, most: usize) {
    if table.rows.is_empty() {
        return;
    }
    let shown = table.rows.get(..table.rows.len().min(most)).unwrap_or_default();
    let cells: Vec<Vec<Vec<String>>> =
        shown.iter().map(|row| row.iter().map(lines).collect()).collect();
    let widths = widths(table, &cells);
    out.push('\n');
    fill(out, "", &caption(&table.caption));
    let names: Vec<Vec<String>> =
        table.columns.iter().map(|column| vec![column.name.clone()]).collect();
    row(out, table, &names, &widths);
    out.push_str(
        &"─".repeat(widths.iter().sum::<usize>() + GAP * (widths.len().saturating_sub(1))),
    );
    out.push('\n');
    for cells in &cells {
        row(out, table, cells, &widths);
    }
    let rest = table.rows.len() - shown.len();
    if rest > 0 {
        out.push_str(&format!("… and {rest} more\n"));
    }
}

/// The first words in capitals, so that sections stand out without colour.
fn caption(words: &str) -> String {
    let end = words.find([',', ':', '(']).unwrap_or(words.len());
    let (name, rest) = words.split_at(end);
    format!("{}{rest}", name.to_uppercase())
}

fn row(out: &mut String, table: &Table, cells: &[Vec<String>], widths: &[usize]) {
    let wrapped: Vec<Vec<String>> = cells
        .iter()
        .zip(widths)
        .map(|(lines, width)| lines.iter().flat_map(|line| wrap(line, *width)).collect())
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..height {
        let mut line = String::new();
        for (i, (lines, width)) in wrapped.iter().zip(widths).enumerate() {
            let words = lines.get(at).map_or("", String::as_str);
            let padding = " ".repeat(width.saturating_sub(columns(words)));
            let is_numeric = table.columns.get(i).is_some_and(|column| column.numeric);
            if i > 0 {
                line.push_str(&" ".repeat(GAP));
            }
            if is_numeric {
                line.push_str(&padding);
                line.push_str(words);
            } else {
                line.push_str(words);
                line.push_str(&padding);
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// As wide as the content asks for, then the widest columns give way until the table fits.
fn widths(table: &Table, cells: &[Vec<Vec<String>>]) -> Vec<usize> {
    let longest_word = |name: &str| name.split(' ').map(columns).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..table.columns.len())
        .map(|i| {
            let content = cells
                .iter()
                .filter_map(|row| row.get(i))
                .flatten()
                .map(|line| columns(&plain(line)));
            content
                .max()
                .unwrap_or(0)
                .max(table.columns.get(i).map_or(0, |column| longest_word(&column.name)))
                .max(1)
        })
        .collect();
    let room = WIDTH.saturating_sub(GAP * widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max() else { break };
        if *widest <= NARROWEST {
            break;
        }
        *widest -= 1;
    }
    widths
}

fn lines(cell: &Cell) -> Vec<String> {
    match cell {
        Cell::Words(words) => vec![plain(words)],
        Cell::Both(words, under) | Cell::Measure(words, under) if !under.is_empty() => {
            vec![plain(words), plain(under)]
        }
        Cell::Both(words, _) | Cell::Measure(words, _) | Cell::Number(words) => vec![plain(words)],
        Cell::Verdict(verdict) => {
            let (glyph, word) = verdict_sign(*verdict);
            vec![format!("{glyph} {word}")]
        }
        Cell::Share(share, _) => match share.share {
            Some(value) => {
                let interval = percent_interval(share.low, share.high)
                    .map(|i| format!(" [{i}]"))
                    .unwrap_or_default();
                vec![
                    format!("{}{interval}", percent(value)),
                    format!("{} of {}", count(share.k), count(share.n)),
                ]
            }
            None => vec!["n\u{a0}=\u{a0}0".to_owned()],
        },
        Cell::Flag(words) => vec![format!("▲ {}", plain(words))],
        Cell::Nothing => vec!["–".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::{columns, fit, plain, table, wrap};
    use crate::draw::{Cell, Table};

    #[test]
    fn no_word_moves_the_cursor() {
        assert_eq!(plain("a\u{1b}[31mred\u{7}\nline\u{202e}"), "a[31mred line");
    }

    #[test]
    fn wide_letters_count_twice() {
        assert_eq!([columns("parking"), columns("停车"), columns("e\u{301}")], [7, 4, 1]);
        assert_eq!(fit("停车位在哪里", 7), "停车位…");
        assert_eq!(wrap("a verylongword b", 6), ["a", "verylo", "ngword", "b"]);
        assert_eq!(wrap("store-operations", 12), ["store-", "operations"]);
    }

    #[test]
    fn a_table_gives_way_where_it_is_widest() {
        let mut wide = Table::new("Wide: a test", &["Name", "Number#"]);
        wide.push(vec![Cell::words("word ".repeat(40)), Cell::number("1,000")]);
        let mut out = String::new();
        table(&mut out, &wide, 10);
        assert!(out.lines().all(|line| columns(line) <= 100), "{out}");
        assert!(out.starts_with("\nWIDE: a test\nName"), "{out}");
        assert!(out.contains("  1,000\n"), "{out}");
    }
}
