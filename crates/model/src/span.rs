//! Spans of time as a document writes them: `90s`, `5m`, `12h`, `7d`, `2w`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A length of time in microseconds; never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    micros: i64,
}

/// Largest first, so that writing picks the largest unit that divides.
const UNITS: [(&str, i64); 6] = [
    ("w", 7 * 86_400_000_000),
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
];

/// The form of a span, as a regular expression for the JSON Schema.
pub(crate) const PATTERN: &str = r"^[0-9]+(\.[0-9]+)? ?(w|d|h|m|s|ms)$";

impl Span {
    /// A span of so many microseconds (the longest there is, beyond 292,000 years).
    pub const fn from_micros(micros: u64) -> Self {
        Self { micros: if micros > i64::MAX as u64 { i64::MAX } else { micros as i64 } }
    }

    pub const fn micros(self) -> i64 {
        self.micros
    }

    pub const fn is_zero(self) -> bool {
        self.micros == 0
    }
}

impl std::str::FromStr for Span {
    type Err = String;

    /// Reads digit by digit rather than through `f64`, so that every span that is written is read back to the microsecond.
    fn from_str(text: &str) -> Result<Self, String> {
        parsed(text).ok_or_else(|| {
            format!("`{text}` is no span of time: write a number and s, m, h, d or w, such as `90s` or `7d`")
        })
    }
}

fn parsed(text: &str) -> Option<Span> {
    let at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(at);
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let number = number.strip_suffix(' ').unwrap_or(number);
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (number, ""),
    };
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let factor = i128::from(*factor);
    let mut micros = whole.parse::<i128>().ok()?.checked_mul(factor)?;
    // What follows the fifteenth digit is less than a microsecond, even of weeks.
    let fraction = &fraction[..fraction.len().min(15)];
    if !fraction.is_empty() {
        let scale = 10_i128.pow(fraction.len() as u32);
        micros += (fraction.parse::<i128>().ok()? * factor + scale / 2) / scale;
    }
    Some(Span { micros: i64::try_from(micros).ok()? })
}

/// The span that a text in another form was probably meant to be: `5 minutes` → `5m`, `PT2H` → `2h`.
pub(crate) fn meant(text: &str) -> Option<Span> {
    const WORDS: [(&str, &[&str]); 6] = [
        ("ms", &["millisecond", "milliseconds", "msec"]),
        ("s", &["sec", "secs", "second", "seconds"]),
        ("m", &["min", "mins", "minute", "minutes"]),
        ("h", &["hr", "hrs", "hour", "hours"]),
        ("d", &["day", "days"]),
        ("w", &["wk", "week", "weeks"]),
    ];
    let lower = text.trim().to_lowercase();
    let at = lower.find(|c: char| c.is_ascii_alphabetic())?;
    if let Some(time) = lower.strip_prefix("pt") {
        return parsed(time);
    }
    let (number, unit) = lower.split_at(at);
    let known = WORDS.iter().find(|(name, words)| unit == *name || words.contains(&unit));
    parsed(&format!("{}{}", number.trim(), known?.0))
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.micros == 0 {
            return f.write_str("0s");
        }
        for (unit, factor) in UNITS {
            if self.micros % factor == 0 {
                return write!(f, "{}{unit}", self.micros / factor);
            }
        }
        let fraction = format!("{:06}", self.micros % 1_000_000);
        write!(f, "{}.{}s", self.micros / 1_000_000, fraction.trim_end_matches('0'))
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": PATTERN,
            "description": "A length of time: a number and `s`, `m` (minutes), `h`, `d` or `w`.",
            "examples": ["90s", "5m", "12h", "7d", "2w"]
        })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let answer = match text.parse::<Span>() {
            Ok(span) => format!("{span} = {} us", span.micros()),
            Err(error) => format!("{error}; meant: {:?}", meant(text).map(|span| span.to_string())),
        };
        expected.assert_eq(&answer);
    }

    #[test]
    fn spans_are_read_and_written_in_the_largest_unit() {
        check("90s", expect!["90s = 90000000 us"]);
        check("60s", expect!["1m = 60000000 us"]);
        check("1.5h", expect!["90m = 5400000000 us"]);
        check("7d", expect!["1w = 604800000000 us"]);
        check("10 d", expect!["10d = 864000000000 us"]);
        check("250ms", expect!["250ms = 250000 us"]);
        check("0.000001s", expect!["0.000001s = 1 us"]);
        check("0d", expect!["0s = 0 us"]);
    }

    #[test]
    fn what_is_no_span_is_refused_with_what_was_meant() {
        check(
            "5 minutes",
            expect![
                "`5 minutes` is no span of time: write a number and s, m, h, d or w, such as `90s` or `7d`; meant: Some(\"5m\")"
            ],
        );
        check(
            "PT2H",
            expect![
                "`PT2H` is no span of time: write a number and s, m, h, d or w, such as `90s` or `7d`; meant: Some(\"2h\")"
            ],
        );
        check(
            "5M",
            expect![
                "`5M` is no span of time: write a number and s, m, h, d or w, such as `90s` or `7d`; meant: Some(\"5m\")"
            ],
        );
        for text in [
            "",
            "5",
            "-5m",
            "m",
            "NaNs",
            "infs",
            "1e3s",
            "5.s",
            ".5s",
            "5m ",
            "99999999999999999999w",
            "5y",
        ] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_span_is_read_back_to_the_microsecond(micros in any::<u64>()) {
            let span = Span::from_micros(micros);
            prop_assert_eq!(span.to_string().parse(), Ok(span));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,40}") {
            let _ = (text.parse::<Span>(), meant(&text));
        }
    }
}
