//! What a file is, by its first bytes; its name only decides what the bytes leave open.

use std::path::Path;

use crate::error::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Delimited,
    JsonLines,
    /// One array of objects, as exports of web services are.
    JsonArray,
    Parquet,
    Xes,
}

/// Beginnings of files that are none of ours, and what to do with each.
const OTHERS: [(&[u8], &str); 12] = [
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook; unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV"),
    (b"BZh", "packed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "packed with xz; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"%PDF", "a PDF document; export the data as CSV"),
    (b"Obj\x01", "an Avro file; convert it to Parquet"),
    (b"ORC", "an ORC file; convert it to Parquet"),
    (b"ARROW1", "an Arrow IPC file; convert it to Parquet"),
    (b"SQLite format 3", "an SQLite database; export the table as CSV"),
    (b"PARE", "a Parquet file with an encrypted footer; decrypt it first"),
    (b"\x1f\x9d", "packed with compress; unpack it first"),
];

impl Format {
    pub(crate) fn of(path: &Path, head: &[u8]) -> Result<Self, Error> {
        if head.is_empty() {
            return Err(Error::in_file(path, "the file is empty: not even a header"));
        }
        if head.starts_with(b"PAR1") {
            return Ok(Self::Parquet);
        }
        // "ORC" and "BZh" are letters: a header may begin with them, so only binary content makes them what they look like.
        if let Some((_, what)) =
            OTHERS.iter().find(|(magic, _)| head.starts_with(magic) && is_binary(head))
        {
            return Err(Error::in_file(path, format!("this is {what}")));
        }
        if is_binary(head) && !is_utf16(head) {
            let what = "this is no text, and none of gzip, zstd and Parquet: it is nothing that can be read here";
            return Err(Error::in_file(
                path,
                format!("{what}. Readable are CSV, TSV, JSONL, Parquet and XES"),
            ));
        }
        let ending = Ending::of(path);
        Ok(match (first_sign(head), ending) {
            (Some(b'<'), _) => Self::Xes,
            (Some(b'{'), Ending::Other | Ending::Json) | (_, Ending::Json)
                if first_sign(head) != Some(b'[') =>
            {
                Self::JsonLines
            }
            (Some(b'['), Ending::Other | Ending::Json) => Self::JsonArray,
            _ => Self::Delimited,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Json,
    Delimited,
    Other,
}

impl Ending {
    fn of(path: &Path) -> Self {
        let name =
            path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let name = [".gz", ".zst", ".zstd"]
            .iter()
            .find_map(|packed| name.strip_suffix(packed))
            .unwrap_or(&name);
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        match () {
            () if ends(&[".json", ".jsonl", ".ndjson"]) => Self::Json,
            () if ends(&[".csv", ".tsv", ".tab", ".txt"]) => Self::Delimited,
            () => Self::Other,
        }
    }
}

/// The first byte that is no space, after a byte order mark and, in UTF-16, between its zeros.
fn first_sign(head: &[u8]) -> Option<u8> {
    let head = [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"]
        .iter()
        .find_map(|mark| head.strip_prefix(*mark))
        .unwrap_or(head);
    head.iter().copied().find(|byte| !byte.is_ascii_whitespace() && *byte != 0)
}

/// UTF-16 by its mark, or by a zero in every second byte, as ASCII written in it has.
pub(crate) fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || utf16_order(head).is_some()
}

/// `Some(true)` is little-endian UTF-16 without a mark, `Some(false)` big-endian.
pub(crate) fn utf16_order(head: &[u8]) -> Option<bool> {
    let pairs = head.len() / 2;
    let zeros = |odd: usize| head.chunks_exact(2).filter(|pair| pair.get(odd) == Some(&0)).count();
    let (even, odd) = (zeros(0), zeros(1));
    match () {
        () if pairs >= 4 && odd * 10 > pairs * 7 && even == 0 => Some(true),
        () if pairs >= 4 && even * 10 > pairs * 7 && odd == 0 => Some(false),
        () => None,
    }
}

/// Text of any encoding has next to no control characters.
fn is_binary(head: &[u8]) -> bool {
    let controls = head
        .iter()
        .filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
        .count();
    head.contains(&0) || controls * 100 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_content_then_by_name() {
        let cases: [(&str, &[u8], &str); 18] = [
            ("a", b"PAR1....", "Parquet"),
            ("a", b"<?xml version='1.0'?><log>", "Xes"),
            ("a.csv", b"\xef\xbb\xbf \n<log>", "Xes"),
            ("a", b"{\"at\": 1}", "JsonLines"),
            ("a.json", b" [ {} ]", "JsonArray"),
            ("a.jsonl.gz", b"not an object\n{}", "JsonLines"),
            ("a.csv", b"{id},at\n", "Delimited"),
            ("a.csv", b"[id],[at]\n", "Delimited"),
            ("a", b"ORC,at\n", "Delimited"),
            ("a", b"id;at\r\n", "Delimited"),
            ("a", b"\xff\xfei\0d\0,\0a\0t\0", "Delimited"),
            ("a", b"i\0d\0,\0a\0t\0\n\0", "Delimited"),
            ("a", b"\0{\0\"\0a\0\"\0:\x001\0}", "JsonLines"),
            ("a", b"Zo\xeb,caf\xe9\n", "Delimited"),
            ("a", b"", "the file is empty"),
            ("a.xlsx", b"PK\x03\x04\0\0", "an Excel workbook"),
            ("a", b"ORC\x01\x02\0", "an ORC file"),
            ("a", b"\x01\x02\x03\x04", "this is no text"),
        ];
        for (name, head, expected) in cases {
            let said = Format::of(Path::new(name), head)
                .map_or_else(|e| e.to_string(), |format| format!("{format:?}"));
            assert!(said.contains(expected), "{name}: {said} for {expected}");
        }
    }
}
