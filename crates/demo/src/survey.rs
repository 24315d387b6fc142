//! Answers on a survey sheet.

use super::calendar::Second;
use super::dice::Dice;
use super::rows::Response;

/// One customer's sheet while it is filled in.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub(super) answers: &'a mut Vec<Response>,
    pub(super) dice: &'a mut Dice,
    pub(super) customer: &'a str,
    pub(super) at: Second,
    /// Where the customer was, if the answers are to say.
    pub(super) place: &'static str,
}

/// What the answers to a question are spread around.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    pub(super) mean: f64,
    pub(super) deviation: f64,
}

pub(super) const fn around(mean: f64, deviation: f64) -> Around {
    Around { mean, deviation }
}

impl Sheet<'_> {
    /// Asks one question and gives the answer; an empty touchpoint means the whole journey.
    pub(super) fn ask(
        &mut self,
        question: &'static str,
        touchpoint: &'static str,
        truth: Around,
    ) -> i64 {
        let score = self.dice.answer(truth.mean, truth.deviation, scale(question));
        self.write(question, touchpoint, score);
        score
    }

    /// Writes an answer that was found elsewhere.
    pub(super) fn write(&mut self, question: &'static str, touchpoint: &'static str, score: i64) {
        let (customer, comment) = (self.customer.to_owned(), String::new());
        let (at, place) = (self.at, self.place);
        self.answers.push(Response { customer, at, question, touchpoint, score, comment, place });
    }

    /// Puts a remark to the answer just given, for a share of the sheets.
    pub(super) fn remark(&mut self, share: f64, remarks: &[&'static str]) {
        if !self.dice.chance(share) {
            return;
        }
        let remark = self.dice.pick(remarks);
        if let Some(answer) = self.answers.last_mut() {
            remark.clone_into(&mut answer.comment);
        }
    }
}

fn scale(question: &str) -> (i64, i64) {
    match question {
        "nps" => (0, 10),
        "ces" | "expected" | "got" => (1, 7),
        _ => (1, 5),
    }
}
