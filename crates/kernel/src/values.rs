//! A set of durations that can be merged: exact while it is small, a sketch with a bounded error when it is not.

use crate::packed::{Packed, Unpacking, packed};

/// A set keeps every value up to this many; beyond, its quantiles come from a sketch.
pub(crate) const EXACT_VALUES: usize = 1_000_000;

/// Values are written in pieces of at most so many, which never move: a growing array would copy itself again and again
/// into memory that the system has to clear first.
const PIECE: usize = 4096;

/// Durations in µs. Count, sum, minimum and maximum are always exact.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// The values themselves, unless they have been given to the sketch: the piece that is being filled, and the others.
    filling: Vec<i64>,
    full: Vec<Vec<i64>>,
    /// How many values the other pieces hold.
    in_full: usize,
    sketch: Option<Box<Sketch>>,
}

/// Buckets of 1/64 of a power of two: the middle of a bucket is within 0.8 % of everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sketch {
    count: u64,
    sum: i128,
    min: i64,
    max: i64,
    buckets: Vec<u64>,
}

const PART_BITS: u32 = 6;

/// What is always known of a set: `min` and `max` are 0 when it is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub count: u64,
    pub sum: i128,
    pub min: i64,
    pub max: i64,
}

impl Values {
    #[inline]
    pub fn push(&mut self, micros: i64) {
        if self.filling.len() == self.filling.capacity() {
            self.make_room();
        }
        self.filling.push(micros);
    }

    #[cold]
    fn make_room(&mut self) {
        if self.sketch.is_some() || self.n_kept() >= EXACT_VALUES {
            self.condense();
        }
        if self.filling.is_empty() {
            self.filling.reserve_exact(if self.sketch.is_some() { PIECE } else { 16 });
        } else {
            let size = (2 * self.filling.len()).min(PIECE);
            self.put_away(Vec::with_capacity(size));
        }
    }

    /// The piece at hand is one of the others from now on.
    fn put_away(&mut self, next: Vec<i64>) {
        self.in_full += self.filling.len();
        self.full.push(std::mem::replace(&mut self.filling, next));
    }

    fn n_kept(&self) -> usize {
        self.in_full + self.filling.len()
    }

    /// Every value that is still known as itself.
    fn kept(&self) -> impl Iterator<Item = i64> {
        self.full.iter().chain([&self.filling]).flatten().copied()
    }

    /// How many values there are, sketched ones included.
    pub(crate) fn count(&self) -> u64 {
        self.n_kept() as u64 + self.sketch.as_ref().map_or(0, |sketch| sketch.count)
    }

    /// Gives every kept value to the sketch.
    pub(crate) fn condense(&mut self) {
        let mut sketch = self.sketch.take().unwrap_or_else(|| Box::new(Sketch::empty()));
        self.kept().for_each(|value| sketch.add(value));
        self.sketch = Some(sketch);
        self.full = Vec::new();
        self.in_full = 0;
        if self.filling.capacity() < PIECE {
            self.filling = Vec::new();
        }
        self.filling.clear();
    }

    pub fn merge(&mut self, other: Self) {
        if let Some(theirs) = &other.sketch {
            self.condense();
            if let Some(ours) = &mut self.sketch {
                ours.merge(theirs);
            }
        }
        if other.n_kept() < PIECE {
            other.kept().for_each(|value| self.push(value));
        } else {
            self.in_full += other.in_full;
            self.full.extend(other.full);
            let ours = std::mem::take(&mut self.filling);
            self.filling = other.filling;
            self.put_away(ours);
        }
        if self.sketch.is_some() || self.n_kept() > EXACT_VALUES {
            self.condense();
        }
    }

    pub fn totals(&self) -> Totals {
        let mut all = match &self.sketch {
            Some(sketch) => {
                Totals { count: sketch.count, sum: sketch.sum, min: sketch.min, max: sketch.max }
            }
            None => Totals { count: 0, sum: 0, min: i64::MAX, max: i64::MIN },
        };
        for value in self.kept() {
            all.count += 1;
            all.sum += i128::from(value);
            all.min = all.min.min(value);
            all.max = all.max.max(value);
        }
        if all.count == 0 { Totals::default() } else { all }
    }

