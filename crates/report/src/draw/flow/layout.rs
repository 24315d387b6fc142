//! Where bars and ribbons stand: one bar per place, and a slot in every place that a ribbon passes.
//!
//! In a place the designed path is on top, so that it stays straight. What passes by is stacked below in the order in which
//! it came from the left, and of what begins together the ribbon that ends first is nearest, so that few of them cross.

use std::collections::BTreeMap;

use super::graph::{Edge, Graph, Kind};

/// Height of the busiest bar.
const TALLEST: f64 = 250.0;
const GAP: f64 = 14.0;
/// Between two ribbons that pass.
const NARROW_GAP: f64 = 5.0;
/// Thinner than this nothing can be seen.
pub(super) const THINNEST: f64 = 1.5;

/// What stands in a place, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Bar,
    /// The edge passes by.
    Passing(usize),
    /// Those who left from the place before.
    Sink(usize),
}

#[derive(Debug)]
pub(super) struct Layout {
    /// Per place, the top and the height of its bar.
    pub(super) bars: Vec<(f64, f64)>,
    /// Per edge, its top at every place from its first to its last.
    pub(super) tracks: Vec<Vec<f64>>,
    /// Per place, the tops of the folded stubs on its right and on its left.
    pub(super) stubs: Vec<(f64, f64)>,
    /// Per edge that goes back, the middle of its lane below everything.
    pub(super) lanes: BTreeMap<usize, f64>,
    pub(super) height: f64,
    scale: f64,
}

impl Layout {
    pub(super) fn new(graph: &Graph<'_>, places: usize) -> Self {
        let busiest = (0..places).map(|place| graph.volume(place)).max().unwrap_or(0).max(1);
        let scale = TALLEST / busiest as f64;
        let mut layout = Self {
            bars: vec![(0.0, 0.0); places],
            tracks: Vec::new(),
            stubs: vec![(0.0, 0.0); places],
            lanes: BTreeMap::new(),
            height: 0.0,
            scale,
        };
        let tops = layout.stack(graph, places);
        layout.attach(graph, &tops, places);
        layout.lay_lanes(graph);
        layout
    }

    /// How thick so many moves are.
    pub(super) fn thickness(&self, moves: u64) -> f64 {
        if moves == 0 { 0.0 } else { (moves as f64 * self.scale).max(THINNEST) }
    }

    /// Stacks the slots of every place; answers the tops of the slots that edges use.
    fn stack(&mut self, graph: &Graph<'_>, places: usize) -> BTreeMap<(usize, usize), f64> {
        let mut tops: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for place in 0..places {
            let came_from = |edge: usize| {
                let before = place.saturating_sub(1);
                let bar = self.bars.get(before).map_or(0.0, |(top, height)| top + height / 2.0);
                tops.get(&(edge, before)).copied().unwrap_or(bar)
            };
            let (mut y, mut bottom) = (0.0, 0.0);
            for slot in slots(graph, place, came_from) {
                let (height, gap) = match slot {
                    Slot::Bar => {
                        let height =
                            self.thickness(graph.volume(place)).max(self.attached(graph, place));
                        if let Some(bar) = self.bars.get_mut(place) {
                            *bar = (y, height);
                        }
                        (height, GAP)
                    }
                    Slot::Passing(edge) | Slot::Sink(edge) => {
                        tops.insert((edge, place), y);
                        let height =
                            self.thickness(graph.edges.get(edge).map_or(0, |edge| edge.count()));
                        (height, if matches!(slot, Slot::Sink(_)) { GAP } else { NARROW_GAP })
                    }
                };
                // A place nobody came to takes no room of its own.
                if height > 0.0 {
                    bottom = y + height;
                    y = bottom + gap;
                }
            }
            self.height = self.height.max(bottom);
        }
        tops
    }

    /// What the ribbons at a bar need, which the least thickness can make more than its volume.
    fn attached(&self, graph: &Graph<'_>, place: usize) -> f64 {
        let side = |is_out: bool| -> f64 {
            let edges = graph.edges.iter().filter(|edge| {
                if is_out {
                    edge.from == place
                } else {
                    edge.to == place && edge.kind != Kind::Left
                }
            });
            let folded = if is_out { &graph.folded_out } else { &graph.folded_in };
            edges.map(|edge| self.thickness(edge.count())).sum::<f64>()
                + folded.get(place).map_or(0.0, |folded| self.thickness(folded.moves))
        };
        side(true).max(side(false))
    }

    /// Gives every ribbon its place on the bars at both ends.
    fn attach(&mut self, graph: &Graph<'_>, tops: &BTreeMap<(usize, usize), f64>, places: usize) {
        self.tracks = graph
            .edges
            .iter()
            .enumerate()
            .map(|(index, edge)| {
                let last = if edge.kind == Kind::Left { edge.from + 1 } else { edge.to };
                (edge.from..=last.max(edge.from))
                    .map(|place| tops.get(&(index, place)).copied().unwrap_or(0.0))
                    .collect()
            })
            .collect();
        for place in 0..places {
            let (top, _) = self.bars[place];
            let out = self.attach_side(graph, place, true, top);
            let into = self.attach_side(graph, place, false, top);
            self.stubs[place] = (out, into);
        }
    }

