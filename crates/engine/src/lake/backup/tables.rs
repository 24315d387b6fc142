//! Tables as compressed lines of JSON, a file each.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use store::{Filling, Take};
use xxhash_rust::xxh3::Xxh3Default;
use zstd::stream::write::Encoder;

use super::manifest::{Copied, Table};
use super::registry::Wish;
use crate::error::Error;
use crate::lake::write::checksum;

/// Tables on their way to files; what else a copy needs to know is picked up on the way.
pub(super) struct Writing {
    folder: PathBuf,
    open: Option<(Table, Encoder<'static, Hashed>)>,
    done: Vec<Table>,
    /// Files of events that are alive.
    pub(super) files: Vec<Copied>,
    pub(super) erasures: Vec<Wish>,
}

/// A file whose bytes are hashed as they are written.
struct Hashed {
    file: File,
    hasher: Xxh3Default,
}

const LEVEL: i32 = 3;

impl Writing {
    pub(super) fn into(folder: &Path) -> Self {
        let folder = folder.to_owned();
        Self { folder, open: None, done: Vec::new(), files: Vec::new(), erasures: Vec::new() }
    }

    /// Closes the last table; gives back all of them.
    pub(super) fn finish(&mut self) -> io::Result<Vec<Table>> {
        self.close()?;
        super::sync(&self.folder)?;
        Ok(std::mem::take(&mut self.done))
    }

    fn close(&mut self) -> io::Result<()> {
        if let Some((mut table, encoder)) = self.open.take() {
            let hashed = encoder.finish()?;
            hashed.file.sync_all()?;
            table.checksum = format!("{:032x}", hashed.hasher.digest128());
            self.done.push(table);
        }
        Ok(())
    }
}

impl Take for Writing {
    fn table(&mut self, name: &str) -> io::Result<()> {
        self.close()?;
        let table = Table { name: name.to_owned(), rows: 0, checksum: String::new() };
        let file = File::create(path(&self.folder, name))?;
        let encoder = Encoder::new(Hashed { file, hasher: Xxh3Default::new() }, LEVEL)?;
        self.open = Some((table, encoder));
        Ok(())
    }

    fn row(&mut self, row: &Map<String, Value>) -> io::Result<()> {
        let Some((table, encoder)) = &mut self.open else { return Ok(()) };
        table.rows += 1;
        serde_json::to_writer(&mut *encoder, row)?;
        encoder.write_all(b"\n")?;
        let text =
            |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |name: &str| row.get(name).and_then(Value::as_i64).unwrap_or_default();
        match &*table.name {
            "ducklake_data_file" if !row.contains_key("end_snapshot") => self.files.push(Copied {
                path: text("path"),
                bytes: number("file_size_bytes").cast_unsigned(),
                checksum: text("checksum"),
            }),
            "erasures" => self.erasures.push(Wish {
                workspace: text("workspace"),
                customer: number("customer"),
                asked_at: number("asked_at"),
            }),
            _ => {}
        }
        Ok(())
    }
}

impl io::Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn path(folder: &Path, table: &str) -> PathBuf {
    folder.join(format!("{table}.jsonl.zst"))
}

/// Whether a table's file is what was written.
pub(super) fn check(copy: &Path, table: &Table) -> Result<Vec<u8>, Error> {
    let path = path(&copy.join("tables"), &table.name);
    let bytes = fs::read(&path)
        .map_err(|cause| Error::in_file(&path, format!("it cannot be read: {cause}")))?;
    if checksum(&bytes) != table.checksum {
        return Err(Error::in_file(&path, "its bytes have changed since the backup was made"));
    }
    Ok(bytes)
}

/// Puts a table's rows into a database.
pub(super) async fn fill(copy: &Path, table: &Table, filling: &mut Filling) -> Result<(), Error> {
    let bytes = check(copy, table)?;
    let path = path(&copy.join("tables"), &table.name);
    let damaged =
        |cause: &dyn std::fmt::Display| Error::in_file(&path, format!("it is damaged: {cause}"));
    let decoder: Box<dyn Read> =
        Box::new(zstd::Decoder::new(&*bytes).map_err(|cause| damaged(&cause))?);
    filling.table(&table.name).await?;
    let mut rows = 0;
    for line in BufReader::new(decoder).lines() {
        let line = line.map_err(|cause| damaged(&cause))?;
        filling.row(serde_json::from_str(&line).map_err(|cause| damaged(&cause))?).await?;
        rows += 1;
    }
    if rows != table.rows {
        return Err(damaged(&format!("it has {rows} rows, not {}", table.rows)));
    }
    Ok(())
}
