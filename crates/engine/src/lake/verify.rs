//! Whether every file is what it was when it was written.

use bytes::Bytes;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use store::DataFile;

use super::Lake;
use super::compact::values;
use super::disk::{Body, is_out_of_reach};
use super::layout::{bucket, month};
use super::read::Run;
use super::write::checksum;
use crate::error::Error;
use crate::import::{Names, Watch};

/// What looking at every byte came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    pub files: u64,
    pub bytes: u64,
    pub events: u64,
    /// A sentence for each damaged file.
    pub damage: Vec<String>,
    /// What is wrong with the database that has the list of files.
    pub database: Vec<String>,
}

impl Verified {
    /// Whether everything is what was written.
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty() && self.database.is_empty()
    }
}

impl Lake {
    /// Reads every file and holds it against the list, and looks at the database that has the list.
    pub fn verify(&self, watch: &Watch) -> Result<Verified, Error> {
        let database = self.wait(self.workspace().damage())?;
        let snapshot = match self.snapshot() {
            // Without a list there is nothing to hold the files against.
            Err(Error::Stored(store::Error::Damaged { .. })) if !database.is_empty() => {
                return Ok(Verified { database, ..Verified::default() });
            }
            snapshot => snapshot?,
        };
        let damage = snapshot.files.par_iter().map(|file| {
            watch.check()?;
            let damage = self.damage(file)?;
            Ok(damage.map(|damage| format!("{}: {damage}", file.new.path)))
        });
        let damage: Vec<Option<String>> = damage.collect::<Result<_, Error>>()?;
        Ok(Verified {
            files: snapshot.files.len() as u64,
            bytes: snapshot.files.iter().map(|file| file.new.bytes).sum(),
            events: snapshot.files.iter().map(|file| file.new.records).sum(),
            damage: damage.into_iter().flatten().collect(),
            database,
        })
    }

    /// What is wrong with a file, if anything is. A disk that is out of reach tells nothing about the file.
    fn damage(&self, file: &DataFile) -> Result<Option<String>, Error> {
        let path = &file.new.path;
        let bytes = match self.disk.open(path).and_then(|body| body.bytes()) {
            Ok(bytes) => bytes,
            Err(cause) if is_out_of_reach(&cause) => {
                return Err(Error::world(format!("reading {path}"), cause));
            }
            Err(cause) => return Ok(Some(format!("it cannot be read: {cause}"))),
        };
        if bytes.len() as u64 != file.new.bytes {
            return Ok(Some(format!("it has {} bytes, not {}", bytes.len(), file.new.bytes)));
        }
        if checksum(&bytes) != file.new.checksum {
            return Ok(Some("its bytes have changed".to_owned()));
        }
        Ok(misplaced(file, bytes).unwrap_or_else(|error| Some(error.to_string())))
    }
}

/// A file whose bytes are right may still not hold what the list says: then the program that wrote it erred.
fn misplaced(file: &DataFile, bytes: Bytes) -> Result<Option<String>, Error> {
    let mut run = Run::over(Ok(Body::Bytes(bytes)), &file.new.path, &values(&[]))?;
    let mut names = Names::default();
    let mut events = 0;
    let mut last = (0, i64::MIN);
    while let Some(piece) = run.next(&mut names)? {
        let rows = piece.chunk.customers.iter().zip(&piece.chunk.at);
        for (customer, at) in rows {
            if (*customer, *at) < last {
                return Ok(Some("its events are not in order".to_owned()));
            }
            last = (*customer, *at);
            if bucket(*customer) != file.new.bucket || month(*at) != file.new.month {
                return Ok(Some("it holds an event of another month or bucket".to_owned()));
            }
        }
        events += piece.chunk.customers.len() as u64;
    }
    let told = file.new.records;
    Ok((events != told).then(|| format!("it holds {events} events, not {told}")))
}
