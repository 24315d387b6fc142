//! The steps from touchpoint to touchpoint, start and end included.

use kernel::{END, Plan, START, Values};

use super::walked::name;
use super::{Measured, distribution};
use crate::document::Transition;

pub(super) fn transitions(measured: &Measured, names: &[&str], plan: &Plan) -> Vec<Transition> {
    let design = plan.settings().design.as_ref();
    let none = Values::default();
    let steps = measured.facts.steps.iter().map(|(&(from, to), times)| Transition {
        from: name(names, from),
        to: name(names, to),
        count: times.count,
        instances: times.instances,
        designed: design.is_some_and(|design| match (from, to) {
            (START, to) => design.allows(None, to),
            (from, END) => design.may_end(from),
            (from, to) => design.allows(Some(from), to),
        }),
        wait_s: distribution(measured.summary.waits.get(&(from, to)).unwrap_or(&none)),
    });
    let mut steps: Vec<Transition> = steps.collect();
    steps.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    steps
}
