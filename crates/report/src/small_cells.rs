//! Which groups are too small to be told: nobody may be recognised, neither directly nor by taking one number from another.
//!
//! A group of 1 up to the floor is withheld. Groups that add up to a number that is told must not give the withheld ones away:
//! the next smallest is withheld as well until each of those withheld might be as large as the floor, for all that the total
//! and what is shown tell. Nobody is no group: a 0 is shown, and withheld only where everything is. Everything in a report
//! that counts customers by group goes through here.

/// Fewer customers than this are not told.
pub const FLOOR: u64 = 5;
/// What customers wrote is shown only where at least so many wrote.
pub const QUOTED_FROM: u64 = 10;

/// Which of the parts of a whole are withheld, in the order given; of equal parts the first is withheld first.
///
/// Parts that are all withheld may still sum to less than the floor: then the whole is such a group itself, and not told
/// either.
pub fn withheld(counts: &[u64], floor: u64) -> Vec<bool> {
    let mut withheld: Vec<bool> = counts.iter().map(|count| (1..floor).contains(count)).collect();
    let mut n = withheld.iter().filter(|is| **is).count() as u64;
    if n == 0 {
        return withheld;
    }
    let mut sum: u64 = counts.iter().filter(|count| **count < floor).sum();
    let mut others: Vec<usize> =
        (0..counts.len()).filter(|place| counts[*place] >= floor).collect();
    others.sort_by_key(|place| counts[*place]);
    let mut others = others.into_iter();
    // What is withheld is not 0, so one of them can be no more than the sum less one for each other.
    while sum - (n - 1) < floor {
        let Some(place) = others.next() else {
            // Nothing is left to hide behind but that some of them may be nobody.
            return vec![true; counts.len()];
        };
        withheld[place] = true;
        sum += counts[place];
        n += 1;
    }
    withheld
}

/// Whether taking the part from the whole would tell of a group that is withheld itself. Nobody is no group.
pub fn gives_away(part: u64, whole: u64) -> bool {
    (1..FLOOR).contains(&whole.saturating_sub(part))
}

/// Whether a segment may be told beside everybody.
///
/// `within` are the customers with a walk in it, `wholly` those without one, `partly` those with a walk that it leaves out:
/// whoever has both reports can take one from the other.
///
/// # Errors
/// Why not, and what to do.
pub fn segment(within: u64, wholly: u64, partly: u64) -> Result<(), String> {
    let who = |n: u64| if n == 1 { "1 customer".to_owned() } else { format!("{n} customers") };
    if (1..FLOOR).contains(&within) {
        return Err(format!(
            "only {} would be counted, and fewer than {FLOOR} are not told; ask for a larger part",
            who(within)
        ));
    }
    let few = [wholly, partly].into_iter().find(|left| within > 0 && gives_away(0, *left));
    match few {
        Some(left) => Err(format!(
            "only {} would be left out, whom anybody could tell by taking this report from that of all customers; ask for a \
             smaller part, or for all",
            who(left)
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::{FLOOR, gives_away, segment, withheld};

    fn check(counts: &[u64], expected: &[u64]) {
        let hidden = withheld(counts, FLOOR);
        let told: Vec<u64> =
            counts.iter().zip(hidden).filter(|(_, is)| !is).map(|(count, _)| *count).collect();
        assert_eq!(told, expected, "{counts:?}");
    }

    #[test]
    fn a_small_group_takes_another_with_it() {
        check(&[], &[]);
        check(&[5, 9], &[5, 9]);
        check(&[3, 20, 8], &[20]);
        check(&[3, 2, 8], &[]);
        check(&[3, 2, 8, 9], &[9]);
        check(&[1, 1, 1, 1, 1, 0], &[]);
        check(&[0, 20, 8], &[0, 20, 8]);
        check(&[0, 3, 20, 8], &[0, 20]);
        check(&[4, 7, 7], &[7]);
        check(&[3], &[]);
        check(&[1, 1, 50], &[]);
    }

    #[test]
    fn the_rest_of_a_whole_is_a_group_too() {
        assert!(gives_away(96, 100) && gives_away(99, 100));
        assert!(!gives_away(100, 100) && !gives_away(95, 100) && !gives_away(0, 100));
    }

    #[test]
    fn a_segment_is_neither_a_few_nor_all_but_a_few() {
        for (within, wholly, partly, may) in [
            (100, 0, 0, true),
            (100, 5, 9, true),
            (100, 4, 9, false),
            (100, 0, 3, false),
            (100, 100, 100, true),
            (4, 96, 96, false),
            (0, 3, 3, true),
        ] {
            assert_eq!(segment(within, wholly, partly).is_ok(), may, "{within} {wholly} {partly}");
        }
    }

    /// Whether somebody who sees no more than the total and what is shown must hold it possible that a withheld cell has a
    /// value: whether any table of whole numbers says so. Cells are nobody only where nothing is shown.
    fn possible(counts: &[u64], hidden: &[bool], place: usize, value: u64) -> bool {
        let left: u64 = counts.iter().zip(hidden).filter(|(_, is)| **is).map(|(n, _)| n).sum();
        let others = hidden.iter().enumerate().filter(|(at, is)| **is && *at != place).count();
        let least = u64::from(hidden.contains(&false));
        others > 0 && value + least * others as u64 <= left
    }

    proptest! {
        #[test]
        fn no_total_pins_a_withheld_group(
            counts in prop::collection::vec(0_u64..40, 0..8),
            floor in 5_u64..30,
        ) {
            let hidden = withheld(&counts, floor);
            let total: u64 = counts.iter().sum();
            for (place, count) in counts.iter().enumerate() {
                assert!(hidden[place] || *count == 0 || *count >= floor);
                // Where the whole is small, it is withheld with all of its parts; where it has one part, that is the whole.
                if hidden[place] && total >= floor && counts.len() > 1 {
                    for value in 1..=floor {
                        assert!(possible(&counts, &hidden, place, value), "{counts:?} {hidden:?} {place} {value}");
                    }
                }
            }
        }

        #[test]
        fn order_decides_only_between_equals(
            counts in prop::collection::vec(0_u64..20, 1..8),
            turn in any::<prop::sample::Index>(),
        ) {
            let told = |counts: &[u64]| {
                let hidden = withheld(counts, FLOOR);
                let mut told: Vec<u64> =
                    counts.iter().zip(hidden).filter(|(_, is)| !is).map(|(n, _)| *n).collect();
                told.sort_unstable();
                told
            };
            let mut turned = counts.clone();
            turned.rotate_left(turn.index(counts.len()));
            assert_eq!(told(&counts), told(&turned));
        }
    }
}
