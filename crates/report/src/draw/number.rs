//! How numbers are written: one way for every page, table and drawing.

use jiff::Timestamp;

use crate::document::{Distribution, Score, Share, Unit};

/// `18,240`.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `n = 1,200`, never broken over lines.
pub(crate) fn n(n: u64) -> String {
    format!("n\u{a0}=\u{a0}{}", count(n))
}

/// `18.2K`, for places too narrow for [`count`].
pub(crate) fn compact(n: u64) -> String {
    let value = n as f64;
    match n {
        0..10_000 => count(n),
        10_000..1_000_000 => format!("{}K", trim(value / 1e3, 1)),
        1_000_000..1_000_000_000 => format!("{}M", trim(value / 1e6, 1)),
        _ => format!("{}G", trim(value / 1e9, 1)),
    }
}

/// `93.5%`; whole numbers lose their `.0`.
///
/// What is there but rounds to nothing is `<0.1%`.
pub(crate) fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.000_5 {
        return "<0.1%".to_owned();
    }
    format!("{}%", trim(share * 100.0, 1))
}

/// `90.2–96.1%`, or nothing when there is no interval.
pub(crate) fn percent_interval(low: Option<f64>, high: Option<f64>) -> Option<String> {
    Some(format!("{}–{}%", trim(low? * 100.0, 1), trim(high? * 100.0, 1)))
}

/// `93.5% [90.2–96.1%], n = 310`.
pub(crate) fn share(share: &Share) -> String {
    match (share.share, percent_interval(share.low, share.high)) {
        (Some(value), Some(interval)) => {
            format!("{} [{interval}], {}", percent(value), n(share.n))
        }
        (Some(value), None) => format!("{}, {}", percent(value), n(share.n)),
        _ => n(0),
    }
}

/// `13.2% [11.9–14.6%] of walks, n = 2,418`: a share within a sentence, which says what it is a share of.
pub(crate) fn share_among(share: &Share, of: &str) -> String {
    let interval = percent_interval(share.low, share.high);
    let interval = interval.map(|interval| format!(" [{interval}]")).unwrap_or_default();
    match share.share {
        Some(value) => format!("{}{interval} of {of}, {}", percent(value), n(share.n)),
        None => format!("no {of}, {}", n(share.n)),
    }
}

/// k of n with Wilson's interval, for counts that the report gives without one.
pub(crate) fn share_of(k: u64, n: u64) -> Share {
    let wilson = stats::wilson(k, n, stats::Confidence::P95);
    Share { k, n, share: wilson.share, low: wilson.low, high: wilson.high }
}

/// The share of what failed: 1 − share, its limits changing places.
pub(crate) fn complement(kept: &Share) -> Share {
    Share {
        k: kept.n.saturating_sub(kept.k),
        n: kept.n,
        share: kept.share.map(|share| 1.0 - share),
        low: kept.high.map(|high| (1.0 - high).max(0.0)),
        high: kept.low.map(|low| (1.0 - low).min(1.0)),
    }
}

/// A length of time in the unit that a reader would choose: `45 s`, `4.5 min`, `25.5 h`, `2.5 d`.
pub(crate) fn duration(seconds: f64) -> String {
    let (value, unit) = match seconds.abs() {
        s if s < 1.0 && s > 0.0 => (seconds * 1e3, "ms"),
        s if s < 90.0 => (seconds, "s"),
        s if s < 5_400.0 => (seconds / 60.0, "min"),
        s if s < 172_800.0 => (seconds / 3_600.0, "h"),
        _ => (seconds / 86_400.0, "d"),
    };
    let decimals = if value.abs() < 99.95 { 1 } else { 0 };
    format!("{}\u{a0}{unit}", signed_minus(&trim(value, decimals)))
}

/// `median 4 min, p90 11 min, n = 300`.
pub(crate) fn distribution(d: &Distribution) -> Option<String> {
    let (median, p90) = (d.median?, d.p90?);
    Some(format!("median\u{a0}{}, p90\u{a0}{}, {}", duration(median), duration(p90), n(d.n)))
}

/// Points for NPS, the mean for the rest.
pub(crate) fn score_value(score: &Score) -> Option<f64> {
    score.score.or(score.mean)
}

