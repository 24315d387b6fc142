//! Whether a file may hold a text, without knowing which column is which.

use std::path::Path;

use super::input::Input;
use super::sniff::{Format, is_utf16};
use super::watch::Watch;
use crate::error::Error;

/// Whether a file may hold these plain ASCII letters. Of what is not written letter by letter (Parquet, UTF-16) nobody can
/// say so, and it may.
pub fn may_hold(path: &Path, letters: &str, watch: &Watch) -> Result<bool, Error> {
    let mut input = Input::open(path, watch)?;
    if letters.is_empty() || is_utf16(&input.head) {
        return Ok(true);
    }
    if Format::of(path, &input.head)? == Format::Parquet {
        return Ok(true);
    }
    let finder = memchr::memmem::Finder::new(letters);
    let mut buffer = vec![0; 1 << 18];
    let mut kept = 0;
    loop {
        let read = input.read(&mut buffer[kept..])?;
        if read == 0 {
            return Ok(false);
        }
        let end = kept + read;
        if finder.find(&buffer[..end]).is_some() {
            return Ok(true);
        }
        // The letters may begin in this piece and end in the next.
        kept = (letters.len() - 1).min(end);
        buffer.copy_within(end - kept..end, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::may_hold;
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
            let may_hold = |letters| may_hold(&path, letters, &Watch::default()).unwrap();
            assert_eq!(may_hold("C17"), holds, "{name}");
            assert_eq!(may_hold("C18"), holds_another, "{name}");
            assert!(may_hold(""), "{name}");
        }
    }
}
