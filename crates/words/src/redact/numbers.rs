//! Phone, card, account and customer numbers.
//!
//! Five digits in a row are a number that somebody was given; seven are one also with spaces, dots or hyphens between. Years,
//! prices, times and counts are shorter. Digits of every script count.

use super::{Found, Trace};

const LONGEST_RUN_KEPT: usize = 4;
const MOST_DIGITS_KEPT: usize = 6;
/// "0171 / 555" has three characters between digits.
const WIDEST_GAP: usize = 3;

pub(super) fn find(text: &str) -> Vec<Found> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = accounts(&characters);
    let mut at = 0;
    while at < characters.len() {
        if !characters[at].1.is_numeric() {
            at += 1;
            continue;
        }
        let chain = Chain::from(&characters, at);
        if chain.longest_run > LONGEST_RUN_KEPT || chain.n_digits > MOST_DIGITS_KEPT {
            found.push((whole(&characters, at, chain.end), Trace::Number));
        }
        at = chain.end;
    }
    found
}

/// Digits with little between them.
struct Chain {
    /// Behind the last digit.
    end: usize,
    n_digits: usize,
    longest_run: usize,
}

impl Chain {
    fn from(characters: &[(usize, char)], start: usize) -> Self {
        let mut chain = Self { end: start, n_digits: 0, longest_run: 0 };
        let (mut run, mut gap) = (0, 0);
        for (at, (_, c)) in characters.iter().enumerate().skip(start) {
            if c.is_numeric() {
                (run, gap) = (run + 1, 0);
                chain.n_digits += 1;
                chain.longest_run = chain.longest_run.max(run);
                chain.end = at + 1;
            } else if is_between(*c) && gap < WIDEST_GAP {
                (run, gap) = (0, gap + 1);
            } else {
                break;
            }
        }
        chain
    }
}

/// Letters that belong to the number, and the sign or bracket before it.
fn whole(characters: &[(usize, char)], start: usize, end: usize) -> std::ops::Range<usize> {
    let is_part = |(_, c): &(usize, char)| c.is_ascii_alphanumeric();
    let before = characters[..start].iter().rev().take_while(|c| is_part(c)).count();
    let after = characters[end..].iter().take_while(|c| is_part(c)).count();
    let signs = characters[..start - before].iter().rev();
    let signs = signs.take_while(|(_, c)| matches!(c, '+' | '(')).count();
    byte(characters, start - before - signs)..byte(characters, end + after)
}

/// International account numbers: two letters and two digits, then groups up to 34 characters in all.
fn accounts(characters: &[(usize, char)]) -> Vec<Found> {
    let mut found = Vec::new();
    for start in 0..characters.len() {
        let is_inside = start > 0 && characters[start - 1].1.is_alphanumeric();
        if let Some(end) = account_end(&characters[start..]).filter(|_| !is_inside) {
            found.push((byte(characters, start)..byte(characters, start + end), Trace::Account));
        }
    }
    found
}

fn account_end(characters: &[(usize, char)]) -> Option<usize> {
    const SHORTEST: usize = 15;
    const LONGEST: usize = 34;
    let head = characters.get(..4)?;
    let is_head = head[..2].iter().all(|(_, c)| c.is_ascii_uppercase())
        && head[2..].iter().all(|(_, c)| c.is_ascii_digit());
    if !is_head {
        return None;
    }
    let (mut n, mut end) = (0, 0);
    for (at, (_, c)) in characters.iter().enumerate() {
        if c.is_ascii_digit() || c.is_ascii_uppercase() {
            n += 1;
            end = at + 1;
        } else if !matches!(c, ' ' | '-' | '\u{a0}') || at > end {
            break;
        }
    }
    (SHORTEST..=LONGEST).contains(&n).then_some(end)
}

/// What people write between the digits of one number.
fn is_between(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '/' | '(' | ')' | '_' | '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}'
            | '\u{202f}' | '\u{2060}' | '\u{3000}' | '\u{feff}' | '－' | '．' | '·'
    )
}

fn byte(characters: &[(usize, char)], at: usize) -> usize {
    match characters.get(at) {
        Some((byte, _)) => *byte,
        None => characters.last().map_or(0, |(byte, c)| byte + c.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use crate::redact;

    fn check(text: &str, expected: &str) {
        assert_eq!(redact(text, &[]), expected);
    }

    #[test]
    fn numbers_that_somebody_was_given() {
        check("Call +44 (0)20 7946 0018 now", "Call [number] now");
        check("Tel. 0171/5551234.", "Tel. [number].");
        check("card 4111 1111 1111 1111 declined", "card [number] declined");
        check("order AB123456C lost", "order [number] lost");
        check("customer 48291", "customer [number]");
        check("मेरा नंबर ९८७६५४३२१० है", "मेरा नंबर [number] है");
        check("电话１３８００１３８０００谢谢", "电话[number]谢谢");
        check("0\u{200b}1\u{200b}7\u{200b}1\u{200b}5\u{200b}5\u{200b}5\u{200b}1", "[number]");
    }

    #[test]
    fn accounts_with_letters() {
        check("IBAN GB29 NWBK 6016 1331 9268 19, please", "IBAN [account], please");
        check("DE89370400440532013000", "[account]");
    }

    #[test]
    fn counts_prices_times_and_years_stay() {
        for text in
            ["45 minutes", "1,299.00 paid", "at 10:30", "in 2024", "10 - 20 people", "3 of 12"]
        {
            check(text, text);
        }
    }
}
