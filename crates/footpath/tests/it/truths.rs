//! Measuring finds what was planted, and finds nothing of the kind where nothing was planted.

mod planted;

use std::path::Path;

use demo::{Example, Twin};
use serde_json::Value;

use crate::commands::by_id;
use crate::program::{footpath, repository, text};
use planted::{Planted, Truth};

#[test]
fn loyalty_visit_tells_its_truths() {
    told_here_and_not_in_the_twin(Example::LoyaltyVisit);
}

#[test]
fn seed_season_tells_its_truths() {
    told_here_and_not_in_the_twin(Example::SeedSeason);
}

#[test]
fn fund_investing_tells_its_truths() {
    told_here_and_not_in_the_twin(Example::FundInvesting);
}

fn told_here_and_not_in_the_twin(example: Example) {
    let folder = repository("examples").join(example.name());
    let planted = Planted::read(&folder.join("truth.yaml"));
    assert!(planted.measured().count() >= 3, "{} has too few truths", example.name());
    let report = measured(&folder);
    for truth in planted.measured() {
        is_among_the_first(truth, planted.first, &report);
        for (key, expected) in &truth.expect {
            holds(truth, key, expected, &report);
        }
    }
    shares_are_recovered(&planted, &report);
    for truth in planted.planned() {
        is_proven(truth, &report);
    }
    for sound in &planted.sound {
        assert_ne!(standard(&report, sound)["verdict"], "defective", "{sound} is sound");
    }
    let twin = tempfile::tempdir().unwrap();
    demo::write(example, twin.path(), Twin::Yes).unwrap();
    is_silent(&planted, &measured(twin.path()));
}

/// The report on an example's committed or generated files.
fn measured(folder: &Path) -> Value {
    let path = |name: &str| text(&folder.join(name));
    let (journey, events) = (path("journey.yaml"), path("events.csv.gz"));
    let (responses, complaints) = (path("responses.csv"), path("complaints.csv"));
    let codes = Some(path("codes.csv")).filter(|codes| Path::new(codes).exists());
    let plan = Some(path("plan.yaml")).filter(|plan| Path::new(plan).exists());
    let mut arguments = vec!["measure", &journey, "--events", &events, "--responses", &responses];
    arguments.extend(["--complaints", &complaints, "--format", "json"]);
    arguments.extend(codes.iter().flat_map(|codes| ["--codes", codes.as_str()]));
    arguments.extend(plan.iter().flat_map(|plan| ["--plan", plan.as_str()]));
    let ran = footpath(arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", folder.display());
    serde_json::from_str(&ran.stdout).unwrap()
}

/// What the generator's own dice say lies within the interval that is told.
fn shares_are_recovered(planted: &Planted, report: &Value) {
    let holds = |what: &str, estimate: &Value, truth: f64| {
        let (low, high) = (number(&estimate["low"]), number(&estimate["high"]));
        assert!((low..=high).contains(&truth), "{what} is {truth}, told as {estimate}");
    };
    let drivers = report["drivers"]["to_those_who_meet"]["drivers"].as_array().unwrap();
    for (touchpoint, truth) in &planted.importance {
        let driver = drivers.iter().find(|driver| driver["touchpoint"] == touchpoint.as_str());
        // What hardly anybody met has no importance, and the report says so.
        if let Some(driver) = driver.filter(|driver| driver["share"]["value"].is_number()) {
            holds(touchpoint, &driver["share"], number(truth));
        }
    }
    for (id, truth) in &planted.themes {
        let theme = by_id(&report["words"]["themes"], id);
        assert_eq!(theme["is_measure"], true, "{theme}");
        let coding = &theme["coding"];
        holds(id, &coding["customers_corrected"], number(&truth["customers"]));
        let complaints = number(&truth["complaints"]);
        if complaints > 0.0 {
            holds(id, &coding["complaints_corrected"], complaints);
        }
    }
}

/// What was changed is shown to have been, with the evidence that there is.
fn is_proven(truth: &Truth, report: &Value) {
    let proof = proof(truth, report);
    for (key, expected) in &truth.expect {
        match key.as_str() {
            "proof" | "rank" => assert_eq!(proof[key], *expected, "{}: {proof:#}", truth.id),
            "effect_between" => {
                let effect = number(&proof["effect"]["value"]);
                let limits = [0, 1].map(|at| expected[at].as_f64().unwrap());
                assert!((limits[0]..=limits[1]).contains(&effect), "{}: {effect}", truth.id);
            }
            other => panic!("{}: nobody knows how to hold `{other}` against a proof", truth.id),
        }
    }
}

fn proof<'a>(truth: &Truth, report: &'a Value) -> &'a Value {
    let mut proofs = report["proofs"].as_array().unwrap().iter();
    let proof = proofs.find(|proof| proof["plan"] == truth.about.as_str()).unwrap();
    assert_eq!(proof["touchpoint"], truth.touchpoint.as_str(), "{}", truth.id);
    proof
}