    /// Quantiles of R's type 7 at each of `shares` (0..=1), in µs; empty when there are no values.
    pub fn quantiles(&self, shares: &[f64]) -> Vec<f64> {
        if let Some(sketch) = &self.sketch {
            let mut all = sketch.clone();
            self.kept().for_each(|value| all.add(value));
            return shares.iter().map(|share| all.quantile(*share)).collect();
        }
        let mut values: Vec<i64> = self.kept().collect();
        if values.is_empty() {
            return Vec::new();
        }
        let mut quantile = Selection { values: &mut values, settled: 0 };
        shares.iter().map(|share| quantile.at(*share)).collect()
    }

    /// Whether quantiles are those of the values themselves.
    pub fn is_exact(&self) -> bool {
        self.sketch.is_none()
    }

    /// Every value, when it is still known, ascending.
    pub fn sorted(&self) -> Option<Vec<i64>> {
        let mut sorted = self.sketch.is_none().then(|| self.kept().collect::<Vec<_>>())?;
        sorted.sort_unstable();
        Some(sorted)
    }
}

packed!(Sketch { count, sum, min, max, buckets });

/// Ascending, each as the step from the one before: durations lie close together.
impl Packed for Values {
    fn pack(&self, out: &mut Vec<u8>) {
        let mut kept: Vec<i64> = self.kept().collect();
        kept.sort_unstable();
        (kept.len() as u64).pack(out);
        let mut before = 0;
        for value in kept {
            value.wrapping_sub(before).pack(out);
            before = value;
        }
        self.sketch.as_deref().cloned().pack(out);
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        let n = from.count()?;
        let mut kept = Vec::with_capacity(n);
        let mut before: i64 = 0;
        for _ in 0..n {
            before = before.wrapping_add(i64::unpack(from)?);
            kept.push(before);
        }
        let sketch: Option<Sketch> = Packed::unpack(from)?;
        let mut values = Self { sketch: sketch.map(Box::new), ..Self::default() };
        kept.into_iter().for_each(|value| values.push(value));
        Some(values)
    }
}

/// Two sets are equal when they hold the same values, in any order.
impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        match (self.sorted(), other.sorted()) {
            (Some(ours), Some(theirs)) => ours == theirs,
            (None, None) => {
                let (mut ours, mut theirs) = (self.clone(), other.clone());
                ours.condense();
                theirs.condense();
                ours.sketch == theirs.sketch
            }
            _ => false,
        }
    }
}

/// Finds order statistics without sorting everything: what lies below a rank already found is left alone.
struct Selection<'a> {
    values: &'a mut [i64],
    /// Values before this place are no greater than those from it on.
    settled: usize,
}

impl Selection<'_> {
    fn at(&mut self, share: f64) -> f64 {
        let place = share * (self.values.len() - 1) as f64;
        let rank = place.floor() as usize;
        let from = if rank < self.settled { 0 } else { self.settled };
        self.settled = rank;
        let (_, low, above) = self.values[from..].select_nth_unstable(rank - from);
        let low = *low as f64;
        let high = above.iter().min().map_or(low, |high| *high as f64);
        low + (high - low) * (place - rank as f64)
    }
}

impl FromIterator<i64> for Values {
    fn from_iter<I: IntoIterator<Item = i64>>(values: I) -> Self {
        let mut set = Self::default();
        values.into_iter().for_each(|value| set.push(value));
        set
    }
}

impl Sketch {
    fn empty() -> Self {
        Self { count: 0, sum: 0, min: i64::MAX, max: i64::MIN, buckets: Vec::new() }
    }

    fn add(&mut self, value: i64) {
        self.count += 1;
        self.sum += i128::from(value);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        let bucket = bucket(value);
        if bucket >= self.buckets.len() {
            self.buckets.resize(bucket + 1, 0);
        }
        self.buckets[bucket] += 1;
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        if other.buckets.len() > self.buckets.len() {
            self.buckets.resize(other.buckets.len(), 0);
        }
        for (ours, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *ours += theirs;
        }
    }

