//! What is planted in `fund-investing`.

use super::super::truth::{Truth, Truths};
use super::{CUSTOMERS, SEED};

pub(in super::super) fn truths() -> Truths {
    Truths {
        journey: "fund-investing",
        seed: SEED,
        customers: CUSTOMERS,
        first: 8,
        truths: TRUTHS,
        sound: SOUND,
    }
}

const SOUND: &[&str] = &[
    "papers-once",
    "paid-soon",
    "allotted-in-three-days",
    "money-before-units",
    "right-price",
    "right-folio",
    "no-cash",
    "news-in-measure",
    "care-answers",
    "as-drawn",
    "begins-with-a-choice",
    "ends-with-a-statement",
    "branch-liked",
    "sms-then-paid",
];

const TRUTHS: &[Truth] = &[
    Truth {
        id: "statements-arrive-late",
        says: "More than half of the statements come after the day they were promised for",
        kind: "defective_standard",
        also: &["slow_handoff"],
        about: &["statement-in-time"],
        touchpoint: "statement",
        expect: &[("verdict", "defective"), ("kept_share_between", "[0.36, 0.50]")],
        recovered_by: "measure",
    },
    Truth {
        id: "the-wait-is-felt",
        says: "The statement is far below what investors expect of it",
        kind: "experience_gap",
        also: &["target_gap"],
        about: &["statement"],
        touchpoint: "statement",
        expect: &[("expected_minus_got_at_least", "1.2")],
        recovered_by: "measure",
    },
    Truth {
        id: "operations-believes-it-is-prompt",
        says: "Operations believes that investors are content with their statements; they are not",
        kind: "belief_gap",
        also: &["target_gap"],
        about: &["statement"],
        touchpoint: "statement",
        expect: &[("question", "csat"), ("belief_minus_score_at_least", "0.8")],
        recovered_by: "measure",
    },
    Truth {
        id: "sms-reaches-nobody",
        says: "Buying by SMS, of which the company is proudest, is used by one or two investors in a hundred",
        kind: "low_reach",
        also: &["misplaced_importance"],
        about: &["order-sms"],
        touchpoint: "order-sms",
        expect: &[("reach_below", "0.025"), ("company_importance_at_least", "5")],
        recovered_by: "measure",
    },
    Truth {
        id: "number-in-print-is-wrong",
        says: "The toll-free number on everything printed has two digits exchanged and reaches a tyre dealer",
        kind: "contact_point",
        also: &["defective_standard"],
        about: &["care-line-in-print"],
        touchpoint: "care",
        expect: &[("registered", "\"+91 1800 266 4310\""), ("observed", "\"+91 1800 266 4130\"")],
        recovered_by: "contact-audit",
    },
    Truth {
        id: "investors-complain-of-the-number",
        says: "The wrong number is a theme of its own in complaints and comments",
        kind: "complaint_theme",
        also: &[],
        about: &["wrong-number"],
        touchpoint: "care",
        expect: &[("share_of_complaints_at_least", "0.2")],
        recovered_by: "statistics",
    },
    Truth {
        id: "the-statement-carries-loyalty",
        says: "The statement moves recommendation more than any way of ordering does",
        kind: "misplaced_importance",
        also: &[],
        about: &["statement"],
        touchpoint: "statement",
        expect: &[
            ("importance_of", "[statement]"),
            ("against", "[order-online, order-distributor, order-branch, order-sms]"),
            ("ratio_at_least", "2"),
            ("company_importance_at_most", "3"),
        ],
        recovered_by: "statistics",
    },
    Truth {
        id: "late-statements-cost-orders",
        says: "After a late statement an investor is less likely to order again within a hundred days",
        kind: "defective_standard",
        also: &[],
        about: &["statement-in-time"],
        touchpoint: "statement",
        // 42 in a hundred stop after a late statement, 20 after one in time.
        expect: &[
            ("outcome", "retained"),
            ("risk_ratio_of_loss_at_least", "1.3"),
            ("risk_ratio_of_loss", "2.1"),
            ("risk_difference_of_loss", "0.22"),
        ],
        recovered_by: "statistics",
    },
];
