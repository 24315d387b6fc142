//! What was planted, in a form that a test can hold findings against.

use super::codes::ThemeTruth;

/// All truths of one example, with what is needed to make its data again.
#[derive(Debug)]
pub(super) struct Truths {
    pub(super) journey: &'static str,
    pub(super) seed: u64,
    pub(super) customers: u64,
    /// How far down the list of findings the ones recovered by `measure` may stand.
    pub(super) first: u32,
    pub(super) truths: &'static [Truth],
    /// Standards that are sound: whoever calls one of them defective has seen a ghost.
    pub(super) sound: &'static [&'static str],
}

#[derive(Debug)]
pub(super) struct Truth {
    pub(super) id: &'static str,
    /// The truth in a sentence.
    pub(super) says: &'static str,
    /// Kind of the finding that tells it.
    pub(super) kind: &'static str,
    /// Kinds under which the same defect may show as well, at the same place.
    pub(super) also: &'static [&'static str],
    /// Standard, touchpoint, contact point or theme; two touchpoints for what lies between them.
    pub(super) about: &'static [&'static str],
    pub(super) touchpoint: &'static str,
    /// What must be measured: key and value as YAML.
    pub(super) expect: &'static [(&'static str, &'static str)],
    /// `measure`, `statistics`, `contact-audit`, or `plan`: by measuring with the example's change plan.
    pub(super) recovered_by: &'static str,
}

impl Truths {
    pub(super) fn yaml(&self, importance: &[(&str, f64)], themes: &[ThemeTruth]) -> String {
        let mut yaml = format!(
            "# What the generator planted in the data beside this file; `cargo xtask demo-data` writes both.\n\
             journey: {}\nseed: {}\ncustomers: {}\n\
             # Truths recovered by `measure` stand among so many first findings.\n\
             first: {}\n\
             # Standards that hold: not one of them may be called defective.\n\
             sound: [{}]\ntruths:\n",
            self.journey,
            self.seed,
            self.customers,
            self.first,
            self.sound.join(", ")
        );
        for truth in self.truths {
            truth.write(&mut yaml);
        }
        yaml.push_str(
            "# What each touchpoint holds of the answer about the whole, to those who meet it; shares of all of them.\n\
             importance:\n",
        );
        for (touchpoint, share) in importance {
            yaml.push_str(&format!("  {touchpoint}: {share:.4}\n"));
        }
        if !themes.is_empty() {
            yaml.push_str(
                "# Shares of the customers who wrote anything, and of complaints, that are about a theme.\nthemes:\n",
            );
        }
        for ThemeTruth { theme, customers, complaints } in themes {
            yaml.push_str(&format!(
                "  {theme}: {{customers: {customers:.4}, complaints: {complaints:.4}}}\n"
            ));
        }
        yaml
    }
}

impl Truth {
    fn write(&self, yaml: &mut String) {
        let about = match self.about {
            [one] => (*one).to_owned(),
            several => format!("[{}]", several.join(", ")),
        };
        yaml.push_str(&format!(
            "  - id: {}\n    says: \"{}\"\n    kind: {}\n",
            self.id, self.says, self.kind
        ));
        if !self.also.is_empty() {
            yaml.push_str(&format!("    also: [{}]\n", self.also.join(", ")));
        }
        yaml.push_str(&format!(
            "    about: {about}\n    touchpoint: {}\n    expect:\n",
            self.touchpoint
        ));
        for (key, value) in self.expect {
            yaml.push_str(&format!("      {key}: {value}\n"));
        }
        yaml.push_str(&format!("    recovered_by: {}\n", self.recovered_by));
    }
}
