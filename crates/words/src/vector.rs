//! A text as a direction: what an embedder makes of it.

use std::collections::BTreeMap;

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
        Self::of_weights(&parts.map(|(place, value)| (place, f64::from(*value))).collect())
    }

    /// From the values of some places.
    pub fn of_weights(weights: &BTreeMap<u32, f64>) -> Self {
        let length = weights.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        if !(length > 0.0 && length.is_finite()) {
            return Self::default();
        }
        let part = |(&place, weight): (&u32, &f64)| (place, (weight / length) as f32);
        Self { parts: weights.iter().map(part).collect() }
    }

    /// The direction of the mean; nothing of nothing. The order of the vectors may show in the last digit.
    pub(crate) fn centroid<'a>(vectors: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sum: BTreeMap<u32, f64> = BTreeMap::new();
        for (place, value) in vectors.into_iter().flat_map(|vector| &vector.parts) {
            *sum.entry(*place).or_default() += f64::from(*value);
        }
        Self::of_weights(&sum)
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

#[cfg(test)]
mod tests {
    use super::{Middle, Vector};

    #[test]
    fn cosines_of_known_angles() {
        let [east, north, both] = [[2.0, 0.0], [0.0, 5.0], [1.0, 1.0]].map(|v| Vector::dense(&v));
        assert_eq!((east.cosine(&east), east.cosine(&north)), (1.0, 0.0));
        assert!((east.cosine(&both) - 0.5_f64.sqrt()).abs() < 1e-6);
        assert_eq!(Vector::centroid([&east, &north]), both);
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
    }
}
