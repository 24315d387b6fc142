//! Who was heard: scores weighed to the customers there are, and what silence could make of them.

use crate::draw::markup::Markup;
use crate::render::{tables, words};

use super::table::{folded, table};
use super::{Page, section};

const SHOWN: usize = 12;

/// Whether anything is known of those who did not answer.
pub(super) fn is_there(page: &Page<'_>) -> bool {
    page.report.weighed.is_some() || page.report.silence.is_some()
}

pub(super) fn heard(out: &mut Markup, page: &Page<'_>) {
    if !is_there(page) {
        return;
    }
    section(out, "heard", "Who was heard", |out| {
        if let Some(silence) = &page.report.silence {
            out.within("p", &[("class", "aside")], |out| out.text(&words::silence(silence)));
        }
        if let Some(weighed) = &page.report.weighed {
            out.within("p", &[("class", "aside")], |out| out.text(&words::weighed(weighed)));
            table(out, &tables::strata(weighed));
            folded(out, &tables::weighed(&page.columns, weighed), SHOWN);
        }
    });
}