    /// Stacks one side of a bar and answers where its stub begins.
    fn attach_side(&mut self, graph: &Graph<'_>, place: usize, is_out: bool, top: f64) -> f64 {
        let mut own: Vec<usize> = (0..graph.edges.len())
            .filter(|index| {
                let edge = &graph.edges[*index];
                if is_out {
                    edge.from == place
                } else {
                    edge.to == place && edge.kind != Kind::Left
                }
            })
            .collect();
        own.sort_by(|a, b| {
            let key = |index: usize| {
                let edge = &graph.edges[index];
                let group = match edge.kind {
                    Kind::Designed => 0,
                    Kind::Departure => 1,
                    Kind::Left => 2,
                    Kind::Back => 3,
                };
                let other = if is_out { edge.to } else { edge.from };
                let next = if is_out {
                    self.next_top(graph, index)
                } else {
                    self.before_top(graph, index)
                };
                (group, next, other)
            };
            let (a, b) = (key(*a), key(*b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2))
        });
        let mut y = top;
        for index in own {
            let edge = &graph.edges[index];
            if let Some(track) = self.tracks.get_mut(index) {
                if edge.kind == Kind::Back {
                    // Both ends of a way back are kept: first where it leaves, then where it arrives.
                    track.resize(2, 0.0);
                    track[usize::from(!is_out)] = y;
                } else if let Some(end) = if is_out { track.first_mut() } else { track.last_mut() }
                {
                    *end = y;
                }
            }
            y += self.thickness(edge.count());
        }
        y
    }

    fn next_top(&self, graph: &Graph<'_>, index: usize) -> f64 {
        let edge = &graph.edges[index];
        let track = &self.tracks[index];
        if track.len() > 2 || edge.kind == Kind::Left {
            return track.get(1).copied().unwrap_or(0.0);
        }
        self.bars.get(edge.to).map_or(0.0, |bar| bar.0)
    }

    fn before_top(&self, graph: &Graph<'_>, index: usize) -> f64 {
        let edge = &graph.edges[index];
        let track = &self.tracks[index];
        if track.len() > 2 {
            return track.get(track.len() - 2).copied().unwrap_or(0.0);
        }
        self.bars.get(edge.from).map_or(0.0, |bar| bar.0)
    }

    /// Ways back run below everything, the shorter the higher.
    fn lay_lanes(&mut self, graph: &Graph<'_>) {
        let mut back: Vec<usize> =
            (0..graph.edges.len()).filter(|index| graph.edges[*index].kind == Kind::Back).collect();
        back.sort_by_key(|index| (graph.edges[*index].from - graph.edges[*index].to, *index));
        let mut y = self.height + 22.0;
        for index in &back {
            let thickness = self.thickness(graph.edges[*index].count());
            self.lanes.insert(*index, y + thickness / 2.0);
            y += thickness + 12.0;
        }
        if !back.is_empty() {
            self.height = y;
        }
    }
}

fn slots(graph: &Graph<'_>, place: usize, came_from: impl Fn(usize) -> f64) -> Vec<Slot> {
    let mut passing: Vec<usize> = Vec::new();
    let mut sinks: Vec<usize> = Vec::new();
    for (index, edge) in graph.edges.iter().enumerate() {
        match edge.kind {
            Kind::Left if edge.from + 1 == place => sinks.push(index),
            Kind::Designed | Kind::Departure if edge.from < place && place < edge.to => {
                passing.push(index)
            }
            _ => {}
        }
    }
    passing.sort_by(|a, b| {
        let (first, second) = (&graph.edges[*a], &graph.edges[*b]);
        let departs = |edge: &Edge<'_>| edge.kind != Kind::Designed;
        departs(first)
            .cmp(&departs(second))
            .then(came_from(*a).total_cmp(&came_from(*b)))
            .then(first.to.cmp(&second.to))
    });
    // An optional touchpoint that most walks pass by, as designed, gives way to the straight path above it.
    let volume = graph.volume(place);
    let is_above = |index: &usize| {
        let edge = &graph.edges[*index];
        edge.kind == Kind::Designed && edge.count() > volume
    };
    let (above, below): (Vec<usize>, Vec<usize>) = passing.into_iter().partition(is_above);
    let mut slots: Vec<Slot> = above.into_iter().map(Slot::Passing).collect();
    slots.push(Slot::Bar);
    slots.extend(below.into_iter().map(Slot::Passing));
    slots.extend(sinks.into_iter().map(Slot::Sink));
    slots
}
