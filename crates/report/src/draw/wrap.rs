//! How wide words are, and where their lines break.
//!
//! A drawing is laid out without asking a font. The widths are those of a common sans serif face with a tenth added, so
//! that its wider relatives still fit where their narrower ones were expected.

/// Advance widths of the printable ASCII characters, in thousandths of the font size, from the space on.
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

const ROOM: f64 = 1.1;

/// A size and a weight of type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Face {
    pub(crate) size: f64,
    pub(crate) weight: u16,
}

impl Face {
    pub(crate) const fn new(size: f64, weight: u16) -> Self {
        Self { size, weight }
    }

    pub(crate) fn width(self, words: &str) -> f64 {
        let bold = if self.weight >= 600 { 1.06 } else { 1.0 };
        let thousandths: f64 = words.chars().map(advance).sum();
        thousandths / 1000.0 * self.size * bold * ROOM
    }

    /// Lines no wider than `room`: broken at spaces, and inside words that are wider than a line.
    pub(crate) fn wrap(self, words: &str, room: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in parts(words) {
            for (i, piece) in self.pieces(word, room).into_iter().enumerate() {
                let space = if i == 0 { " " } else { "" };
                let joined =
                    if line.is_empty() { piece.clone() } else { format!("{line}{space}{piece}") };
                if line.is_empty() || self.width(&joined) <= room {
                    line = joined;
                } else {
                    lines.push(std::mem::replace(&mut line, piece));
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// [`Face::wrap`], but no more than `most` lines; the last one then ends in an ellipsis.
    pub(crate) fn wrap_at_most(self, words: &str, room: f64, most: usize) -> Vec<String> {
        let mut lines = self.wrap(words, room);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                *last = self.shorten(&format!("{last}…"), room);
            }
        }
        lines
    }

    /// The words, cut with an ellipsis when they are too wide.
    pub(crate) fn shorten(self, words: &str, room: f64) -> String {
        let words = parts(words).collect::<Vec<_>>().join(" ");
        if self.width(&words) <= room {
            return words;
        }
        let mut kept: Vec<char> = words.trim_end_matches('…').chars().collect();
        while kept.len() > 1 {
            let joiner = |c: Option<&char>| c.is_some_and(|c| is_attached(*c));
            let was_attached = joiner(kept.last());
            kept.pop();
            let text: String = kept.iter().collect::<String>().trim_end().to_owned() + "…";
            if !was_attached
                && kept.last().is_none_or(|c| *c != JOINER)
                && self.width(&text) <= room
            {
                return text;
            }
        }
        "…".to_owned()
    }

    /// A word that is wider than a line, in parts: after its hyphens and slashes, and anywhere if that is not enough.
    fn pieces(self, word: &str, room: f64) -> Vec<String> {
        if self.width(word) <= room {
            return vec![word.to_owned()];
        }
        let parts = word.split_inclusive(['-', '/', '_', '.', '@', '–', ',']);
        parts
            .flat_map(|part| {
                if self.width(part) <= room { vec![part.to_owned()] } else { self.chop(part, room) }
            })
            .collect()
    }

    fn chop(self, word: &str, room: f64) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut before = None;
        for c in word.chars() {
            let may_break = !is_attached(c) && before != Some(JOINER);
            let fits = pieces
                .last()
                .is_some_and(|piece| self.width(piece) + self.width(&c.to_string()) <= room);
            if may_break && !fits && pieces.last().is_some_and(|piece| !piece.is_empty()) {
                pieces.push(String::new());
            }
            if let Some(piece) = pieces.last_mut() {
                piece.push(c);
            }
            before = Some(c);
        }
        pieces
    }
}

/// What lines may be broken between; a no-break space keeps a number with its unit.
fn parts(words: &str) -> impl Iterator<Item = &str> {
    words.split(|c: char| c.is_whitespace() && c != '\u{a0}').filter(|part| !part.is_empty())
}

/// Glues the emoji before and after it into one.
const JOINER: char = '\u{200d}';

/// Belongs to the character before it, so that no line breaks in front of it.
pub(crate) fn is_attached(c: char) -> bool {
    matches!(c, JOINER | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{93a}'..='\u{93c}' | '\u{93e}'..='\u{94f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}'
        | '\u{e47}'..='\u{e4e}' | '\u{200c}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

/// Written as wide as two Latin letters.
pub(crate) fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6ff}' | '\u{1f900}'..='\u{1f9ff}' | '\u{20000}'..='\u{3fffd}')
}

fn advance(c: char) -> f64 {
    match c {
        ' '..='~' => f64::from(ASCII[c as usize - 32]),
        _ if is_attached(c) || !super::markup::is_harmless(c) => 0.0,
        '\u{a0}' | '·' | '’' | '‘' | '‚' => 290.0,
        '“' | '”' | '„' => 390.0,
        '…' | '—' => 1000.0,
        '●' | '▲' | '◌' | '◆' => 900.0,
        '−' | '±' | '×' => 584.0,
        _ if is_wide(c) => 1150.0,
        _ if c.is_uppercase() => 740.0,
        _ => 600.0,
    }
}

#[cfg(test)]
mod tests {
    use super::Face;

    const BODY: Face = Face::new(12.0, 400);

    #[test]
    fn lines_break_at_spaces_and_inside_long_words() {
        let check = |words: &str, room: f64, expected: &[&str]| {
            let lines = BODY.wrap(words, room);
            assert_eq!(lines, expected);
            assert!(
                lines.iter().all(|line| BODY.width(line) <= room),
                "{lines:?} is wider than {room}"
            );
        };
        check("Looks for a place near the door", 100.0, &["Looks for a", "place near the", "door"]);
        check(
            "Donaudampfschifffahrtsgesellschaft",
            100.0,
            &["Donaudampfschi", "fffahrtsgesellsch", "aft"],
        );
        check("run by store-operations", 78.0, &["run by store-", "operations"]);
        check("  \n ", 100.0, &[]);
        check("停车位在哪里呢我找不到", 80.0, &["停车位在哪", "里呢我找不", "到"]);
    }

    #[test]
    fn joined_emoji_are_never_torn() {
        let family = "👩\u{200d}👩\u{200d}👧";
        for line in BODY.wrap(&family.repeat(4), 40.0) {
            assert!(!line.starts_with('\u{200d}') && !line.ends_with('\u{200d}'), "{line:?}");
        }
    }

    #[test]
    fn too_many_lines_end_in_an_ellipsis() {
        let lines = BODY.wrap_at_most("one two three four five six seven eight nine", 50.0, 2);
        assert_eq!(lines, ["one two", "three…"]);
        assert_eq!(BODY.shorten("a short one", 200.0), "a short one");
        assert_eq!(BODY.shorten("a rather long one", 60.0), "a rather…");
    }
}
