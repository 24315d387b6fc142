//! One round: customers drawn anew, and what importance they give.

use std::ops::Range;

use super::Drivers;
use super::moments::{Made, Sample};
use super::probe::with_probe;
use crate::chance::Chance;
use crate::regression::Standardised;
use crate::unmet::weights_of_groups;

/// Rounds that share a pass over the sums: as many as stay in a core's own memory together.
const TOGETHER: usize = 8;

/// What one draw of customers gives. It hangs on the survey, the seed and its number, and on no other round.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    pub(super) number: u64,
    /// `None` where something did not vary in the customers drawn.
    pub(super) drawn: Option<Drawn>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    pub(super) r2: f64,
    /// By player.
    pub(super) importance: Vec<f64>,
    /// By player, how much more it holds than a probe.
    pub(super) above_probe: Vec<f64>,
    pub(super) converged: bool,
}

pub(super) fn rounds(drivers: &Drivers, numbers: Range<u64>) -> Vec<Round> {
    let numbers: Vec<u64> = numbers.collect();
    let of_block = |block: &[u64]| {
        let mut chances: Vec<Chance> =
            block.iter().map(|&number| Chance::of(drivers.options.seed, number)).collect();
        let weights: Vec<Vec<f64>> = chances
            .iter_mut()
            .map(|chance| draw(drivers.moments.group_rows.len(), chance))
            .collect();
        let samples = drivers.drawn(&weights);
        let rounds =
            block.iter().zip(samples).zip(&mut chances).map(|((&number, sample), chance)| {
                let drawn = sample.and_then(|sample| drawn(drivers, &sample, chance));
                Round { number, drawn }
            });
        rounds.collect::<Vec<_>>()
    };
    numbers.chunks(TOGETHER).flat_map(of_block).collect()
}

/// How often each group is drawn in as many draws as there are groups.
fn draw(groups: usize, chance: &mut Chance) -> Vec<f64> {
    let mut times = vec![0.0; groups];
    for _ in 0..groups {
        times[chance.below(groups)] += 1.0;
    }
    times
}

fn drawn(drivers: &Drivers, sample: &Sample, chance: &mut Chance) -> Option<Drawn> {
    let r2 = Standardised::of(&sample.covariance)?.r2()?;
    let importance = drivers.method.shares(&sample.covariance, &drivers.groups)?;
    let above_probe = above_probe(drivers, sample, chance)?;
    let converged = sample.made != Made::Em { converged: false };
    Some(Drawn { r2, importance, above_probe, converged })
}

/// Relative weights of the players less those of as many columns of chance.
///
/// A score that only some customers gave is known as well as that of a probe that only those were asked for, so the
/// probe's weight, which falls with the number of rows, is that of as few rows.
fn above_probe(drivers: &Drivers, sample: &Sample, chance: &mut Chance) -> Option<Vec<f64>> {
    let size = sample.covariance.size();
    let most = drivers.groups.iter().map(Vec::len).max()?;
    let mut with = sample.covariance.clone();
    let mut groups = drivers.groups.clone();
    for probe in 0..most {
        with = with_probe(&with, sample.rows, chance);
        groups.push(vec![size + probe]);
    }
    let weights = weights_of_groups(&with, &groups)?;
    let (own, probes) = weights.split_at(drivers.groups.len());
    let above = drivers
        .groups
        .iter()
        .zip(own)
        .zip(&drivers.rarity)
        .map(|((group, own), rarity)| own - rarity * probes[..group.len()].iter().sum::<f64>());
    Some(above.collect())
}
