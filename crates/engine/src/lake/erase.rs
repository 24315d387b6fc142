//! A customer is forgotten: invisible at once, gone from every file when this is done.

use store::{Change, DataFile};

use super::Lake;
use super::compact::values;
use super::layout::bucket;
use super::read::{Run, Wanted};
use crate::error::Error;
use crate::import::{Names, hash};

/// What forgetting came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Files that were written anew.
    pub files: u64,
    /// Events that went from the tail.
    pub tail: u64,
}

impl Lake {
    /// Forgets the customer with this id, and finishes what was begun for others.
    pub fn erase(&self, id: &str) -> Result<Erased, Error> {
        let customer = self.keys().of(hash(id.as_bytes()));
        let tail = self.wait(self.workspace().erase(customer, id, self.now()))?;
        Ok(Erased { files: self.forget()?, tail })
    }

    /// Forgets again whom a restored copy knew still: a wish of that moment (µs). `false`: it was followed before the copy.
    pub(crate) fn forget_again(&self, customer: u64, asked_at: i64) -> Result<bool, Error> {
        self.wait(async {
            if self.workspace().was_erased(customer, asked_at).await? {
                return Ok(false);
            }
            let id = self.workspace().identity(customer).await?.unwrap_or_default();
            self.workspace().erase(customer, &id, asked_at).await?;
            Ok(true)
        })
    }

    /// Rewrites every file that holds somebody who asked to be forgotten; gives back how many.
    pub fn forget(&self) -> Result<u64, Error> {
        let view = self.view(None, None)?;
        let wishes = view.snapshot.erasures.clone();
        if wishes.is_empty() {
            return Ok(0);
        }
        let mut change =
            Change { why: "erase".to_owned(), erased: wishes.clone(), ..Change::default() };
        for file in &view.snapshot.files {
            let mut holds = false;
            for wish in wishes.iter().filter(|wish| {
                bucket(wish.customer) == file.new.bucket && file.begin_snapshot <= wish.snapshot
            }) {
                holds = holds || self.holds(file, wish.customer)?;
            }
            if holds {
                let added = view.rewritten(&[file]).inspect_err(|_| self.give_up(&change.added))?;
                change.added.extend(added);
                change.removed.push(file.clone());
            }
        }
        let files = change.removed.len() as u64;
        self.commit(change)?;
        // What is erased does not wait for readers: who reads a file that is gone asks again.
        self.tidy(i64::MAX)?;
        self.wait(self.workspace().shred())?;
        Ok(files)
    }

    fn holds(&self, file: &DataFile, customer: u64) -> Result<bool, Error> {
        let wanted = Wanted { customer: Some(customer), ..values(&[]) };
        let path = &file.new.path;
        let mut run = Run::over(self.disk.open(path), path, &wanted)?;
        let mut names = Names::default();
        while let Some(piece) = run.next(&mut names)? {
            if piece.chunk.customers.binary_search(&customer).is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes months away that ended before this one (months since 1970-01); gives back how many events went.
    pub fn retain_from(&self, month: i64) -> Result<u64, Error> {
        let snapshot = self.snapshot()?;
        let removed: Vec<DataFile> =
            snapshot.files.into_iter().filter(|file| file.new.month < month).collect();
        if removed.is_empty() {
            return Ok(0);
        }
        let events = removed.iter().map(|file| file.new.records).sum();
        self.commit(Change { why: "retain".to_owned(), removed, ..Change::default() })?;
        Ok(events)
    }
}
