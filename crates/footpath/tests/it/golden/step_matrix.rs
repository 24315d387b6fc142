//! Where sessions are at their first, second, … event, as retentioneering's step matrix has it.
//!
//! Asked of the kernel: the flow by step is drawn on the page and stands in no report.

use kernel::{PathFacts, PlanBuilder, Settings, measure};

use super::columns::Columns;
use super::corpus::{find, golden, say, texts};
use super::differences::Differences;

#[test]
fn flow_by_step_is_the_step_matrix_of_retentioneering() {
    let log = Columns::of(&find("retentioneering_ecom/ecom.csv.gz").unwrap(), "session_id");
    let n = log.activities.len();
    let plan = PlanBuilder::new((0..n as u16).collect(), n).build(Settings::default());
    let summary = measure(&log.events(), &plan);
    let flow = PathFacts::of(summary.variants.iter(), &plan).flow;
    let sessions = summary.customers as f64;

    let matrix = &golden("retentioneering_ecom")["step_matrix_session_6"];
    let mut differences = Differences::of("step matrix of the shop by session");
    for (row, name) in texts(&matrix["index"]).into_iter().enumerate() {
        for step in 1..=6 {
            let at_step = &flow[step - 1];
            let share = match name {
                "path_start" => 0.0,
                // Once at the end, a session stays there.
                "path_end" => 1.0 - at_step.iter().sum::<u64>() as f64 / sessions,
                activity => {
                    at_step[log.activities.binary_search(&activity.to_owned()).unwrap()] as f64
                        / sessions
                }
            };
            // Rounded to the tenth decimal there.
            let expected = matrix["data"][row][step].as_f64().unwrap();
            differences.near(format!("{name} at step {step}"), Some(share), expected, 5e-11);
        }
    }
    say(&format!("step matrix: retentioneering's, {} numbers", differences.none()));
}
