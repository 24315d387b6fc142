//! Which comments people shall code: customers drawn at random, each with everything that they wrote.
//!
//! A customer is drawn whole, so that it is known of the customer, and not of a comment alone, whether a theme was meant.
//! Customers are put in the order of a hash that the seed begins: the same seed gives the same customers, whatever else was
//! read.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::{Comment, CommentKey};

/// Places of at least `n` comments, by key, or of all if there are not as many. Of comments with one key the first counts.
pub fn sample(comments: &[Comment], n: usize, seed: u64) -> Vec<usize> {
    let mut by_key: BTreeMap<CommentKey, usize> = BTreeMap::new();
    for (place, comment) in comments.iter().enumerate() {
        if !comment.text.trim().is_empty() {
            by_key.entry(comment.key()).or_insert(place);
        }
    }
    // An anonymous comment is somebody of their own, who is known by its key.
    let mut by_customer: BTreeMap<(u64, bool, u64), Vec<(CommentKey, usize)>> = BTreeMap::new();
    for (key, place) in by_key {
        let customer = comments[place].customer;
        let who = customer.unwrap_or(key.0);
        let dealt = xxh3_64_with_seed(&who.to_le_bytes(), seed);
        by_customer.entry((dealt, customer.is_some(), who)).or_default().push((key, place));
    }
    let mut drawn: Vec<(CommentKey, usize)> = Vec::new();
    for comments in by_customer.into_values() {
        if drawn.len() >= n {
            break;
        }
        drawn.extend(comments);
    }
    drawn.sort_unstable();
    drawn.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::sample;
    use crate::Comment;

    fn comments() -> Vec<Comment> {
        (0..300)
            .map(|n| Comment {
                customer: (n % 7 > 0).then_some(n / 3),
                at: n as i64,
                touchpoint: None,
                score: None,
                text: if n % 50 == 49 { " ".to_owned() } else { format!("comment {n}") },
                language: None,
            })
            .collect()
    }

    fn texts(comments: &[Comment], n: usize, seed: u64) -> Vec<&str> {
        sample(comments, n, seed).into_iter().map(|place| comments[place].text.as_str()).collect()
    }

    #[test]
    fn a_seed_draws_the_same_whole_customers_in_any_order() {
        let comments = comments();
        let drawn = sample(&comments, 40, 1);
        assert!((40..44).contains(&drawn.len()), "{}", drawn.len());
        for place in &drawn {
            let customer = comments[*place].customer;
            let all = (0..300).filter(|at| {
                comments[*at].customer == customer && !comments[*at].text.trim().is_empty()
            });
            assert!(customer.is_none() || all.into_iter().all(|at| drawn.contains(&at)));
        }
        let mut turned = comments.clone();
        turned.reverse();
        assert_eq!(texts(&turned, 40, 1), texts(&comments, 40, 1));
        assert_ne!(texts(&comments, 40, 2), texts(&comments, 40, 1));
    }

    #[test]
    fn there_are_no_more_than_there_are() {
        assert_eq!(sample(&comments(), 1000, 1).len(), 294);
        assert!(sample(&[], 10, 1).is_empty());
        let twice = [comments()[0].clone(), comments()[0].clone()];
        assert_eq!(sample(&twice, 10, 1), [0]);
    }
}
