//! Text of a page or a drawing, escaped by construction.
//!
//! Words of customers and of documents come in through [`Markup::text`] and attribute values, both of which escape. What
//! is not escaped takes `&'static str`: only this program's own literals fit, so nobody can pass a title by mistake.

use std::fmt::Write as _;

use super::Svg;

/// Markup under construction: HTML and SVG alike.
#[derive(Debug, Clone, Default)]
pub(crate) struct Markup {
    out: String,
}

/// Attribute names are ours, values are anybody's.
pub(crate) type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Markup {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// One of our own literals, as it stands.
    pub(crate) fn raw(&mut self, literal: &'static str) {
        self.out.push_str(literal);
    }

    /// Anybody's words.
    pub(crate) fn text(&mut self, words: &str) {
        escape_into(&mut self.out, words);
    }

    /// Markup that was built the same way.
    pub(crate) fn append(&mut self, other: &Self) {
        self.out.push_str(&other.out);
    }

    /// A finished drawing, which was built the same way.
    pub(crate) fn drawing(&mut self, svg: &Svg) {
        self.out.push_str(&svg.markup);
        if let Some(lanes) = &svg.lanes {
            self.out.push_str(lanes);
        }
    }

    pub(crate) fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.tag(tag, attributes);
        self.out.push('>');
    }

    pub(crate) fn close(&mut self, tag: &'static str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    /// A tag without content, closed as both HTML and XML accept it.
    pub(crate) fn empty(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.tag(tag, attributes);
        self.out.push_str("/>");
    }

    pub(crate) fn element(&mut self, tag: &'static str, attributes: Attributes<'_>, words: &str) {
        self.open(tag, attributes);
        self.text(words);
        self.close(tag);
    }

    pub(crate) fn within(
        &mut self,
        tag: &'static str,
        attributes: Attributes<'_>,
        content: impl FnOnce(&mut Self),
    ) {
        self.open(tag, attributes);
        content(self);
        self.close(tag);
    }

    pub(crate) fn into_string(self) -> String {
        self.out
    }

    fn tag(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape_into(&mut self.out, value);
            self.out.push('"');
        }
    }
}

/// A number as an attribute wants it: at most two decimals, no trailing zeros, never `NaN`.
pub(crate) fn px(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let mut text = String::new();
    let written = write!(text, "{value:.2}");
    debug_assert!(written.is_ok(), "a String takes everything");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// Control characters have no meaning in a page, and some of them no place in XML at all; bidirectional overrides could
/// make a sentence read backwards. Both are dropped.
pub(crate) fn is_harmless(c: char) -> bool {
    let overrides = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let no_character = matches!(c, '\u{fffe}' | '\u{ffff}');
    (!c.is_control() || matches!(c, '\n' | '\t')) && !overrides && !no_character
}

fn escape_into(out: &mut String, words: &str) {
    for c in words.chars().filter(|c| is_harmless(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Markup, px};

    #[test]
    fn words_and_attribute_values_are_escaped() {
        let mut markup = Markup::new();
        markup.element("p", &[("title", "\"'><script>")], "<script>alert('x')&\u{0}\u{202e}");
        assert_eq!(
            markup.into_string(),
            "<p title=\"&quot;&#39;&gt;&lt;script&gt;\">&lt;script&gt;alert(&#39;x&#39;)&amp;</p>"
        );
    }

    #[test]
    fn lengths_are_short_and_finite() {
        let short: Vec<String> = [1.0, 1.25, -0.001, 0.126, f64::NAN, 1200.0].map(px).into();
        assert_eq!(short, ["1", "1.25", "0", "0.13", "0", "1200"]);
    }
}