/// NPS as `+12`, a mean as `3.87`.
pub(crate) fn score(question: &str, value: f64) -> String {
    if question == "nps" { signed(value, 0) } else { decimal(value, 2) }
}

pub(crate) fn score_interval(
    question: &str,
    low: Option<f64>,
    high: Option<f64>,
) -> Option<String> {
    Some(range(&score(question, low?), &score(question, high?)))
}

/// `−38 [−46 to −30], n = 366`.
pub(crate) fn score_sentence(question: &str, s: &Score) -> String {
    let Some(value) = score_value(s) else { return n(s.n) };
    let interval =
        score_interval(question, s.low, s.high).map(|i| format!(" [{i}]")).unwrap_or_default();
    format!("{}{interval}, {}", score(question, value), n(s.n))
}

/// A number in its unit: `93.5%`, `12 points`, `4.5 min`, `2.19`, `1,200`.
pub(crate) fn quantity(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => percent(value),
        Unit::Points => {
            let points = bare(unit, value);
            let name = if points == "1" || points == "−1" { "point" } else { "points" };
            format!("{points}\u{a0}{name}")
        }
        Unit::Seconds => duration(value),
        Unit::Score | Unit::Count | Unit::Ratio => bare(unit, value),
    }
}

/// Its limits: `90.2–96.1%`, `8–16`, `45 s to 4.5 min`; nothing when one of them is missing.
pub(crate) fn quantity_interval(unit: Unit, low: Option<f64>, high: Option<f64>) -> Option<String> {
    match unit {
        Unit::Share => percent_interval(low, high),
        // Each limit has the unit that suits it, and a dash would seem to share the second one.
        Unit::Seconds => Some(format!("{} to {}", duration(low?), duration(high?))),
        _ => Some(range(&bare(unit, low?), &bare(unit, high?))),
    }
}

/// `2.19 [2.06–2.33]`.
pub(crate) fn quantity_within(
    unit: Unit,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
) -> String {
    let interval = quantity_interval(unit, low, high);
    let interval = interval.map(|interval| format!(" [{interval}]")).unwrap_or_default();
    format!("{}{interval}", quantity(unit, value))
}

fn bare(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Points => decimal(value, 0),
        Unit::Score => decimal(value, 2),
        Unit::Share | Unit::Seconds | Unit::Count | Unit::Ratio => plain(value),
    }
}

/// `1.2–3.4`, but `−3 to +1`: a dash between signs is unreadable.
pub(crate) fn range(low: &str, high: &str) -> String {
    let has_sign = |text: &str| text.starts_with(['+', '−']);
    if has_sign(low) || has_sign(high) {
        format!("{low} to {high}")
    } else {
        format!("{low}–{high}")
    }
}

/// At most so many decimals, with a real minus sign.
pub(crate) fn decimal(value: f64, decimals: usize) -> String {
    signed_minus(&trim(value, decimals))
}

/// With its sign, also when positive.
pub(crate) fn signed(value: f64, decimals: usize) -> String {
    let text = decimal(value, decimals);
    if text.starts_with('−') || text == "0" { text } else { format!("+{text}") }
}

/// Three significant digits for numbers whose unit is not known here.
pub(crate) fn plain(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 1e3 {
        let whole = count(magnitude.round() as u64);
        return if value < 0.0 { format!("−{whole}") } else { whole };
    }
    let decimals = if magnitude >= 100.0 {
        0
    } else if magnitude >= 10.0 {
        1
    } else if magnitude >= 1.0 {
        2
    } else {
        3
    };
    decimal(value, decimals)
}

/// Money, or anything else that is counted and estimated, to the whole unit: `1,240`, `−3`.
pub(crate) fn whole(value: f64) -> String {
    let units = count(value.abs().round() as u64);
    if value <= -0.5 { format!("−{units}") } else { units }
}

/// `2026-03-01 00:00 UTC`; what is no time is shown as it came.
pub(crate) fn moment(at: &str) -> String {
    match at.parse::<Timestamp>() {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => at.to_owned(),
    }
}

