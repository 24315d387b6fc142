//! Comments for tests, as tables.

use words::{Comment, Theme};

pub(crate) const HOUR: i64 = 3_600_000_000;

/// A comment of its own customer at hour `n`.
pub(crate) fn comment(n: usize, text: &str, language: Option<&str>) -> Comment {
    Comment {
        customer: Some(n as u64),
        at: n as i64 * HOUR,
        touchpoint: None,
        score: None,
        text: text.to_owned(),
        language: language.map(str::to_owned),
    }
}

pub(crate) fn theme(id: &str, seeds: &[&str]) -> Theme {
    Theme {
        id: id.to_owned(),
        title: id.to_owned(),
        seeds: seeds.iter().map(|seed| (*seed).to_owned()).collect(),
        must: Vec::new(),
        never: Vec::new(),
    }
}

/// Two hundred and forty customers over ten days: a third on parking, a third on waiting, a third on staff, the unhappy
/// ones on the first two; in the second half of the time the lifts break too.
pub(crate) fn many() -> Vec<Comment> {
    const PARKING: [&str; 4] = [
        "There was no parking near the shop and the lot was full",
        "The parking lot is always full on a Saturday morning",
        "Could not find parking anywhere close to the entrance",
        "Parking was a nightmare, we drove round for half an hour",
    ];
    const WAITING: [&str; 4] = [
        "The queue at the till was far too long for a weekday",
        "We waited forty minutes in the queue before anyone came",
        "Only one till open and the queue went round the corner",
        "Long queue again, the waiting takes all the joy out of it",
    ];
    const STAFF: [&str; 4] = [
        "The staff were kind and helpful from start to finish",
        "Friendly staff, the woman at the desk was very helpful",
        "Kind and helpful people, thank you to all the staff",
        "Staff helped us with everything, so friendly and patient",
    ];
    let said = |n: usize| {
        let variant = n / 3 % 4;
        let (texts, score) = [(PARKING, 3.0), (WAITING, 5.0), (STAFF, 9.0)][n % 3];
        let lift = if n >= 120 && n.is_multiple_of(2) { " The lift was broken." } else { "" };
        Comment {
            touchpoint: Some((n % 3) as u32),
            score: Some(score + (n / 12 % 2) as f64),
            ..comment(n, &format!("{}{lift}", texts[variant]), Some("en"))
        }
    };
    (0..240).map(said).collect()
}

pub(crate) fn parking_and_staff() -> Vec<Theme> {
    vec![
        theme("parking", &["There was no parking", "The parking lot was full"]),
        theme("staff", &["The staff were kind", "Friendly and helpful staff"]),
    ]
}
