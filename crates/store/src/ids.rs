//! Ids of what is made here: UUIDs of version 7, which sort by the moment they were given.

use uuid::{NoContext, Timestamp, Uuid};

/// A new id of this moment (µs).
pub(crate) fn new_id(now: i64) -> String {
    let micros = now.max(0).cast_unsigned();
    let nanos = u32::try_from(micros % 1_000_000 * 1000).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, micros / 1_000_000, nanos)).to_string()
}

#[cfg(test)]
mod tests {
    use super::new_id;

    #[test]
    fn ids_sort_by_their_moment() {
        let (early, late) = (new_id(1_000_000), new_id(1_002_000));
        assert!(early < late, "{early} {late}");
        assert_ne!(new_id(5), new_id(5));
    }
}
