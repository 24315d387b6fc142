//! What one bucket leaves when it is measured, and how parts become one: on one machine, or sent from many.

use kernel::{Plan, Summary};
use serde::{Deserialize, Serialize};

use super::write::checksum;
use crate::error::Error;
use crate::import::{Interner, Names};
use crate::presorted::CHANNELS;

/// A bucket's summary, with the names behind its numbers.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) summary: Summary,
    /// Events that are bound to no touchpoint, by activity code.
    pub(crate) unbound: Vec<u64>,
    pub(crate) activities: Interner,
    /// By code, from code 1 on; those that the document names come first.
    pub(crate) channels: Vec<String>,
    /// Events that repeated another one.
    pub(crate) repeated: u64,
}

/// The first bytes of a part that is sent, and of which form it is.
const FORM: &[u8; 5] = b"FPP\0\x01";
const CHECKSUM: usize = 32;

/// What goes before the summary.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    bucket: u32,
    repeated: u64,
    unbound: Vec<u64>,
    activities: Vec<String>,
    channels: Vec<String>,
}

impl Part {
    pub(crate) fn new(plan: &Plan, channels: &[String]) -> Self {
        Self {
            summary: Summary::new(plan),
            unbound: Vec::new(),
            activities: Interner::default(),
            channels: channels.to_vec(),
            repeated: 0,
        }
    }

    /// Adds a part of other customers, made with the same plan.
    pub(crate) fn merge(mut self, mut other: Self) -> Result<Self, Error> {
        let became: Vec<u16> = other
            .channels
            .iter()
            .map(|channel| channel_code(&mut self.channels, channel))
            .collect::<Result<_, Error>>()?;
        recode(&mut other.summary.channels, &became);
        self.summary.merge(other.summary);
        let became = self.activities.merge(&other.activities)?;
        self.unbound.resize(self.activities.len(), 0);
        for (code, count) in became.iter().zip(&other.unbound) {
            self.unbound[*code as usize] += count;
        }
        self.repeated += other.repeated;
        Ok(self)
    }

