//! Places in a row as text that sorts by its bytes, so that something can always be put between two others without
//! touching them.
//!
//! A key is a whole number and a fraction, in 62 digits. The first letter says how many digits the number has (`a` one,
//! `b` two, …; `Z` one and below zero, `Y` two, …), so that a row which grows at its ends has keys that hardly grow. The
//! fraction never ends with `0`: there is room before every key.

/// In the order of their bytes.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The key of something that is alone in its row.
const FIRST: &str = "a0";

/// No honest row needs longer ones; a client that proposes one is not followed.
const MOST_BYTES: usize = 120;

/// A key behind `low` and before `high`; `None` is the end of the row. Keys that are none, or not in order, count as
/// ends: the answer is a key in any case.
pub fn between(low: Option<&str>, high: Option<&str>) -> String {
    let low = low.and_then(Key::of);
    let high = high.and_then(Key::of).filter(|high| low.as_ref().is_none_or(|low| low < high));
    match (low, high) {
        (None, None) => FIRST.to_owned(),
        (Some(low), None) => match low.after() {
            Some(whole) => whole,
            None => low.with_fraction(&middle(low.fraction, None)),
        },
        (None, Some(high)) if high.fraction.is_empty() => match high.before() {
            Some(whole) if !is_least(&whole) => whole,
            whole => whole.unwrap_or_default() + &middle(b"", None),
        },
        (None, Some(high)) if is_least(high.whole) => {
            high.with_fraction(&middle(b"", Some(high.fraction)))
        }
        (None, Some(high)) => high.whole.to_owned(),
        (Some(low), Some(high)) if low.whole == high.whole => {
            low.with_fraction(&middle(low.fraction, Some(high.fraction)))
        }
        (Some(low), Some(high)) => match low.after() {
            Some(whole) if whole.as_str() < high.text => whole,
            _ => low.with_fraction(&middle(low.fraction, None)),
        },
    }
}

/// Whether a proposed key is one, and lies between its neighbours.
pub fn fits(key: &str, low: Option<&str>, high: Option<&str>) -> bool {
    key.len() <= MOST_BYTES
        && Key::of(key).is_some()
        && low.is_none_or(|low| low < key)
        && high.is_none_or(|high| key < high)
}

#[derive(PartialEq, Eq)]
struct Key<'a> {
    text: &'a str,
    /// The letter and the digits of the number.
    whole: &'a str,
    fraction: &'a [u8],
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.text.cmp(other.text))
    }
}

impl<'a> Key<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let length = whole_length(*text.as_bytes().first()?)?;
        let digits = text.bytes().skip(1).all(|byte| DIGITS.contains(&byte));
        let (whole, fraction) = text.split_at_checked(length)?;
        // Nothing could be put before the least number of all, so it does not stand alone.
        let no_room = fraction.ends_with('0') || (fraction.is_empty() && is_least(whole));
        let fraction = fraction.as_bytes();
        (digits && !no_room).then_some(Self { text, whole, fraction })
    }

    fn with_fraction(&self, fraction: &str) -> String {
        format!("{}{fraction}", self.whole)
    }

    /// The next whole number.
    fn after(&self) -> Option<String> {
        let (head, mut digits) = self.parts()?;
        for digit in digits.iter_mut().rev() {
            let at = value(*digit);
            if at < 61 {
                *digit = DIGITS[at + 1];
                return Some(joined(head, &digits));
            }
            *digit = b'0';
        }
        match head {
            b'Z' => Some(FIRST.to_owned()),
            b'z' => None,
            head => Some(joined(head + 1, &vec![b'0'; whole_length(head + 1)? - 1])),
        }
    }

    /// The whole number before.
    fn before(&self) -> Option<String> {
        let (head, mut digits) = self.parts()?;
        for digit in digits.iter_mut().rev() {
            let at = value(*digit);
            if at > 0 {
                *digit = DIGITS[at - 1];
                return Some(joined(head, &digits));
            }
            *digit = b'z';
        }
        match head {
            b'a' => Some("Zz".to_owned()),
            b'A' => None,
            head => Some(joined(head - 1, &vec![b'z'; whole_length(head - 1)? - 1])),
        }
    }

    fn parts(&self) -> Option<(u8, Vec<u8>)> {
        let (head, digits) = self.whole.as_bytes().split_first()?;
        Some((*head, digits.to_vec()))
    }
}

