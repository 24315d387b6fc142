//! What is planted in `seed-season`.

use super::super::truth::{Truth, Truths};
use super::{CUSTOMERS, SEED};

pub(in super::super) fn truths() -> Truths {
    Truths {
        journey: "seed-season",
        seed: SEED,
        customers: CUSTOMERS,
        first: 10,
        truths: TRUTHS,
        sound: SOUND,
    }
}

const SOUND: &[&str] = &[
    "no-second-pitch",
    "through-the-trade",
    "germinates",
    "genuine-soon",
    "sown-from-our-seed",
    "not-too-often",
    "on-the-phone",
    "trouble-answered",
    "trouble-at-most-twice",
    "sold-soon",
    "bought-in-time",
    "ends-with-a-sale",
    "season-in-a-year",
    "steps-as-drawn",
];

const TRUTHS: &[Truth] = &[
    Truth {
        id: "a-word-every-week",
        says: "Farmers were promised a word on weather, crop and price every week and hear from the company once a year",
        kind: "cadence",
        also: &["defective_standard", "skipped"],
        about: &["word-every-week"],
        touchpoint: "weekly-word",
        expect: &[
            ("verdict", "defective"),
            ("kept_share_between", "[0.05, 0.35]"),
            ("missed_beats_at_least", "20000"),
            // Of the time between sowing and harvest in both seasons; over 400,000 farmers drawn with the chances of this
            // generator.
            ("adherence", "0.226"),
        ],
        recovered_by: "measure",
    },
    Truth {
        id: "silence-is-not-what-was-expected",
        says: "What farmers hear between sowing and harvest is far below what they expect",
        kind: "experience_gap",
        also: &["target_gap"],
        about: &["weekly-word"],
        touchpoint: "weekly-word",
        expect: &[("expected_minus_got_at_least", "1.5")],
        recovered_by: "measure",
    },
    Truth {
        id: "marketing-believes-it-informs",
        says: "Marketing believes that farmers hear what they need to know; farmers say they do not",
        kind: "belief_gap",
        also: &["target_gap"],
        about: &["weekly-word"],
        touchpoint: "weekly-word",
        expect: &[("question", "need"), ("belief_minus_score_at_least", "1.2")],
        recovered_by: "measure",
    },
    Truth {
        id: "loyalty-follows-contact",
        says: "Farmers who hear from the company every week buy the winter seed from it twice as often as those who hear nothing",
        kind: "cadence",
        also: &["misplaced_importance"],
        about: &["word-every-week"],
        touchpoint: "weekly-word",
        // Over the same draws: 52 in a hundred who missed a word leave, the crops that failed among them, and 12 of the others.
        expect: &[
            ("outcome", "retained"),
            ("risk_ratio_of_loss_at_least", "1.5"),
            ("risk_ratio_of_loss", "4.3"),
            ("risk_difference_of_loss", "0.4"),
        ],
        recovered_by: "statistics",
    },
    Truth {
        id: "the-word-matters-most",
        says: "The weekly word moves recommendation more than anything else, the sale visit hardly at all",
        kind: "misplaced_importance",
        also: &[],
        about: &["weekly-word"],
        touchpoint: "weekly-word",
        expect: &[
            ("importance_of", "[weekly-word]"),
            ("against", "[sale-visit]"),
            ("ratio_at_least", "3"),
            ("company_importance_at_most", "2"),
        ],
        recovered_by: "statistics",
    },
    Truth {
        id: "farmers-complain-of-silence",
        says: "That nobody calls between two seasons is a theme of its own in complaints and comments",
        kind: "complaint_theme",
        also: &[],
        about: &["silence"],
        touchpoint: "weekly-word",
        expect: &[("share_of_complaints_at_least", "0.4")],
        recovered_by: "statistics",
    },
];
