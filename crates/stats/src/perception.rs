//! How the company sees its touchpoints and how its customers do: size of the illusions, and whether even the order is
//! right.

use crate::moments::mean;
use crate::ranks::TIE;
use crate::{kendall_tau_b, spearman};

/// Both views of one touchpoint, on the same scale.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub name: String,
    pub company: f64,
    pub customer: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PerceptionGap {
    pub name: String,
    /// company − customer: positive when the company over-rates itself.
    pub gap: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Perception {
    /// In the order given.
    pub gaps: Vec<PerceptionGap>,
    pub mean_gap: Option<f64>,
    pub mean_abs_gap: Option<f64>,
    pub rmse: Option<f64>,
    /// Near 0: the company's ranking carries no information about the customers'.
    pub spearman: Option<f64>,
    pub kendall_tau_b: Option<f64>,
    /// The touchpoint with the largest positive gap, by name among equals; `None` if there is none.
    pub largest_overrating: Option<String>,
}

pub fn perception_gap(views: &[View]) -> Perception {
    let gaps: Vec<PerceptionGap> = views
        .iter()
        .map(|view| PerceptionGap { name: view.name.clone(), gap: view.company - view.customer })
        .collect();
    let sizes =
        |size: fn(f64) -> f64| mean(&gaps.iter().map(|gap| size(gap.gap)).collect::<Vec<f64>>());
    let pairs: Vec<(f64, f64)> = views.iter().map(|view| (view.company, view.customer)).collect();
    let mut overrated: Vec<&PerceptionGap> = gaps.iter().filter(|gap| gap.gap > TIE).collect();
    overrated.sort_by(|a, b| b.gap.total_cmp(&a.gap).then_with(|| a.name.cmp(&b.name)));
    Perception {
        mean_gap: sizes(|gap| gap),
        mean_abs_gap: sizes(f64::abs),
        rmse: sizes(|gap| gap * gap).map(f64::sqrt),
        spearman: spearman(&pairs),
        kendall_tau_b: kendall_tau_b(&pairs),
        largest_overrating: overrated.first().map(|gap| gap.name.clone()),
        gaps,
    }
}
