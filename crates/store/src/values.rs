//! Many rows in one statement, and keys of customers as the database keeps them.

use crate::pool::Store;

impl Store {
    /// Places for `rows` rows of `columns` values: `($1,$2),($3,$4)`, and `(?,?),(?,?)` on SQLite.
    ///
    /// There `$1` is a name, and the driver asks for the name of each place in turn, which SQLite looks up in a list: of
    /// thousands of places that was two thirds of all the work of storing events.
    pub(crate) fn places(&self, rows: usize, columns: usize) -> String {
        places(rows, columns, self.is_sqlite)
    }
}

fn places(rows: usize, columns: usize, is_sqlite: bool) -> String {
    let place = |number: usize| if is_sqlite { "?".to_owned() } else { format!("${number}") };
    let row = |row: usize| {
        let places: Vec<String> =
            (1..=columns).map(|column| place(row * columns + column)).collect();
        format!("({})", places.join(","))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(",")
}

/// Rows of one statement: SQLite allows 32,766 values, PostgreSQL 65,535.
pub(crate) const ROWS: usize = 1000;

/// The same 64 bits with a sign, as a `bigint` has them.
pub(crate) fn signed(key: u64) -> i64 {
    key.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn places_are_numbered_row_by_row() {
        assert_eq!(places(2, 3, false), "($1,$2,$3),($4,$5,$6)");
        assert_eq!(places(2, 3, true), "(?,?,?),(?,?,?)");
        assert_eq!(places(0, 3, false), "");
    }
}
