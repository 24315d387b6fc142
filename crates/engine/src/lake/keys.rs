//! Customers in the lake: a keyed hash of the id, so that a file by itself tells nobody's name.

use siphasher::sip::SipHasher13;
use std::hash::Hasher as _;
use store::HashKey;

/// From the key that files of events give (a hash of the id's text) to the one that the lake keeps.
///
/// SipHash (Aumasson & Bernstein 2012): without the workspace's key nobody can try out ids.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    key: HashKey,
}

impl Keys {
    pub fn new(key: HashKey) -> Self {
        Self { key }
    }

    /// The lake's key of a customer.
    pub fn of(&self, customer: u64) -> u64 {
        let mut hasher = SipHasher13::new_with_key(&self.key.bytes());
        hasher.write_u64(customer);
        hasher.finish()
    }

    /// Rewrites keys in place; those that stand together are computed once.
    pub(crate) fn rewrite(&self, customers: &mut [u64]) {
        let mut last = None;
        for customer in customers {
            let key = match last {
                Some((known, key)) if known == *customer => key,
                _ => self.of(*customer),
            };
            last = Some((*customer, key));
            *customer = key;
        }
    }
}
