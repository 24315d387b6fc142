//! Names for customers that lead nowhere: good for one question, and readable by nobody but the server.
//!
//! A handle is the lake's key under a permutation that the workspace's key and the question choose: a Feistel network of
//! four rounds (Luby and Rackoff 1988). Whoever sees handles of two questions cannot tell which belong together.

use sha2::{Digest, Sha256};
use store::HashKey;

/// Makes and reads the handles of one question.
#[derive(Clone)]
pub(crate) struct Handles {
    key: [u8; 32],
}

const ROUNDS: [u8; 4] = [0, 1, 2, 3];

impl Handles {
    pub(crate) fn new(key: HashKey, question: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(key.bytes());
        hash.update("handles of a question");
        hash.update(question);
        Self { key: hash.finalize().into() }
    }

    /// The name of an instance.
    pub(crate) fn name(&self, (customer, number): (u64, u64)) -> String {
        let [mut left, mut right] = halves(customer);
        for round in ROUNDS {
            (left, right) = (right, left ^ self.mixed(right, round));
        }
        format!("{left:08x}{right:08x}-{number}")
    }

    /// The instance that a name of this question is for.
    pub(crate) fn read(&self, name: &str) -> Option<(u64, u64)> {
        let (handle, number) = name.split_once('-')?;
        if handle.len() != 16 {
            return None;
        }
        let [mut left, mut right] = halves(u64::from_str_radix(handle, 16).ok()?);
        for round in ROUNDS.into_iter().rev() {
            (left, right) = (right ^ self.mixed(left, round), left);
        }
        Some((u64::from(left) << 32 | u64::from(right), number.parse().ok()?))
    }

    fn mixed(&self, half: u32, round: u8) -> u32 {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update([round]);
        hash.update(half.to_le_bytes());
        let [a, b, c, d, ..]: [u8; 32] = hash.finalize().into();
        u32::from_le_bytes([a, b, c, d])
    }
}

fn halves(key: u64) -> [u32; 2] {
    [(key >> 32) as u32, key as u32]
}

#[cfg(test)]
mod tests {
    use super::Handles;

    #[test]
    fn a_handle_leads_back_for_its_question_alone() {
        let (ours, other) = (Handles { key: [7; 32] }, Handles { key: [8; 32] });
        for customer in [0, 1, u64::MAX, 0x0123_4567_89ab_cdef] {
            let name = ours.name((customer, 3));
            assert_eq!(ours.read(&name), Some((customer, 3)));
            assert_ne!(other.read(&name), Some((customer, 3)));
            assert_ne!(other.name((customer, 3)), name);
        }
        for name in
            ["", "-", "-1", "00-1", "0000000000000000", "zzzzzzzzzzzzzzzz-1", "0000000000000000-x"]
        {
            assert_eq!(ours.read(name), None, "{name}");
        }
    }
}
