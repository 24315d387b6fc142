//! A set of durations that can be merged: exact while it is small, a sketch with a bounded error when it is not.

/// A set keeps every value up to this many; beyond, its quantiles come from a sketch.
pub(crate) const EXACT_VALUES: usize = 1_000_000;

/// Durations in µs. Count, sum, minimum and maximum are always exact.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// The values themselves, unless they have been given to the sketch.
    kept: Vec<i64>,
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
        if self.kept.len() == self.kept.capacity() {
            self.make_room();
        }
        self.kept.push(micros);
    }

    #[cold]
    fn make_room(&mut self) {
        if self.kept.len() >= EXACT_VALUES || (self.sketch.is_some() && self.kept.len() >= 4096) {
            self.condense();
        }
        self.kept.reserve(if self.sketch.is_some() { 4096 } else { self.kept.len().max(16) });
    }

    /// How many values there are, sketched ones included.
    pub(crate) fn count(&self) -> u64 {
        self.kept.len() as u64 + self.sketch.as_ref().map_or(0, |sketch| sketch.count)
    }

    /// Gives every kept value to the sketch.
    pub(crate) fn condense(&mut self) {
        let sketch = self.sketch.get_or_insert_with(|| Box::new(Sketch::empty()));
        for value in self.kept.drain(..) {
            sketch.add(value);
        }
        self.kept = Vec::new();
    }

    pub fn merge(&mut self, other: Self) {
        if let Some(theirs) = other.sketch {
            self.condense();
            if let Some(ours) = &mut self.sketch {
                ours.merge(&theirs);
            }
        }
        self.kept.extend_from_slice(&other.kept);
        if self.sketch.is_some() || self.kept.len() > EXACT_VALUES {
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
        for value in &self.kept {
            all.count += 1;
            all.sum += i128::from(*value);
            all.min = all.min.min(*value);
            all.max = all.max.max(*value);
        }
        if all.count == 0 { Totals::default() } else { all }
    }

    /// Quantiles of R's type 7 at each of `shares` (0..=1), in µs; empty when there are no values.
    pub fn quantiles(&self, shares: &[f64]) -> Vec<f64> {
        if let Some(sketch) = &self.sketch {
            let mut all = sketch.clone();
            for value in &self.kept {
                all.add(*value);
            }
            return shares.iter().map(|share| all.quantile(*share)).collect();
        }
        if self.kept.is_empty() {
            return Vec::new();
        }
        let mut values = self.kept.clone();
        let mut quantile = Selection { values: &mut values, settled: 0 };
        shares.iter().map(|share| quantile.at(*share)).collect()
    }

    /// Whether quantiles are those of the values themselves.
    pub fn is_exact(&self) -> bool {
        self.sketch.is_none()
    }

    /// Every value, when it is still known, ascending.
    pub fn sorted(&self) -> Option<Vec<i64>> {
        let mut sorted = self.sketch.is_none().then(|| self.kept.clone())?;
        sorted.sort_unstable();
        Some(sorted)
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
