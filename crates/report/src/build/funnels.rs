//! Funnels with names.

use kernel::Summary;

use super::distribution;
use super::walked::name;
use crate::document::{Funnel, FunnelStep, Instead, Share};

/// `labels`: id of each funnel and the labels of its steps; `names`: ids of touchpoints.
pub(super) fn funnels(
    labels: &[(String, Vec<String>)],
    summary: &Summary,
    names: &[&str],
) -> Vec<Funnel> {
    let funnels = labels.iter().zip(&summary.funnels).map(|((id, labels), counts)| Funnel {
        id: id.clone(),
        customers: summary.customers,
        steps: labels
            .iter()
            .zip(&counts.steps)
            .map(|(label, step)| FunnelStep {
                step: label.clone(),
                reached: step.reached,
                lost: step.lost,
                open: step.open,
                share: Share::of(step.reached, summary.customers),
                wait_s: distribution(&step.waits),
                instead: instead(step, names),
            })
            .collect(),
    });
    funnels.collect()
}

fn instead(step: &kernel::StepCounts, names: &[&str]) -> Vec<Instead> {
    let met = step.instead.iter();
    let mut instead: Vec<Instead> = met
        .map(|(touchpoint, count)| Instead { touchpoint: name(names, *touchpoint), count: *count })
        .collect();
    instead.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.touchpoint.cmp(&b.touchpoint)));
    instead
}
