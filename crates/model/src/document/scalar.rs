//! What a plain scalar means, by the core schema of YAML 1.2 (which knows no `yes`, `no` or `12:30`).

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Plain {
    Null,
    Bool(bool),
    Integer(i64),
    Number(f64),
    /// `.nan`, `.inf`, or a number beyond what can be counted.
    NotFinite,
    Text,
}

pub(crate) fn plain(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Plain::NotFinite,
        _ => number(text),
    }
}

fn number(text: &str) -> Plain {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Plain::NotFinite;
    }
    let radix = |prefix: &str, radix: u32| {
        let digits = text.strip_prefix(prefix)?;
        (!digits.starts_with(['-', '+'])).then(|| i64::from_str_radix(digits, radix).ok()).flatten()
    };
    if let Some(value) = radix("0o", 8).or_else(|| radix("0x", 16)) {
        return Plain::Integer(value);
    }
    if !is_decimal(unsigned) {
        return Plain::Text;
    }
    if let Ok(value) = text.parse() {
        return Plain::Integer(value);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Plain::Number(value),
        Ok(_) => Plain::NotFinite,
        Err(_) => Plain::Text,
    }
}

/// Digits, at most one point, at least one digit, and an exponent if any; Rust reads all of these, and some more.
fn is_decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)))
        }
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

/// Digits that are a name rather than an amount: `007`, a telephone or member number beyond what a number keeps.
pub(crate) fn is_code(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    digits > 1 && unsigned.starts_with('0') || text.starts_with('+') || digits > 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_the_core_schema_says() {
        let cases = [
            ("", Plain::Null),
            ("~", Plain::Null),
            ("yes", Plain::Text),
            ("no", Plain::Text),
            ("on", Plain::Text),
            ("12:30", Plain::Text),
            ("1_000", Plain::Text),
            ("2024-01-01", Plain::Text),
            ("True", Plain::Bool(true)),
            ("tRUE", Plain::Text),
            ("12", Plain::Integer(12)),
            ("-12", Plain::Integer(-12)),
            ("+12", Plain::Integer(12)),
            ("007", Plain::Integer(7)),
            ("0o17", Plain::Integer(15)),
            ("0x1F", Plain::Integer(31)),
            ("0x-1", Plain::Text),
            ("1.5", Plain::Number(1.5)),
            (".5", Plain::Number(0.5)),
            ("5.", Plain::Number(5.0)),
            (".", Plain::Text),
            ("-", Plain::Text),
            ("1e3", Plain::Number(1000.0)),
            ("1e", Plain::Text),
            ("e3", Plain::Text),
            ("1e999", Plain::NotFinite),
            ("-.inf", Plain::NotFinite),
            (".nan", Plain::NotFinite),
            ("nan", Plain::Text),
            ("inf", Plain::Text),
            ("infinity", Plain::Text),
        ];
        for (text, meaning) in cases {
            assert_eq!(plain(text), meaning, "{text}");
        }
    }

    #[test]
    fn codes_are_told_from_amounts() {
        for code in ["007", "00", "+911800", "1234567890123456"] {
            assert!(is_code(code), "{code}");
        }
        for amount in ["0", "7", "0.5", "-3", "100", "123456789012345", "1e20"] {
            assert!(!is_code(amount), "{amount}");
        }
    }
}
