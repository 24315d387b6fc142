//! How many events a minute a key may send.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use store::Workspace;

use crate::error::Error;

/// What each key has left. Kept in memory: one process has the folder, and what a minute allows is soon forgotten.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    left: Mutex<HashMap<String, Left>>,
}

/// A bucket that fills up within a minute.
#[derive(Debug, Clone, Copy)]
struct Left {
    /// Events a minute; 0: any number.
    quota: u64,
    events: f64,
    /// µs.
    at: i64,
}

const MINUTE: f64 = 60_000_000.0;

impl Quotas {
    /// Takes so many events from what the key has left; a bucket that is not empty carries a request that is larger than it,
    /// and owes the rest.
    pub(crate) async fn take(
        &self,
        (workspace, key): (&Workspace, &str),
        events: u64,
        (otherwise, now): (u32, i64),
    ) -> Result<(), Error> {
        let is_known = self.lock().contains_key(key);
        if !is_known {
            let quota = workspace.quota(key).await?.unwrap_or(u64::from(otherwise));
            self.set(key, quota, now);
        }
        let mut all = self.lock();
        let Some(left) = all.get_mut(key) else { return Ok(()) };
        match left.take(events, now) {
            0 => Ok(()),
            seconds => Err(Error::Later {
                message: format!(
                    "this key may send {} events a minute; send the rest later, or ask an admin for more",
                    left.quota
                ),
                seconds,
            }),
        }
    }

    /// From now on the key has this quota, and all of it left.
    pub(crate) fn set(&self, key: &str, quota: u64, now: i64) {
        let left = Left { quota, events: quota as f64, at: now };
        self.lock().insert(key.to_owned(), left);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Left>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Left {
    /// 0, or the seconds after which there is something left.
    fn take(&mut self, events: u64, now: i64) -> u64 {
        if self.quota == 0 {
            return 0;
        }
        let quota = self.quota as f64;
        let passed = now.saturating_sub(self.at).max(0) as f64;
        self.events = (self.events + passed * quota / MINUTE).min(quota);
        self.at = now;
        if self.events < 1.0 {
            let micros = (1.0 - self.events) * MINUTE / quota;
            return (micros / 1_000_000.0).ceil().max(1.0) as u64;
        }
        self.events -= events as f64;
        0
    }
}

#[cfg(test)]
mod tests {
    use super::Left;

    #[test]
    fn a_minute_gives_back_what_a_minute_allows() {
        let mut left = Left { quota: 60, events: 60.0, at: 0 };
        assert_eq!(left.take(50, 0), 0);
        assert_eq!(left.take(30, 0), 0, "what is left carries it");
        assert_eq!(left.take(1, 0), 21, "and twenty are owed");
        assert_eq!(left.take(1, 20_000_000), 1);
        assert_eq!(left.take(1, 21_000_000), 0);
        assert_eq!(left.take(60, 600_000_000), 0);
        assert_eq!(left.take(1, 600_000_000), 1);
        let mut any = Left { quota: 0, events: 0.0, at: 0 };
        assert_eq!(any.take(u64::MAX, 0), 0);
    }
}
