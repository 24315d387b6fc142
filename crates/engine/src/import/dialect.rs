//! Which delimiter and which line end a file uses, told by its first lines.

use memchr::memchr;

use super::records::{Dialect, field_counts};

const DELIMITERS: [u8; 4] = *b",;\t|";
/// Enough lines to see through the odd one.
const LINES: usize = 100;

impl Dialect {
    /// The dialect in which most of `named` appear in the first line, the first lines have as many fields as the first,
    /// and those are many; in this order. Commas if the file has one column.
    pub(crate) fn of(head: &[u8], named: &[&str]) -> Self {
        let line_end = if memchr(b'\n', head).is_none() && memchr(b'\r', head).is_some() {
            b'\r'
        } else {
            b'\n'
        };
        let candidates = DELIMITERS.map(|delimiter| Self { delimiter, line_end });
        let mut best = (Likeness::default(), candidates[0]);
        for candidate in candidates {
            let likeness = Likeness::of(head, candidate, named);
            if likeness > best.0 {
                best = (likeness, candidate);
            }
        }
        best.1
    }

    /// As people say it.
    pub(crate) fn name(self) -> &'static str {
        match self.delimiter {
            b';' => "CSV with semicolons",
            b'\t' => "TSV",
            b'|' => "CSV with bars",
            _ => "CSV",
        }
    }
}

#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    named: usize,
    per_mille_alike: usize,
    fields: usize,
}

impl Likeness {
    fn of(head: &[u8], dialect: Dialect, named: &[&str]) -> Self {
        let mut counts = field_counts(head, dialect, LINES);
        if counts.is_empty() {
            // A file of one line without an end.
            counts = field_counts(&[head, &[dialect.line_end]].concat(), dialect, 1);
        }
        let Some(&fields) = counts.first() else { return Self::default() };
        if fields < 2 {
            return Self::default();
        }
        let first =
            head.split(|&byte| byte == dialect.line_end).find(|line| !line.trim_ascii().is_empty());
        let first = String::from_utf8_lossy(first.unwrap_or_default()).into_owned();
        let cells: Vec<_> = first
            .split(dialect.delimiter as char)
            .map(|cell| cell.trim().trim_matches('"'))
            .collect();
        let named = named.iter().filter(|name| cells.contains(name)).count();
        let alike = counts.iter().filter(|&&count| count == fields).count();
        Self { named, per_mille_alike: alike * 1000 / counts.len(), fields }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &str, expected: &str) {
        let dialect = Dialect::of(head.as_bytes(), &["customer_id", "at", "activity"]);
        let shown = format!("{}{}", dialect.delimiter as char, dialect.line_end as char);
        assert_eq!(shown, expected, "for {head:?}");
    }

    #[test]
    fn the_first_lines_tell() {
        check("a,b,c\n1,2,3\n", ",\n");
        check("a;b;c\r\n1;2,5;3\r\n", ";\n");
        check("a\tb\n1,5\t2,5\n", "\t\n");
        check("a|b\n1|2\n", "|\n");
        check("a,b\r1,2\r", ",\r");
        check("a;b", ";\n");
        check("one column\n", ",\n");
        check("", ",\n");
        // A name with a semicolon and a quoted header cell with commas do not mislead.
        check("a,\"b;c;d;e\",f\n1,2,3\n", ",\n");
        check("\"x,y,z\";b\n1;2\n3;4\n", ";\n");
        // Our own names outvote the number of cells.
        check("customer_id;at;activity,a,b,c,d\n", ";\n");
    }
}
