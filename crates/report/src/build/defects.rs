//! Defects of all standards together: which standards most are of, and how many walks have none.

use model::resolve::Resolved;
use stats::{StepCount, pareto, rolled_throughput_yield, wilson};

use super::{Measured, confidence};
use crate::document::{Defects, Estimate, Pareto, ParetoBy, ParetoItem, Share, Standard, Yields};
use crate::plan::Compiled;

/// Fewer defects make a picture of chance.
const FEWEST: u64 = 30;
/// The vital few make up so much of the whole (Juran's custom).
const MOST: f64 = 0.8;

/// `None` where nothing was checked.
pub(super) fn defects(
    journey: &Resolved<'_>,
    compiled: &Compiled,
    measured: &Measured,
    standards: &[Standard],
) -> Option<Defects> {
    if standards.iter().all(|standard| standard.kept_share.n == 0) {
        return None;
    }
    let broken = standards.iter().map(|standard| standard.broken).sum();
    let is_enough = broken >= FEWEST;
    let paretos = [by_count(standards), by_cost(journey, standards)];
    Some(Defects {
        broken,
        pareto: paretos.into_iter().flatten().filter(|_| is_enough).collect(),
        why_not: (!is_enough)
            .then(|| format!("there are {broken} broken checks, and it takes {FEWEST}")),
        yields: yields(compiled, measured),
    })
}

/// One standard in a Pareto.
struct Counted<'a> {
    standard: &'a Standard,
    /// What one defect counts.
    each: f64,
}

fn by_count(standards: &[Standard]) -> Option<Pareto> {
    let counted = standards.iter().filter(|standard| standard.broken > 0);
    let counted = counted.map(|standard| Counted { standard, each: 1.0 }).collect();
    sorted(counted, ParetoBy::Count, None)
}

/// A cost that some state and others do not would put those first who bothered to state one.
fn by_cost(journey: &Resolved<'_>, standards: &[Standard]) -> Option<Pareto> {
    let listed = journey.standards.iter().zip(standards).filter(|(_, standard)| standard.listed);
    let counted: Option<Vec<Counted<'_>>> = listed
        .map(|(held, standard)| Some(Counted { standard, each: held.standard.cost_of_defect? }))
        .collect();
    let currency = journey.journey.outcomes.value.as_ref().and_then(|it| it.currency.clone());
    sorted(counted?, ParetoBy::Cost, currency)
}

fn sorted(
    counted: Vec<Counted<'_>>,
    sized_by: ParetoBy,
    currency: Option<String>,
) -> Option<Pareto> {
    if counted.len() < 2 {
        return None;
    }
    let size = |it: &Counted<'_>| it.each * it.standard.broken as f64;
    let sizes: Vec<(String, f64)> =
        counted.iter().map(|it| (it.standard.id.clone(), size(it))).collect();
    let found = pareto(&sizes, MOST);
    let total: f64 = found.items.iter().map(|item| item.size).sum();
    let of = |name: &str| counted.iter().find(|it| it.standard.id == name);
    let all: u64 = counted.iter().map(|it| it.standard.broken).sum();
    let items = found.items.iter().enumerate().map(|(place, item)| {
        let own = of(&item.name)?;
        let next = found.items.get(place + 1).and_then(|next| of(&next.name));
        let interval = Share::of(own.standard.broken, all);
        Some(ParetoItem {
            standard: item.name.clone(),
            broken: own.standard.broken,
            size: item.size,
            share: match sized_by {
                ParetoBy::Count => {
                    Estimate { value: item.share, low: interval.low, high: interval.high }
                }
                ParetoBy::Cost => Estimate { value: item.share, ..Estimate::default() },
            },
            cumulative: item.cumulative?,
            above_next: next.map(|next| is_above(own, next)),
        })
    });
    let items: Vec<ParetoItem> = items.collect::<Option<_>>()?;
    Some(Pareto { sized_by, currency, total, items, vital_few: found.n_vital as u64 })
}

/// Of the defects of both, the share of the first lies above what would make them equal, by Wilson's lower limit.
fn is_above(own: &Counted<'_>, next: &Counted<'_>) -> bool {
    let both = own.standard.broken + next.standard.broken;
    let even = next.each / (own.each + next.each);
    wilson(own.standard.broken, both, confidence()).low.is_some_and(|low| low > even)
}

fn yields(compiled: &Compiled, measured: &Measured) -> Option<Yields> {
    let summary = &measured.summary;
    let [settled, clean] = summary.first_pass;
    // All standards over the same walks: those that a standard does not concern come through it.
    let rules = compiled.rule_of.iter().flatten().map(|rule| &summary.checks[*rule]);
    let steps: Vec<StepCount> = rules
        .filter(|checks| checks.kept + checks.broken > 0)
        .map(|checks| StepCount { defective: checks.instances_broken, units: settled })
        .collect();
    let rolled = rolled_throughput_yield(&steps, confidence())?;
    let first_pass = Share::of(clean, settled);
    let rolled_value = rolled.yield_.value.filter(|rolled| *rolled > 0.0);
    Some(Yields {
        dependence_ratio: first_pass.share.zip(rolled_value).map(|(seen, rolled)| seen / rolled),
        first_pass,
        rolled: Estimate::from(&rolled.yield_),
        standards: steps.len() as u64,
    })
}
