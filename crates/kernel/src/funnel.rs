//! Windowed funnels: how far along an ordered list of steps a customer gets within a time from the first.
//!
//! The meaning of the modes is that of ClickHouse's `windowFunnel`, in the order (time, position in the file). An event
//! that belongs to several steps is never used for two of them in one chain, so `strict_once` is what the default does
//! anyway; it is accepted under its own name.

use crate::events::Runs;

/// A funnel over symbols.
#[derive(Debug, Clone)]
pub struct Funnel {
    /// Bit `k` of `steps_of[symbol]`: the symbol belongs to step `k`.
    pub steps_of: Vec<u32>,
    pub steps: usize,
    /// µs from the first step to the last; [`crate::plan::FOREVER`] for no limit.
    pub within: i64,
    pub mode: FunnelMode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunnelMode {
    Default,
    StrictOrder,
    StrictIncrease,
    StrictOnce,
}

/// The most steps that a funnel can have.
pub const MAX_STEPS: usize = 32;

const NEVER: i64 = i64::MIN;

/// How far one customer got, and how long each step took.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    /// Steps reached.
    pub(crate) level: usize,
    /// µs from the step before, in the chain that first got to the step.
    pub(crate) waits: [i64; MAX_STEPS],
    /// Row at which the level was reached.
    pub(crate) last_row: usize,
    /// Begin of the latest chain that has the level.
    pub(crate) begin: i64,
    /// Something came out of place, so in strict order no later event counts.
    pub(crate) is_over: bool,
    /// Begin and latest moment of the chain that got to each step last; what a later chain has is always better.
    begins: [i64; MAX_STEPS],
    latest: [i64; MAX_STEPS],
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            level: 0,
            waits: [0; MAX_STEPS],
            last_row: 0,
            begin: NEVER,
            is_over: false,
            begins: [NEVER; MAX_STEPS],
            latest: [NEVER; MAX_STEPS],
        }
    }
}

impl Funnel {
    /// How many customers get to each level: `[0]` to none, `[k]` exactly to step `k`.
    ///
    /// `customers` are in runs, `at` never falls within one.
    pub fn levels(&self, customers: &[u64], at: &[i64], symbols: &[u16]) -> Vec<u64> {
        let mut levels = vec![0; self.steps + 1];
        let mut progress = Progress::default();
        for (from, to) in Runs::of(customers) {
            self.progress(&at[from..to], &symbols[from..to], &mut progress);
            levels[progress.level] += 1;
        }
        levels
    }

    /// How far one customer's events go.
    #[inline]
    pub(crate) fn progress(&self, at: &[i64], symbols: &[u16], progress: &mut Progress) {
        match self.mode {
            FunnelMode::StrictIncrease => self.follow::<true, false>(at, symbols, progress),
            FunnelMode::StrictOrder => self.follow::<false, true>(at, symbols, progress),
            FunnelMode::Default | FunnelMode::StrictOnce => {
                self.follow::<false, false>(at, symbols, progress)
            }
        }
    }

    #[inline]
    fn follow<const INCREASE: bool, const ORDER: bool>(
        &self,
        at: &[i64],
        symbols: &[u16],
        progress: &mut Progress,
    ) {
        // Only the steps there are: customers are many, and most of the arrays would be filled for nothing.
        progress.begins[..self.steps].fill(NEVER);
        progress.latest[..self.steps].fill(NEVER);
        progress.level = 0;
        progress.is_over = false;
        'events: for (row, (&at, &symbol)) in at.iter().zip(symbols).enumerate() {
            let mut steps = self.steps_of[usize::from(symbol)];
            if ORDER && steps == 0 && progress.level > 0 {
                progress.is_over = true;
                break;
            }
            while steps != 0 {
                let step = 31 - steps.leading_zeros() as usize;
                steps &= !(1 << step);
                let begin = if step == 0 { at } else { progress.begins[step - 1] };
                if begin == NEVER {
                    if ORDER && progress.level > 0 {
                        progress.is_over = true;
                        break 'events;
                    }
                    continue;
                }
                if at - begin > self.within
                    || (INCREASE && step > 0 && progress.latest[step - 1] >= at)
                {
                    continue;
                }
                progress.begins[step] = begin;
                progress.latest[step] = at;
                if step == progress.level {
                    progress.level += 1;
                    progress.waits[step] =
                        if step == 0 { 0 } else { at - progress.latest[step - 1] };
                    progress.last_row = row;
                    if progress.level == self.steps {
                        return;
                    }
                }
            }
        }
        progress.begin =
            if progress.level == 0 { NEVER } else { progress.begins[progress.level - 1] };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn funnel(steps: usize, within: i64, mode: FunnelMode) -> Funnel {
        Funnel { steps_of: vec![1, 2, 4, 3, 0], steps, within, mode }
    }

    /// The executable specification's own loop, in its own shape.
    fn naive(funnel: &Funnel, events: &[(i64, u16)]) -> usize {
        let mut first: Vec<Option<i64>> = vec![None; funnel.steps];
        let mut best = 0;
        for (at, symbol) in events {
            for k in (0..funnel.steps).rev() {
                if funnel.steps_of[usize::from(*symbol)] >> k & 1 == 1 {
                    if k == 0 {
                        first[0] = Some(*at);
                        best = best.max(1);
                    } else if let Some(begin) =
                        first[k - 1].filter(|begin| at - begin <= funnel.within)
                    {
                        first[k] = Some(begin);
                        best = best.max(k + 1);
                    }
                }
            }
        }
        best
    }

    proptest! {
        #[test]
        fn the_default_mode_is_the_specification(
            gaps in prop::collection::vec((0_i64..4, 0_u16..5), 0..30),
            within in 0_i64..20,
        ) {
            let funnel = funnel(3, within, FunnelMode::Default);
            let mut at = 0;
            let events: Vec<(i64, u16)> = gaps.iter().map(|(gap, symbol)| { at += gap; (at, *symbol) }).collect();
            let (at, symbols): (Vec<i64>, Vec<u16>) = events.iter().copied().unzip();
            let customers = vec![7; at.len()];
            let level = naive(&funnel, &events);
            let mut expected = vec![0; 4];
            if !at.is_empty() { expected[level] = 1; }
            prop_assert_eq!(funnel.levels(&customers, &at, &symbols), expected);
            for mode in [FunnelMode::StrictOrder, FunnelMode::StrictIncrease] {
                let strict = Funnel { mode, ..funnel.clone() }.levels(&customers, &at, &symbols);
                let highest = |levels: &[u64]| levels.iter().rposition(|n| *n > 0);
                prop_assert!(highest(&strict) <= highest(&funnel.levels(&customers, &at, &symbols)));
            }
        }
    }

    fn waits(events: &[(i64, u16)], within: i64) -> (usize, Vec<i64>) {
        let (at, symbols): (Vec<i64>, Vec<u16>) = events.iter().copied().unzip();
        let mut progress = Progress::default();
        funnel(3, within, FunnelMode::Default).progress(&at, &symbols, &mut progress);
        (progress.level, progress.waits[1..progress.level.max(1)].to_vec())
    }

    #[test]
    fn waits_are_those_of_the_chain_that_got_there() {
        assert_eq!(waits(&[(0, 0), (100, 0), (101, 1), (109, 2)], 10), (3, vec![1, 8]));
        assert_eq!(waits(&[(0, 0), (3, 1), (100, 0), (104, 1)], 10), (2, vec![3]));
        assert_eq!(waits(&[(0, 1), (1, 2)], 10), (0, vec![]));
    }
}
