//! Importance against performance: what matters and falls short (Martilla & James 1977).

use crate::moments::mean;
use crate::ranks::TIE;
use crate::{Estimate, median};

/// A touchpoint by how much it matters and how it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub name: String,
    /// Derived, not stated, where it can be.
    pub importance: Estimate,
    pub performance: Estimate,
}

/// Where the lines between low and high are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Crosshair {
    Mean,
    Median,
    Fixed { importance: f64, performance: f64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// Important, and falls short.
    ConcentrateHere,
    KeepUp,
    LowPriority,
    /// Does well where little depends on it.
    PossibleOverkill,
}

impl Quadrant {
    pub fn name(self) -> &'static str {
        match self {
            Self::ConcentrateHere => "concentrate_here",
            Self::KeepUp => "keep_up",
            Self::LowPriority => "low_priority",
            Self::PossibleOverkill => "possible_overkill",
        }
    }
}

/// An item in its quadrant.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub name: String,
    /// `None` if importance or performance is unknown.
    pub quadrant: Option<Quadrant>,
    /// Its intervals cross a line: the quadrant may be another.
    pub unsure: bool,
}

/// The lines (importance, performance); `None` without a single item that has both.
pub fn cross(items: &[Item], crosshair: Crosshair) -> Option<(f64, f64)> {
    let known: Vec<(f64, f64)> =
        items.iter().filter_map(|item| item.importance.value.zip(item.performance.value)).collect();
    let (importance, performance): (Vec<f64>, Vec<f64>) = known.into_iter().unzip();
    match crosshair {
        Crosshair::Mean => mean(&importance).zip(mean(&performance)),
        Crosshair::Median => median(&importance).zip(median(&performance)),
        Crosshair::Fixed { importance, performance } => Some((importance, performance)),
    }
}

/// Every item in its quadrant; a value on the line counts as high.
pub fn importance_performance(items: &[Item], crosshair: Crosshair) -> Vec<Placed> {
    let lines = cross(items, crosshair);
    let crosses = |estimate: &Estimate, line: f64| {
        estimate.interval().is_some_and(|(lower, upper)| lower < line && line < upper)
    };
    let placed = |item: &Item| {
        let at = lines.zip(item.importance.value.zip(item.performance.value));
        Placed {
            name: item.name.clone(),
            quadrant: at.map(|(lines, values)| quadrant(values, lines)),
            unsure: at.is_some_and(|((importance, performance), _)| {
                crosses(&item.importance, importance) || crosses(&item.performance, performance)
            }),
        }
    };
    items.iter().map(placed).collect()
}

fn quadrant(values: (f64, f64), lines: (f64, f64)) -> Quadrant {
    match (values.0 >= lines.0 - TIE, values.1 >= lines.1 - TIE) {
        (true, true) => Quadrant::KeepUp,
        (true, false) => Quadrant::ConcentrateHere,
        (false, true) => Quadrant::PossibleOverkill,
        (false, false) => Quadrant::LowPriority,
    }
}

#[cfg(test)]
mod tests {
    use super::{Crosshair, Item, Quadrant, importance_performance};
    use crate::{Confidence, Estimate, Method};

    #[test]
    fn a_box_across_a_line_is_unsure() {
        let estimate = |value: f64, half: f64| {
            Estimate::point(value, 50, Method::T, Confidence::P95)
                .with_interval(value - half, value + half)
        };
        let item = |name: &str, performance| Item {
            name: name.to_owned(),
            importance: estimate(0.3, 0.05),
            performance,
        };
        let items = [
            item("parking", estimate(4.0, 0.5)),
            item("staff", estimate(7.2, 0.5)),
            item("new", Estimate { value: None, ..estimate(1.0, 0.5) }),
        ];
        let placed =
            importance_performance(&items, Crosshair::Fixed { importance: 0.2, performance: 7.0 });
        let seen: Vec<_> = placed.iter().map(|item| (item.quadrant, item.unsure)).collect();
        let expected = [
            (Some(Quadrant::ConcentrateHere), false),
            (Some(Quadrant::KeepUp), true),
            (None, false),
        ];
        assert_eq!(seen, expected);
    }
}
