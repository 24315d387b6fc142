//! Takes out of a text what would tell who wrote it or whom it is about, and leaves the rest readable.
//!
//! Every kind of trace has a finder that marks where it stands; what is marked is replaced by a word in brackets. The
//! finders would rather take too much: a wrong `[number]` costs a detail, a missed phone number costs a customer's trust.
//! None of them understands a text: a name that nothing announces is found only if the caller lists it.

mod addresses;
mod links;
mod names;
mod numbers;

use std::ops::Range;

/// What stood there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trace {
    Number,
    Account,
    Email,
    Link,
    Handle,
    Name,
    Address,
}

impl Trace {
    fn placeholder(self) -> &'static str {
        match self {
            Self::Number => "[number]",
            Self::Account => "[account]",
            Self::Email => "[e-mail]",
            Self::Link => "[link]",
            Self::Handle => "[handle]",
            Self::Name => "[name]",
            Self::Address => "[address]",
        }
    }
}

/// Where a trace stands, in bytes.
type Found = (Range<usize>, Trace);

/// The text without e-mail addresses, links, handles, account, card and phone numbers, other numbers of five digits and
/// more, postal addresses, names after titles and greetings, and the names given.
pub fn redact(text: &str, names: &[String]) -> String {
    let mut found = links::find(text);
    found.extend(numbers::find(text));
    found.extend(addresses::find(text));
    found.extend(names::find(text));
    found.extend(names::find_listed(text, names));
    // The longest first where several begin, so that it names the whole.
    found.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
    let mut redacted = String::with_capacity(text.len());
    let mut end = 0;
    for (place, trace) in found {
        if place.start >= end {
            redacted.push_str(&text[end..place.start]);
            redacted.push_str(trace.placeholder());
        }
        end = end.max(place.end);
    }
    redacted.push_str(&text[end..]);
    redacted
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn traces_that_overlap_are_one() {
        let listed = ["Anna Bell".to_owned()];
        assert_eq!(redact("Ask Mrs Anna Bell, please", &listed), "Ask Mrs [name], please");
        assert_eq!(
            redact("Write to anna.bell@example.org or 020 7946 0018", &listed),
            "Write to [e-mail] or [number]"
        );
    }

    #[test]
    fn what_tells_nobody_stays() {
        for text in [
            "",
            "I had to call five times.",
            "Waited 45 minutes at 10:30 for 2 coffees at 3.50",
            "Nobody came in 2024. The dr was kind.",
            "दो घंटे इंतज़ार किया",
            "等了三个小时",
        ] {
            assert_eq!(redact(text, &[]), text);
        }
    }
}
