//! Themes that nobody thought of yet: comments that no theme took, in groups of those that are near each other.
//!
//! Spherical k-means (Dhillon & Modha 2001) on the embedder's vectors, begun by k-means++ (Arthur & Vassilvitskii 2007)
//! from a stored seed, the best of several beginnings. k is the number from 2 to 8 with the highest mean silhouette
//! (Rousseeuw 1987, with distances to centres in place of all pairs), and at least ten customers per group on average.
//! Above two thousand comments the groups are found on two thousand of them, and all are then put to the nearest.
//!
//! A group is a suggestion: somebody reads its examples, gives it a name, and makes it a theme, or does not.

use std::collections::{BTreeMap, BTreeSet};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use stats::{WordClass, c_tf_idf};

use crate::different::most_used;
use crate::names::Names;
use crate::quotes::{Quote, quotes};
use crate::reading::{Reading, Who, may_be_shown, n_customers};
use crate::vector::Middle;
use crate::{CommentKey, Vector};

const FEWEST_CUSTOMERS_PER_GROUP: u64 = 10;
const MOST_GROUPS: u64 = 8;
const MOST_FITTED: usize = 2_000;
const BEGINNINGS: u64 = 4;
const MOST_ROUNDS: usize = 50;
const LABEL_WORDS: usize = 4;
const EXAMPLES: usize = 3;

/// What the comments without a theme fall into.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Groups {
    /// The largest first.
    pub groups: Vec<Group>,
    /// Comments without a theme, and those of them that are in a group that is told.
    pub n_comments: u64,
    pub n_grouped: u64,
    /// The mean silhouette of the groups, from −1 to 1; near 0 they hardly part. `None` where there are too few comments to
    /// look for groups.
    pub silhouette: Option<f64>,
}

/// A suggested theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The words that tell it from the other groups by class-based tf-idf, each used by at least five of its customers.
    pub label: Vec<String>,
    pub n_customers: u64,
    /// By key.
    pub comments: Vec<CommentKey>,
    /// The nearest to its middle.
    pub examples: Vec<Quote>,
}

