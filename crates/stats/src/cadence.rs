//! Is contact kept up: the gaps between contacts, with the one still open counted and not dropped.
//!
//! The open gap is the longest for those who are neglected. It enters the curve of Kaplan & Meier (1958) as censored: so long
//! at least. The mean of completed gaps knows nothing of it and is here for contrast only. Gaps of one customer go together;
//! with fewer than 50 customers the limits of the curve are too narrow.

use crate::moments::{mean, ordered_sum};
use crate::ranks::TIE;
use crate::{
    Confidence, Estimate, KaplanMeier, Lifetime, Method, Proportion, kaplan_meier, wilson,
};

/// When one customer was contacted, in days.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contacts {
    /// When the customer came. Without a contact the open gap runs from here; without this either there is none.
    pub since: Option<i64>,
    /// When the customer left: nothing is owed from then on.
    pub until: Option<i64>,
    /// In any order; several on one day are one.
    pub days: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cadence {
    /// Between contacts.
    pub n_gaps: u64,
    /// Customers with a gap that has not ended, those who left counted in.
    pub n_open: u64,
    pub curve: KaplanMeier,
    pub median_gap: Estimate,
    /// Share of gaps that are within the interval expected: one less the curve there.
    pub within_expected: Estimate,
    /// Of completed gaps only; too short.
    pub mean_completed: Option<f64>,
    /// Customers still here whose open gap is longer than expected, of all still here.
    pub overdue: Proportion,
    /// Who they are, as places in the list given, the longest gap first: the list is the product.
    pub overdue_customers: Vec<usize>,
    /// 1 − time beyond the interval over time watched, all customers together; n is customers.
    pub adherence: Estimate,
    /// A beat is due at the end of each whole interval that a customer is watched; it is kept if a contact fell in it.
    pub beats: Proportion,
}

/// As of a day, later contacts unseen. `None` unless the interval is positive.
pub fn cadence(
    customers: &[Contacts],
    as_of: i64,
    expected: f64,
    conf: Confidence,
) -> Option<Cadence> {
    if !(expected > 0.0 && expected.is_finite()) {
        return None;
    }
    let watched: Vec<(usize, Watched)> = customers
        .iter()
        .enumerate()
        .filter_map(|(place, contacts)| Some((place, Watched::of(contacts, as_of)?)))
        .collect();
    let completed: Vec<f64> = watched.iter().flat_map(|(_, customer)| customer.gaps()).collect();
    let lifetimes: Vec<Lifetime> = completed
        .iter()
        .map(|gap| Lifetime { time: *gap, event: true })
        .chain(watched.iter().map(|(_, customer)| customer.censored()))
        .collect();
    let curve = kaplan_meier(&lifetimes, conf);
    let mut overdue: Vec<(f64, usize)> = watched
        .iter()
        .filter(|(_, customer)| customer.is_here && customer.open > expected + TIE)
        .map(|(place, customer)| (customer.open, *place))
        .collect();
    overdue.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let here = watched.iter().filter(|(_, customer)| customer.is_here).count() as u64;
    let beats = watched.iter().map(|(_, customer)| customer.beats(expected));
    let (kept, due) = beats.fold((0, 0), |sum, beats| (sum.0 + beats.0, sum.1 + beats.1));
    Some(Cadence {
        n_gaps: completed.len() as u64,
        n_open: watched.len() as u64,
        median_gap: curve.median(),
        within_expected: within(&curve, expected),
        curve,
        mean_completed: mean(&completed),
        overdue: wilson(overdue.len() as u64, here, conf),
        overdue_customers: overdue.into_iter().map(|(_, place)| place).collect(),
        adherence: adherence(&watched, expected, conf),
        beats: wilson(kept, due, conf),
    })
}

/// A customer with an open gap.
struct Watched {
    start: i64,
    /// Sorted, each day once.
    days: Vec<i64>,
    end: i64,
    open: f64,
    is_here: bool,
}

impl Watched {
    fn of(contacts: &Contacts, as_of: i64) -> Option<Self> {
        let end = contacts.until.map_or(as_of, |until| until.min(as_of));
        let mut days: Vec<i64> = contacts.days.iter().copied().filter(|day| *day <= end).collect();
        days.sort_unstable();
        days.dedup();
        let start = days.first().copied().or(contacts.since).filter(|start| *start <= end)?;
        let open = (end - days.last().copied().unwrap_or(start)) as f64;
        Some(Self {
            start,
            days,
            end,
            open,
            is_here: contacts.until.is_none_or(|until| until > as_of),
        })
    }

