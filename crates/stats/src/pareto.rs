//! The vital few: causes sorted by size, and the smallest set that makes up most of the whole.

use crate::ranks::TIE;

#[derive(Debug, Clone, PartialEq)]
pub struct Pareto {
    /// Largest first; equal ones by name.
    pub items: Vec<ParetoItem>,
    /// How many of the first items reach the threshold; 0 when there is nothing to share.
    pub n_vital: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ParetoItem {
    pub name: String,
    pub size: f64,
    /// Of the whole; `None` when the whole is 0.
    pub share: Option<f64>,
    pub cumulative: Option<f64>,
}

impl Pareto {
    pub fn vital_few(&self) -> &[ParetoItem] {
        &self.items[..self.n_vital]
    }
}

/// Sizes are counts, or counts times cost; negative ones count as nothing. `threshold` is .8 by custom.
///
/// Below some 30 defects a Pareto is a picture of chance: do not show it.
pub fn pareto(sizes: &[(String, f64)], threshold: f64) -> Pareto {
    let mut sorted: Vec<(String, f64)> =
        sizes.iter().map(|(name, size)| (name.clone(), size.max(0.0))).collect();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let total: f64 = sorted.iter().map(|(_, size)| size).sum();
    let share = |part: f64| (total > 0.0).then(|| part / total);
    let mut running = 0.0;
    let items: Vec<ParetoItem> = sorted
        .into_iter()
        .map(|(name, size)| {
            running += size;
            ParetoItem { name, size, share: share(size), cumulative: share(running) }
        })
        .collect();
    let reached =
        items.iter().position(|item| item.cumulative.is_some_and(|sum| sum >= threshold - TIE));
    let n_vital = reached.map_or(0, |last| last + 1);
    Pareto { items, n_vital }
}
