//! Files of answers in, one value per answer out.

use crate::error::Error;
use crate::import::{FileRead, Need, Row, Slot, Slots, Source, Watch, hash, read_any_rows};
use crate::quarantine::{Quarantine, Reason};
use crate::time::{Fault, Times};

/// One answer of one person to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// XXH3-64 of the customer's id, as in events; `None` is anonymous.
    pub customer: Option<u64>,
    /// Microseconds, UTC.
    pub at: Option<i64>,
    pub question: String,
    /// `None` is the journey as a whole.
    pub touchpoint: Option<String>,
    /// As it was given: whether it lies on the question's scale is for the question to say.
    pub score: Option<f64>,
    pub comment: Option<String>,
    /// Microseconds, UTC: when the customer was asked for it.
    pub invited_at: Option<i64>,
    /// The attributes that were asked for, in that order.
    pub attributes: Vec<Option<String>>,
    /// Line (text) or row (Parquet), from 1.
    pub row: u64,
}

const CUSTOMER: usize = 0;
const AT: usize = 1;
const QUESTION: usize = 2;
const TOUCHPOINT: usize = 3;
const SCORE: usize = 4;
const COMMENT: usize = 5;
const INVITED_AT: usize = 6;
const ATTRIBUTES: usize = 7;

/// Reads one file of answers whole: there are orders of magnitude fewer of them than events.
pub fn read_responses(
    source: &Source,
    attributes: &[String],
    quarantine: &Quarantine,
    watch: &Watch,
) -> Result<(Vec<Answer>, FileRead), Error> {
    let slots = slots(attributes);
    let mut times = Times::new(source.zone.clone());
    let mut answers = Vec::new();
    let mut at_epoch = 0;
    let mut read = read_any_rows(source, &slots, quarantine, watch, &mut |row| match answer(
        row,
        &mut times,
        attributes.len(),
    ) {
        Ok(answer) => {
            at_epoch += u64::from(answer.at == Some(0));
            answers.push(answer);
            Ok(None)
        }
        Err(reason) => Ok(Some(reason)),
    })?;
    read.rows_at_epoch = at_epoch;
    watch.add_rows(answers.len() as u64);
    Ok((answers, read))
}

fn slots(attributes: &[String]) -> Slots {
    let own = [
        ("customer_id", Need::Optional),
        ("at", Need::Optional),
        ("question", Need::Column),
        ("touchpoint", Need::Optional),
        ("score", Need::Optional),
        ("comment", Need::Optional),
        ("invited_at", Need::Optional),
    ];
    let own = own.into_iter().map(|(name, need)| Slot { name: name.to_owned(), need });
    let attributes =
        attributes.iter().map(|name| Slot { name: name.clone(), need: Need::Attribute });
    Slots { list: own.chain(attributes).collect() }
}

fn answer(row: &Row<'_>, times: &mut Times, attributes: usize) -> Result<Answer, Reason> {
    let at = moment(row, AT, times)?;
    let question = text(row.field(QUESTION)).ok_or(Reason::NoQuestion)?;
    let score = text(row.field(SCORE))
        .map(|score| number(&score).ok_or(Reason::BadScore(score)))
        .transpose()?;
    let comment = text(row.field(COMMENT));
    let invited_at = moment(row, INVITED_AT, times)?;
    // Whoever was asked and said nothing is no bad row but a silent customer.
    if score.is_none() && comment.is_none() && invited_at.is_none() {
        return Err(Reason::NothingSaid);
    }
    let customer = Some(row.field(CUSTOMER)).filter(|id| !id.trim_ascii().is_empty());
    Ok(Answer {
        customer: customer.map(hash),
        at,
        question,
        touchpoint: text(row.field(TOUCHPOINT)),
        score,
        comment,
        invited_at,
        attributes: (0..attributes).map(|index| text(row.field(ATTRIBUTES + index))).collect(),
        row: row.line,
    })
}

/// The time in a field; nothing where it is empty.
pub(crate) fn moment(
    row: &Row<'_>,
    field: usize,
    times: &mut Times,
) -> Result<Option<i64>, Reason> {
    let written = row.field(field);
    let at = match row.unit {
        Some(unit) => Times::number(written, unit),
        None => times.micros(written),
    };
    match at {
        Ok(at) => Ok(Some(at)),
        Err(Fault::Missing) => Ok(None),
        Err(fault) => Err(fault.reason(written)),
    }
}

pub(crate) fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// A field without the spaces around it; nothing when nothing is left.
pub(crate) fn text(field: &[u8]) -> Option<String> {
    let field = field.trim_ascii();
    (!field.is_empty()).then(|| String::from_utf8_lossy(field).into_owned())
}
