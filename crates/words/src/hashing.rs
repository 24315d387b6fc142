//! The embedder that is always there: tf-idf of words and parts of words, with hashing in place of a dictionary.
//!
//! A comment is its stems (0.6 of the squared length) and the parts of three and four letters of its words (0.4), which
//! bring "Parkplatz" near "Parkplätze" and "parkin" near "parking"; in scripts without spaces pairs of characters take
//! the place of stems and single characters that of parts. Each weighs (1 + ln tf) · idf, where
//! idf = ln((1 + N)/(1 + df)) + 1 comes from the comments at hand. A negation counts together with the next word that
//! tells something: "no parking" and "no refund" have nothing in common, "helpful" and "not helpful" not everything. It
//! knows no meaning: "lot" and "car park" have nothing
//! in common until a seed sentence or a correction says that they have.
//!
//! Weinberger et al. (2009) for the hashing; with 65,536 places and some hundred features in a comment, two that share a
//! place are rare enough not to need their signs.

use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation;
use xxhash_rust::xxh3::{Xxh3, xxh3_64_with_seed};

use crate::tokens::words;
use crate::{Embedder, Language, Vector, Word};

const PLACES: u64 = 1 << 16;
const SHARE_OF_STEMS: f64 = 0.6;

/// Words and parts of words, weighed by how rare they are among the texts that it learned from.
#[derive(Debug, Clone)]
pub struct Hashing {
    /// In how many texts a feature of this place occurs.
    n_texts_with: Vec<u32>,
    n_texts: u32,
}

impl Hashing {
    /// Learns from texts which features are rare. Their order does not matter.
    pub fn learn<'a>(texts: impl IntoIterator<Item = (&'a str, Option<Language>)>) -> Self {
        let mut learned = Self { n_texts_with: vec![0; PLACES as usize], n_texts: 0 };
        for (text, language) in texts {
            let features = Features::of(text, language);
            let places: BTreeSet<u32> =
                features.stems.into_keys().chain(features.parts.into_keys()).collect();
            for place in places {
                learned.n_texts_with[place as usize] += 1;
            }
            learned.n_texts += 1;
        }
        learned
    }

    fn weigh(&self, counts: &BTreeMap<u32, u32>, share: f64) -> Vec<(u32, f64)> {
        let weight = |(&place, &n): (&u32, &u32)| {
            let known = f64::from(self.n_texts_with[place as usize]);
            let idf = ((1.0 + f64::from(self.n_texts)) / (1.0 + known)).ln() + 1.0;
            (place, (1.0 + f64::from(n).ln()) * idf)
        };
        let weights: Vec<(u32, f64)> = counts.iter().map(weight).collect();
        let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        weights.into_iter().map(|(place, weight)| (place, weight / length * share.sqrt())).collect()
    }
}

impl Embedder for Hashing {
    fn id(&self) -> String {
        let mut hash = Xxh3::new();
        hash.update(&self.n_texts.to_le_bytes());
        for n in &self.n_texts_with {
            hash.update(&n.to_le_bytes());
        }
        format!("hashing-1-{:016x}", hash.digest())
    }

    fn embed(&self, text: &str, language: Option<Language>) -> Vector {
        let features = Features::of(text, language);
        let stems = self.weigh(&features.stems, SHARE_OF_STEMS);
        let parts = self.weigh(&features.parts, 1.0 - SHARE_OF_STEMS);
        let mut weights = BTreeMap::new();
        for (place, weight) in stems.into_iter().chain(parts) {
            *weights.entry(place).or_default() += weight;
        }
        Vector::of_weights(&weights)
    }

    /// Two comments share few words even when they are about the same. Found by trial on the sentences of the tests, where
    /// it hardly matters between 0.1 and 0.3, so it is a beginning and not a finding; codings replace it.
    fn default_threshold(&self) -> f64 {
        0.15
    }
}

/// What a text is made of, by place, with how often.
#[derive(Default)]
struct Features {
    stems: BTreeMap<u32, u32>,
    parts: BTreeMap<u32, u32>,
}

impl Features {
    fn of(text: &str, language: Option<Language>) -> Self {
        const STEM: u64 = 1;
        const PART: u64 = 2;
        let mut features = Self::default();
        let mut negation: Option<String> = None;
        for word in words(text, language).into_iter().filter(|word| word.is_telling) {
            if word.is_negation {
                negation = Some(word.stem);
                continue;
            }
            if let Some(no) = negation.take() {
                features.count_stem(place(&format!("{no} {}", word.stem), STEM));
            }
            features.count_stem(place(&word.stem, STEM));
            for part in parts(&word) {
                *features.parts.entry(place(&part, PART)).or_default() += 1;
            }
        }
        if let Some(no) = negation {
            features.count_stem(place(&no, STEM));
        }
        features
    }

    fn count_stem(&mut self, place: u32) {
        *self.stems.entry(place).or_default() += 1;
    }
}

/// All three and four neighbouring letters, with the word's ends marked; the characters of a pair.
fn parts(word: &Word) -> Vec<String> {
    if word.is_pair {
        return word.text.graphemes(true).map(str::to_owned).collect();
    }
    let letters: Vec<char> = format!("^{}$", word.text).chars().collect();
    [3, 4].iter().flat_map(|&n| letters.windows(n)).map(|part| part.iter().collect()).collect()
}

fn place(feature: &str, family: u64) -> u32 {
    (xxh3_64_with_seed(feature.as_bytes(), family) % PLACES) as u32
}

#[cfg(test)]
mod tests {
    use super::Hashing;
    use crate::{Embedder, Language};

    fn check(code: &str, text: &str, near: &str, far: &str) {
        let language = Language::of_tag(code);
        let texts = [text, near, far];
        let embedder = Hashing::learn(texts.map(|text| (text, language)));
        let [text, near, far] = texts.map(|text| embedder.embed(text, language));
        let (near, far) = (text.cosine(&near), text.cosine(&far));
        assert!(near > far + 0.05, "{code}: near {near:.3}, far {far:.3}");
    }

    #[test]
    fn texts_about_the_same_are_nearer() {
        check("en", "No parking near the store", "I could not park anywhere", "Staff were kind");
        check("de", "Es gab keinen Parkplatz", "Parkplätze sind zu eng", "Das Personal war nett");
        check("es", "No había aparcamiento", "Los aparcamientos llenos", "El personal amable");
        check("hi", "पार्किंग नहीं मिली", "पार्किंग भरी थी", "कर्मचारी अच्छे थे");
        check("th", "ไม่มีที่จอดรถ", "ที่จอดรถเต็ม", "พนักงานใจดี");
        check("zh", "没有停车位", "停车场满了", "员工很友好");
    }

    #[test]
    fn a_text_without_words_has_no_direction() {
        let embedder = Hashing::learn([]);
        assert!(embedder.embed("", None).is_empty());
        assert!(embedder.embed("!!! 12345678", None).is_empty());
        assert!(!embedder.embed("parking", None).is_empty());
    }

    #[test]
    fn what_was_learned_shows_in_the_id() {
        let (one, other) = (Hashing::learn([("full", None)]), Hashing::learn([("empty", None)]));
        assert_ne!(one.id(), other.id());
        let [a, b] = [["full", "empty"], ["empty", "full"]]
            .map(|texts| Hashing::learn(texts.map(|text| (text, None))).id());
        assert_eq!(a, b);
    }
}
