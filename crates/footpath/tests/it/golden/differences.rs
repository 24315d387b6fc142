//! What differs from the expected numbers, all of it, so that one look tells what kind of difference it is.

use std::fmt::{Debug, Display};

/// The comparison of one thing with its golden numbers.
#[derive(Debug)]
pub(super) struct Differences {
    about: String,
    compared: usize,
    found: Vec<String>,
}

impl Differences {
    pub(super) fn of(about: impl Into<String>) -> Self {
        Self { about: about.into(), compared: 0, found: Vec::new() }
    }

    /// Both are the same.
    pub(super) fn exact<T: PartialEq + Debug>(&mut self, what: impl Display, ours: T, golden: T) {
        self.compared += 1;
        if ours != golden {
            self.found.push(format!("{what}: {ours:?}, golden {golden:?}"));
        }
    }

    /// Both are the same to the sixth decimal, the last that the golden files print; it may be one off, because theirs are
    /// sums of doubles and ours of whole microseconds.
    pub(super) fn close(&mut self, what: impl Display, ours: Option<f64>, golden: f64) {
        self.near(what, ours, golden, 1.01e-6);
    }

    /// Both are the same but for what was rounded away; a sum of doubles may differ in the last bits as well.
    pub(super) fn near(
        &mut self,
        what: impl Display,
        ours: Option<f64>,
        golden: f64,
        rounding: f64,
    ) {
        self.compared += 1;
        let is_near = |ours: f64| (ours - golden).abs() <= rounding + 1e-12 * golden.abs();
        if !ours.is_some_and(is_near) {
            self.found.push(format!("{what}: {ours:?}, golden {golden}"));
        }
    }

    /// How many numbers were compared; fails when one differs, or when there was nothing to compare.
    pub(super) fn none(self) -> usize {
        let Self { about, compared, found } = self;
        let some: Vec<&str> = found.iter().take(40).map(String::as_str).collect();
        assert!(
            found.is_empty(),
            "{about}: {} of {compared} numbers differ:\n  {}",
            found.len(),
            some.join("\n  ")
        );
        assert!(compared > 0, "{about}: nothing was compared");
        compared
    }
}
