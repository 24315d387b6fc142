//! Whether a file may hold a text, without knowing which column is which.

use std::path::Path;

use super::input::Input;
use super::sniff::{Format, is_utf16};
use super::watch::Watch;
use crate::error::Error;

/// Plain ASCII letters that are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Letters<'a> {
    pub text: &'a str,
    /// They begin and end what is looked for: where a letter or digit stands before or behind them it is something else, as
    /// `C12` is for `C1`.
    pub begin: bool,
    pub end: bool,
}

/// So many letters before a place tell whether an escape ends there: `\u00e9`, `%20`.
const BEFORE: usize = 6;

/// Whether a file may hold these letters. Of what is not written letter by letter (Parquet, UTF-16) nobody can say so, and it
/// may.
pub fn may_hold(path: &Path, letters: Letters<'_>, watch: &Watch) -> Result<bool, Error> {
    let mut input = Input::open(path, watch)?;
    if letters.text.is_empty() || is_utf16(&input.head) {
        return Ok(true);
    }
    if Format::of(path, &input.head)? == Format::Parquet {
        return Ok(true);
    }
    let finder = memchr::memmem::Finder::new(letters.text);
    let mut buffer = vec![0; 1 << 18];
    let mut kept = 0;
    loop {
        let read = input.read(&mut buffer[kept..])?;
        let end = kept + read;
        let seen = &buffer[..end];
        let is_whole = |at: usize| {
            let (before, behind) = (&seen[..at], seen.get(at + letters.text.len()));
            let is_known = behind.is_some() || read == 0;
            is_known && letters.are_whole(before, behind.copied())
        };
        if finder.find_iter(seen).any(is_whole) {
            return Ok(true);
        }
        if read == 0 {
            return Ok(false);
        }
        // The letters may begin in this piece and end in the next; what stands around them has to be seen, too.
        kept = (letters.text.len() + BEFORE).min(end);
        buffer.copy_within(end - kept..end, 0);
    }
}

impl Letters<'_> {
    fn are_whole(self, before: &[u8], behind: Option<u8>) -> bool {
        let is_letter = |it: Option<&u8>| it.is_some_and(u8::is_ascii_alphanumeric);
        let near = &before[before.len().saturating_sub(BEFORE)..];
        // A letter that ends an escape is none of the text.
        let may_be_escape = near.iter().any(|it| matches!(it, b'\\' | b'%'));
        let goes_on_before = self.begin && is_letter(before.last()) && !may_be_escape;
        let goes_on_behind = self.end && is_letter(behind.as_ref());
        !goes_on_before && !goes_on_behind
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{Letters, may_hold};
    use crate::import::Watch;

    #[test]
    fn letters_are_found_wherever_they_are_written_letter_by_letter() {
        let folder = tempfile::tempdir().unwrap();
        let long = format!("customer_id,at\n{}C17,1\n", "other,1\n".repeat(100_000));
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(long.as_bytes()).unwrap();
        let utf16: Vec<u8> = long.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let parquet = b"PAR1 whatever".to_vec();
        let cases: [(&str, Vec<u8>, bool, bool); 4] = [
            ("a.csv", long.clone().into_bytes(), true, false),
            ("a.csv.gz", packed.finish().unwrap(), true, false),
            ("a.utf16.csv", utf16, true, true),
            ("a.parquet", parquet, true, true),
        ];
        for (name, bytes, holds, holds_another) in cases {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let may_hold = |text| {
                let letters = Letters { text, begin: true, end: true };
                may_hold(&path, letters, &Watch::default()).unwrap()
            };
            assert_eq!(may_hold("C17"), holds, "{name}");
            assert_eq!(may_hold("C18"), holds_another, "{name}");
            assert!(may_hold(""), "{name}");
        }
    }

    #[test]
    fn a_part_of_a_longer_id_is_another_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let check = |text: &str, is_there: bool| {
            // At every place of a piece, so that it is cut everywhere once.
            for before in [0, 1, 7, (1 << 18) - 12, (1 << 18) - 3, 1 << 18] {
                std::fs::write(&path, format!("{}{text}", " ".repeat(before))).unwrap();
                let letters = Letters { text: "C17", begin: true, end: true };
                let found = may_hold(&path, letters, &Watch::default()).unwrap();
                assert_eq!(found, is_there, "{text} behind {before}");
            }
        };
        check("C17", true);
        check("C17,paid", true);
        check("\"C17\"", true);
        check("C170,C171", false);
        check("AC17", false);
        check("C170 C17", true);
        check(r#"{"note":"new\nC17"}"#, true);
        check("to%20C17", true);
        let part = Letters { text: "C17", begin: false, end: true };
        std::fs::write(&path, "Zo\\u00ebC17 xC17").unwrap();
        assert!(may_hold(&path, part, &Watch::default()).unwrap());
    }
}
