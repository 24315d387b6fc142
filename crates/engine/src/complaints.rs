//! Files of complaints in, one value per complaint out.

use report::answers::Complaint;

use crate::error::Error;
use crate::import::{FileRead, Need, Row, Slot, Slots, Source, Watch, hash, read_any_rows};
use crate::quarantine::{Quarantine, Reason};
use crate::responses::{moment, number, text};
use crate::time::Times;

const CUSTOMER: usize = 0;
const AT: usize = 1;
const TOUCHPOINT: usize = 2;
const SEVERITY: usize = 3;
const TEXT: usize = 4;

/// Reads one file of complaints whole.
pub(crate) fn read_complaints(
    source: &Source,
    quarantine: &Quarantine,
    watch: &Watch,
) -> Result<(Vec<Complaint>, FileRead), Error> {
    let mut times = Times::new(source.zone.clone());
    let mut complaints = Vec::new();
    let read = read_any_rows(source, &slots(), quarantine, watch, &mut |row| match complaint(
        row, &mut times,
    ) {
        Ok(complaint) => {
            complaints.push(complaint);
            Ok(None)
        }
        Err(reason) => Ok(Some(reason)),
    })?;
    watch.add_rows(complaints.len() as u64);
    Ok((complaints, read))
}

fn slots() -> Slots {
    let own = [
        ("customer_id", Need::Optional),
        ("at", Need::Optional),
        ("touchpoint", Need::Optional),
        ("severity", Need::Optional),
        ("text", Need::Column),
    ];
    Slots {
        list: own.into_iter().map(|(name, need)| Slot { name: name.to_owned(), need }).collect(),
    }
}

fn complaint(row: &Row<'_>, times: &mut Times) -> Result<Complaint, Reason> {
    let at = moment(row, AT, times)?;
    let severity = text(row.field(SEVERITY))
        .map(|severity| number(&severity).ok_or(Reason::BadSeverity(severity)))
        .transpose()?;
    let customer = Some(row.field(CUSTOMER)).filter(|id| !id.trim_ascii().is_empty());
    Ok(Complaint {
        customer: customer.map(hash),
        at: at.unwrap_or(0),
        touchpoint: text(row.field(TOUCHPOINT)),
        severity,
        text: text(row.field(TEXT)).ok_or(Reason::NoText)?,
    })
}
