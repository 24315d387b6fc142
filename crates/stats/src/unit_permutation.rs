//! Few units: which of them had the change is dealt anew in every possible way (Fisher 1935; `MacKinnon` & Webb 2020).
//!
//! The p value is the share of deals whose difference in differences is as far from 0. The interval holds every constant
//! effect that would leave the deal seen unremarkable once it is taken out.

use crate::Confidence;

#[derive(Debug, Clone, PartialEq)]
pub struct UnitPermutation {
    /// Two-sided. Never below one over the number of deals: with two of four stores, 2 in 6.
    pub p: f64,
    pub n_assignments: u64,
    /// `None` where the deals are too few to exclude anything.
    pub interval: Option<(f64, f64)>,
}

/// One unit's values before and after.
pub(crate) struct UnitSums {
    pub(crate) treated: bool,
    pub(crate) sums: [f64; 2],
    pub(crate) sizes: [f64; 2],
}

/// All deals of fewer than twenty units. `None` if the units seen give no difference in differences.
pub(crate) fn permute_units(units: &[UnitSums], conf: Confidence) -> Option<UnitPermutation> {
    const MOST_UNITS: usize = 20;
    if units.len() >= MOST_UNITS {
        return None;
    }
    let seen = units.iter().enumerate().filter(|(_, unit)| unit.treated);
    let seen: u32 = seen.map(|(i, _)| 1 << i).sum();
    let value = difference(units, seen, |unit, _| unit.sums)?;
    let deals = (0..1_u32 << units.len()).filter(|deal| deal.count_ones() == seen.count_ones());
    let effects: Vec<Range> = deals.filter_map(|deal| range_of(units, deal, seen, value)).collect();
    let n = effects.len() as f64;
    let as_far = effects.iter().filter(|range| range.holds(0.0)).count();
    // A constant effect is excluded when at most this many deals are as far out as the one seen.
    let excluded_by = (conf.alpha() * n * (1.0 + 1e-12)).floor() as usize;
    let mut lower: Vec<f64> = effects.iter().map(|range| range.from).collect();
    let mut upper: Vec<f64> = effects.iter().map(|range| range.to).collect();
    lower.sort_by(f64::total_cmp);
    upper.sort_by(|a, b| b.total_cmp(a));
    let limits = lower.get(excluded_by).copied().zip(upper.get(excluded_by).copied());
    Some(UnitPermutation {
        p: as_far as f64 / n,
        n_assignments: effects.len() as u64,
        interval: limits.filter(|(lower, upper)| lower.is_finite() && upper.is_finite()),
    })
}

/// Constant effects for which a deal is at least as far out as the one seen.
struct Range {
    from: f64,
    to: f64,
}

impl Range {
    fn holds(&self, effect: f64) -> bool {
        let room = 1e-9 * (1.0 + effect.abs());
        self.from - room <= effect && effect <= self.to + room
    }
}

/// With an effect τ taken out of the treated, a deal gives A − τB where the one seen gives `value` − τ; B, its overlap with
/// the one seen, is between −1 and 1. |A − τB| ≥ |value − τ| between the two roots. `None` for a deal that leaves a group
/// empty.
fn range_of(units: &[UnitSums], deal: u32, seen: u32, value: f64) -> Option<Range> {
    let a = difference(units, deal, |unit, _| unit.sums)?;
    let after_change =
        |unit: &UnitSums, i: usize| [0.0, if seen >> i & 1 == 1 { unit.sizes[1] } else { 0.0 }];
    let b = difference(units, deal, after_change)?;
    if b.abs() >= 1.0 - 1e-9 {
        return Some(Range { from: f64::NEG_INFINITY, to: f64::INFINITY });
    }
    let roots = [(a - value) / (b - 1.0), (a + value) / (b + 1.0)];
    Some(Range { from: roots[0].min(roots[1]), to: roots[0].max(roots[1]) })
}

/// The difference in differences of a quantity, given which units count as treated.
fn difference(
    units: &[UnitSums],
    treated: u32,
    sums: impl Fn(&UnitSums, usize) -> [f64; 2],
) -> Option<f64> {
    let mut total = [[0.0; 2]; 2];
    let mut size = [[0.0; 2]; 2];
    for (i, unit) in units.iter().enumerate() {
        let group = usize::from(treated >> i & 1 == 1);
        let sums = sums(unit, i);
        for after in 0..2 {
            total[group][after] += sums[after];
            size[group][after] += unit.sizes[after];
        }
    }
    if size.as_flattened().contains(&0.0) {
        return None;
    }
    let change = |group: usize| total[group][1] / size[group][1] - total[group][0] / size[group][0];
    Some(change(1) - change(0))
}
