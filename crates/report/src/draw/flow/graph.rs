//! Which transitions are drawn, as what, and which are folded together.
//!
//! Places count from the left: 0 is the start of a walk, touchpoints follow in the design's order, the last one is the end.

use crate::document::{Report, Transition};
use crate::draw::column::Columns;

/// A departure under this share of the instances is folded into "other".
const RARE: f64 = 0.01;
/// More departures than these are not told apart by eye.
const MOST_FORWARD: usize = 24;
const MOST_BACK: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Designed,
    /// Forward, but not as designed; where there is no design, any step forward.
    Departure,
    /// To a touchpoint further left.
    Back,
    /// The walk stopped where it should not have.
    Left,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Edge<'a> {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: Kind,
    pub(super) transition: &'a Transition,
}

impl Edge<'_> {
    pub(super) fn count(&self) -> u64 {
        self.transition.count
    }
}

/// Moves of a place that are drawn as one stub.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Folded {
    pub(super) paths: u64,
    pub(super) moves: u64,
}

impl Folded {
    fn add(&mut self, count: u64) {
        self.paths += 1;
        self.moves += count;
    }
}

#[derive(Debug)]
pub(super) struct Graph<'a> {
    pub(super) edges: Vec<Edge<'a>>,
    /// Per place, what is folded on its right and on its left side.
    pub(super) folded_out: Vec<Folded>,
    pub(super) folded_in: Vec<Folded>,
    /// Per place, moves to itself.
    pub(super) again: Vec<u64>,
    pub(super) folded: Folded,
}

impl<'a> Graph<'a> {
    pub(super) fn new(columns: &Columns<'a>, report: &'a Report) -> Self {
        let places = columns.all.len() + 2;
        let place = |id: &str| match id {
            "^" => Some(0),
            "$" => Some(places - 1),
            _ => columns.index(id).map(|index| index + 1),
        };
        let nothing = vec![Folded::default(); places];
        let mut graph = Graph {
            edges: Vec::new(),
            folded_out: nothing.clone(),
            folded_in: nothing,
            again: vec![0; places],
            folded: Folded::default(),
        };
        let mut candidates = Vec::new();
        for transition in report.transitions.iter().filter(|transition| transition.count > 0) {
            match (place(&transition.from), place(&transition.to)) {
                (Some(from), Some(to)) if from == to => graph.again[from] += transition.count,
                (Some(from), Some(to)) => {
                    let kind = kind(transition, (from, to), places - 1);
                    candidates.push(Edge { from, to, kind, transition });
                }
                // One end is not drawn at all: without a design there may be hundreds of activities.
                (from, to) => graph.fold(from, to, transition.count),
            }
        }
        graph.choose(candidates, report.instances.total);
        graph
    }

    /// The next designed step is always drawn, of the rest what is frequent enough to be seen.
    fn choose(&mut self, mut candidates: Vec<Edge<'a>>, instances: u64) {
        candidates
            .sort_by(|a, b| b.count().cmp(&a.count()).then((a.from, a.to).cmp(&(b.from, b.to))));
        let (mut forward, mut back) = (0, 0);
        for edge in candidates {
            let is_rare = (edge.count() as f64) < RARE * instances as f64;
            let is_drawn = match edge.kind {
                Kind::Designed => !is_rare || edge.from + 1 == edge.to,
                Kind::Left => !is_rare,
                Kind::Departure => {
                    forward += 1;
                    !is_rare && forward <= MOST_FORWARD
                }
                Kind::Back => {
                    back += 1;
                    !is_rare && back <= MOST_BACK
                }
            };
            if is_drawn {
                self.edges.push(edge);
            } else {
                // Who left is nowhere afterwards.
                let to = (edge.kind != Kind::Left).then_some(edge.to);
                self.fold(Some(edge.from), to, edge.count());
            }
        }
    }

    fn fold(&mut self, from: Option<usize>, to: Option<usize>, count: u64) {
        self.folded.add(count);
        if let Some(folded) = from.and_then(|from| self.folded_out.get_mut(from)) {
            folded.add(count);
        }
        if let Some(folded) = to.and_then(|to| self.folded_in.get_mut(to)) {
            folded.add(count);
        }
    }

    /// What enters or leaves a place, whichever is more; moves to itself stay inside.
    pub(super) fn volume(&self, place: usize) -> u64 {
        let sum = |keep: &dyn Fn(&Edge<'_>) -> bool| -> u64 {
            self.edges.iter().filter(|edge| keep(edge)).map(Edge::count).sum()
        };
        let out = sum(&|edge| edge.from == place)
            + self.folded_out.get(place).map_or(0, |folded| folded.moves);
        // Who left is drawn leaving, not arriving at the end.
        let into = sum(&|edge| edge.to == place && edge.kind != Kind::Left)
            + self.folded_in.get(place).map_or(0, |folded| folded.moves);
        out.max(into)
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.edges.iter().any(|edge| edge.kind == kind)
    }
}

fn kind(transition: &Transition, (from, to): (usize, usize), end: usize) -> Kind {
    match (from, to) {
        (from, to) if to < from => Kind::Back,
        _ if transition.designed => Kind::Designed,
        (_, to) if to == end => Kind::Left,
        _ => Kind::Departure,
    }
}
