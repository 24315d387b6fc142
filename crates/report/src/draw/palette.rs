//! The colours, once: drawings name a [`Colour`], the page's style sheet is written from the same table.
//!
//! A drawing for a page refers to custom properties with the light value as fallback, so one drawing serves both themes
//! and still has colours where no style sheet reaches it. A drawing for a file carries the values of one theme.

/// Where a drawing's colours come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// From the page around it.
    #[default]
    Page,
    Light,
    Dark,
}

/// A role, not a hue: what the colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    Ground,
    Surface,
    Card,
    Line,
    Strong,
    Ink,
    Muted,
    Accent,
    AccentInk,
    AccentWeak,
    Band,
    Bar,
    Designed,
    Node,
    Depart,
    DepartInk,
    DepartWeak,
    Left,
    GoodInk,
    GoodWeak,
    Negative3,
    Negative2,
    Negative1,
    Neutral,
    Positive1,
    Positive2,
    Positive3,
    FaceInk,
    FaceInkWeak,
}

struct Token {
    colour: Colour,
    name: &'static str,
    reference: &'static str,
    light: &'static str,
    dark: &'static str,
    /// What stands for it where the reader forces the colours.
    forced: &'static str,
}

macro_rules! tokens {
    ($($colour:ident $name:literal $light:literal $dark:literal $forced:literal;)*) => {
        &[$(Token {
            colour: Colour::$colour,
            name: concat!("--fp-", $name),
            reference: concat!("var(--fp-", $name, ",", $light, ")"),
            light: $light,
            dark: $dark,
            forced: $forced,
        }),*]
    };
}

const TOKENS: &[Token] = tokens! {
    Ground "ground" "#f5f6f8" "#0f1114" "Canvas";
    Surface "surface" "#ffffff" "#17191f" "Canvas";
    Card "card" "#f0f1f5" "#22252d" "Canvas";
    Line "line" "#dfe1e7" "#2e323b" "GrayText";
    Strong "strong" "#7a808c" "#7e8491" "CanvasText";
    Ink "ink" "#1b1d22" "#eceef2" "CanvasText";
    Muted "muted" "#565b66" "#a8adb8" "CanvasText";
    Accent "accent" "#3d49c4" "#939cff" "LinkText";
    AccentInk "accent-ink" "#2c379e" "#c5caff" "LinkText";
    AccentWeak "accent-weak" "#e8eafb" "#252a52" "Canvas";
    Band "band" "#d3d7f6" "#363c72" "GrayText";
    Bar "bar" "#6f7adb" "#7a83dc" "LinkText";
    Designed "designed" "#d6d8de" "#3c414c" "GrayText";
    Node "node" "#4b5160" "#a8aebb" "CanvasText";
    Depart "depart" "#c7501a" "#ef8346" "Highlight";
    DepartInk "depart-ink" "#8f2d04" "#ffb38a" "CanvasText";
    DepartWeak "depart-weak" "#fdeee4" "#38201a" "Canvas";
    Left "left" "#f0a066" "#9a5a33" "Highlight";
    GoodInk "good-ink" "#0a4f5c" "#8fe0de" "CanvasText";
    GoodWeak "good-weak" "#e1f2f2" "#12302f" "Canvas";
    Negative3 "negative-3" "#8f2d04" "#ffb38a" "CanvasText";
    Negative2 "negative-2" "#c7501a" "#ef8346" "CanvasText";
    Negative1 "negative-1" "#f0a066" "#9a5a33" "GrayText";
    Neutral "neutral" "#d9dbe0" "#565c68" "GrayText";
    Positive1 "positive-1" "#7cc3c6" "#2f7377" "GrayText";
    Positive2 "positive-2" "#21808c" "#4fb5b8" "CanvasText";
    Positive3 "positive-3" "#0a4f5c" "#a5e8e5" "CanvasText";
    FaceInk "face-ink" "#ffffff" "#14161a" "Canvas";
    FaceInkWeak "face-ink-weak" "#1b1d22" "#f4f5f8" "Canvas";
};

impl Theme {
    pub(crate) fn value(self, colour: Colour) -> &'static str {
        // The table names every colour, which a test holds; a hole would show as the ink.
        let token = TOKENS.iter().find(|token| token.colour == colour).unwrap_or(&TOKENS[5]);
        match self {
            Self::Page => token.reference,
            Self::Light => token.light,
            Self::Dark => token.dark,
        }
    }
}

