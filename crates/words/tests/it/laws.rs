//! What must hold whatever customers write.

use proptest::prelude::{
    ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, proptest,
};
use words::{Comment, Language, Options, measure, redact, sentences, words};

use crate::said::{comment, many, parking_and_staff};

/// Any characters, and such as people write.
fn texts() -> impl Strategy<Value = String> {
    let any_text = "\\PC{0,60}";
    let likely = prop::collection::vec(
        prop::sample::select(vec![
            "parking",
            "full",
            "The staff",
            "kind.",
            "Mr",
            "Smith",
            "0171",
            "555",
            "12",
            "-",
            "+49",
            "@",
            "x@y.de",
            "www.a.b",
            "停车场",
            "满了",
            "先生",
            "ที่จอดรถ",
            "पार्किंग",
            "नहीं",
            "\n",
            "\u{200b}",
            "٠١٢٣٤٥٦٧",
            "DE89",
            "my name is",
            "Straße",
            "O'Neil",
            "ß",
            "İ",
            "🙂",
            "e\u{301}",
            "",
        ]),
        0..12,
    );
    let joined = (likely, prop::sample::select(vec![" ", "", "  "]))
        .prop_map(|(parts, between)| parts.join(between));
    prop::strategy::Union::new([any_text.boxed(), joined.boxed()])
}

const LANGUAGES: [&str; 22] = [
    "ar", "da", "de", "el", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ro", "ru", "sv",
    "ta", "tr", "hi", "th", "zh", "xx",
];

fn comments() -> impl Strategy<Value = Vec<Comment>> {
    let one = (
        texts(),
        prop::option::of(0_u64..9),
        0_i64..4,
        prop::option::of(0_u32..2),
        prop::option::of(any::<f64>()),
        prop::option::of(prop::sample::select(LANGUAGES.to_vec())),
    );
    let one = one.prop_map(|(text, customer, at, touchpoint, score, language)| Comment {
        customer,
        at,
        touchpoint,
        score,
        ..comment(0, &text, language)
    });
    prop::collection::vec(one, 0..24)
}

/// The longest run of digits of any script.
fn longest_run(text: &str) -> usize {
    text.split(|c: char| !c.is_numeric()).map(|run| run.chars().count()).max().unwrap_or_default()
}

proptest! {
    #[test]
    fn redaction_leaves_no_long_number_and_no_name(text in texts(), name in "[A-Z][a-z]{3,6}") {
        let listed = [name.clone()];
        let redacted = redact(&format!("{text} {name} {text}"), &listed);
        prop_assert!(longest_run(&redacted) < 7, "{}", redacted);
        prop_assert!(!redacted.contains(&format!(" {name} ")), "{}", redacted);
        prop_assert!(longest_run(&redact(&redacted, &listed)) < 7);
    }

    #[test]
    fn redaction_hides_numbers_however_they_are_written(
        digits in prop::collection::vec((0_u32..10, prop::sample::select(vec!["", " ", "-", ".", "/", " - "])), 7..16),
        around in texts(),
    ) {
        let number: String = digits.iter().map(|(digit, between)| format!("{digit}{between}")).collect();
        let redacted = redact(&format!("{around} Tel {number}x"), &[]);
        let last: Vec<char> = redacted.chars().rev().take(12).filter(|c| c.is_numeric()).collect();
        prop_assert_eq!(last, Vec::<char>::new(), "{}", redacted);
    }

    #[test]
    fn any_text_has_words_in_any_language(text in texts(), language in prop::sample::select(LANGUAGES.to_vec())) {
        for word in words(&text, Language::of_tag(language)) {
            prop_assert!(!word.text.is_empty() && !word.stem.is_empty() || !word.is_telling, "{:?}", word);
        }
        prop_assert!(sentences(&text).iter().all(|sentence| text.contains(sentence)));
    }
}

proptest! {
    #[test]
    fn any_letters_have_a_stem_in_any_language(
        word in prop::string::string_regex("[a-zäåæéêíñöøßüçğışőűа-яёΐ-ώء-ي\u{b85}-\u{bcd}']{1,16}").unwrap(),
    ) {
        for language in LANGUAGES {
            let stems = words(&word, Language::of_tag(language));
            prop_assert!(stems.iter().all(|word| word.stem.len() <= 3 * word.text.len()), "{}: {:?}", language, stems);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_comments_are_measured_and_their_order_does_not_matter(mut said in comments()) {
        let names = ["Smith".to_owned()];
        let periods = [0..2, 2..4];
        let options = Options { names: &names, periods: &periods, ..Options::default() };
        let forwards = measure(&said, &parking_and_staff(), &[], &options);
        said.reverse();
        let backwards = measure(&said, &parking_and_staff(), &[], &options);
        // A score that is not a number is not equal to itself, but what was found is.
        prop_assert_eq!(format!("{forwards:?}"), format!("{backwards:?}"));
        prop_assert_eq!(forwards.n_comments + forwards.n_empty, said.len() as u64);
        prop_assert!(forwards.themes.iter().all(|theme| theme.overall.share.as_ref().is_none_or(|share| share.k >= 5)));
    }
}

#[test]
fn many_comments_give_the_same_in_any_order() {
    let mut comments = many();
    let forwards = measure(&comments, &parking_and_staff(), &[], &Options::default());
    comments.rotate_left(77);
    comments[..100].reverse();
    assert_eq!(measure(&comments, &parking_and_staff(), &[], &Options::default()), forwards);
}
