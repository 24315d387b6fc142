//! Many rows in one statement, and keys of customers as the database keeps them.

/// `($1,$2),($3,$4)`: places for `rows` rows of `columns` values.
pub(crate) fn places(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> =
            (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
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
        assert_eq!(places(2, 3), "($1,$2,$3),($4,$5,$6)");
        assert_eq!(places(0, 3), "");
    }
}
