//! An order of touchpoints in which few walks go backwards, for journeys that nobody designed.
//!
//! First greedy, as Eades, Lin and Smyth do for feedback arcs: what mostly leads to the others is taken to the front, what
//! they mostly lead to goes to the back, and the rest is looked at again. Then each touchpoint is sifted to its best place
//! among the others until none moves.

use std::collections::BTreeMap;

use crate::document::{Touchpoint, Transition};

/// The touchpoints in the order in which they are mostly walked; even ones keep their order.
pub(crate) fn walking_order<'a>(
    touchpoints: &[&'a Touchpoint],
    transitions: &[Transition],
) -> Vec<&'a Touchpoint> {
    let moves = Moves::new(touchpoints, transitions);
    let mut left: Vec<usize> = (0..touchpoints.len()).collect();
    let (mut front, mut back) = (Vec::new(), Vec::new());
    while let Some(best) =
        left.iter().copied().max_by_key(|node| (moves.surplus(*node, &left), usize::MAX - node))
    {
        let worst = left
            .iter()
            .copied()
            .min_by_key(|node| (moves.surplus(*node, &left), usize::MAX - node))
            .unwrap_or(best);
        let is_ahead = moves.surplus(best, &left) >= -moves.surplus(worst, &left);
        let chosen = if is_ahead { best } else { worst };
        left.retain(|node| *node != chosen);
        if is_ahead { front.push(chosen) } else { back.push(chosen) }
    }
    front.extend(back.into_iter().rev());
    moves.sift(&mut front);
    front.into_iter().filter_map(|node| touchpoints.get(node).copied()).collect()
}

struct Moves {
    between: Vec<(usize, usize, i64)>,
    /// How much more often walks begin than end here.
    beginnings: Vec<i64>,
}

impl Moves {
    fn new(touchpoints: &[&Touchpoint], transitions: &[Transition]) -> Self {
        let places: BTreeMap<&str, usize> =
            touchpoints.iter().enumerate().map(|(i, t)| (t.id.as_str(), i)).collect();
        let place = |id: &str| places.get(id).copied();
        let mut moves = Self { between: Vec::new(), beginnings: vec![0; touchpoints.len()] };
        for transition in transitions {
            let count = transition.count as i64;
            match (place(&transition.from), place(&transition.to)) {
                (Some(from), Some(to)) if from != to => moves.between.push((from, to, count)),
                (None, Some(to)) if transition.from == "^" => moves.beginnings[to] += count,
                (Some(from), None) if transition.to == "$" => moves.beginnings[from] -= count,
                _ => {}
            }
        }
        moves
    }

    /// Every round makes fewer moves go backwards, so it ends; the bound only guards against a mistake.
    fn sift(&self, order: &mut Vec<usize>) {
        for _ in 0..order.len() {
            let before = self.backward(order);
            for node in order.clone() {
                let rest: Vec<usize> =
                    order.iter().copied().filter(|other| *other != node).collect();
                let placed = |at: usize| {
                    let mut placed = rest.clone();
                    placed.insert(at, node);
                    placed
                };
                let now = order.iter().position(|other| *other == node).unwrap_or(0);
                let best = (0..=rest.len())
                    .min_by_key(|at| (self.backward(&placed(*at)), at.abs_diff(now)));
                *order = placed(best.unwrap_or(now));
            }
            if self.backward(order) == before {
                break;
            }
        }
    }

    /// How many moves go from right to left.
    fn backward(&self, order: &[usize]) -> i64 {
        let mut places = vec![0; order.len()];
        for (place, node) in order.iter().enumerate() {
            places[*node] = place;
        }
        self.between
            .iter()
            .filter(|(from, to, _)| places[*from] > places[*to])
            .map(|(_, _, count)| count)
            .sum()
    }

    /// Moves from a node less the moves to it, among those that are left.
    fn surplus(&self, node: usize, left: &[usize]) -> i64 {
        let between =
            self.between.iter().map(|(from, to, count)| match (*from == node, *to == node) {
                (true, false) if left.contains(to) => *count,
                (false, true) if left.contains(from) => -*count,
                _ => 0,
            });
        between.sum::<i64>() + self.beginnings.get(node).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::walking_order;
    use crate::document::{Distribution, Share, Touchpoint, Transition};

    fn touchpoint(id: &str) -> Touchpoint {
        Touchpoint {
            id: id.to_owned(),
            title: id.to_owned(),
            stage: None,
            owner: None,
            visits: 0,
            reach: Share::default(),
            instances: 0,
            repeats: 0,
            instances_with_repeats: 0,
            self_loops: 0,
            first: 0,
            last: 0,
            wait_s: Distribution::default(),
            channels: Vec::new(),
            scores: Default::default(),
            target_gap: Default::default(),
            belief_gap: Default::default(),
            importance: None,
            experience: None,
            kano: None,
            evidence: "measured".to_owned(),
        }
    }

    fn check(moves: &str, expected: &str) {
        let mut transitions = Vec::new();
        for line in moves.split(", ") {
            let [from, to, count] = line.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            transitions.push(Transition {
                from: from.to_owned(),
                to: to.to_owned(),
                count: count.parse().unwrap(),
                instances: 0,
                designed: false,
                wait_s: Distribution::default(),
            });
        }
        let all: Vec<Touchpoint> = ["pay", "ask", "enter", "leave"].map(touchpoint).into();
        let ordered = walking_order(&all.iter().collect::<Vec<_>>(), &transitions);
        assert_eq!(ordered.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn most_moves_go_forward() {
        check(
            "^ enter 9, enter ask 5, enter pay 4, ask pay 4, ask enter 1, pay leave 8, leave $ 8",
            "enter ask pay leave",
        );
        check(
            "^ leave 9, leave pay 9, pay ask 9, ask enter 9, enter $ 9, enter leave 3",
            "leave pay ask enter",
        );
    }
}
