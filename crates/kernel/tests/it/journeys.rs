//! Journeys and logs as the tests write them: plain sets of symbols, rows instead of columns.
//!
//! The oracle reads these; [`Journey::plan`] and [`Log`] hand the same to the kernel in its own form.

use kernel::{
    Cadence, Column, Design, Events, FOREVER, Funnel, FunnelMode, Mode, NO_TIME, Plan, PlanBuilder,
    Response, Rule, Settings, Steps, Test, UNBOUND,
};

pub(crate) type Set = Vec<u16>;

/// Columns of the attributes that every log of these tests carries.
pub(crate) const ID: usize = 0;
pub(crate) const SEGMENT: usize = 1;
pub(crate) const TEXT: usize = 2;
pub(crate) const NUMBER: usize = 3;
pub(crate) const DUE: usize = 4;

/// One event, with its place in the log.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) place: usize,
    pub(crate) customer: u64,
    pub(crate) at: i64,
    pub(crate) symbol: u16,
    pub(crate) channel: u16,
    pub(crate) id: u64,
    pub(crate) segment: u64,
    pub(crate) text: u64,
    pub(crate) number: f64,
    pub(crate) due: i64,
}

/// On one line, so that a failing log can be read.
impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { place, customer, at, symbol, channel, id, segment, text, number, due } = self;
        write!(
            f,
            "{place}: {customer} {symbol}@{at} ch{channel} id{id} in{segment} text{text} n{number} due{due}"
        )
    }
}

impl Row {
    pub(crate) fn new(place: usize, customer: u64, at: i64, symbol: u16) -> Self {
        let number = f64::NAN;
        Self {
            place,
            customer,
            at,
            symbol,
            channel: 0,
            id: 0,
            segment: 0,
            text: 0,
            number,
            due: NO_TIME,
        }
    }
}

/// A journey with everything that the kernel can be asked about it.
#[derive(Debug, Clone)]
pub(crate) struct Journey {
    pub(crate) touchpoint_of: Vec<u16>,
    pub(crate) touchpoints: usize,
    pub(crate) starts: Set,
    pub(crate) ends: Set,
    pub(crate) again: Set,
    pub(crate) by_id: bool,
    /// Values of the attribute [`SEGMENT`]; empty: everybody.
    pub(crate) segment: Vec<u64>,
    pub(crate) closes_after: Option<i64>,
    pub(crate) again_within: Option<i64>,
    /// Values of the attribute [`SEGMENT`] that make strata, and groups; empty: none are asked for.
    pub(crate) strata: Vec<u64>,
    /// Whether [`NUMBER`] is the value that an event carries.
    pub(crate) has_value: bool,
    pub(crate) horizon: i64,
    pub(crate) from: Option<i64>,
    pub(crate) channels: usize,
    pub(crate) watched: Vec<u64>,
    pub(crate) standards: Vec<Standard>,
    pub(crate) funnels: Vec<Steppings>,
    pub(crate) design: Option<Design>,
}

/// A rule over plain sets. [`kernel::FOREVER`] where there is no limit.
#[derive(Debug, Clone)]
pub(crate) enum Standard {
    Response {
        from: Set,
        to: Set,
        within: i64,
        at_least: i64,
        mode: Mode,
        same: bool,
        unless: Option<Set>,
    },
    Precedence {
        before: Set,
        then: Set,
        within: i64,
    },
    Count {
        of: Set,
        at_least: u64,
        at_most: u64,
    },
    AtMost {
        of: Set,
        times: u64,
        per: i64,
    },
    Required {
        of: Set,
        within: i64,
        of_start: Option<Set>,
    },
    Never {
        of: Set,
        after: Set,
        within: i64,
    },
    Order {
        allowed: Vec<(u16, u16)>,
    },
    Wait {
        from: Set,
        to: Set,
        at_most: i64,
    },
    Cadence {
        of: Set,
        every: i64,
        grace: i64,
        at_least: i64,
        from: Option<Set>,
        until: Option<Set>,
    },
    Channel {
        of: Set,
        only: Vec<u16>,
    },
    Due {
        from: Set,
        to: Set,
    },
    Consistent {
        first: Set,
        then: Set,
    },
    Value {
        of: Set,
        test: Test,
    },
    Duration {
        ends: Option<Set>,
        within: i64,
    },
    Starts {
        of: Set,
    },
    Ends {
        of: Set,
    },
}

