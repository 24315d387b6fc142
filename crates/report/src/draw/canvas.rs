//! A drawing under construction: shapes and words in the palette's colours.

use super::markup::{Attributes, Markup, px};
use super::palette::{Colour, Theme};
use super::wrap::Face;

/// Fonts that are there without asking the network; the widths in `wrap` have room for each of them.
pub(crate) const FONTS: &str =
    "Inter,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans','Noto Sans',sans-serif";

#[derive(Debug, Clone)]
pub(crate) struct Canvas {
    markup: Markup,
    theme: Theme,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    pub(crate) const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }
}

/// How a shape is filled and drawn round.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Paint {
    fill: Option<Colour>,
    stroke: Option<Colour>,
    width: f64,
    dash: Option<&'static str>,
    opacity: Option<f64>,
    radius: f64,
    pattern: Option<&'static str>,
}

impl Paint {
    pub(crate) fn fill(colour: Colour) -> Self {
        Self { fill: Some(colour), ..Self::default() }
    }

    pub(crate) fn stroke(colour: Colour, width: f64) -> Self {
        Self { stroke: Some(colour), width, ..Self::default() }
    }

    /// Filled by a pattern that the drawing defines, such as `url(#flow-hatch)`.
    pub(crate) fn pattern(reference: &'static str) -> Self {
        Self { pattern: Some(reference), ..Self::default() }
    }

    pub(crate) fn outline(self, colour: Colour, width: f64) -> Self {
        Self { stroke: Some(colour), width, ..self }
    }

    pub(crate) fn dash(self, dash: &'static str) -> Self {
        Self { dash: Some(dash), ..self }
    }

    pub(crate) fn opacity(self, opacity: f64) -> Self {
        Self { opacity: Some(opacity), ..self }
    }

    pub(crate) fn radius(self, radius: f64) -> Self {
        Self { radius, ..self }
    }
}

/// How words stand: from where, in which ink.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    face: Face,
    colour: Colour,
    anchor: &'static str,
    italic: bool,
    halo: bool,
}

impl Words {
    pub(crate) const fn new(face: Face, colour: Colour) -> Self {
        Self { face, colour, anchor: "start", italic: false, halo: false }
    }

    pub(crate) const fn centred(self) -> Self {
        Self { anchor: "middle", ..self }
    }

    pub(crate) const fn right(self) -> Self {
        Self { anchor: "end", ..self }
    }

    pub(crate) const fn italic(self) -> Self {
        Self { italic: true, ..self }
    }

    /// With a rim in the surface's colour, for words that lie on shapes.
    pub(crate) const fn halo(self) -> Self {
        Self { halo: true, ..self }
    }

    pub(crate) const fn face(self) -> Face {
        self.face
    }
}

impl Canvas {
    pub(crate) fn new(theme: Theme) -> Self {
        Self { markup: Markup::new(), theme }
    }

