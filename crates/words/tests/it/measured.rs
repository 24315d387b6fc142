//! The whole, on many comments and on hardly any.

use words::{Comment, Correction, NotEnough, NotYet, Options, Origin, Standing, Words, measure};

use crate::said::{HOUR, comment, many, parking_and_staff, theme};

fn measured(comments: &[Comment]) -> Words {
    let periods = [0..120 * HOUR, 120 * HOUR..240 * HOUR];
    let options = Options { periods: &periods, ..Options::default() };
    measure(comments, &parking_and_staff(), &[], &options)
}

#[test]
fn shares_count_customers_and_say_that_they_are_no_measure_yet() {
    let words = measured(&many());
    let parking = &words.themes[0];
    let share = parking.overall.share.as_ref().unwrap();
    assert_eq!((share.k, share.n), (80, 240));
    assert!(
        share.low.unwrap() < share.share.unwrap() && share.share.unwrap() < share.high.unwrap()
    );
    let score = parking.overall.score.as_ref().unwrap();
    assert_eq!((score.value, score.n), (Some(3.5), 80));
    let by_period: Vec<u64> =
        parking.by_period.iter().map(|period| period.share.as_ref().unwrap().k).collect();
    assert_eq!(by_period, [40, 40]);
    let by_touchpoint: Vec<Option<u64>> = parking
        .by_touchpoint
        .values()
        .map(|share| share.share.as_ref().map(|share| share.k))
        .collect();
    assert_eq!(by_touchpoint, [Some(80), None, None], "nobody is fewer than five");
    let needed = NotYet::TooFewCoded { coded: 0, needed: 200 };
    assert_eq!(parking.agreement.standing, Standing::NotYet(needed));
    assert!(parking.threshold.is_default());
}

#[test]
fn with_enough_codings_a_share_is_a_measure() {
    let comments = many();
    let coded = |is_right: &dyn Fn(usize) -> bool| -> Vec<Correction> {
        let coded = comments.iter().enumerate();
        coded
            .map(|(n, comment)| Correction {
                comment: comment.key(),
                theme: "parking".to_owned(),
                holds: n.is_multiple_of(3) == is_right(n),
                origin: Origin::Coded,
            })
            .collect()
    };
    let agreement = |corrections: &[Correction]| {
        let words = measure(&comments, &parking_and_staff(), corrections, &Options::default());
        words.themes[0].agreement.clone()
    };
    let all = agreement(&coded(&|_| true));
    assert_eq!((all.standing, all.kappa.kappa.n), (Standing::Measure, 240));
    // Codings that follow no text: the machine cannot agree with them.
    let random = agreement(&coded(&|n| n * 7919 % 101 < 50));
    assert!(
        matches!(random.standing, Standing::NotYet(NotYet::TooLittleAgreement { .. })),
        "{random:?}"
    );
}

#[test]
fn words_tell_the_unhappy_from_the_happy_and_now_from_then() {
    let words = measured(&many());
    let unhappy = words.unhappy.unwrap();
    assert_eq!((unhappy.n_customers_a, unhappy.n_customers_b), (160, 80));
    let overused = |text: &str| {
        let word = unhappy.words.iter().find(|word| word.text == text);
        word.map(|word| {
            (word.keyness.overused, word.q.unwrap() < 0.05, word.log_odds.z.unwrap() > 0.0)
        })
    };
    assert_eq!(overused("parking"), Some((true, true, true)));
    assert_eq!(overused("parking lot"), Some((true, true, true)));
    assert_eq!(overused("staff"), Some((false, true, false)));
    assert_eq!(overused("the"), None, "stop words are not tested");
    let latest = words.latest.unwrap();
    let new: Vec<&str> = latest
        .words
        .iter()
        .filter(|word| word.q.unwrap() < 0.05)
        .map(|word| word.text.as_str())
        .collect();
    assert_eq!(new, ["broken", "lift"], "and all else is as before");
    assert_eq!((latest.words[0].customers_a, latest.words[0].customers_b), (60, 0));
}

#[test]
fn names_are_not_told() {
    let mut comments = many();
    for (n, comment) in comments.iter_mut().enumerate().filter(|(n, _)| n % 3 == 2) {
        comment.text = format!("Petra helped me, {}, number {}", comment.text, 1_000_000 + n);
    }
    let names = ["Petra".to_owned()];
    let options = Options { names: &names, ..Options::default() };
    let words = measure(&comments, &parking_and_staff(), &[], &options);
    let shown = format!("{words:?}");
    assert!(!shown.to_lowercase().contains("petra"));
    assert!(shown.contains("[name]") && shown.contains("[number]"));
}

