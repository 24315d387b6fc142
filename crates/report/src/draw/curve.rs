//! A smooth line through points that invents no hill or valley between them.

use std::ops::Range;

use super::markup::px;

/// The path of a monotone cubic (Fritsch and Carlson) through points with rising x, as SVG path commands.
pub(crate) fn monotone(points: &[(f64, f64)]) -> String {
    let Some(first) = points.first() else { return String::new() };
    let slopes = slopes(points);
    let curves = (1..points.len()).filter_map(|to| curve(points, &slopes, (to - 1, to)));
    format!("M{} {}{}", px(first.0), px(first.1), curves.collect::<String>())
}

/// The area between two such lines over the same x, for some of their points: the lines bend as the whole of them does,
/// so that an area stays with a line that goes on where the area ends.
pub(crate) fn band(upper: &[(f64, f64)], lower: &[(f64, f64)], over: Range<usize>) -> String {
    let (Some(first), Some(turn)) = (upper.get(over.start), lower.get(over.end.saturating_sub(1)))
    else {
        return String::new();
    };
    let (above, below) = (slopes(upper), slopes(lower));
    let steps = || over.clone().skip(1);
    let there = steps().filter_map(|to| curve(upper, &above, (to - 1, to)));
    let back = steps().rev().filter_map(|from| curve(lower, &below, (from, from - 1)));
    format!(
        "M{} {}{}L{} {}{}Z",
        px(first.0),
        px(first.1),
        there.collect::<String>(),
        px(turn.0),
        px(turn.1),
        back.collect::<String>()
    )
}

/// From one point to a neighbour, in either direction.
fn curve(points: &[(f64, f64)], slopes: &[f64], (from, to): (usize, usize)) -> Option<String> {
    let (start, end) = (points.get(from)?, points.get(to)?);
    let (leaving, arriving) = (slopes.get(from)?, slopes.get(to)?);
    let third = (end.0 - start.0) / 3.0;
    let [x1, y1, x2, y2, x, y] = [
        start.0 + third,
        start.1 + leaving * third,
        end.0 - third,
        end.1 - arriving * third,
        end.0,
        end.1,
    ]
    .map(px);
    Some(format!("C{x1} {y1} {x2} {y2} {x} {y}"))
}

fn slopes(points: &[(f64, f64)]) -> Vec<f64> {
    let secants: Vec<f64> =
        points.windows(2).map(|p| (p[1].1 - p[0].1) / (p[1].0 - p[0].0).max(1e-9)).collect();
    let Some((first, last)) = secants.first().zip(secants.last()) else {
        return vec![0.0; points.len()];
    };
    let mut slopes = vec![*first];
    slopes.extend(
        secants.windows(2).map(|s| if s[0] * s[1] <= 0.0 { 0.0 } else { (s[0] + s[1]) / 2.0 }),
    );
    slopes.push(*last);
    for (i, secant) in secants.iter().enumerate() {
        if *secant == 0.0 {
            slopes[i] = 0.0;
            slopes[i + 1] = 0.0;
            continue;
        }
        let (a, b) = (slopes[i] / secant, slopes[i + 1] / secant);
        let radius = a.hypot(b);
        if radius > 3.0 {
            slopes[i] = 3.0 * a / radius * secant;
            slopes[i + 1] = 3.0 * b / radius * secant;
        }
    }
    slopes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, proptest};

    use super::{band, monotone, slopes};

    #[test]
    fn a_straight_line_stays_straight() {
        assert_eq!(monotone(&[(0.0, 0.0), (3.0, 3.0), (6.0, 6.0)]), "M0 0C1 1 2 2 3 3C4 4 5 5 6 6");
        assert_eq!(monotone(&[(1.0, 2.0)]), "M1 2");
        assert_eq!(monotone(&[]), "");
    }

    #[test]
    fn a_band_goes_there_above_and_back_below() {
        let (upper, lower) =
            ([(0.0, 0.0), (3.0, 0.0), (6.0, 0.0)], [(0.0, 9.0), (3.0, 9.0), (6.0, 9.0)]);
        assert_eq!(band(&upper, &lower, 0..2), "M0 0C1 0 2 0 3 0L3 9C2 9 1 9 0 9Z");
    }

    proptest! {
        #[test]
        fn no_control_point_leaves_the_range_of_its_two_points(ys in prop::collection::vec(-2.0..2.0f64, 2..12)) {
            let points: Vec<(f64, f64)> = ys.iter().enumerate().map(|(i, y)| (i as f64, *y)).collect();
            let slopes = slopes(&points);
            for i in 0..points.len() - 1 {
                let (a, b) = (points[i].1, points[i + 1].1);
                for control in [a + slopes[i] / 3.0, b - slopes[i + 1] / 3.0] {
                    assert!(control >= a.min(b) - 1e-9 && control <= a.max(b) + 1e-9, "{control} outside {a}..{b}");
                }
            }
        }
    }
}