    pub(crate) fn rect(&mut self, at: Rect, paint: Paint) {
        let (x, y, width, height) =
            (px(at.x), px(at.y), px(at.width.max(0.0)), px(at.height.max(0.0)));
        let radius = px(paint.radius);
        let mut own = vec![("x", x.as_str()), ("y", &y), ("width", &width), ("height", &height)];
        if paint.radius > 0.0 {
            own.push(("rx", &radius));
        }
        self.shape("rect", &own, paint);
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), paint: Paint) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(px);
        self.shape("line", &[("x1", &x1), ("y1", &y1), ("x2", &x2), ("y2", &y2)], paint);
    }

    pub(crate) fn circle(&mut self, centre: (f64, f64), radius: f64, paint: Paint) {
        let [x, y, r] = [centre.0, centre.1, radius].map(px);
        self.shape("circle", &[("cx", &x), ("cy", &y), ("r", &r)], paint);
    }

    pub(crate) fn path(&mut self, d: &str, paint: Paint) {
        self.shape("path", &[("d", d)], paint);
    }

    pub(crate) fn text(&mut self, at: (f64, f64), words: Words, text: &str) {
        let (x, y) = (px(at.0), px(at.1));
        let (size, weight) = (px(words.face.size), words.face.weight.to_string());
        let surface = self.theme.value(Colour::Surface);
        let mut attributes = vec![
            ("x", x.as_str()),
            ("y", &y),
            ("font-size", &size),
            ("fill", self.theme.value(words.colour)),
        ];
        if words.face.weight != 400 {
            attributes.push(("font-weight", &weight));
        }
        if words.anchor != "start" {
            attributes.push(("text-anchor", words.anchor));
        }
        if words.italic {
            attributes.push(("font-style", "italic"));
        }
        if words.halo {
            attributes.extend([
                ("stroke", surface),
                ("stroke-width", "3"),
                ("paint-order", "stroke"),
            ]);
            attributes.push(("stroke-linejoin", "round"));
        }
        self.markup.element("text", &attributes, text);
    }

    /// Lines below each other, the first one's baseline at `at`.
    pub(crate) fn lines(&mut self, at: (f64, f64), leading: f64, words: Words, lines: &[String]) {
        for (i, line) in lines.iter().enumerate() {
            self.text((at.0, at.1 + i as f64 * leading), words, line);
        }
    }

    /// Parts that belong together, with the keys that a page finds them by and the sentence shown on hover.
    pub(crate) fn group(
        &mut self,
        keys: Attributes<'_>,
        title: Option<&str>,
        content: impl FnOnce(&mut Self),
    ) {
        self.markup.open("g", keys);
        if let Some(title) = title {
            self.markup.element("title", &[], title);
        }
        content(self);
        self.markup.close("g");
    }

    /// Diagonal stripes, as the pattern `id`.
    pub(crate) fn hatch(&mut self, id: &'static str, colour: Colour, gap: f64) {
        let (side, value) = (px(gap), self.theme.value(colour));
        self.markup.within("defs", &[], |markup| {
            let attributes = [
                ("id", id),
                ("width", side.as_str()),
                ("height", side.as_str()),
                ("patternUnits", "userSpaceOnUse"),
                ("patternTransform", "rotate(45)"),
            ];
            markup.within("pattern", &attributes, |markup| {
                let stripe = [("x1", "0"), ("y1", "0"), ("x2", "0"), ("y2", side.as_str())];
                markup.empty(
                    "line",
                    &[&stripe[..], &[("stroke", value), ("stroke-width", "3")]].concat(),
                );
            });
        });
    }

    /// The whole drawing, named for those who do not see it.
    pub(crate) fn finish(self, size: (f64, f64), id: &str, name: (&str, &str)) -> String {
        let (width, height) = (px(size.0), px(size.1));
        let view = format!("0 0 {width} {height}");
        let (title_id, summary_id) = (format!("{id}-title"), format!("{id}-summary"));
        let labelled = format!("{title_id} {summary_id}");
        let mut out = Markup::new();
        let attributes = [
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("class", "drawing"),
            ("data-drawing", id),
            ("role", "img"),
            ("aria-labelledby", &labelled),
            ("width", &width),
            ("height", &height),
            ("viewBox", &view),
            ("font-family", FONTS),
            ("font-variant-numeric", "tabular-nums"),
        ];
        out.within("svg", &attributes, |out| {
            out.element("title", &[("id", &title_id)], name.0);
            out.element("desc", &[("id", &summary_id)], name.1);
            out.append(&self.markup);
        });
        out.into_string()
    }

    /// A drawing that repeats what another one already says to those who do not see it.
    pub(crate) fn finish_hidden(self, size: (f64, f64), id: &'static str) -> String {
        let (width, height) = (px(size.0), px(size.1));
        let view = format!("0 0 {width} {height}");
        let attributes = [
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("data-drawing", id),
            ("aria-hidden", "true"),
            ("width", &width),
            ("height", &height),
            ("viewBox", &view),
            ("font-family", FONTS),
        ];
        let mut out = Markup::new();
        out.within("svg", &attributes, |out| out.append(&self.markup));
        out.into_string()
    }

    fn shape(&mut self, tag: &'static str, own: Attributes<'_>, paint: Paint) {
        let theme = self.theme;
        let (width, opacity) = (px(paint.width), paint.opacity.map(px));
        let fill = paint
            .pattern
            .unwrap_or_else(|| paint.fill.map_or("none", |colour| theme.value(colour)));
        let mut attributes = own.to_vec();
        attributes.push(("fill", fill));
        if let Some(stroke) = paint.stroke {
            attributes.extend([("stroke", theme.value(stroke)), ("stroke-width", width.as_str())]);
        }
        if let Some(dash) = paint.dash {
            attributes.push(("stroke-dasharray", dash));
        }
        if let Some(opacity) = &opacity {
            attributes.push(("opacity", opacity));
        }
        self.markup.empty(tag, &attributes);
    }
}
