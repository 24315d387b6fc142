//! The order of arrays in JSON: by id, so that two reports can be compared line by line.
//!
//! Pages show the order of the document, or the most frequent first; what JSON keeps as it is says so in its name: `top`
//! variants, findings by rank, steps of a funnel, the path of a variant.

use crate::document::Report;

impl Report {
    /// The report with its arrays sorted by id.
    #[must_use]
    pub fn by_id(mut self) -> Self {
        self.events.unbound_activities.sort_by(|a, b| a.activity.cmp(&b.activity));
        self.touchpoints.sort_by(|a, b| a.id.cmp(&b.id));
        self.transitions.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        self.deviations.by_touchpoint.sort_by(|a, b| a.id.cmp(&b.id));
        self.deviations.back_and_forth.sort_by(|a, b| a.between.cmp(&b.between));
        self.deviations.abandoned_after.sort_by(|a, b| a.stage.cmp(&b.stage));
        self.funnels.sort_by(|a, b| a.id.cmp(&b.id));
        for step in self.funnels.iter_mut().flat_map(|funnel| &mut funnel.steps) {
            step.instead.sort_by(|a, b| a.touchpoint.cmp(&b.touchpoint));
        }
        self.kept_trends.sort_by(|a, b| a.standard.cmp(&b.standard));
        self.standards.sort_by(|a, b| a.id.cmp(&b.id));
        self
    }
}
