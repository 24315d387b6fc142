//! How it was for customers: need, ease and delight, the emotion curve in numbers, what features are to them.

use crate::draw::markup::Markup;
use crate::render::{tables, words};

use super::table::{folded, table, twin};
use super::{Page, section};

const SHOWN: usize = 20;

/// Whether anything of it was asked.
pub(super) fn is_there(page: &Page<'_>) -> bool {
    let report = page.report;
    report.experience_weights.is_some()
        || report.emotion.is_some()
        || report.touchpoints.iter().any(|touchpoint| touchpoint.kano.is_some())
}

pub(super) fn experience(out: &mut Markup, page: &Page<'_>) {
    if !is_there(page) {
        return;
    }
    section(out, "experience", "How it was", |out| {
        if let Some(weights) = &page.report.experience_weights {
            let said = words::experience_weights(weights);
            out.within("p", &[("class", "aside")], |out| out.text(&said));
        }
        if let Some(experience) = tables::experience(&page.columns, page.report) {
            folded(out, &experience, SHOWN);
        }
        if let Some(emotion) = &page.report.emotion {
            out.within("p", &[("class", "aside")], |out| out.text(&words::emotion(emotion)));
            table(out, &tables::curve(&page.columns, emotion));
            twin(out, &tables::feelings(&page.columns, emotion));
            if let Some(predicts) = tables::predicts(emotion) {
                table(out, &predicts);
            }
        }
        if let Some(kano) = tables::kano(&page.columns) {
            folded(out, &kano, SHOWN);
        }
    });
}
