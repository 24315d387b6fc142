//! E-mail addresses, links and handles.

use super::{Found, Trace};
use crate::tokens::is_spaceless;

/// Endings of addresses that people write without `www`.
const ENDINGS: [&str; 14] =
    ["com", "org", "net", "info", "biz", "io", "eu", "de", "fr", "es", "in", "th", "cn", "uk"];

pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (at, sign) in text.match_indices(['@', '＠']) {
        found.extend(around_sign(text, at, at + sign.len()));
    }
    for (start, word) in stretches(text) {
        found.extend(link(start, word));
    }
    found
}

/// An e-mail address if something stands on both sides of the sign, a handle if only after it.
fn around_sign(text: &str, start: usize, end: usize) -> Option<Found> {
    let is_name = |c: char| is_letter(c) || "._%+-".contains(c);
    let before = &text[..start];
    let name = before.len() - before.trim_end_matches(is_name).len();
    let after = &text[end..];
    // A full stop behind it ends the sentence, not the address.
    let rest = after.trim_start_matches(is_name);
    let host = after[..after.len() - rest.len()].trim_end_matches(['.', '-']).len();
    if host == 0 {
        return None;
    }
    let trace = if name > 0 { Trace::Email } else { Trace::Handle };
    Some((start - name..end + host, trace))
}

/// Runs of characters that an address can consist of.
fn stretches(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part =
        |c: char| !c.is_whitespace() && !is_spaceless(c) && !"<>\"“”«»（），。".contains(c);
    let stretches = text.split(move |c| !is_part(c)).filter(|word| !word.is_empty());
    stretches.map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

fn link(start: usize, word: &str) -> Option<Found> {
    let bare = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
    let lower = bare.to_ascii_lowercase();
    let begins = ["http://", "https://", "ftp://", "www."].iter().filter_map(|way| lower.find(way));
    if let Some(at) = begins.min() {
        return Some((start + at..start + bare.len(), Trace::Link));
    }
    let lead = bare.len() - bare.trim_start_matches(['(', '[', '\'']).len();
    let host = lower[lead..].split(['/', '?', '#']).next()?;
    let (name, ending) = host.rsplit_once('.')?;
    // "Ok.In the end" lacks a space; the address of a site is written small.
    let is_small = bare[lead..].starts_with(host);
    let is_host =
        is_small && !name.is_empty() && name.chars().all(|c| is_letter(c) || c == '.' || c == '-');
    let has_path = host.len() < bare.len() - lead;
    let is_link =
        is_host && (ENDINGS[..6].contains(&ending) || (has_path && ENDINGS.contains(&ending)));
    is_link.then_some((start + lead..start + bare.len(), Trace::Link))
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_spaceless(c)
}

#[cfg(test)]
mod tests {
    use crate::redact;

    fn check(text: &str, expected: &str) {
        assert_eq!(redact(text, &[]), expected);
    }

    #[test]
    fn addresses_of_people_and_sites() {
        check("Mail me: j.smith+x@mail.example.co.uk.", "Mail me: [e-mail].");
        check("müller@beispiel.de schreiben", "[e-mail] schreiben");
        check("请联系wang@example.cn谢谢", "请联系[e-mail]谢谢");
        check("Thanks @shop_help!", "Thanks [handle]!");
        check("See https://example.org/a?b=1, please", "See [link], please");
        check("(www.example.org)", "([link])");
        check("on example.com/orders now", "on [link] now");
        check("siehe beispiel.de/hilfe", "siehe [link]");
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        check("2 kg @ 3 each", "2 kg @ 3 each");
        check("It was late.In the end it came", "It was late.In the end it came");
        check("e.g. the till", "e.g. the till");
    }
}
