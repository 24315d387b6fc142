//! A [`Table`] as HTML: a caption, scoped headings, and cells that look like what they mean.

use crate::document::{Share, Verdict};
use crate::draw::markup::{Markup, px};
use crate::draw::number::{count, percent, percent_interval};
use crate::draw::{Cell, Table, verdict_sign};

/// The table, in a region of its own that scrolls when the screen is too narrow.
pub(super) fn table(out: &mut Markup, table: &Table) {
    rows(out, table, 0..table.rows.len());
}

/// The first rows, and the rest behind one more click or key.
pub(super) fn folded(out: &mut Markup, table: &Table, shown: usize) {
    rows(out, table, 0..table.rows.len().min(shown));
    let rest = table.rows.len().saturating_sub(shown);
    if rest > 0 {
        out.within("details", &[("class", "more"), ("data-print", "")], |out| {
            out.element("summary", &[], &format!("{} more", count(rest as u64)));
            rows(out, table, shown..table.rows.len());
        });
    }
}

/// The table as the twin of a drawing, closed at first.
pub(super) fn twin(out: &mut Markup, twin: &Table) {
    out.within("details", &[("class", "twin")], |out| {
        out.element("summary", &[], &format!("Show as table: {}", twin.caption));
        table(out, twin);
    });
}

fn rows(out: &mut Markup, table: &Table, range: std::ops::Range<usize>) {
    // Rows are counted so that the two parts of a folded table do not share a name.
    let label = format!("Table: {}, rows {} to {}", table.caption, range.start + 1, range.end);
    let attributes = [
        ("class", "scroll"),
        ("role", "region"),
        ("tabindex", "0"),
        ("aria-label", label.as_str()),
    ];
    out.within("div", &attributes, |out| {
        out.within("table", &[], |out| {
            out.element("caption", &[], &table.caption);
            out.within("thead", &[], |out| {
                out.within("tr", &[], |out| {
                    for column in &table.columns {
                        let class = if column.numeric { "num" } else { "" };
                        out.element("th", &[("scope", "col"), ("class", class)], &column.name);
                    }
                });
            });
            out.within("tbody", &[], |out| {
                for row in table.rows.get(range).unwrap_or_default() {
                    out.within("tr", &[], |out| {
                        for (i, value) in row.iter().enumerate() {
                            let class = if table.columns.get(i).is_some_and(|c| c.numeric) {
                                "num"
                            } else {
                                ""
                            };
                            if i == 0 {
                                out.within("th", &[("scope", "row"), ("class", class)], |out| {
                                    cell(out, value)
                                });
                            } else {
                                out.within("td", &[("class", class)], |out| cell(out, value));
                            }
                        }
                    });
                }
            });
        });
    });
}

fn cell(out: &mut Markup, cell: &Cell) {
    match cell {
        Cell::Words(words) => out.element("bdi", &[], words),
        Cell::Both(words, under) => {
            out.element("bdi", &[], words);
            small(out, under);
        }
        Cell::Number(number) => out.text(number),
        Cell::Measure(number, under) => {
            out.text(number);
            small(out, under);
        }
        Cell::Verdict(verdict) => chip(out, *verdict),
        Cell::Share(share, promise) => share_bar(out, share, *promise),
        Cell::Flag(words) => {
            out.within("span", &[("class", "flag")], |out| {
                out.raw("▲ ");
                out.text(words);
            });
        }
        Cell::Nothing => out.raw("<span class=\"nothing\">–</span>"),
    }
}

fn small(out: &mut Markup, words: &str) {
    if !words.is_empty() {
        out.within("span", &[("class", "under")], |out| out.element("bdi", &[], words));
    }
}

pub(super) fn chip(out: &mut Markup, verdict: Option<Verdict>) {
    let class = match verdict {
        Some(Verdict::Meets) => "chip meets",
        Some(Verdict::Defective) => "chip defective",
        Some(Verdict::NotProven) => "chip unproven",
        None => "chip none",
    };
    let (glyph, word) = verdict_sign(verdict);
    out.within("span", &[("class", class)], |out| {
        out.element("span", &[("aria-hidden", "true")], glyph);
        out.text(" ");
        out.text(word);
    });
}

/// The interval as a bar, the share as a point, the promise as a line; the numbers beside it.
fn share_bar(out: &mut Markup, share: &Share, promise: Option<f64>) {
    let Some(value) = share.share else {
        out.raw("<span class=\"nothing\">n = 0</span>");
        return;
    };
    const WIDTH: f64 = 96.0;
    let at = |share: f64| 2.0 + share.clamp(0.0, 1.0) * (WIDTH - 4.0);
    out.within("span", &[("class", "share")], |out| {
        let view = format!("0 0 {} 14", px(WIDTH));
        let attributes = [
            ("class", "bar"),
            ("width", "96"),
            ("height", "14"),
            ("viewBox", &view),
            ("aria-hidden", "true"),
        ];
        out.within("svg", &attributes, |out| {
            let rail = px(WIDTH - 4.0);
            out.empty(
                "rect",
                &[
                    ("class", "rail"),
                    ("x", "2"),
                    ("y", "5"),
                    ("width", &rail),
                    ("height", "4"),
                    ("rx", "2"),
                ],
            );
            if let (Some(low), Some(high)) = (share.low, share.high) {
                let (x, width) = (px(at(low)), px((at(high) - at(low)).max(1.5)));
                out.empty(
                    "rect",
                    &[
                        ("class", "interval"),
                        ("x", &x),
                        ("y", "4"),
                        ("width", &width),
                        ("height", "6"),
                    ],
                );
            }
            let x = px(at(value) - 1.25);
            out.empty(
                "rect",
                &[("class", "point"), ("x", &x), ("y", "2"), ("width", "2.5"), ("height", "10")],
            );
            if let Some(promise) = promise {
                let x = px(at(promise));
                out.empty(
                    "line",
                    &[("class", "promise"), ("x1", &x), ("x2", &x), ("y1", "0"), ("y2", "14")],
                );
            }
        });
        out.within("span", &[("class", "share-words")], |out| {
            out.element("strong", &[], &percent(value));
            if let Some(interval) = percent_interval(share.low, share.high) {
                out.element("span", &[("class", "interval-words")], &format!(" [{interval}]"));
            }
            out.element(
                "span",
                &[("class", "under")],
                &format!("{} of {}", count(share.k), count(share.n)),
            );
        });
    });
}
