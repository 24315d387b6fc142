//! A generated log that is hard on a processor: what comes next is never certain, and most walks are walked once.
//!
//! Sixteen touchpoints in a designed chain. Customers follow it seven times in ten and otherwise go anywhere, 12 to 18
//! events each; waits spread over five orders of magnitude. The same seed gives the same log on every machine.

use std::num::Wrapping;

pub(crate) const TOUCHPOINTS: u16 = 16;
pub(crate) const CHANNELS: u16 = 4;

/// The last touchpoint of the design ends an instance.
pub(crate) const LEFT: u16 = TOUCHPOINTS - 1;

pub(crate) const SECOND: i64 = 1_000_000;

/// Columns sorted by (customer, time).
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) customers: Vec<u64>,
    pub(crate) at: Vec<i64>,
    pub(crate) symbols: Vec<u16>,
    pub(crate) channels: Vec<u16>,
}

impl Log {
    /// At least so many events, whole customers only.
    pub(crate) fn generate(events: usize, seed: u64) -> Self {
        let mut dice = Dice(Wrapping(seed | 1));
        let mut log = Self::default();
        let mut customer = 0;
        while log.customers.len() < events {
            customer += 1 + dice.below(1000);
            log.add_customer(customer, &mut dice);
        }
        log
    }

    fn add_customer(&mut self, customer: u64, dice: &mut Dice) {
        let length = 12 + dice.below(7);
        let mut at = dice.below(30 * 86_400) as i64 * SECOND;
        let mut touchpoint = dice.below(3) as u16;
        for left in (0..length).rev() {
            self.customers.push(customer);
            self.at.push(at);
            self.symbols.push(if left == 0 && dice.below(3) > 0 { LEFT } else { touchpoint });
            self.channels.push(
                1 + (dice.below(u64::from(CHANNELS - 1)) & dice.below(u64::from(CHANNELS - 1)))
                    as u16,
            );
            at += dice.wait();
            touchpoint = match dice.below(20) {
                0..=13 => (touchpoint + 1) % LEFT,
                14 => touchpoint,
                15..=16 => touchpoint.saturating_sub(1),
                _ => dice.below(u64::from(LEFT)) as u16,
            };
        }
    }
}

/// Marsaglia's xorshift with a multiplication at the end.
#[derive(Debug)]
struct Dice(Wrapping<u64>);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0 * Wrapping(0x2545_f491_4f6c_dd1d)).0
    }

    fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.roll()) * u128::from(n)) >> 64) as u64
    }

    /// Mostly minutes, now and then days: one second to three days, each power of two as likely as the next.
    fn wait(&mut self) -> i64 {
        let power = self.below(18);
        let least = 1_i64 << power;
        (least + self.below(least as u64) as i64) * SECOND + self.below(1_000_000) as i64
    }
}