    fn quantile(&self, share: f64) -> f64 {
        let place = (share * (self.count - 1) as f64).round() as u64;
        let mut below = 0;
        for (bucket, count) in self.buckets.iter().enumerate() {
            below += count;
            if below > place {
                return middle(bucket).clamp(self.min as f64, self.max as f64);
            }
        }
        self.max as f64
    }
}

/// Values under 64 have a bucket each, then 64 buckets to each power of two. Times never run backwards, so below 0 is 0.
fn bucket(value: i64) -> usize {
    let value = value.max(0) as u64;
    if value < 1 << PART_BITS {
        return value as usize;
    }
    let power = 63 - value.leading_zeros();
    let part = (value >> (power - PART_BITS)) as usize & ((1 << PART_BITS) - 1);
    (((power - PART_BITS + 1) as usize) << PART_BITS) + part
}

fn middle(bucket: usize) -> f64 {
    let part = (bucket & ((1 << PART_BITS) - 1)) as f64;
    match (bucket >> PART_BITS) as i32 {
        0 => part,
        power => (64.0 + part + 0.5) * 2_f64.powi(power - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantiles_are_those_of_r_type_7() {
        let values: Values = [4, 1, 3, 2].into_iter().collect();
        assert_eq!(values.quantiles(&[0.0, 0.25, 0.5, 0.9, 1.0]), [1.0, 1.75, 2.5, 3.7, 4.0]);
        assert_eq!(values.totals(), Totals { count: 4, sum: 10, min: 1, max: 4 });
        assert_eq!(values.quantiles(&[0.9, 0.5, 0.5]), [3.7, 2.5, 2.5]);
        assert!(Values::default().quantiles(&[0.5]).is_empty());
    }

    #[test]
    fn a_million_values_and_one_are_sketched() {
        let mut values: Values = (0..EXACT_VALUES as i64).collect();
        assert!(values.is_exact());
        values.merge([5].into_iter().collect());
        assert!(!values.is_exact());
        assert_eq!(values.totals().count, EXACT_VALUES as u64 + 1);
        let median = values.quantiles(&[0.5])[0];
        assert!((median / 500_000.0 - 1.0).abs() < 0.01, "{median}");
    }

    proptest! {
        #[test]
        fn a_bucket_is_within_one_percent_of_all_its_values(value in 0_i64..i64::MAX) {
            let middle = middle(bucket(value));
            prop_assert!((middle - value as f64).abs() <= 0.01 * value as f64 + 0.5, "{value} {middle}");
        }

        #[test]
        fn selecting_finds_what_sorting_finds(
            values in prop::collection::vec(0_i64..50, 1..200),
            shares in prop::collection::vec(0.0_f64..=1.0, 1..6),
        ) {
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let of_sorted = |share: &f64| {
                let place = share * (sorted.len() - 1) as f64;
                let (low, high) = (sorted[place.floor() as usize] as f64, sorted[place.ceil() as usize] as f64);
                low + (high - low) * (place - place.floor())
            };
            let set: Values = values.iter().copied().collect();
            prop_assert_eq!(set.quantiles(&shares), shares.iter().map(of_sorted).collect::<Vec<_>>());
        }

        #[test]
        fn splitting_and_merging_changes_nothing(values in prop::collection::vec(0_i64..10_000_000_000, 0..300), cut in 0_usize..300, sketch in any::<[bool; 2]>()) {
            let cut = cut.min(values.len());
            let mut left: Values = values[..cut].iter().copied().collect();
            let mut right: Values = values[cut..].iter().copied().collect();
            let mut whole: Values = values.iter().copied().collect();
            if sketch[0] { left.condense(); }
            if sketch[1] { right.condense(); }
            if sketch[0] || sketch[1] { whole.condense(); }
            let mut other = right.clone();
            other.merge(left.clone());
            left.merge(right);
            prop_assert!(left == whole);
            prop_assert!(other == whole);
            prop_assert_eq!(left.totals(), whole.totals());
        }
    }
}
