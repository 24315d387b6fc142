//! A text as a direction: what an embedder makes of it.

use std::collections::HashMap;

/// A vector of length 1, or of nothing at all. Only the places that are not 0 are kept, because a comment has few of the
/// words there are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vector {
    /// By place.
    parts: Vec<(u32, f32)>,
}

impl Vector {
    /// From a value for every place.
    pub fn dense(values: &[f32]) -> Self {
        let parts = (0_u32..).zip(values).filter(|(_, value)| **value != 0.0);
        Self::of_weights(parts.map(|(place, value)| (place, f64::from(*value))).collect())
    }

    /// From the values of some places, in any order. Values of the same place are added.
    pub fn of_weights(mut weights: Vec<(u32, f64)>) -> Self {
        weights.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.total_cmp(&b.1)));
        let sum = |same: &[(u32, f64)]| (same[0].0, same.iter().map(|(_, weight)| weight).sum());
        let sums: Vec<(u32, f64)> = weights.chunk_by(|a, b| a.0 == b.0).map(sum).collect();
        let length = sums.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        if !(length > 0.0 && length.is_finite()) {
            return Self::default();
        }
        let part = |(place, weight): (u32, f64)| (place, (weight / length) as f32);
        Self { parts: sums.into_iter().map(part).collect() }
    }

    /// The direction of the mean; nothing of nothing.
    pub(crate) fn centroid<'a>(vectors: impl IntoIterator<Item = &'a Self>) -> Self {
        let parts = vectors.into_iter().flat_map(|vector| &vector.parts);
        Self::of_weights(parts.map(|(place, value)| (*place, f64::from(*value))).collect())
    }

    /// The cosine of the angle between two texts: 1 for the same, 0 for nothing in common or for no text at all.
    pub fn cosine(&self, other: &Self) -> f64 {
        let (mut mine, mut theirs) = (self.parts.as_slice(), other.parts.as_slice());
        let mut sum = 0.0;
        while let ([(a, x), rest_a @ ..], [(b, y), rest_b @ ..]) = (mine, theirs) {
            if a == b {
                sum += f64::from(*x) * f64::from(*y);
            }
            if a <= b {
                mine = rest_a;
            }
            if b <= a {
                theirs = rest_b;
            }
        }
        sum.clamp(-1.0, 1.0)
    }

    /// The text held nothing that the embedder knows.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub(crate) fn parts(&self) -> &[(u32, f32)] {
        &self.parts
    }
}

/// The middle of many texts, with a value for every place: it has most of the words there are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Middle {
    values: Vec<f64>,
}

impl Middle {
    /// The direction of the mean; `None` where the texts have none.
    pub(crate) fn of<'a>(vectors: impl IntoIterator<Item = &'a Vector>) -> Option<Self> {
        let mut values: Vec<f64> = Vec::new();
        for vector in vectors {
            let n_places = vector.parts.last().map_or(0, |(place, _)| *place as usize + 1);
            values.resize(values.len().max(n_places), 0.0);
            for (place, value) in &vector.parts {
                values[*place as usize] += f64::from(*value);
            }
        }
        let length = values.iter().map(|value| value * value).sum::<f64>().sqrt();
        if length <= 0.0 {
            return None;
        }
        values.iter_mut().for_each(|value| *value /= length);
        Some(Self { values })
    }

    pub(crate) fn cosine(&self, text: &Vector) -> f64 {
        let known = |(place, value): &(u32, f32)| {
            self.values.get(*place as usize).map(|mine| mine * f64::from(*value))
        };
        text.parts.iter().filter_map(known).sum::<f64>().clamp(-1.0, 1.0)
    }
}

/// Many texts by what they hold, to find what a text has in common with each without looking at those with which it has
/// nothing.
#[derive(Debug, Default)]
pub(crate) struct Index {
    n_texts: usize,
    /// By place: which text has how much of it.
    texts_with: HashMap<u32, Vec<(usize, f32)>>,
}

impl Index {
    pub(crate) fn of<'a>(vectors: impl IntoIterator<Item = &'a Vector>) -> Self {
        let mut index = Self::default();
        for vector in vectors {
            for (place, value) in &vector.parts {
                index.texts_with.entry(*place).or_default().push((index.n_texts, *value));
            }
            index.n_texts += 1;
        }
        index
    }

    /// The cosine to each of the texts, in their order.
    pub(crate) fn cosines(&self, text: &Vector) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_texts];
        for (place, mine) in &text.parts {
            for (which, theirs) in self.texts_with.get(place).into_iter().flatten() {
                sums[*which] += f64::from(*mine) * f64::from(*theirs);
            }
        }
        sums.iter_mut().for_each(|sum: &mut f64| *sum = sum.clamp(-1.0, 1.0));
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::{Index, Middle, Vector};

    #[test]
    fn cosines_of_known_angles() {
        let [east, north, both] = [[2.0, 0.0], [0.0, 5.0], [1.0, 1.0]].map(|v| Vector::dense(&v));
        assert_eq!((east.cosine(&east), east.cosine(&north)), (1.0, 0.0));
        assert!((east.cosine(&both) - 0.5_f64.sqrt()).abs() < 1e-6);
        assert_eq!(Vector::centroid([&east, &north]), both);
        assert_eq!(Index::of([&east, &north]).cosines(&east), [1.0, 0.0]);
        assert!((Middle::of([&east, &north]).unwrap().cosine(&both) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn what_has_no_direction_is_empty() {
        for nothing in [&[][..], &[0.0, 0.0], &[f32::NAN], &[f32::INFINITY]] {
            assert!(Vector::dense(nothing).is_empty(), "{nothing:?}");
        }
        assert_eq!(Vector::default().cosine(&Vector::dense(&[1.0])), 0.0);
        assert!(Vector::centroid([]).is_empty());
        assert!(Middle::of([&Vector::default()]).is_none());
        assert_eq!(Index::of([&Vector::default()]).cosines(&Vector::dense(&[1.0])), [0.0]);
    }
}
