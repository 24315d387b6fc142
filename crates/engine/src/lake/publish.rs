//! A lake as other tools read it: the catalogue that DuckDB attaches, beside the same Parquet files.

use std::collections::HashSet;
use std::path::Path;

use jiff::Timestamp;
use store::CatalogueColumn;

use super::Lake;
use super::write::OWN;
use crate::error::Error;

/// DuckLake's words for the columns that every file has.
const TYPES: [&str; OWN.len()] = ["uint64", "timestamptz", "varchar", "varchar", "uint64", "int64"];

impl Lake {
    /// Writes a catalogue of all that is stored to a new file; gives back how many events it shows.
    ///
    /// What waits in the tail is flushed first, and the erased are gone. The files belong to the lake: the catalogue shows
    /// them until the lake rewrites them.
    pub fn publish(&self, path: &Path) -> Result<u64, Error> {
        self.flush()?;
        self.forget()?;
        let snapshot = self.snapshot()?;
        let mut taken: HashSet<String> = HashSet::new();
        let columns: Vec<CatalogueColumn> = snapshot
            .columns
            .iter()
            .map(|column| CatalogueColumn {
                id: column.id,
                name: free(&column.name, &mut taken),
                of: TYPES.get(column.id as usize - 1).copied().unwrap_or("varchar"),
            })
            .collect();
        let moment = Timestamp::from_microsecond(self.now()).unwrap_or_default().to_string();
        self.wait(snapshot.publish(path, &self.disk.address(), &columns, &moment))?;
        Ok(snapshot.files.iter().map(|file| file.new.records).sum())
    }
}

/// DuckDB does not tell names apart by their case; the second of two gets a number.
fn free(name: &str, taken: &mut HashSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::free;

    #[test]
    fn names_that_differ_by_case_get_numbers() {
        let mut taken = HashSet::new();
        let names = ["basket", "Basket", "BASKET", "hall"].map(|name| free(name, &mut taken));
        assert_eq!(names, ["basket", "Basket_2", "BASKET_3", "hall"]);
    }
}
