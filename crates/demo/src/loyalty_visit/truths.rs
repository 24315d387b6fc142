//! What is planted in `loyalty-visit`.

use super::super::truth::{Truth, Truths};
use super::{CUSTOMERS, SEED};

pub(in super::super) fn truths() -> Truths {
    Truths {
        journey: "loyalty-visit",
        seed: SEED,
        customers: CUSTOMERS,
        first: 14,
        truths: TRUTHS,
        sound: SOUND,
    }
}

const SOUND: &[&str] = &[
    "at-the-door-soon",
    "asked-and-answered",
    "queue-short",
    "paid-our-way",
    "price-as-marked",
    "points-at-once",
    "reward-at-once",
    "whole-visit",
    "begins-at-the-gate",
    "seen-out",
    "asked-twice-at-most",
    "weighed-after-coming-in",
    "shelf-liked",
];

const TRUTHS: &[Truth] = &[
    Truth {
        id: "no-place-to-park",
        says: "Four in ten drivers wait longer than five minutes for a bay; nine in ten were promised less",
        kind: "defective_standard",
        also: &["experience_gap", "target_gap", "abandonment", "slow_handoff"],
        about: &["parked-quickly"],
        touchpoint: "parking",
        expect: &[("verdict", "defective"), ("kept_share_between", "[0.50, 0.62]")],
        recovered_by: "measure",
    },
    Truth {
        id: "parking-is-believed-good",
        says: "Store operations believes that members are content with the parking; they are not",
        kind: "belief_gap",
        also: &["experience_gap"],
        about: &["parking"],
        touchpoint: "parking",
        expect: &[("question", "csat"), ("belief_minus_score_at_least", "0.8")],
        recovered_by: "measure",
    },
    Truth {
        id: "phone-credits-card-redeems",
        says: "Points are credited on a phone number, but redeeming them demands the card",
        kind: "inconsistent",
        also: &["defective_standard"],
        about: &["same-id"],
        touchpoint: "redemption",
        expect: &[("verdict", "defective"), ("kept_share_between", "[0.22, 0.40]")],
        recovered_by: "measure",
    },
    Truth {
        id: "far-aisles",
        says: "Rice and its spices stand at the two ends of the hall, so members walk back and forth between them",
        kind: "back_and_forth",
        also: &["repeat", "undesigned_path"],
        about: &["staples", "spices"],
        touchpoint: "staples",
        expect: &[("share_of_instances_between", "[0.38, 0.60]")],
        recovered_by: "measure",
    },
    Truth {
        id: "staff-do-not-know-the-shop",
        says: "Whoever asks the staff for something does not find what was needed",
        kind: "defective_standard",
        also: &["belief_gap", "target_gap"],
        about: &["staff-knows"],
        touchpoint: "staff-help",
        expect: &[("verdict", "defective"), ("kept_share_between", "[0.05, 0.30]")],
        recovered_by: "measure",
    },
    Truth {
        id: "staff-are-believed-to-know",
        says: "Store operations believes that its staff answer what members need; members say they do not",
        kind: "belief_gap",
        also: &["target_gap"],
        about: &["staff-help"],
        touchpoint: "staff-help",
        expect: &[("question", "need"), ("belief_minus_score_at_least", "1.2")],
        recovered_by: "measure",
    },
    Truth {
        id: "parking-matters-as-much-as-the-shop",
        says: "Parking and access together move loyalty as much as the aisles do, and the company gives them the least weight",
        kind: "misplaced_importance",
        also: &[],
        about: &["parking"],
        touchpoint: "parking",
        expect: &[
            ("importance_of", "[parking, access]"),
            ("against", "[household, staples]"),
            ("ratio_at_least", "0.8"),
            ("company_importance_at_most", "2"),
        ],
        recovered_by: "statistics",
    },
    Truth {
        id: "waiting-for-a-bay-costs-members",
        says: "A member who waited for a bay is more likely not to come again within sixty days",
        kind: "defective_standard",
        also: &[],
        about: &["parked-quickly"],
        touchpoint: "parking",
        // A visit after which nobody lapses is followed by another one within 55 days.
        expect: &[
            ("outcome", "retained"),
            ("risk_ratio_of_loss_at_least", "1.5"),
            ("risk_ratio_of_loss", "3"),
            ("risk_difference_of_loss", "0.14"),
        ],
        recovered_by: "statistics",
    },
    Truth {
        id: "members-complain-of-the-card",
        says: "The card at the loyalty desk is a theme of its own in complaints and comments",
        kind: "complaint_theme",
        also: &[],
        about: &["card-to-redeem"],
        touchpoint: "redemption",
        expect: &[("share_of_complaints_at_least", "0.2")],
        recovered_by: "statistics",
    },
];