/// Groups among comments. `names` stand in no label and no example.
pub(crate) fn groups(readings: &[&Reading<'_>], names: &Names<'_>, seed: u64) -> Groups {
    let n_comments = readings.len() as u64;
    let known: Vec<&Reading<'_>> =
        readings.iter().copied().filter(|reading| !reading.whole.is_empty()).collect();
    let most = (n_customers(known.iter().copied()) / FEWEST_CUSTOMERS_PER_GROUP).min(MOST_GROUPS);
    let fitted: Vec<&Vector> = sample(&known).into_iter().map(|reading| &reading.whole).collect();
    let best = (2..=most)
        .map(|k| {
            let centres = k_means(&fitted, k as usize, seed);
            (silhouette(&fitted, &centres), centres)
        })
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    let Some((silhouette, centres)) = best else {
        return Groups { n_comments, ..Groups::default() };
    };
    let mut members: Vec<Vec<&Reading<'_>>> = vec![Vec::new(); centres.len()];
    for reading in known {
        members[nearest(&reading.whole, &centres).0].push(reading);
    }
    let mut told = told(&members, &centres, names);
    told.sort_by(|a, b| {
        b.n_customers.cmp(&a.n_customers).then_with(|| a.comments.cmp(&b.comments))
    });
    let n_grouped = told.iter().map(|group| group.comments.len() as u64).sum();
    Groups { groups: told, n_comments, n_grouped, silhouette: Some(silhouette) }
}

/// At most so many, taken by their keys, which have nothing to do with what is in them.
fn sample<'a, 'b>(readings: &[&'b Reading<'a>]) -> Vec<&'b Reading<'a>> {
    if readings.len() <= MOST_FITTED {
        return readings.to_vec();
    }
    let mut by_key: Vec<(CommentKey, usize)> =
        readings.iter().enumerate().map(|(place, reading)| (reading.key, place)).collect();
    by_key.sort_unstable();
    by_key.truncate(MOST_FITTED);
    let mut places: Vec<usize> = by_key.into_iter().map(|(_, place)| place).collect();
    places.sort_unstable();
    places.into_iter().map(|place| readings[place]).collect()
}

/// Groups of at least five customers, with labels and examples.
fn told(members: &[Vec<&Reading<'_>>], centres: &[Middle], names: &Names<'_>) -> Vec<Group> {
    let classes: Vec<WordClass> = members
        .iter()
        .map(|members| WordClass {
            name: String::new(),
            words: members.iter().flat_map(|reading| stems(reading)).collect(),
        })
        .collect();
    let weights = c_tf_idf(&classes);
    let mut told = Vec::new();
    for ((members, centre), weights) in members.iter().zip(centres).zip(weights) {
        let n_customers = n_customers(members.iter().copied());
        if !may_be_shown(n_customers) {
            continue;
        }
        let forms = forms(members, names);
        let label = weights.iter().filter_map(|word| forms.get(&word.word).cloned());
        let near: Vec<(f64, &Reading<'_>)> =
            members.iter().map(|reading| (centre.cosine(&reading.whole), *reading)).collect();
        let mut comments: Vec<CommentKey> = members.iter().map(|reading| reading.key).collect();
        comments.sort_unstable();
        told.push(Group {
            label: label.take(LABEL_WORDS).collect(),
            n_customers,
            comments,
            examples: quotes(&near, names.given, EXAMPLES),
        });
    }
    told
}

/// The distinct stems of what a comment tells.
fn stems(reading: &Reading<'_>) -> BTreeSet<String> {
    let telling = reading.words.iter().filter(|word| word.is_telling);
    telling.map(|word| word.stem.clone()).collect()
}

/// By stem, the form that most of these comments have, where at least five customers use it and it is no name.
fn forms(members: &[&Reading<'_>], names: &Names<'_>) -> BTreeMap<String, String> {
    let mut uses: BTreeMap<&str, (BTreeSet<Who>, BTreeMap<String, u64>)> = BTreeMap::new();
    for reading in members {
        for word in reading.words.iter().filter(|word| word.is_telling) {
            let (who, forms) = uses.entry(&word.stem).or_default();
            who.insert(reading.who);
            *forms.entry(word.text.clone()).or_default() += 1;
        }
    }
    let shown = uses.into_iter().filter(|(_, (who, _))| may_be_shown(who.len() as u64));
    let form = shown.map(|(stem, (_, forms))| (stem.to_owned(), most_used(&forms)));
    form.filter(|(_, form)| !names.hide(form)).collect()
}

/// The centres of k groups: of several beginnings, those to which the texts are nearest in the mean.
fn k_means(texts: &[&Vector], k: usize, seed: u64) -> Vec<Middle> {
    let mut best: Option<(f64, Vec<Middle>)> = None;
    for beginning in 0..BEGINNINGS {
        let mut centres = first_centres(texts, k, seed, beginning);
        let mut before = Vec::new();
        for _ in 0..MOST_ROUNDS {
            let places: Vec<usize> = texts.iter().map(|text| nearest(text, &centres).0).collect();
            if places == before {
                break;
            }
            for (group, centre) in centres.iter_mut().enumerate() {
                let members = texts.iter().zip(&places).filter(|(_, place)| **place == group);
                // A group that lost everybody keeps its centre.
                if let Some(moved) = Middle::of(members.map(|(text, _)| *text)) {
                    *centre = moved;
                }
            }
            before = places;
        }
        let near: f64 = texts.iter().map(|text| nearest(text, &centres).1).sum();
        if best.as_ref().is_none_or(|(nearest, _)| near > *nearest) {
            best = Some((near, centres));
        }
    }
    best.map(|(_, centres)| centres).unwrap_or_default()
}

/// The first by chance, each further one by chance too, the likelier the farther it is from those before.
fn first_centres(texts: &[&Vector], k: usize, seed: u64, beginning: u64) -> Vec<Middle> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut rng = ChaCha8Rng::from_seed(bytes);
    rng.set_stream(beginning);
    let mut unit = || (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let mut distances = vec![1.0_f64; texts.len()];
    let mut centres: Vec<Middle> = Vec::new();
    while centres.len() < k {
        let mut left = unit() * distances.iter().sum::<f64>();
        let drawn = distances.iter().position(|distance| {
            left -= distance;
            *distance > 0.0 && left <= 0.0
        });
        // All texts are among the centres: the rest of the groups stay empty.
        let Some(centre) = drawn.and_then(|place| Middle::of([texts[place]])) else {
            break;
        };
        for (distance, text) in distances.iter_mut().zip(texts) {
            *distance = distance.min(apart(centre.cosine(text)));
        }
        centres.push(centre);
    }
    centres
}

/// 1 − cosine, with what rounding leaves of equal texts taken for nothing.
fn apart(cosine: f64) -> f64 {
    let apart = 1.0 - cosine;
    if apart < 1e-6 { 0.0 } else { apart }
}

/// Which centre is nearest, and how near; the first of those that are equally near.
fn nearest(text: &Vector, centres: &[Middle]) -> (usize, f64) {
    let near = centres.iter().map(|centre| centre.cosine(text)).enumerate();
    near.reduce(|best, next| if next.1 > best.1 { next } else { best }).unwrap_or((0, 0.0))
}

/// How much nearer texts are to their own centre than to the next one.
fn silhouette(texts: &[&Vector], centres: &[Middle]) -> f64 {
    let of_text = |text: &&Vector| {
        let mut distances: Vec<f64> =
            centres.iter().map(|centre| apart(centre.cosine(text))).collect();
        distances.sort_by(f64::total_cmp);
        match distances[..] {
            [own, next, ..] if next > 0.0 => (next - own) / next,
            _ => 0.0,
        }
    };
    texts.iter().map(of_text).sum::<f64>() / texts.len() as f64
}