/// The custom properties of the page, for light, dark, print and forced colours.
pub(crate) fn style_sheet() -> String {
    let list = |pick: fn(&Token) -> &'static str| -> String {
        TOKENS.iter().map(|token| format!("{}:{};", token.name, pick(token))).collect()
    };
    let (light, dark, forced) = (list(|t| t.light), list(|t| t.dark), list(|t| t.forced));
    format!(
        ":root{{color-scheme:light;{light}}}\n\
         @media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n\
         :root[data-theme=dark]{{color-scheme:dark;{dark}}}\n\
         @media print{{:root,:root[data-theme],:root:not([data-theme=light]){{color-scheme:light;{light}}}}}\n\
         @media (forced-colors:active){{:root,:root[data-theme],:root:not([data-theme=light]){{{forced}}}}}\n"
    )
}

/// Step −3..3 of the sentiment scale for a valence on −2..2.
pub(crate) fn sentiment(valence: f64) -> Colour {
    let step = (valence.clamp(-2.0, 2.0) * 1.5).round() as i32;
    match step {
        ..=-3 => Colour::Negative3,
        -2 => Colour::Negative2,
        -1 => Colour::Negative1,
        0 => Colour::Neutral,
        1 => Colour::Positive1,
        2 => Colour::Positive2,
        _ => Colour::Positive3,
    }
}

/// The ink that can be read on a sentiment colour.
pub(crate) fn ink_on(sentiment: Colour) -> Colour {
    match sentiment {
        Colour::Negative1 | Colour::Neutral | Colour::Positive1 => Colour::FaceInkWeak,
        _ => Colour::FaceInk,
    }
}

#[cfg(test)]
mod tests {
    use super::{Colour, TOKENS, Theme, ink_on, sentiment};

    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_every_ground_it_stands_on() {
        let pairs = [
            (Colour::Ink, Colour::Card),
            (Colour::Ink, Colour::Designed),
            (Colour::Muted, Colour::Ground),
            (Colour::Muted, Colour::Surface),
            (Colour::Muted, Colour::Card),
            (Colour::AccentInk, Colour::AccentWeak),
            (Colour::AccentInk, Colour::Surface),
            (Colour::DepartInk, Colour::DepartWeak),
            (Colour::DepartInk, Colour::Surface),
            (Colour::GoodInk, Colour::GoodWeak),
            (Colour::GoodInk, Colour::Surface),
            (Colour::Accent, Colour::Surface),
        ];
        for theme in [Theme::Light, Theme::Dark] {
            for (ink, ground) in pairs {
                let got = contrast(theme.value(ink), theme.value(ground));
                assert!(got >= 4.5, "{ink:?} on {ground:?} has {got:.2} in {theme:?}");
            }
        }
    }

    #[test]
    fn marks_stand_out_from_the_surface() {
        for theme in [Theme::Light, Theme::Dark] {
            for mark in [
                Colour::Strong,
                Colour::Node,
                Colour::Bar,
                Colour::Depart,
                Colour::Negative2,
                Colour::Positive2,
            ] {
                let got = contrast(theme.value(mark), theme.value(Colour::Surface));
                assert!(got >= 3.0, "{mark:?} has {got:.2} in {theme:?}");
            }
            for valence in [-2.0, -1.3, -0.6, 0.0, 0.6, 1.3, 2.0] {
                let face = sentiment(valence);
                let got = contrast(theme.value(face), theme.value(ink_on(face)));
                assert!(got >= 3.0, "the face at {valence} has {got:.2} in {theme:?}");
            }
        }
    }

    #[test]
    fn the_loudest_steps_are_the_extremes() {
        for theme in [Theme::Light, Theme::Dark] {
            let loud = |colour| contrast(theme.value(colour), theme.value(Colour::Surface));
            assert!(
                loud(Colour::Negative3) > loud(Colour::Negative2)
                    && loud(Colour::Negative2) > loud(Colour::Negative1)
            );
            assert!(
                loud(Colour::Positive3) > loud(Colour::Positive2)
                    && loud(Colour::Positive2) > loud(Colour::Positive1)
            );
        }
    }

    #[test]
    fn every_colour_has_one_token() {
        assert_eq!(TOKENS[5].name, "--fp-ink");
        for (i, token) in TOKENS.iter().enumerate() {
            assert!(
                TOKENS
                    .iter()
                    .skip(i + 1)
                    .all(|other| other.colour != token.colour && other.name != token.name)
            );
        }
        assert_eq!(Theme::Page.value(Colour::Accent), "var(--fp-accent,#3d49c4)");
        assert_eq!(TOKENS.last().map(|token| token.colour as usize + 1), Some(TOKENS.len()));
    }
}
