//! Journey algorithms over slices: events in, mergeable summaries out.
//!
//! Nothing here knows files, clocks, threads or text. A [`Plan`] is a compiled journey; [`measure`] holds sorted events
//! against it in one pass; summaries of different customers merge by addition, so splitting a log and merging the parts
//! gives what the whole gives.

mod batch;
mod beats;
mod bits;
mod checks;
mod days;
mod design;
mod events;
mod fits;
mod follow_up;
mod funnel;
mod gathered;
mod groups;
mod instances;
mod marks;
mod outcomes;
mod packed;
mod pairs;
mod paths;
mod plan;
mod products;
mod summary;
mod tally;
mod time_to;
mod transitions;
mod values;
mod variants;
mod visits;
mod waits;
mod walk;

pub use beats::{Beats, FEW_CUSTOMERS, GapPlaces, MOST_GAP_PARTS};
pub use checks::{Checks, OfGroup};
pub use days::{Days, OfDay};
pub use design::{AlignScratch, Alignment, Design};
pub use events::{Column, Events, NO_TIME, run_end};
pub use follow_up::{FollowUp, Followed, MOST_DAYS};
pub use funnel::{Funnel, FunnelMode, MAX_STEPS};
pub use pairs::{END, START};
pub use paths::{FLOW_STEPS, PathFacts, Times, TouchpointFacts};
pub use plan::{
    Cadence, FOREVER, Mode, Plan, PlanBuilder, Response, Rule, SetId, Settings, Steps, Test,
    UNBOUND,
};
pub use products::Products;
pub use summary::{Beside, FunnelCounts, StepCounts, Summary, Watched};
pub use time_to::{TimeTo, time_to};
pub use transitions::{Transitions, transitions};
pub use values::{Totals, Values};
pub use variants::{Variant, Variants};
pub use walk::{Listed, Measurer, list, measure};
