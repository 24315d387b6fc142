//! The instances behind a number of a report, one by one, in an order that stays.

use kernel::{Listed, list};
use model::nearest::nearest;
use model::resolve::Resolved;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use report::plan::Compiled;

use super::layout::{BUCKETS, bucket};
use super::part::learn;
use super::pass::{read_of, wanted};
use super::read::Wanted;
use super::view::View;
use crate::error::Error;
use crate::gather::Coding;
use crate::import::Watch;
use crate::looked_at::LookedAt;
use crate::measure::Asked;
use crate::presorted::room;

/// Which instances a number counts; all conditions hold at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind {
    /// A standard, and what became of it at least once in the instance.
    pub standard: Option<(String, Became)>,
    /// Visited at least once.
    pub touchpoint: Option<String>,
    /// One directly after the other at least once; `^` is the start, `$` the end.
    pub transition: Option<(String, String)>,
    /// The whole path.
    pub variant: Option<Vec<String>>,
    /// Given up, and this was the stage of the last visit.
    pub dropped: Option<String>,
    pub state: Option<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    Kept,
    Broken,
    Pending,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Ended,
    TimedOut,
    Open,
}

/// An instance of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The lake's key.
    pub customer: u64,
    /// From 1 on, in the order in which the customer's instances are met.
    pub number: u64,
    /// µs, of the first and the last event.
    pub span: (i64, i64),
    pub events: u64,
    pub state: State,
    /// Touchpoints in order, and when each was visited.
    pub visits: Vec<(String, i64)>,
    /// Standards of which there was something to check: kept, broken, pending, unknown.
    pub checks: Vec<(String, [u64; 4])>,
}

/// What is listed.
#[derive(Debug, Clone, Copy)]
pub struct Listing<'a> {
    pub journey: &'a Resolved<'a>,
    pub asked: &'a Asked,
    pub behind: &'a Behind,
    /// Only this customer's.
    pub customer: Option<u64>,
    pub watch: &'a Watch,
}

impl View<'_> {
    /// Instances by customer's key and number: at most so many of those after the one named.
    pub fn instances(
        &self,
        listing: &Listing<'_>,
        after: Option<(u64, u64)>,
        limit: usize,
    ) -> Result<Vec<Instance>, Error> {
        let Listing { journey, asked, behind, customer, .. } = *listing;
        let looked_at = LookedAt::of(journey, &asked.segment, None, None);
        read_of(self, &looked_at.attributes)?;
        let question = asked.question(self.latest(), room(&looked_at.channels), &[]);
        let compiled = looked_at.compile(&question);
        let reading = Reading {
            view: self,
            listing,
            compiled: &compiled,
            test: Test::of(journey, behind, &compiled)?,
            wanted: Wanted { customer, ..wanted(&looked_at.attributes) },
            looked_at: &looked_at,
        };
        let first = after.map_or(0, |(customer, _)| bucket(customer));
        let buckets: Vec<u32> = match customer {
            Some(customer) => vec![bucket(customer)],
            None => (first..BUCKETS).collect(),
        };
        let mut found = Vec::new();
        // As many side by side as there are cores; those behind the last one that is needed are not begun.
        for some in buckets.chunks(rayon::current_num_threads().max(1)) {
            let read = some.into_par_iter().map(|number| reading.bucket(*number, after, limit));
            for instances in read.collect::<Result<Vec<_>, Error>>()? {
                found.extend(instances);
            }
            if found.len() >= limit {
                break;
            }
        }
        found.truncate(limit);
        Ok(found)
    }
}

struct Reading<'a> {
    view: &'a View<'a>,
    listing: &'a Listing<'a>,
    compiled: &'a Compiled,
    looked_at: &'a LookedAt<'a>,
    test: Test,
    wanted: Wanted,
}

impl Reading<'_> {
    fn bucket(
        &self,
        number: u32,
        after: Option<(u64, u64)>,
        limit: usize,
    ) -> Result<Vec<Instance>, Error> {
        let portion = self.view.portion(number);
        let mut walker = portion.walk(self.view.disk(), &self.wanted)?;
        let LookedAt { symbols, attributes, channels, .. } = self.looked_at;
        let mut coding = Coding::of(symbols, attributes);
        let (mut codes, mut known) = (vec![0], channels.clone());
        let (mut unbound, mut found) = (Vec::new(), Vec::new());
        while let Some(mut gathered) = walker.next()? {
            self.listing.watch.check()?;
            coding.learn(&walker.names.activities);
            unbound.resize(walker.names.activities.len(), 0);
            learn(&mut codes, &walker.names, &mut known)?;
            let of = &mut gathered.columns;
            of.channels.iter_mut().for_each(|code| *code = codes[*code as usize].into());
            let coded = coding.code(of, &mut unbound);
            let columns = coding.attributes(of, &coded);
            list(&coded.events(of, &columns), &self.compiled.plan, &mut |listed| {
                let is_after = after.is_none_or(|after| (listed.customer, listed.number) > after);
                let is_theirs = self.listing.customer.is_none_or(|it| it == listed.customer);
                if is_after && is_theirs && found.len() < limit && self.test.holds(&listed) {
                    found.push(self.told(&listed));
                }
            });
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }

    fn told(&self, listed: &Listed<'_>) -> Instance {
        let journey = self.listing.journey;
        let id = |place: u16| journey.touchpoints[usize::from(place)].touchpoint.id.clone();
        let visits = listed.touchpoints.iter().zip(listed.at).map(|(it, at)| (id(*it), *at));
        let standards = journey.standards.iter().zip(&self.compiled.rule_of);
        let checks = standards.filter_map(|(held, rule)| {
            let counts = listed.checks[(*rule)?];
            (counts != [0; 4]).then(|| (held.standard.id.clone(), counts))
        });
        Instance {
            customer: listed.customer,
            number: listed.number,
            span: listed.span,
            events: listed.events,
            state: STATES[listed.state],
            visits: visits.collect(),
            checks: checks.collect(),
        }
    }
}

