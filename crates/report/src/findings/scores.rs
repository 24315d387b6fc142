//! Gaps between what customers say and what they expected, what was promised, and what the company believes.
//!
//! Every gap is one test; together they are held to a false-discovery rate of 10 %, as standards are.

use stats::distributions::norm_two_sided_p;

use super::{Evidence, Found, Ground};
use crate::answers::{GAP, Scored, spread};
use crate::document::{Kind, Score, Unit};
use crate::draw::number::{self, n, quantity_within};

const FALSE_DISCOVERY: f64 = 0.10;

struct Gap<'a> {
    kind: Kind,
    touchpoint: usize,
    question: &'a str,
    scored: &'a Scored,
    /// How far the present falls short, in the unit of the score; positive is bad.
    short: f64,
    low: Option<f64>,
    high: Option<f64>,
    /// What the present is measured against, in words.
    against: String,
    p: Option<f64>,
}

pub(super) fn found(ground: &Ground<'_>) -> Vec<Found> {
    let mut gaps = Vec::new();
    for (touchpoint, scored) in ground.scored.iter().enumerate() {
        for (question, scored) in scored {
            gaps.extend(gaps_of(ground, touchpoint, question, scored));
        }
    }
    let p: Vec<Option<f64>> = gaps.iter().map(|gap| gap.p).collect();
    let proven = stats::proven(&p, FALSE_DISCOVERY);
    let is_shown = |gap: &Gap<'_>| gap.low.is_some_and(|low| low > 0.0);
    let found = gaps.iter().zip(proven).filter(|(gap, proven)| *proven && is_shown(gap));
    found.map(|(gap, _)| gap.found(ground)).collect()
}

fn gaps_of<'a>(
    ground: &Ground<'a>,
    touchpoint: usize,
    question: &'a str,
    scored: &'a Scored,
) -> Vec<Gap<'a>> {
    let reported = &ground.report.touchpoints[touchpoint];
    let mut gaps = Vec::new();
    let mut add = |kind, short: f64, low, high, against| {
        let p = scored.estimate.se.filter(|se| *se > 0.0).map(|se| norm_two_sided_p(short / se));
        gaps.push(Gap { kind, touchpoint, question, scored, short, low, high, against, p });
    };
    if let (GAP, Some(gap)) = (question, scored.score.mean) {
        let expected = scored.score.expected.unwrap_or_default();
        let (low, high) = (scored.score.high.map(|high| -high), scored.score.low.map(|low| -low));
        add(
            Kind::ExperienceGap,
            -gap,
            low,
            high,
            format!("{} was expected", number::score(question, expected)),
        );
    }
    if let Some(gap) = reported.target_gap.get(question) {
        add(
            Kind::TargetGap,
            gap.gap,
            gap.low,
            gap.high,
            format!("the target is {}", number::score(question, gap.target)),
        );
    }
    if let Some(gap) = reported.belief_gap.get(question) {
        let by = gap.by.as_deref().unwrap_or("the company");
        add(
            Kind::BeliefGap,
            gap.gap,
            gap.low,
            gap.high,
            format!("{by} believes {}", number::score(question, gap.belief)),
        );
    }
    gaps
}

impl Gap<'_> {
    fn found(&self, ground: &Ground<'_>) -> Found {
        let score = &self.scored.score;
        let size = spread(&self.scored.estimate).map_or(0.0, |spread| self.short / spread);
        let what = match self.kind {
            Kind::ExperienceGap => "expected − got".to_owned(),
            Kind::TargetGap => format!("target − present, {}", self.question),
            _ => format!("belief − present, {}", self.question),
        };
        let evidence = Evidence {
            what,
            unit: self.unit(),
            value: Some(self.short),
            low: self.low,
            high: self.high,
            n: score.n,
            source: "responses".to_owned(),
        };
        Found {
            kind: self.kind,
            about: ground.report.touchpoints[self.touchpoint].id.clone(),
            touchpoint: Some(self.touchpoint),
            owner: None,
            sentence: self.sentence(ground, score),
            customers: ground.report.touchpoints[self.touchpoint].reach.k,
            parts: ground.parts(Some(self.touchpoint), size),
            evidence: vec![evidence],
            money: None,
        }
    }

    fn sentence(&self, ground: &Ground<'_>, score: &Score) -> String {
        let present = match self.kind {
            Kind::ExperienceGap => score.got,
            _ => score.score.or(score.mean),
        };
        let question =
            if self.kind == Kind::ExperienceGap { "what was got" } else { self.question };
        format!(
            "“{}”: {question} is {}, {}; the gap is {}, {}.",
            ground.title(self.touchpoint),
            number::score(self.question, present.unwrap_or_default()),
            self.against,
            quantity_within(self.unit(), self.short, self.low, self.high),
            n(score.n)
        )
    }

    /// A difference of two scores is in the unit of the score.
    fn unit(&self) -> Unit {
        if self.question == "nps" { Unit::Points } else { Unit::Score }
    }
}