    fn gaps(&self) -> impl Iterator<Item = f64> + '_ {
        self.days.windows(2).map(|pair| (pair[1] - pair[0]) as f64)
    }

    /// A contact on the last day leaves half a day open: a time of 0 is no time.
    fn censored(&self) -> Lifetime {
        Lifetime { time: if self.open > 0.0 { self.open } else { 0.5 }, event: false }
    }

    /// Time beyond the interval, and all time.
    fn breach(&self, expected: f64) -> (f64, f64) {
        let beyond: Vec<f64> =
            self.gaps().chain([self.open]).map(|gap| (gap - expected).max(0.0)).collect();
        (ordered_sum(&beyond), (self.end - self.start) as f64)
    }

    /// Kept and due. The contact that the watch begins with keeps no beat.
    fn beats(&self, expected: f64) -> (u64, u64) {
        let beat_of = |day: i64| ((day - self.start) as f64 / expected - TIE).ceil() as u64;
        let due = ((self.end - self.start) as f64 / expected + TIE).floor() as u64;
        let mut kept: Vec<u64> = self.days.iter().map(|day| beat_of(*day)).collect();
        kept.retain(|beat| (1..=due).contains(beat));
        kept.dedup();
        (kept.len() as u64, due)
    }
}

fn within(curve: &KaplanMeier, expected: f64) -> Estimate {
    let beyond = curve.survival_at(expected);
    let turn = |limit: f64| 1.0 - limit;
    Estimate {
        value: beyond.value.map(turn),
        lower: beyond.upper.map(turn),
        upper: beyond.lower.map(turn),
        ..beyond
    }
}

/// A ratio of sums over customers, with the linearised variance n/(n − 1) Σ (b − r t)²/(Σt)².
fn adherence(watched: &[(usize, Watched)], expected: f64, conf: Confidence) -> Estimate {
    let parts: Vec<(f64, f64)> =
        watched.iter().map(|(_, customer)| customer.breach(expected)).collect();
    let (beyond, time): (Vec<f64>, Vec<f64>) = parts.iter().copied().unzip();
    let (beyond, time) = (ordered_sum(&beyond), ordered_sum(&time));
    if time <= 0.0 {
        return Estimate::none(Method::ClusteredT, conf);
    }
    let (breach, n) = (beyond / time, parts.len() as f64);
    let estimate = Estimate::point(1.0 - breach, parts.len() as u64, Method::ClusteredT, conf);
    let estimate = estimate.with_size_flag();
    if parts.len() < 2 {
        return estimate;
    }
    let squares: Vec<f64> =
        parts.iter().map(|(beyond, own)| ((beyond - breach * own) / time).powi(2)).collect();
    let se = (n / (n - 1.0) * ordered_sum(&squares)).sqrt();
    let half = conf.t(n - 1.0) * se;
    estimate.with_se(se).with_interval(1.0 - breach - half, 1.0 - breach + half).clipped(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::{Contacts, cadence};
    use crate::Confidence;

    fn contacted(days: &[i64]) -> Contacts {
        Contacts { days: days.to_vec(), ..Contacts::default() }
    }

    #[test]
    fn the_neglected_are_in_the_numbers() {
        let customers = [
            contacted(&[0, 30, 60, 90]),
            contacted(&[10]),
            Contacts { since: Some(20), ..Contacts::default() },
            Contacts { until: Some(50), ..contacted(&[0]) },
            contacted(&[]),
        ];
        let found = cadence(&customers, 100, 30.0, Confidence::P95).unwrap();
        assert_eq!((found.n_gaps, found.n_open), (3, 4));
        assert_eq!((found.overdue.k, found.overdue.n), (2, 3));
        assert_eq!(found.overdue_customers, [1, 2]);
        // 60 of 90 days, 50 of 80 and 20 of 50 too long; nothing of 100.
        let expected = 1.0 - 130.0 / 320.0;
        assert!((found.adherence.value.unwrap() - expected).abs() < 1e-12);
        assert_eq!((found.beats.k, found.beats.n), (3, 3 + 3 + 2 + 1));
    }

    #[test]
    fn a_day_counts_once_and_the_future_not_at_all() {
        let found = cadence(&[contacted(&[40, 0, 40, 200])], 90, 30.0, Confidence::P95).unwrap();
        assert_eq!((found.n_gaps, found.mean_completed), (1, Some(40.0)));
        assert_eq!(found.overdue_customers, [0]);
        let left = Contacts { since: None, until: Some(30), days: vec![40] };
        assert_eq!(cadence(&[left], 90, 30.0, Confidence::P95).unwrap().n_open, 0);
    }

    #[test]
    fn nobody_or_no_interval_has_no_cadence() {
        let none = cadence(&[], 90, 30.0, Confidence::P95).unwrap();
        assert_eq!((none.median_gap.value, none.within_expected.value), (None, None));
        assert_eq!(
            (none.adherence.value, none.overdue.share, none.beats.share),
            (None, None, None)
        );
        for expected in [0.0, -1.0, f64::NAN] {
            assert_eq!(cadence(&[], 90, expected, Confidence::P95), None);
        }
        let today = cadence(&[contacted(&[90])], 90, 30.0, Confidence::P95).unwrap();
        assert_eq!((today.overdue.k, today.adherence.value), (0, None));
    }
}
