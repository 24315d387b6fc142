//! How many customers meet a touchpoint at all: of those active in a time, the share that met it in the time.

use crate::{Confidence, Proportion, wilson};

/// What is known of the customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// All that happened: the reach is a fact, and has no interval.
    All,
    /// Some customers, drawn from all: Wilson's interval.
    Sample,
}

/// No value unless somebody was active, and no more met the touchpoint than were.
pub fn reach(met: u64, active: u64, seen: Seen, conf: Confidence) -> Proportion {
    let reach = wilson(met, active, conf);
    match seen {
        Seen::All => Proportion { low: None, high: None, ..reach },
        Seen::Sample => reach,
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, reach};
    use crate::Confidence;

    #[test]
    fn a_fact_has_no_interval() {
        let fact = reach(5, 10, Seen::All, Confidence::P95);
        assert_eq!((fact.share, fact.low, fact.high), (Some(0.5), None, None));
        assert!(reach(5, 10, Seen::Sample, Confidence::P95).low.is_some());
        assert_eq!(reach(0, 0, Seen::Sample, Confidence::P95).share, None);
        assert_eq!(reach(3, 2, Seen::All, Confidence::P95).share, None);
    }
}