/// A funnel over plain sets.
#[derive(Debug, Clone)]
pub(crate) struct Steppings {
    pub(crate) steps: Vec<Set>,
    pub(crate) within: i64,
    pub(crate) mode: FunnelMode,
}

impl Journey {
    /// A journey in which every symbol is a touchpoint, and nothing else is said.
    pub(crate) fn plain(symbols: u16) -> Self {
        Self {
            touchpoint_of: (0..symbols).collect(),
            touchpoints: symbols.into(),
            starts: Vec::new(),
            ends: Vec::new(),
            again: Vec::new(),
            by_id: false,
            segment: Vec::new(),
            closes_after: None,
            again_within: None,
            strata: Vec::new(),
            has_value: false,
            horizon: i64::MAX / 4,
            from: None,
            channels: 0,
            watched: Vec::new(),
            standards: Vec::new(),
            funnels: Vec::new(),
            design: None,
        }
    }

    /// The same journey with its touchpoints far apart, and without its design.
    pub(crate) fn spread(&self, by: u16) -> Self {
        let far = |touchpoint: u16| if touchpoint == UNBOUND { UNBOUND } else { touchpoint * by };
        let mut spread = self.clone();
        spread.design = None;
        spread.touchpoints = self.touchpoints * usize::from(by);
        spread.touchpoint_of.iter_mut().for_each(|touchpoint| *touchpoint = far(*touchpoint));
        for standard in &mut spread.standards {
            if let Standard::Order { allowed } = standard {
                allowed.iter_mut().for_each(|(from, to)| (*from, *to) = (far(*from), far(*to)));
            }
        }
        spread
    }

    /// The same journey with all its times so many times as long.
    pub(crate) fn stretched(&self, by: i64) -> Self {
        let long = |span: i64| if span == FOREVER { FOREVER } else { span * by };
        let mut stretched = self.clone();
        stretched.horizon *= by;
        let own = [&mut stretched.closes_after, &mut stretched.again_within, &mut stretched.from];
        own.into_iter().flatten().for_each(|span| *span = long(*span));
        stretched.funnels.iter_mut().for_each(|funnel| funnel.within = long(funnel.within));
        for standard in &mut stretched.standards {
            standard.times().into_iter().for_each(|span| *span = long(*span));
        }
        stretched
    }

    pub(crate) fn plan(&self) -> Plan {
        let mut sets = PlanBuilder::new(self.touchpoint_of.clone(), self.touchpoints);
        sets.starts(&self.starts);
        sets.ends(&self.ends);
        sets.again(&self.again);
        let rules = self
            .standards
            .iter()
            .map(|standard| standard.rule(&mut sets, self.touchpoints))
            .collect();
        let segment = if self.segment.is_empty() {
            Vec::new()
        } else {
            vec![(SEGMENT, self.segment.clone())]
        };
        sets.build(Settings {
            instance_by: self.by_id.then_some(ID),
            closes_after: self.closes_after,
            segment,
            horizon: self.horizon,
            from: self.from,
            rules,
            funnels: self
                .funnels
                .iter()
                .map(|funnel| funnel.compiled(self.touchpoint_of.len()))
                .collect(),
            design: self.design.clone(),
            channels: self.channels,
            again_within: self.again_within,
            value: self.has_value.then_some(NUMBER),
            strata: (!self.strata.is_empty()).then(|| (SEGMENT, self.strata.clone())),
            groups: (!self.strata.is_empty()).then(|| (SEGMENT, self.strata.clone())),
            watched: self.watched.clone(),
        })
    }
}

impl Standard {
    /// Every length of time that it names.
    fn times(&mut self) -> Vec<&mut i64> {
        match self {
            Self::Response { within, at_least, .. } => vec![within, at_least],
            Self::AtMost { per, .. } => vec![per],
            Self::Wait { at_most, .. } => vec![at_most],
            Self::Cadence { every, grace, at_least, .. } => vec![every, grace, at_least],
            Self::Precedence { within, .. }
            | Self::Required { within, .. }
            | Self::Never { within, .. }
            | Self::Duration { within, .. } => vec![within],
            _ => Vec::new(),
        }
    }

