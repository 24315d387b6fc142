//! How long customers stay, with and without a defect: by day, counted from the first closed instance that a rule was judged in.
//!
//! A customer **leaves** with the first closed instance after which the activity that means "again" does not come in time. The
//! day of leaving is that on which the instance was over, not that on which the time to come back was: in between those who
//! left meet no defects, and the others do. Whether somebody left can be told of instances that were over longer than that time
//! before the horizon; at that moment everybody else is last seen, whatever is known of some of them since, because of those
//! who left nothing could be.
//!
//! A customer is without the defect until the day on which a check of the rule first breaks, and with it from that day on.

use crate::packed::packed;

/// Days that are told apart; whoever stays longer is last seen then.
pub const MOST_DAYS: i64 = 1096;

const DAY: i64 = 86_400_000_000;

/// Customers by what happened on which day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FollowUp {
    pub days: Vec<Followed>,
    /// The same customers by days since they met the defect: left, last seen.
    pub since_defect: Vec<[u64; 2]>,
}

/// What happened on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Followed {
    /// Met the defect; on the first day, or before it.
    pub met: u64,
    /// Left, without and with the defect.
    pub left: [u64; 2],
    /// Were last seen, without and with the defect.
    pub last_seen: [u64; 2],
}

packed!(FollowUp { days, since_defect });
packed!(Followed { met, left, last_seen });

impl Followed {
    /// Customers for whom it was the last day.
    pub fn customers(&self) -> u64 {
        self.left.iter().chain(&self.last_seen).sum()
    }
}

/// One customer: all in µs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    pub(crate) begin: i64,
    pub(crate) end: i64,
    pub(crate) has_left: bool,
    /// When the first check broke; the end of time if none did.
    pub(crate) broke_at: i64,
}

impl FollowUp {
    pub(crate) fn add(&mut self, course: Course) {
        let Course { begin, end, has_left, broke_at } = course;
        let day = (end - begin) / DAY;
        let (day, has_left) = (day.min(MOST_DAYS), has_left && day <= MOST_DAYS);
        let met = broke_at.saturating_sub(begin).max(0) / DAY;
        let is_exposed = broke_at < i64::MAX && met <= day;
        let days = (&mut self.days, Followed::default());
        let today = place(days, day);
        if has_left {
            today.left[usize::from(is_exposed)] += 1;
        } else {
            today.last_seen[usize::from(is_exposed)] += 1;
        }
        if is_exposed {
            self.days[met as usize].met += 1;
            place((&mut self.since_defect, [0; 2]), day - met)[usize::from(!has_left)] += 1;
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.days.resize(self.days.len().max(other.days.len()), Followed::default());
        for (ours, theirs) in self.days.iter_mut().zip(&other.days) {
            ours.met += theirs.met;
            for exposed in 0..2 {
                ours.left[exposed] += theirs.left[exposed];
                ours.last_seen[exposed] += theirs.last_seen[exposed];
            }
        }
        let n = self.since_defect.len().max(other.since_defect.len());
        self.since_defect.resize(n, [0; 2]);
        for (ours, theirs) in self.since_defect.iter_mut().zip(&other.since_defect) {
            ours[0] += theirs[0];
            ours[1] += theirs[1];
        }
    }
}

fn place<T: Clone>((days, nothing): (&mut Vec<T>, T), day: i64) -> &mut T {
    let day = day as usize;
    if day >= days.len() {
        days.resize(day + 1, nothing);
    }
    &mut days[day]
}

#[cfg(test)]
mod tests {
    use super::{Course, DAY, FollowUp, MOST_DAYS};

    fn followed(courses: &[(i64, bool, i64)]) -> FollowUp {
        let mut followed = FollowUp::default();
        for (days, has_left, broke) in courses {
            let broke_at = if *broke == i64::MAX { i64::MAX } else { 5 + broke * DAY };
            followed.add(Course { begin: 5, end: 5 + days * DAY, has_left: *has_left, broke_at });
        }
        followed
    }

    #[test]
    fn time_before_the_defect_is_not_with_it() {
        let followed = followed(&[(3, true, 2), (3, false, 4), (0, true, -9), (9, true, i64::MAX)]);
        let days: Vec<_> = followed.days.iter().map(|d| (d.met, d.left, d.last_seen)).collect();
        assert_eq!(days[0], (1, [0, 1], [0, 0]));
        assert_eq!(days[2], (1, [0, 0], [0, 0]));
        assert_eq!(days[3], (0, [0, 1], [1, 0]));
        assert_eq!(days[9], (0, [1, 0], [0, 0]));
        assert_eq!(followed.since_defect, [[1, 0], [1, 0]]);
    }

    #[test]
    fn who_stays_for_years_is_last_seen_in_time() {
        let followed = followed(&[(MOST_DAYS + 1, true, 0)]);
        assert_eq!(followed.days.len() as i64, MOST_DAYS + 1);
        assert_eq!(followed.days[MOST_DAYS as usize].last_seen, [0, 1]);
    }
}
