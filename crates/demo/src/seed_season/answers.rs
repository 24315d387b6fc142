//! What farmers answer after the monsoon crop is sold.

use super::super::Twin;
use super::super::calendar::in_daylight;
use super::super::dice::{DAY, Dice, Spread};
use super::super::importance::shares;
use super::super::rows::Rows;
use super::super::survey::{Around, Sheet, around};
use super::{Contact, Farmer, Met, SEED, TALKED_TO};

const ASKED_AFTER: Spread = &[(0.0, 1.0 * DAY), (0.5, 4.0 * DAY), (1.0, 10.0 * DAY)];
const SOUND: Around = around(4.75, 0.8);

/// Half of the farmers answer a call after the season.
pub(super) fn answer(rows: &mut Rows, dice: &mut Dice, farmer: &Farmer, met: &Met, twin: Twin) {
    if !dice.chance(0.5) {
        return;
    }
    let at = in_daylight(met.sold_at + dice.seconds(ASKED_AFTER));
    let word = word(farmer.contact);
    let mut sheet =
        Sheet { answers: &mut rows.responses, dice, customer: &farmer.id, at, place: "" };
    let csat = sheet.ask("csat", "weekly-word", word.csat);
    if csat <= 2 {
        sheet.remark(0.35, &NOBODY_CALLS);
    }
    sheet.ask("need", "weekly-word", word.need);
    sheet.ask("expected", "weekly-word", around(5.9, 0.8));
    sheet.ask("got", "weekly-word", word.got);
    // Loyalty follows contact: a point of the weekly word weighs as much as all the rest together.
    let mut rest = 0.35 * (sheet.ask("csat", "purchase", SOUND) - 4) as f64;
    sheet.ask("ease", "purchase", SOUND);
    if met.visit {
        rest += 0.05 * (sheet.ask("csat", "sale-visit", SOUND) - 4) as f64;
    }
    if met.dealer {
        let dealer = sheet.ask("csat", "dealer-advice", DEALER_ADVICE);
        if dealer <= 2 {
            sheet.remark(0.3, &DEALER);
        }
        rest += 0.2 * (dealer - 4) as f64;
    }
    if met.trouble {
        rest += 0.2 * (sheet.ask("csat", "trouble", TROUBLE) - 4) as f64;
    }
    sheet.ask("delight", "market", MARKET);
    let word_weighs = if twin.has_defects() { WORD_WEIGHS } else { 0.1 };
    let nps = 7.4 + word_weighs * (csat as f64 - 3.6) + rest + 0.9 * sheet.dice.bell();
    sheet.write("nps", "", (nps.round() as i64).clamp(0, 10));
    sheet.remark(0.08, if nps >= 8.5 { &WARM } else { &COOL });
}

/// What touchpoints hold of the recommendation, among farmers who met all of them.
pub(in super::super) fn importance() -> Vec<(&'static str, f64)> {
    let names = ["weekly-word", "purchase", "sale-visit", "dealer-advice", "trouble", "market"];
    shares(SEED, &names, |dice| {
        let word = word(dice.weighted(&TALKED_TO)).csat;
        let around = [word, SOUND, SOUND, DEALER_ADVICE, TROUBLE, MARKET];
        let answers: Vec<i64> =
            around.iter().map(|truth| dice.answer(truth.mean, truth.deviation, (1, 5))).collect();
        let weights = [WORD_WEIGHS, 0.35, 0.05, 0.2, 0.2, 0.0];
        let rest: f64 = weights.iter().zip(&answers).map(|(w, it)| w * *it as f64).sum();
        let nps = 7.4 - WORD_WEIGHS * 3.6 - 4.0 * 0.8 + rest + 0.9 * dice.bell();
        (answers, (nps.round() as i64).clamp(0, 10))
    })
}

const WORD_WEIGHS: f64 = 1.1;
const DEALER_ADVICE: Around = around(4.6, 0.9);
const TROUBLE: Around = around(4.7, 0.9);
const MARKET: Around = around(4.2, 0.9);

struct Word {
    csat: Around,
    need: Around,
    got: Around,
}

fn word(contact: Contact) -> Word {
    let (csat, need, got) = match contact {
        Contact::OnlyAtSaleTime => (2.0, 1.7, 2.1),
        Contact::Monthly => (3.2, 2.9, 3.6),
        Contact::Fortnightly => (4.1, 3.8, 5.0),
        Contact::Weekly => (4.9, 4.9, 6.3),
    };
    Word { csat: around(csat, 0.8), need: around(need, 0.8), got: around(got, 0.9) }
}

const NOBODY_CALLS: [&str; 7] = [
    "They come when they have seed to sell and then nobody until next year",
    "I heard about the rain from my neighbour, not from you",
    "Nobody told me to spray, and then the bollworm was there",
    "I sold on a Monday, on Wednesday the price was 300 higher",
    "One call a year is not a relationship",
    "The other company sends the mandi price every week",
    "I need word on weather and prices, not another cap with a logo",
];
const DEALER: [&str; 3] = [
    "The dealer sells what gives him the most margin",
    "He had not heard of the new variety",
    "The dealer would not give the toll-free number",
];
const WARM: [&str; 4] = [
    "Every week a word about the crop, that is worth more than a discount",
    "They told me in time to wait with the sowing",
    "Good seed, and somebody who asks how it grows",
    "My brother bought from you because of the messages",
];
const COOL: [&str; 4] = [
    "Good seed, but I am alone with it",
    "Next year I buy where somebody answers",
    "The seed is fine. The company I do not know.",
    "You know me only in May",
];
