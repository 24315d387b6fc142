//! The templates of DECLARE that have a rule of the same meaning, as textbooks define them and pm4py counts them.

use serde_json::{Value, json};

use super::corpus::{find, golden, say, texts};
use super::differences::Differences;
use super::journey::{Ends, LONG_AFTER, activities, journey, judged, measure, standard};

/// What a template is in a document; `args` are its activities. Empty: no rule says it by itself.
fn rules(template: &str, args: &[&str]) -> Vec<(&'static str, Value)> {
    let (a, b) = (args[0], args.last());
    match template {
        "response" => vec![("response", json!({"from": a, "to": b}))],
        "altresponse" => vec![("response", json!({"from": a, "to": b, "mode": "alternate"}))],
        "chainresponse" => vec![("response", json!({"from": a, "to": b, "mode": "chain"}))],
        "precedence" => vec![("precedence", json!({"before": a, "then": b}))],
        "init" => vec![("starts", json!(a))],
        // Two words for the same once an instance is over.
        "existence" => {
            vec![("count", json!({"of": a, "at_least": 1})), ("required", json!({"of": a}))]
        }
        "absence" => vec![("count", json!({"of": a, "at_most": 0}))],
        "exactly_one" => vec![("count", json!({"of": a, "at_least": 1, "at_most": 1}))],
        "nonsuccession" => vec![("never", json!({"of": b, "after": a}))],
        // Neither after the other; nobody breaks either, so that each alone has the golden 0.
        "noncoexistence" => {
            vec![("never", json!({"of": b, "after": a})), ("never", json!({"of": a, "after": b}))]
        }
        // Two rules at once, of which either may break: a customer who breaks both would be counted twice.
        "succession" | "coexistence" => Vec::new(),
        // They look back to the event directly before, or to one anywhere.
        "altprecedence" | "chainprecedence" | "responded_existence" => Vec::new(),
        other => panic!("the template {other} is new"),
    }
}

#[test]
fn declare_templates_are_broken_by_the_cases_that_textbooks_count() {
    let Some(log) = find("pm4py_logs/helpdesk.csv.gz") else { return };
    let numbers = golden("declare_helpdesk_textbook_vs_pm4py");
    let known = golden("helpdesk");
    let mut document = journey(&activities(&known), Ends::Closed);
    let mut standards = Vec::new();
    let mut expected = Vec::new();
    for (template, golden) in numbers["templates"].as_object().unwrap() {
        for (number, (key, rule)) in
            rules(template, &texts(&golden["args"])).into_iter().enumerate()
        {
            let id = format!("{}-{number}", template.replace('_', "-"));
            standards.push(standard(&id, key, rule));
            expected.push((id, &golden["textbook_violating_cases"]));
        }
    }
    document["standards"] = standards.into();
    let report = measure(
        &document,
        &log,
        &["--map", "customer_id=case_id,at=timestamp", "--as-of", LONG_AFTER],
    );
    let mut differences = Differences::of("templates of DECLARE on helpdesk");
    for (id, golden) in &expected {
        let judged = judged(&report, id);
        differences.exact(format!("{id} instances"), &judged["instances_broken"], golden);
        differences.exact(format!("{id} customers"), &judged["customers_broken"], golden);
        differences.exact(format!("{id} pending"), &judged["pending"], &json!(0));
    }
    let compared = differences.none();
    say(&format!("templates of DECLARE: helpdesk, {} rules, {compared} numbers", expected.len()));
}