fn is_among_the_first(truth: &Truth, first: u64, report: &Value) {
    let found = findings(report).find(|finding| tells(truth, finding));
    let rank = found.unwrap_or_else(|| panic!("{} is not found", truth.id))["rank"].as_u64();
    assert!(rank.unwrap() <= first, "{} is told as number {rank:?}, not among {first}", truth.id);
    let as_planted =
        |finding: &&Value| finding["kind"] == truth.kind.as_str() && tells(truth, finding);
    assert!(
        findings(report).any(|it| as_planted(&it)),
        "{} is not told as {}",
        truth.id,
        truth.kind
    );
}

/// By its own kind and about the very thing; or by a kind that it may show as, at the same touchpoint.
fn tells(truth: &Truth, finding: &Value) -> bool {
    let kind = finding["kind"].as_str().unwrap();
    let is_itself = kind == truth.kind && finding["about"] == truth.about.as_str();
    let is_also = truth.also.iter().any(|also| also == kind);
    finding["touchpoint"] == truth.touchpoint.as_str() && (is_itself || is_also)
}

/// One line of a truth's `expect`.
fn holds(truth: &Truth, key: &str, expected: &Value, report: &Value) {
    let is = |holds: bool, measured: f64| {
        assert!(holds, "{}: {key} is to be {expected}, and is {measured}", truth.id);
    };
    let at_least = |measured: f64| is(measured >= expected.as_f64().unwrap(), measured);
    let between = |measured: f64| {
        let limit = |at: usize| expected[at].as_f64().unwrap();
        is((limit(0)..=limit(1)).contains(&measured), measured);
    };
    let here = || touchpoint(report, &truth.touchpoint);
    match key {
        "verdict" => {
            let standard = standard(report, &truth.about);
            assert_eq!(standard["verdict"], *expected, "{}", truth.id);
            assert_eq!(standard["listed"], true, "{}", truth.id);
        }
        "kept_share_between" => {
            between(number(&standard(report, &truth.about)["kept_share"]["share"]));
        }
        "missed_beats_at_least" => {
            at_least(number(&standard(report, &truth.about)["missed_beats"]))
        }
        // Says which of the answers the next one is about.
        "question" => {}
        "belief_minus_score_at_least" => {
            let question = truth.expect["question"].as_str().unwrap();
            at_least(number(&here()["belief_gap"][question]["gap"]));
        }
        "expected_minus_got_at_least" => at_least(-number(&here()["scores"]["gap"]["mean"])),
        "share_of_instances_between" => {
            let pairs = report["deviations"]["back_and_forth"].as_array().unwrap();
            let mut between_them = pairs.iter().filter(|pair| about(pair) == truth.about);
            let walked = number(&between_them.next().unwrap()["instances"]);
            between(walked / number(&report["instances"]["total"]));
        }
        "share_of_complaints_at_least" => {
            let theme = by_id(&report["words"]["themes"], &truth.about);
            at_least(number(&theme["complaints"]["share"]));
        }
        // Says of which outcome the next one is.
        "outcome" => {}
        // What the generator was told to do lies within what is stated.
        "risk_ratio_of_loss" => is_within(truth, key, &cost(truth, report)["risk_ratio"]),
        "risk_difference_of_loss" => is_within(truth, key, &cost(truth, report)["risk_difference"]),
        "adherence" => {
            is_within(truth, key, &standard(report, &truth.about)["cadence"]["adherence"]);
        }
        "risk_ratio_of_loss_at_least" => {
            let cost = cost(truth, report);
            at_least(number(&cost["risk_ratio"]["value"]));
            is(number(&cost["risk_ratio"]["low"]) > 1.0, number(&cost["risk_ratio"]["low"]));
        }
        "importance_of" | "against" => {}
        "ratio_at_least" => at_least(importance_ratio(truth, report).unwrap()),
        // Not measured but stated; a touchpoint that matters and that the company rates low is told as that.
        "company_importance_at_most" => {
            let told = format!("the company gives it {expected} of 5");
            let lower = |text: &str| {
                (1..=expected.as_u64().unwrap())
                    .any(|rated| text.contains(&format!("gives it {rated} of 5")))
            };
            let finding = findings(report).find(|it| tells(truth, it)).unwrap();
            assert!(lower(finding["sentence"].as_str().unwrap()), "{told}: {finding}");
        }
        "reach_below" => {
            let reach = number(&here()["reach"]["high"]);
            is(reach < expected.as_f64().unwrap(), reach);
        }
        // Not measured but stated; it says why the truth matters.
        "company_importance_at_least" => {
            let finding = findings(report).find(|it| tells(truth, it)).unwrap();
            let stated = format!("the company rates it {expected} of 5");
            assert!(finding["sentence"].as_str().unwrap().contains(&stated), "{finding}");
        }
        other => panic!("{}: nobody knows how to hold `{other}` against a report", truth.id),
    }
}

