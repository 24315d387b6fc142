//! Spans of time as a document writes them: `90s`, `5m`, `12h`, `7d`, `2w`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A length of time in microseconds; never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
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

impl Span {
    pub const fn from_micros(micros: u64) -> Self {
        Self { micros: micros as i64 }
    }

    pub const fn micros(self) -> i64 {
        self.micros
    }
}

impl std::str::FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("`{text}` is no span of time: write a number and s, m, h, d or w, such as `90s` or `7d`");
        let at = text.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(refuse)?;
        let (number, unit) = text.split_at(at);
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit.trim()).ok_or_else(refuse)?;
        let number: f64 = number.trim().parse().map_err(|_| refuse())?;
        let micros = number * *factor as f64;
        if !(0.0..9e18).contains(&micros) {
            return Err(refuse());
        }
        Ok(Self { micros: micros.round() as i64 })
    }
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
        write!(f, "{}s", self.micros as f64 / 1e6)
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}
