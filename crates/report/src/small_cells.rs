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
pub fn segment(within: u64, (wholly, partly): (u64, u64), floor: u64) -> Result<(), String> {
    if (1..floor).contains(&within) {
        return Err(too_few(within, floor));
    }
    let few = [wholly, partly].into_iter().find(|left| within > 0 && (1..floor).contains(left));
    few.map_or(Ok(()), |left| Err(left_out(left)))
}

/// Whether a period may be told beside all time: `within` are the customers seen in it, `outside` those seen only outside.
///
/// # Errors
/// Why not, and what to do.
pub fn period(within: u64, outside: u64, floor: u64) -> Result<(), String> {
    segment(within, (outside, outside), floor)
}

/// Whether some values of an attribute may be told together: `counts` are the customers of each value that there is.
///
/// Values that are withheld by [`withheld`] are one block: whoever is told a part of it, and may ask for other parts, takes one
/// from the other. So all of them may be asked for together, or none.
///
/// # Errors
/// Why not, and what to do.
pub fn siblings(counts: &[(&str, u64)], asked: &[&str], floor: u64) -> Result<(), String> {
    let sizes: Vec<u64> = counts.iter().map(|(_, count)| *count).collect();
    let hidden = withheld(&sizes, floor);
    let of_block = |is_asked: bool| {
        let block = counts.iter().zip(&hidden).filter(|((_, count), is)| **is && *count > 0);
        block.filter(|((value, _), _)| asked.contains(value) == is_asked).count()
    };
    if of_block(true) == 0 || of_block(false) == 0 {
        return Ok(());
    }
    Err("one of these values has too few customers to be told, and could be reckoned from others that are; ask for a larger \
         part, or for all"
        .to_owned())
}

fn too_few(n: u64, floor: u64) -> String {
    format!(
        "only {} would be counted, and fewer than {floor} are not told; ask for a larger part",
        who(n)
    )
}

fn left_out(n: u64) -> String {
    format!(
        "only {} would be left out, whom anybody could tell by taking this report from that of all customers; ask for a \
         smaller part, or for all",
        who(n)
    )
}

fn who(n: u64) -> String {
    if n == 1 { "1 customer".to_owned() } else { format!("{n} customers") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::{FLOOR, gives_away, period, segment, siblings, withheld};

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
            let told = segment(within, (wholly, partly), FLOOR);
            assert_eq!(told.is_ok(), may, "{within} {wholly} {partly}");
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

    /// Whether a set of cells follows from the sums over other sets, whatever stands in the cells: whether it is a combination
    /// of them. Reckoned modulo a prime, where a combination stays one.
    fn follows(told: &[Vec<bool>], sought: &[bool]) -> bool {
        const P: u64 = 1_000_000_007;
        let power = |mut base: u64, mut exponent: u64| {
            let mut result = 1;
            while exponent > 0 {
                if exponent & 1 == 1 {
                    result = result * base % P;
                }
                (base, exponent) = (base * base % P, exponent >> 1);
            }
            result
        };
        let as_numbers = |set: &[bool]| set.iter().map(|is| u64::from(*is)).collect::<Vec<u64>>();
        let mut basis: Vec<(usize, Vec<u64>)> = Vec::new();
        let reduce = |basis: &[(usize, Vec<u64>)], mut row: Vec<u64>| {
            for (pivot, other) in basis {
                let factor = row[*pivot];
                for (ours, theirs) in row.iter_mut().zip(other) {
                    *ours = (*ours + P - factor * theirs % P) % P;
                }
            }
            row
        };
        for set in told {
            let row = reduce(&basis, as_numbers(set));
            if let Some(pivot) = row.iter().position(|it| *it != 0) {
                let inverse = power(row[pivot], P - 2);
                basis.push((pivot, row.iter().map(|it| it * inverse % P).collect()));
            }
        }
        reduce(&basis, as_numbers(sought)).iter().all(|it| *it == 0)
    }

    /// Everything that may be asked about values and periods of small data.
    fn told(cells: &[Vec<u64>]) -> Vec<Vec<bool>> {
        let (days, n) = (cells.len(), cells[0].len());
        let names: Vec<String> = (0..n).map(|value| value.to_string()).collect();
        let mut told = Vec::new();
        for (from, to) in (0..days).flat_map(|from| (from + 1..=days).map(move |to| (from, to))) {
            let sum = |value: usize| cells[from..to].iter().map(|day| day[value]).sum::<u64>();
            let counts: Vec<(&str, u64)> =
                names.iter().enumerate().map(|(value, name)| (name.as_str(), sum(value))).collect();
            let within: u64 = counts.iter().map(|(_, count)| count).sum();
            let whole: u64 = cells.iter().flatten().sum();
            if period(within, whole - within, FLOOR).is_err() {
                continue;
            }
            for choice in 1_u32..1 << n {
                let is_asked = |value: usize| choice >> value & 1 == 1;
                let asked: Vec<&str> = (0..n)
                    .filter(|value| is_asked(*value))
                    .map(|value| names[value].as_str())
                    .collect();
                let inside: u64 = (0..n).filter(|value| is_asked(*value)).map(&sum).sum();
                let beside = within - inside;
                if segment(inside, (beside, beside), FLOOR).is_ok()
                    && siblings(&counts, &asked, FLOOR).is_ok()
                {
                    let set = (0..days).flat_map(|day| (0..n).map(move |value| (day, value)));
                    told.push(
                        set.map(|(day, value)| (from..to).contains(&day) && is_asked(value))
                            .collect(),
                    );
                }
            }
        }
        told
    }

    proptest! {
        /// Of one period, no set of answers about segments pins a value that is withheld.
        #[test]
        fn no_set_of_segments_pins_a_withheld_value(cells in prop::collection::vec(0_u64..25, 2..6)) {
            let hidden = withheld(&cells, FLOOR);
            let told = told(std::slice::from_ref(&cells));
            let nobody: Vec<usize> = (0..cells.len()).filter(|value| cells[*value] == 0).collect();
            for value in (0..cells.len()).filter(|value| hidden[*value] && (1..FLOOR).contains(&cells[*value])) {
                // Values that nobody has may be known to be so: with them, or without, it is the same cell.
                for also in 0_u32..1 << nobody.len() {
                    let mut sought = vec![false; cells.len()];
                    sought[value] = true;
                    for (place, empty) in nobody.iter().enumerate() {
                        sought[*empty] = also >> place & 1 == 1;
                    }
                    assert!(!follows(&told, &sought), "{cells:?} {value}");
                }
            }
        }

        /// What is left of all time when a period is taken from it is never a few, nor is a period itself.
        #[test]
        fn neither_a_period_nor_the_rest_of_all_time_is_a_few(days in prop::collection::vec(0_u64..12, 1..6)) {
            let cells: Vec<Vec<u64>> = days.iter().map(|n| vec![*n]).collect();
            let whole: u64 = days.iter().sum();
            for set in told(&cells) {
                let within: u64 = set.iter().zip(&days).filter(|(is, _)| **is).map(|(_, n)| n).sum();
                assert!(!(1..FLOOR).contains(&within) && (within == 0 || !(1..FLOOR).contains(&(whole - within))), "{days:?}");
            }
        }
    }
}