/// What a truth's standard goes along with in the outcome that it names.
fn cost<'a>(truth: &Truth, report: &'a Value) -> &'a Value {
    let costs = standard(report, &truth.about)["costs"].as_array().unwrap();
    costs.iter().find(|cost| cost["outcome"] == truth.expect["outcome"]).unwrap()
}

fn is_within(truth: &Truth, key: &str, estimate: &Value) {
    let (low, high) = (number(&estimate["low"]), number(&estimate["high"]));
    let planted = number(&truth.expect[key]);
    assert!((low..=high).contains(&planted), "{}: {key} {planted} is not in {estimate}", truth.id);
}

/// How many times as much the touchpoints of a truth move the outcome as those that they are held against.
fn importance_ratio(truth: &Truth, report: &Value) -> Option<f64> {
    let shares = |key: &str| -> f64 {
        let ids = truth.expect[key].as_array().unwrap();
        let drivers = report["drivers"]["to_those_who_meet"]["drivers"].as_array().unwrap();
        let of = |id: &Value| drivers.iter().find(|driver| driver["touchpoint"] == *id);
        ids.iter().filter_map(of).map(|driver| number(&driver["share"]["value"])).sum()
    };
    truth.expect.contains_key("importance_of").then(|| shares("importance_of") / shares("against"))
}

/// Nothing that was planted is there where it was not planted.
fn is_silent(planted: &Planted, twin: &Value) {
    for truth in planted.measured() {
        if truth.expect.contains_key("verdict") {
            let verdict = &standard(twin, &truth.about)["verdict"];
            assert_ne!(verdict, "defective", "{} in the twin", truth.id);
        }
        if let (Some(ratio), Some(planted)) =
            (importance_ratio(truth, twin), truth.expect.get("ratio_at_least"))
        {
            assert!(ratio < number(planted), "{} in the twin: {ratio}", truth.id);
        }
        let ghost = findings(twin).find(|it| tells(truth, it) && !is_of_the_document(it));
        assert_eq!(ghost, None, "{} in the twin", truth.id);
    }
    for truth in planted.planned() {
        let proof = proof(truth, twin);
        assert_eq!(proof["proof"], "no_change_shown", "{} in the twin: {proof:#}", truth.id);
    }
    for standard in twin["standards"].as_array().unwrap() {
        assert_eq!(standard["listed"], false, "{} in the twin", standard["id"]);
    }
    // More than was asked: the twins have no defect at all, so whatever data could tell would be a ghost.
    let ghosts: Vec<&Value> = findings(twin).filter(|it| !is_of_the_document(it)).collect();
    assert!(ghosts.is_empty(), "in the twin: {ghosts:#?}");
}

/// What customers and company state stands in the document, which example and twin share.
fn is_of_the_document(finding: &Value) -> bool {
    finding["kind"] == "misplaced_importance"
}

fn findings(report: &Value) -> impl Iterator<Item = &Value> {
    report["findings"].as_array().unwrap().iter()
}

fn about(pair: &Value) -> String {
    let id = |at: usize| pair["between"][at].as_str().unwrap();
    format!("{} <-> {}", id(0), id(1))
}

fn standard<'a>(report: &'a Value, id: &str) -> &'a Value {
    by_id(&report["standards"], id)
}

fn touchpoint<'a>(report: &'a Value, id: &str) -> &'a Value {
    by_id(&report["touchpoints"], id)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}
