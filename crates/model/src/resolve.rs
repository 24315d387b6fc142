//! What a journey leaves unsaid: the next touchpoint, the owner of a standard.

use std::collections::HashMap;

use crate::journey::{Journey, Stage, Touchpoint};
use crate::rule::Standard;

/// A journey with its references resolved; touchpoints are numbered in document order.
#[derive(Debug)]
pub struct Resolved<'a> {
    pub journey: &'a Journey,
    pub touchpoints: Vec<Stop<'a>>,
    /// Those of touchpoints first, then those of the whole journey, in document order.
    pub standards: Vec<Held<'a>>,
    index: HashMap<&'a str, usize>,
}

/// A touchpoint in its place on the designed path.
#[derive(Debug, Clone)]
pub struct Stop<'a> {
    pub stage: &'a Stage,
    pub touchpoint: &'a Touchpoint,
    /// Position of the stage in the journey.
    pub stage_at: usize,
    /// Its own owner, else the stage's.
    pub owner: Option<&'a str>,
    /// Designed next touchpoints; empty: the journey ends here.
    pub next: Vec<usize>,
}

/// A standard with what it is held by.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    pub standard: &'a Standard,
    /// `None`: the whole journey.
    pub touchpoint: Option<usize>,
    /// Its own owner, else the touchpoint's, else the stage's.
    pub owner: Option<&'a str>,
}

impl<'a> Resolved<'a> {
    pub fn of(journey: &'a Journey) -> Self {
        let mut index = HashMap::new();
        for (at, (_, touchpoint)) in journey.touchpoints().enumerate() {
            index.entry(touchpoint.id.as_str()).or_insert(at);
        }
        let n_touchpoints = journey.touchpoints().count();
        let stages = journey.stages.iter().enumerate();
        let placed = stages.flat_map(|(at, stage)| {
            stage.touchpoints.iter().map(move |touchpoint| (at, stage, touchpoint))
        });
        let mut touchpoints: Vec<Stop<'a>> = Vec::with_capacity(n_touchpoints);
        for (at, (stage_at, stage, touchpoint)) in placed.enumerate() {
            let next = match &touchpoint.next {
                Some(ids) => ids.iter().filter_map(|id| index.get(id.as_str()).copied()).collect(),
                None => Some(at + 1).filter(|next| *next < n_touchpoints).into_iter().collect(),
            };
            let owner = touchpoint.owner.as_deref().or(stage.owner.as_deref());
            touchpoints.push(Stop { stage, touchpoint, stage_at, owner, next });
        }
        let mut standards = Vec::new();
        for (at, stop) in touchpoints.iter().enumerate() {
            for standard in &stop.touchpoint.standards {
                let owner = standard.owner.as_deref().or(stop.owner);
                standards.push(Held { standard, touchpoint: Some(at), owner });
            }
        }
        for standard in &journey.standards {
            standards.push(Held { standard, touchpoint: None, owner: standard.owner.as_deref() });
        }
        Self { journey, touchpoints, standards, index }
    }

    /// Position of a touchpoint in document order.
    pub fn find_touchpoint(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// The designed next touchpoints of each, as positions.
    pub fn designed_next(&self) -> Vec<Vec<usize>> {
        self.touchpoints.iter().map(|stop| stop.next.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::Resolved;

    fn check(text: &str, expected: Expect) {
        let journey = crate::document::read(text).journey.unwrap();
        let resolved = Resolved::of(&journey);
        let id = |at: &usize| resolved.touchpoints[*at].touchpoint.id.as_str();
        let mut answer = String::new();
        for stop in &resolved.touchpoints {
            let next: Vec<&str> = stop.next.iter().map(id).collect();
            let (stage, owner) = (&stop.stage.id, stop.owner.unwrap_or("nobody"));
            answer += &format!(
                "{} of {stage} ({}), {owner} -> {}\n",
                stop.touchpoint.id,
                stop.stage_at,
                next.join(" ")
            );
        }
        for held in &resolved.standards {
            let touchpoint = held.touchpoint.as_ref().map_or("whole journey", id);
            answer += &format!(
                "{} at {touchpoint}, {}\n",
                held.standard.id,
                held.owner.unwrap_or("nobody")
            );
        }
        expected.assert_eq(&answer);
        assert_eq!(resolved.find_touchpoint("nowhere"), None);
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        check(
            "footpath: 1
journey: a
title: A
stages:
  - id: one
    title: One
    owner: o1
    touchpoints:
      - {id: a, title: A, standards: [{id: sa, text: S, starts: x}, {id: sb, text: S, starts: x, owner: own}]}
      - {id: b, title: B, owner: ob, next: [d, a], standards: [{id: sc, text: S, starts: x}]}
  - id: two
    title: Two
    touchpoints:
      - {id: c, title: C, next: [], standards: [{id: sd, text: S, starts: x}]}
      - {id: d, title: D}
standards: [{id: se, text: S, starts: x, owner: all}, {id: sf, text: S, starts: x}]
",
            expect![[r#"
                a of one (0), o1 -> b
                b of one (0), ob -> d a
                c of two (1), nobody -> 
                d of two (1), nobody -> 
                sa at a, o1
                sb at a, own
                sc at b, ob
                sd at c, nobody
                se at whole journey, all
                sf at whole journey, nobody
            "#]],
        );
    }
}
