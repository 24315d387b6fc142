//! A customer is forgotten: invisible at once, gone from every file when this is done.

use store::{Change, DataFile, Deed, Gone, Leaver};

use super::Lake;
use super::compact::values;
use super::holds::Sought;
use super::layout::bucket;
use super::read::{Run, Wanted};
use crate::error::Error;
use crate::import::Names;

/// What forgetting came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Files that were written anew.
    pub files: u64,
    /// What was in the database.
    pub gone: Gone,
    /// Files that were sent, not imported yet, and may hold the customer.
    pub uploads: u64,
}

/// What is done at once; files are rewritten by [`Lake::forget`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AtOnce {
    pub gone: Gone,
    /// Ids of files that were sent and are given up.
    pub uploads: Vec<String>,
}

impl Lake {
    /// Forgets the customer with this id, and finishes what was begun for others.
    pub fn erase(&self, id: &str) -> Result<Erased, Error> {
        let AtOnce { gone, uploads } = self.erase_at_once(id, &self.by_ourselves(self.now()))?;
        Ok(Erased { files: self.forget()?, gone, uploads: uploads.len() as u64 })
    }

    /// Makes a customer invisible, in one transaction.
    pub fn erase_at_once(&self, id: &str, deed: &Deed) -> Result<AtOnce, Error> {
        let customer = self.key_of(id);
        let sought = Sought::named(id, self.keys());
        let uploads = self.give_up_uploads(&sought, deed)?;
        let is_in = |text: &str| sought.is_in(text);
        let leaver = Leaver { customer, hint: sought.hint(), is_in: &is_in };
        let gone = self.wait(self.workspace().erase(&leaver, deed))?;
        Ok(AtOnce { gone, uploads })
    }

    /// Forgets again whom a restored copy knew still: a wish of that moment (µs). `false`: it was followed before the copy.
    pub(crate) fn forget_again(&self, customer: u64, asked_at: i64) -> Result<bool, Error> {
        if self.wait(self.workspace().was_erased(customer, asked_at))? {
            return Ok(false);
        }
        let sought = match self.wait(self.workspace().identity(customer))? {
            Some(id) => Sought::named(&id, self.keys()),
            None => Sought::by_key(customer, self.keys()),
        };
        let is_in = |text: &str| sought.is_in(text);
        let leaver = Leaver { customer, hint: sought.hint(), is_in: &is_in };
        self.wait(self.workspace().erase(&leaver, &self.by_ourselves(asked_at)))?;
        Ok(true)
    }

    pub(super) fn by_ourselves(&self, at: i64) -> Deed {
        let actor = "system".to_owned();
        Deed { actor, at, origin: String::new(), request: String::new() }
    }

    /// Rewrites every file that holds somebody who asked to be forgotten; gives back how many.
    pub fn forget(&self) -> Result<u64, Error> {
        let wishes = self.wait(self.workspace().erasures())?;
        if wishes.is_empty() {
            return Ok(0);
        }
        let seen = Some(self.wait(self.workspace().seen())?);
        let view = self.view(None, None)?;
        let mut change =
            Change { why: "erase".to_owned(), erased: wishes.clone(), seen, ..Change::default() };
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
        self.forget_upgrades()?;
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
}