const STATES: [State; 3] = [State::Ended, State::TimedOut, State::Open];

/// What is asked, in numbers of the plan.
struct Test {
    rule: Option<(usize, usize)>,
    touchpoint: Option<u16>,
    transition: Option<(Option<u16>, Option<u16>)>,
    variant: Option<Vec<u16>>,
    /// Touchpoints of the stage.
    dropped: Option<Vec<u16>>,
    state: Option<State>,
    can_close: bool,
}

impl Test {
    fn of(journey: &Resolved<'_>, behind: &Behind, compiled: &Compiled) -> Result<Self, Error> {
        let touchpoint = |id: &String| touchpoint(journey, id.as_str());
        let end = |id: &String, sign: &str| (id != sign).then(|| touchpoint(id)).transpose();
        let transition = behind.transition.as_ref();
        let transition =
            transition.map(|(from, to)| Ok::<_, Error>((end(from, "^")?, end(to, "$")?)));
        let variant = behind.variant.as_ref();
        let variant = variant.map(|path| path.iter().map(touchpoint).collect());
        Ok(Self {
            rule: behind.standard.as_ref().map(|it| rule(journey, it, compiled)).transpose()?,
            touchpoint: behind.touchpoint.as_ref().map(touchpoint).transpose()?,
            transition: transition.transpose()?,
            variant: variant.transpose()?,
            dropped: behind.dropped.as_ref().map(|id| stage(journey, id)).transpose()?,
            state: behind.state,
            can_close: compiled.plan.can_close(),
        })
    }

    fn holds(&self, listed: &Listed<'_>) -> bool {
        let path = listed.touchpoints;
        let state = STATES[listed.state];
        // As the report counts it: an open instance has no end yet, unless the journey knows no end at all.
        let is_closed = state != State::Open || !self.can_close;
        let follows = |(from, to): (Option<u16>, Option<u16>)| match (from, to) {
            (None, None) => false,
            (None, Some(to)) => path.first() == Some(&to),
            (Some(from), None) => is_closed && path.last() == Some(&from),
            (Some(from), Some(to)) => path.windows(2).any(|two| two == [from, to]),
        };
        let is_last_of = |stage: &Vec<u16>| {
            state == State::TimedOut && path.last().is_some_and(|last| stage.contains(last))
        };
        self.rule.is_none_or(|(rule, became)| listed.checks[rule][became] > 0)
            && self.touchpoint.is_none_or(|it| path.contains(&it))
            && self.transition.is_none_or(follows)
            && self.variant.as_ref().is_none_or(|variant| variant == path)
            && self.dropped.as_ref().is_none_or(is_last_of)
            && self.state.is_none_or(|it| it == state)
    }
}

fn touchpoint(journey: &Resolved<'_>, id: &str) -> Result<u16, Error> {
    let known = || journey.touchpoints.iter().map(|stop| stop.touchpoint.id.as_str());
    let place = journey.find_touchpoint(id).map(|place| place as u16);
    place.ok_or_else(|| unknown("touchpoint", id, known()))
}

fn stage(journey: &Resolved<'_>, id: &str) -> Result<Vec<u16>, Error> {
    let stages = &journey.journey.stages;
    let place = stages.iter().position(|stage| stage.id == id);
    let known = || stages.iter().map(|stage| stage.id.as_str());
    let place = place.ok_or_else(|| unknown("stage", id, known()))?;
    let stops = (0..).zip(&journey.touchpoints);
    Ok(stops.filter(|(_, stop)| stop.stage_at == place).map(|(number, _)| number).collect())
}

/// The rule of a standard, and which of its counts is meant.
fn rule(
    journey: &Resolved<'_>,
    (id, became): &(String, Became),
    compiled: &Compiled,
) -> Result<(usize, usize), Error> {
    let known = || journey.standards.iter().map(|held| held.standard.id.as_str());
    let place = known().position(|known| known == id);
    let place = place.ok_or_else(|| unknown("standard", id, known()))?;
    let rule = compiled.rule_of[place].ok_or_else(|| {
        Error::caller(format!(
            "the standard `{id}` is not judged by events, so there are no instances behind it"
        ))
    })?;
    Ok((rule, *became as usize))
}

fn unknown<'a>(noun: &str, id: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let near = nearest(id, known).map(|near| format!("; did you mean `{near}`?"));
    Error::caller(format!("the journey has no {noun} `{id}`{}", near.unwrap_or_default()))
}