/// `1 touchpoint has`, `2 touchpoints have`: a count with the words that agree with it.
pub(crate) fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(n as u64), if n == 1 { one } else { many })
}

fn trim(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let short =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

fn signed_minus(text: &str) -> String {
    text.replacen('-', "−", 1)
}

#[cfg(test)]
mod tests {
    use super::{
        compact, complement, count, decimal, duration, moment, percent, plain, quantity_within,
        score_interval, share_among, signed,
    };
    use crate::document::{Share, Unit};

    #[test]
    fn numbers_read_as_people_write_them() {
        let read = [
            count(0),
            count(1_234_567),
            compact(9_999),
            compact(18_240),
            percent(0.935),
            percent(1.0),
            percent(0.000_3),
            duration(0.25),
            duration(45.0),
            duration(240.0),
            duration(91_800.0),
            duration(216_000.0),
            signed(12.0, 0),
            signed(-38.2, 0),
            decimal(3.9, 2),
            plain(0.1324),
            plain(-1_240.0),
            moment("2026-03-01T00:00:00Z"),
            moment("soon"),
        ];
        assert_eq!(
            read,
            [
                "0",
                "1,234,567",
                "9,999",
                "18.2K",
                "93.5%",
                "100%",
                "<0.1%",
                "250\u{a0}ms",
                "45\u{a0}s",
                "4\u{a0}min",
                "25.5\u{a0}h",
                "2.5\u{a0}d",
                "+12",
                "−38",
                "3.9",
                "0.132",
                "−1,240",
                "2026-03-01 00:00 UTC",
                "soon",
            ]
        );
    }

    #[test]
    fn intervals_of_signed_numbers_use_words() {
        assert_eq!(score_interval("nps", Some(-46.0), Some(-30.0)).as_deref(), Some("−46 to −30"));
        assert_eq!(score_interval("csat", Some(3.8), Some(4.1)).as_deref(), Some("3.8–4.1"));
        assert_eq!(score_interval("csat", None, Some(4.1)), None);
    }

    #[test]
    fn quantities_are_written_in_their_unit() {
        let read = |unit, [value, low, high]: [f64; 3]| {
            quantity_within(unit, value, Some(low), Some(high))
        };
        let written = [
            read(Unit::Share, [0.394, 0.3, 0.5]),
            read(Unit::Points, [12.4, 7.6, 16.0]),
            read(Unit::Points, [1.0, -3.0, 5.0]),
            read(Unit::Seconds, [120.0, 45.0, 270.0]),
            read(Unit::Score, [2.193_4, 2.060_6, 2.3]),
            read(Unit::Ratio, [1.5, 0.004_2, 12.34]),
            quantity_within(Unit::Count, 20_819.0, None, None),
        ];
        assert_eq!(
            written,
            [
                "39.4% [30–50%]",
                "12\u{a0}points [8–16]",
                "1\u{a0}point [−3 to 5]",
                "2\u{a0}min [45\u{a0}s to 4.5\u{a0}min]",
                "2.19 [2.06–2.3]",
                "1.5 [0.004–12.3]",
                "20,819",
            ]
        );
    }

    #[test]
    fn a_share_within_a_sentence_says_of_what() {
        let share = Share { k: 45, n: 1_200, share: Some(0.0375), low: Some(0.02), high: None };
        assert_eq!(share_among(&share, "walks"), "3.8% of walks, n\u{a0}=\u{a0}1,200");
        let share = Share { high: Some(0.05), ..share };
        assert_eq!(share_among(&share, "walks"), "3.8% [2–5%] of walks, n\u{a0}=\u{a0}1,200");
        assert_eq!(share_among(&Share::default(), "walks"), "no walks, n\u{a0}=\u{a0}0");
    }

    #[test]
    fn the_complement_swaps_the_limits() {
        let broken =
            complement(&Share { k: 9, n: 10, share: Some(0.9), low: Some(0.6), high: Some(0.98) });
        assert_eq!((broken.k, broken.n), (1, 10));
        let close = |got: Option<f64>, want: f64| got.is_some_and(|got| (got - want).abs() < 1e-12);
        assert!(close(broken.share, 0.1) && close(broken.low, 0.02) && close(broken.high, 0.4));
    }
}