    /// The form in which it is sent: a head in JSON, the summary, and a checksum of both.
    pub(crate) fn pack(self, bucket: u32) -> Result<Vec<u8>, Error> {
        let head = Head {
            bucket,
            repeated: self.repeated,
            unbound: self.unbound,
            activities: self.activities.texts().map(str::to_owned).collect(),
            channels: self.channels,
        };
        let head = serde_json::to_vec(&head).map_err(|cause| unreadable(&cause))?;
        let summary = self.summary.pack();
        let mut bytes = Vec::with_capacity(FORM.len() + 8 + head.len() + summary.len() + CHECKSUM);
        bytes.extend_from_slice(FORM);
        bytes.extend_from_slice(&(head.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&head);
        bytes.extend_from_slice(&summary);
        let sum = checksum(&bytes);
        bytes.extend_from_slice(sum.as_bytes());
        Ok(bytes)
    }

    /// The bucket and its part; the plan is the one with which it was made.
    pub(crate) fn unpack(bytes: &[u8], plan: &Plan) -> Result<(u32, Self), Error> {
        let (head, summary) = opened(bytes)?;
        let head: Head = serde_json::from_slice(head).map_err(|cause| unreadable(&cause))?;
        let summary = Summary::unpack(summary, plan)
            .ok_or_else(|| unreadable(&"it was not made with this journey"))?;
        let mut activities = Interner::default();
        head.activities.iter().for_each(|name| _ = activities.value(name));
        let part = Self {
            summary,
            unbound: head.unbound,
            activities,
            channels: head.channels,
            repeated: head.repeated,
        };
        Ok((head.bucket, part))
    }
}

/// Which bucket a part that was sent is of.
pub fn bucket_of(part: &[u8]) -> Result<u32, Error> {
    let head: Head = serde_json::from_slice(opened(part)?.0).map_err(|cause| unreadable(&cause))?;
    Ok(head.bucket)
}

/// Head and summary of a part that is whole.
fn opened(bytes: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let rest = bytes.strip_prefix(FORM).ok_or_else(|| {
        unreadable(&"it is no part of a report, or one of another version of footpath")
    })?;
    let whole = || {
        let (content, sum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
        (checksum(content).as_bytes() == sum).then_some(())?;
        let (length, rest) = rest.split_first_chunk::<8>()?;
        let (head, rest) =
            rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        Some((head, rest.get(..rest.len().checked_sub(CHECKSUM)?)?))
    };
    whole().ok_or_else(|| unreadable(&"it was cut off or altered on the way"))
}

fn unreadable(cause: &dyn std::fmt::Display) -> Error {
    Error::caller(format!(
        "what an executor sent cannot be read ({cause}); run the same version of footpath everywhere, and ask again"
    ))
}

/// Codes for the channels that a walk has met since, by its own codes; 0 is no channel.
pub(crate) fn learn(
    known: &mut Vec<u16>,
    names: &Names,
    channels: &mut Vec<String>,
) -> Result<(), Error> {
    for channel in names.channels.texts().skip(known.len() - 1) {
        known.push(channel_code(channels, channel)?);
    }
    Ok(())
}

/// The code of a channel, a new one if it was not known.
fn channel_code(channels: &mut Vec<String>, name: &str) -> Result<u16, Error> {
    let known = channels.iter().position(|known| known == name);
    let place = known.unwrap_or_else(|| {
        channels.push(name.to_owned());
        channels.len() - 1
    });
    if place >= CHANNELS {
        return Err(Error::caller(
            "the events have more than 255 different channels: that is no channel",
        ));
    }
    Ok(place as u16 + 1)
}

/// Counts by touchpoint and channel, where channel `code` has become `became[code - 1]`.
fn recode(counts: &mut [u64], became: &[u16]) {
    if became.iter().zip(1..).all(|(became, code)| *became == code) {
        return;
    }
    for counts in counts.chunks_mut(CHANNELS + 1) {
        let before = counts.to_vec();
        counts[1..].fill(0);
        for (became, count) in became.iter().zip(&before[1..]) {
            counts[usize::from(*became)] += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{PlanBuilder, Settings};

    use super::{CHANNELS, FORM, Part, bucket_of, channel_code, recode};

    fn packed() -> (kernel::Plan, Vec<u8>) {
        let plan = PlanBuilder::new(vec![0, 1], 2).build(Settings::default());
        let mut part = Part::new(&plan, &["desk".to_owned()]);
        part.activities.code("paid");
        part.unbound.push(7);
        part.summary.reach = vec![3, 4];
        (plan, part.pack(11).unwrap_or_default())
    }

    #[test]
    fn a_part_comes_back_as_it_was() {
        let (plan, bytes) = packed();
        let (bucket, part) = Part::unpack(&bytes, &plan).unwrap();
        assert_eq!((bucket, bucket_of(&bytes).unwrap()), (11, 11));
        assert_eq!((part.summary.reach, part.unbound), (vec![3, 4], vec![7]));
        assert_eq!(part.activities.texts().collect::<Vec<_>>(), ["paid"]);
    }

    #[test]
    fn what_was_cut_or_altered_is_refused() {
        let (plan, bytes) = packed();
        for length in 0..bytes.len() {
            assert!(Part::unpack(&bytes[..length], &plan).is_err(), "cut at {length}");
        }
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            let refused = Part::unpack(&altered, &plan).unwrap_err().to_string();
            let is_of_another_version = at < FORM.len();
            assert_eq!(refused.contains("another version"), is_of_another_version, "{refused}");
        }
        let other = PlanBuilder::new(vec![0, 1, 2], 3).build(Settings::default());
        let refused = Part::unpack(&bytes, &other).unwrap_err().to_string();
        assert!(refused.contains("not made with this journey"), "{refused}");
    }

    #[test]
    fn channels_go_where_their_names_are() {
        let mut known = vec!["desk".to_owned(), "app".to_owned()];
        let became = ["app", "web", "desk"].map(|name| channel_code(&mut known, name).unwrap());
        assert_eq!(became, [2, 3, 1]);
        let mut counts = vec![0; 2 * (CHANNELS + 1)];
        counts[..4].copy_from_slice(&[9, 1, 2, 3]);
        counts[CHANNELS + 1..][..4].copy_from_slice(&[8, 4, 5, 6]);
        recode(&mut counts, &became);
        assert_eq!(counts[..4], [9, 3, 1, 2]);
        assert_eq!(counts[CHANNELS + 1..][..4], [8, 6, 4, 5]);
    }
}
