//! What investors answer once the statement has come.

use super::super::Twin;
use super::super::calendar::in_daylight;
use super::super::dice::{DAY, Dice, Spread};
use super::super::importance::shares;
use super::super::rows::Rows;
use super::super::survey::{Around, Sheet, around};
use super::{Investor, Order, SEED, Way};

const ASKED_AFTER: Spread = &[(0.0, 0.5 * DAY), (0.5, 2.0 * DAY), (1.0, 7.0 * DAY)];
const SOUND: Around = around(4.75, 0.8);

/// One order in five is followed by a sheet that was filled in.
pub(super) fn answer(
    rows: &mut Rows,
    dice: &mut Dice,
    investor: &Investor,
    order: &Order,
    twin: Twin,
) {
    if !dice.chance(0.2) {
        return;
    }
    let at = in_daylight(order.received_at + dice.seconds(ASKED_AFTER));
    let mut sheet =
        Sheet { answers: &mut rows.responses, dice, customer: &investor.id, at, place: "" };
    let statement = statement(&mut sheet, order, twin);
    let ordering = sheet.ask("csat", touchpoint(order.way), SOUND);
    sheet.ask("ease", touchpoint(order.way), around(4.6, 0.8));
    if order.way == Way::Sms {
        sheet.remark(0.2, &BY_SMS);
    }
    let mut nps = 7.9 + sheet.dice.bell();
    let statement_weighs = if twin.has_defects() { 0.85 } else { 0.15 };
    nps += statement_weighs * (statement as f64 - 3.8) + 0.4 * (ordering as f64 - 4.4);
    if order.advised {
        nps += 0.5 * (sheet.ask("csat", "advice", around(4.6, 0.9)) as f64 - 4.4);
    }
    if order.called {
        // Only those who found the right number can answer; that is what hides the wrong one.
        sheet.ask("ces", "care", around(5.9, 1.0));
        sheet.remark(0.25, if twin.has_defects() { &WRONG_NUMBER } else { &ANSWERED });
    }
    sheet.write("nps", "", (nps.round() as i64).clamp(0, 10));
    sheet.remark(0.05, if nps >= 8.5 { &WARM } else { &COOL });
}

/// What touchpoints hold of the recommendation, among investors who met all of them.
pub(in super::super) fn importance() -> Vec<(&'static str, f64)> {
    let names =
        ["statement", "order-distributor", "order-online", "order-branch", "order-sms", "advice"];
    shares(SEED, &names, |dice| {
        let statement = if dice.chance(0.57) { around(2.1, 0.9) } else { around(4.3, 0.8) };
        let around = [statement, SOUND, SOUND, SOUND, SOUND, around(4.6, 0.9)];
        let answers: Vec<i64> =
            around.iter().map(|truth| dice.answer(truth.mean, truth.deviation, (1, 5))).collect();
        let weights = [(0.85, 3.8), (0.4, 4.4), (0.4, 4.4), (0.4, 4.4), (0.4, 4.4), (0.5, 4.4)];
        let told: f64 =
            weights.iter().zip(&answers).map(|((w, middle), it)| w * (*it as f64 - middle)).sum();
        let nps = 7.9 + dice.bell() + told;
        (answers, (nps.round() as i64).clamp(0, 10))
    })
}

fn statement(sheet: &mut Sheet<'_>, order: &Order, twin: Twin) -> i64 {
    let (csat, got) = match (order.late, twin) {
        (true, _) => (around(2.1, 0.9), around(2.3, 1.0)),
        (false, Twin::No) => (around(4.3, 0.8), around(5.3, 0.9)),
        (false, Twin::Yes) => (around(4.8, 0.8), around(6.0, 0.8)),
    };
    let answer = sheet.ask("csat", "statement", csat);
    if answer <= 2 {
        let remarks: &[&'static str] = if order.paper { &LATE_LETTER } else { &LATE };
        sheet.remark(0.35, remarks);
    }
    sheet.ask("expected", "statement", around(5.5, 0.8));
    sheet.ask("got", "statement", got);
    answer
}

fn touchpoint(way: Way) -> &'static str {
    match way {
        Way::Distributor => "order-distributor",
        Way::Online => "order-online",
        Way::Branch => "order-branch",
        Way::Sms => "order-sms",
    }
}

const LATE: [&str; 5] = [
    "Three weeks without a word on where my money is",
    "The statement came after I had asked for it twice",
    "My bank tells me the same day, you need a month",
    "I could not file my taxes because the statement was missing",
    "You take the money in a minute and say so in a fortnight",
];
const LATE_LETTER: [&str; 3] = [
    "The letter was dated the 4th and came on the 23rd",
    "By the time the letter came the value had changed",
    "The envelope was open and three weeks old",
];
const WRONG_NUMBER: [&str; 4] = [
    "The toll-free number on the statement is not yours, I found the right one on the web",
    "A tyre dealer answered the number you print",
    "I dialled the number on the letter and it does not exist",
    "Correct the number on your papers please",
];
const ANSWERED: [&str; 2] = ["Answered at once", "Kind and quick on the phone"];
const BY_SMS: [&str; 2] = ["One text and it was done", "I had to look up the code words"];
const WARM: [&str; 3] = [
    "Clear papers and honest advice",
    "It simply works",
    "My adviser explained it without pushing",
];
const COOL: [&str; 4] = [
    "I never know where my money stands",
    "Returns are fine, service is not",
    "Too many mails and not the one I wait for",
    "I moved the next instalment elsewhere",
];