#[test]
fn what_no_theme_takes_falls_into_groups() {
    let words = measure(&many(), &[], &[], &Options::default());
    let groups = words.groups;
    assert_eq!((groups.n_comments, groups.n_grouped), (240, 240));
    assert!(groups.groups.len() >= 3, "{groups:?}");
    for group in &groups.groups {
        assert!(!group.label.is_empty() && !group.examples.is_empty(), "{group:?}");
        assert!(group.n_customers >= 5);
    }
    let labels: Vec<&String> = groups.groups.iter().flat_map(|group| &group.label).collect();
    for word in ["parking", "queue", "staff"] {
        assert!(labels.iter().any(|label| *label == word), "{word} is in no label: {labels:?}");
    }
}

#[test]
fn quotes_are_of_different_customers() {
    let words = measured(&many());
    let quotes = &words.themes[0].quotes;
    assert_eq!(quotes.len(), 3);
    assert!(quotes.iter().all(|quote| quote.text.to_lowercase().contains("park")), "{quotes:?}");
}

#[test]
fn phrases_are_those_of_many() {
    let words = measured(&many());
    let phrases: Vec<&str> = words.phrases.iter().map(|phrase| phrase.text.as_str()).collect();
    assert!(phrases.contains(&"parking lot"), "{phrases:?}");
    assert!(words.phrases.iter().all(|phrase| phrase.customers >= 5));
}

#[test]
fn scores_are_read_out_of_words_only_where_words_tell_them() {
    let mut comments = many();
    for comment in comments.iter_mut().step_by(5) {
        comment.score = None;
    }
    let told = measured(&comments).sentiment;
    assert_eq!((told.not_enough, told.answers.len()), (None, 48));
    assert!(told.r2.value.unwrap() > 0.5 && told.r2.n == 192);
    let answer = |n: usize| {
        let key = comments[n].key();
        told.answers.iter().find(|(there, _)| *there == key).unwrap().1
    };
    // 0 and 15 are on parking, 5 and 20 on staff.
    assert!(answer(0) < answer(5) && answer(15) < answer(20));
    for (n, comment) in comments.iter_mut().enumerate() {
        comment.score = comment.score.map(|_| (n * 7919 % 11) as f64);
    }
    let untold = measured(&comments).sentiment;
    assert!(matches!(untold.not_enough, Some(NotEnough::TooLittleExplained { .. })), "{untold:?}");
    assert!(untold.answers.is_empty());
}

#[test]
fn hardly_any_comments_say_hardly_anything() {
    let same: Vec<Comment> = (0..50).map(|n| comment(n, "nice", None)).collect();
    let empty: Vec<Comment> = (0..3).map(|n| comment(n, [" ", "", "\n"][n], None)).collect();
    for (comments, n_comments, n_customers) in [
        (Vec::new(), 0, 0),
        (vec![comment(0, "No parking", Some("en"))], 1, 1),
        (vec![comment(0, "!!! 🙂", None)], 1, 1),
        (empty, 0, 0),
        (same, 50, 50),
    ] {
        let words = measured(&comments);
        assert_eq!((words.n_comments, words.n_customers), (n_comments, n_customers));
        assert_eq!(words.n_empty, comments.len() as u64 - n_comments);
        assert_eq!(words.themes.len(), 2);
        assert!(words.themes.iter().all(|theme| theme.overall.share.is_none()));
        assert!(words.themes.iter().all(|theme| theme.quotes.is_empty()));
        assert!(words.unhappy.is_none() && words.latest.is_none());
        assert!(words.sentiment.not_enough.is_some());
        assert_eq!(words.comments.len() as u64, n_comments);
    }
}

#[test]
fn one_customer_who_writes_often_is_one_customer() {
    let comments: Vec<Comment> = (0..30)
        .map(|n| Comment { customer: Some(7), ..comment(n, "There was no parking", Some("en")) })
        .collect();
    let words = measured(&comments);
    assert_eq!((words.n_comments, words.n_customers), (30, 1));
    assert_eq!(words.themes[0].overall.share, None, "one customer is not shown");
    let nobody: Vec<Comment> =
        comments.into_iter().map(|comment| Comment { customer: None, ..comment }).collect();
    let words = measured(&nobody);
    assert_eq!(words.themes[0].overall.share.as_ref().unwrap().k, 30, "nobody known is someone");
}

#[test]
fn a_theme_given_twice_counts_once() {
    let themes = [theme("parking", &["No parking"]), theme("parking", &["Kind staff"])];
    let words = measure(&many(), &themes, &[], &Options::default());
    assert_eq!(words.themes.len(), 1);
}