    fn rule(&self, sets: &mut PlanBuilder, touchpoints: usize) -> Rule {
        let mut set = |symbols: &Set| sets.set(symbols);
        match self.clone() {
            Self::Response { from, to, within, at_least, mode, same, unless } => {
                Rule::Response(Response {
                    from: set(&from),
                    to: set(&to),
                    within,
                    at_least,
                    mode,
                    same: same.then_some(TEXT),
                    unless: unless.as_ref().map(set),
                })
            }
            Self::Precedence { before, then, within } => {
                Rule::Precedence { before: set(&before), then: set(&then), within }
            }
            Self::Count { of, at_least, at_most } => {
                Rule::Count { of: set(&of), at_least, at_most }
            }
            Self::AtMost { of, times, per } => Rule::AtMost { of: set(&of), times, per },
            Self::Required { of, within, of_start } => {
                Rule::Required { of: set(&of), within, of_start: of_start.as_ref().map(set) }
            }
            Self::Never { of, after, within } => {
                Rule::Never { of: set(&of), after: set(&after), within }
            }
            Self::Order { allowed } => {
                let mut steps = Steps::none(touchpoints);
                allowed.iter().for_each(|(from, to)| steps.allow((*from).into(), (*to).into()));
                Rule::Order { allowed: steps }
            }
            Self::Wait { from, to, at_most } => {
                Rule::Wait { from: set(&from), to: set(&to), at_most }
            }
            Self::Cadence { of, every, grace, at_least, from, until } => {
                let (of, from) = (set(&of), from.as_ref().map(&mut set));
                Rule::Cadence(Cadence {
                    of,
                    every,
                    grace,
                    at_least,
                    from,
                    until: until.as_ref().map(set),
                })
            }
            Self::Channel { of, only } => Rule::Channel { of: set(&of), only },
            Self::Due { from, to } => Rule::Due { from: set(&from), to: set(&to), by: DUE },
            Self::Consistent { first, then } => {
                Rule::Consistent { attribute: TEXT, first: set(&first), then: set(&then) }
            }
            Self::Value { of, test } => {
                let attribute = if matches!(test, Test::Texts(_)) { TEXT } else { NUMBER };
                Rule::Value { of: set(&of), attribute, test }
            }
            Self::Duration { ends, within } => {
                Rule::Duration { ends: ends.as_ref().map(set), within }
            }
            Self::Starts { of } => Rule::Starts { of: set(&of) },
            Self::Ends { of } => Rule::Ends { of: set(&of) },
        }
    }
}

impl Steppings {
    fn compiled(&self, symbols: usize) -> Funnel {
        let mut steps_of = vec![0; symbols];
        for (step, set) in self.steps.iter().enumerate() {
            set.iter().for_each(|symbol| steps_of[usize::from(*symbol)] |= 1 << step);
        }
        Funnel { steps_of, steps: self.steps.len(), within: self.within, mode: self.mode }
    }
}

/// Rows as columns.
#[derive(Debug, Default)]
pub(crate) struct Log {
    customers: Vec<u64>,
    at: Vec<i64>,
    symbols: Vec<u16>,
    channels: Vec<u16>,
    texts: [Vec<u64>; 3],
    numbers: Vec<f64>,
    dues: Vec<i64>,
}

impl Log {
    pub(crate) fn of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Self {
        let mut log = Self::default();
        for row in rows {
            log.customers.push(row.customer);
            log.at.push(row.at);
            log.symbols.push(row.symbol);
            log.channels.push(row.channel);
            for (column, value) in log.texts.iter_mut().zip([row.id, row.segment, row.text]) {
                column.push(value);
            }
            log.numbers.push(row.number);
            log.dues.push(row.due);
        }
        log
    }

    /// The columns, in the order of [`ID`] to [`DUE`].
    pub(crate) fn columns(&self) -> [Column<'_>; 5] {
        let [ids, segments, texts] = &self.texts;
        [
            Column::Text(ids),
            Column::Text(segments),
            Column::Text(texts),
            Column::Number(&self.numbers),
            Column::Time(&self.dues),
        ]
    }

    pub(crate) fn events<'a>(&'a self, attributes: &'a [Column<'a>]) -> Events<'a> {
        Events {
            customers: &self.customers,
            at: &self.at,
            symbols: &self.symbols,
            channels: &self.channels,
            attributes,
        }
    }
}