fn is_least(whole: &str) -> bool {
    whole.starts_with('A') && whole.bytes().skip(1).all(|byte| byte == b'0')
}

/// With its letter.
fn whole_length(head: u8) -> Option<usize> {
    match head {
        b'a'..=b'z' => Some(usize::from(head - b'a') + 2),
        b'A'..=b'Z' => Some(usize::from(b'Z' - head) + 2),
        _ => None,
    }
}

fn joined(head: u8, digits: &[u8]) -> String {
    std::iter::once(head).chain(digits.iter().copied()).map(char::from).collect()
}

fn value(digit: u8) -> usize {
    DIGITS.iter().position(|known| *known == digit).unwrap_or(0)
}

/// A fraction above `low` and below `high` (`None`: one), as short as can be in the middle.
fn middle(low: &[u8], high: Option<&[u8]>) -> String {
    let mut out = String::new();
    let mut high = high;
    for at in 0.. {
        let below = low.get(at).map_or(0, |digit| value(*digit));
        let above = high.map_or(62, |high| high.get(at).map_or(0, |digit| value(*digit)));
        if above > below + 1 {
            out.push(char::from(DIGITS[(below + above) / 2]));
            return out;
        }
        out.push(char::from(DIGITS[below.min(61)]));
        // Once a digit lies below the upper bound, the rest may be anything.
        if above > below {
            high = None;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, prop, prop_assert, proptest};

    use super::{Key, between, fits};

    #[test]
    fn rows_grow_at_their_ends_with_short_keys() {
        let mut row = vec![between(None, None)];
        for _ in 0..10_000 {
            row.push(between(row.last().map(String::as_str), None));
            row.insert(0, between(None, row.first().map(String::as_str)));
        }
        assert!(row.is_sorted_by(|a, b| a < b));
        assert!(row.iter().all(|key| key.len() <= 4), "{:?}", row.iter().max_by_key(|k| k.len()));
    }

    #[test]
    fn keys_that_are_none_are_told_from_keys() {
        for key in ["a0", "Zz", "a0V", "b00", "Y00"] {
            assert!(Key::of(key).is_some(), "{key}");
        }
        for other in ["", "0", "a", "a00", "b0", "a-", "é0", "A00000000000000000000000000"] {
            assert!(Key::of(other).is_none(), "{other}");
        }
        assert!(fits("a1", Some("a0"), Some("a2")));
        assert!(!fits("a2", Some("a0"), Some("a2")));
        assert!(!fits(&format!("a0{}", "V".repeat(200)), None, None));
        assert_eq!(between(Some("a5"), Some("a1")), "a6");
        // Nobody comes here by honest work, but a client may propose the ends of all numbers.
        let mut low = format!("A{}1", "0".repeat(25));
        let mut high = "z".repeat(27);
        for _ in 0..20 {
            let (before, after) = (between(None, Some(&low)), between(Some(&high), None));
            assert!(fits(&before, None, Some(&low)) && fits(&after, Some(&high), None));
            (low, high) = (before, after);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_number_of_inserts_anywhere_stays_sorted(places in prop::collection::vec(any::<prop::sample::Index>(), 1..400)) {
            let mut row: Vec<String> = Vec::new();
            for place in places {
                let at = place.index(row.len() + 1);
                let low = at.checked_sub(1).map(|at| row[at].as_str());
                let key = between(low, row.get(at).map(String::as_str));
                prop_assert!(fits(&key, low, row.get(at).map(String::as_str)), "{key}");
                row.insert(at, key);
            }
            prop_assert!(row.is_sorted_by(|a, b| a < b));
        }

        #[test]
        fn any_number_of_inserts_into_one_gap_stays_sorted(behind in prop::collection::vec(any::<bool>(), 1..500)) {
            let (mut low, mut high) = ("a0".to_owned(), "a1".to_owned());
            for behind in behind {
                let key = between(Some(&low), Some(&high));
                prop_assert!(low < key && key < high, "{low} {key} {high}");
                *(if behind { &mut low } else { &mut high }) = key;
            }
        }
    }
}
