//! Findings are known again, owned, resolved and reopened; and owners are told when a verdict turns, not when it wavers.

use report::document::{Report, Verdict};
use reqwest::Method;
use serde_json::{Value, json};
use server::Role;
use store::{KeptFindings, Notice};

use crate::house::{Caller, HERE, House, deed, on_both};
use crate::jobs::until;

/// A finding that somebody made.
pub(crate) fn made(house: &House, workspace: &str) -> String {
    let owner = house.signed_in(workspace, Role::Owner);
    let new = json!({ "journey": "cafe", "sentence": "Nobody greets" });
    owner.post("/api/v1/findings", &new).ok()["id"].as_str().unwrap().to_owned()
}

/// Something that a new user was told.
pub(crate) fn told(house: &House, workspace: &str) -> String {
    let user = house.user(workspace, Role::Viewer).id;
    let workspace = house.workspace(workspace);
    let notice = Notice {
        user: user.clone(),
        kind: "mentioned".to_owned(),
        object: "comment:1".to_owned(),
        sentence: "Somebody named you".to_owned(),
        letter_at: None,
    };
    house.runtime.block_on(async {
        workspace.notify(&[notice], house.now()).await.unwrap();
        workspace.inbox(&user, false, "", 1).await.unwrap().remove(0).id
    })
}

/// A report of this day in January 2026 with these findings: touchpoint, size, owner.
fn report(day: u32, findings: &[(&str, f64, &str)]) -> Report {
    let mut report: Report =
        serde_json::from_str(include_str!("../../../report/tests/fixtures/report.json")).unwrap();
    let model = report.findings[0].clone();
    report.as_of = Some(format!("2026-01-{day:02}T00:00:00Z"));
    report.standards.clear();
    report.findings = findings
        .iter()
        .map(|(touchpoint, size, owner)| {
            let mut finding = model.clone();
            finding.about = format!("{touchpoint}-standard");
            finding.touchpoint = Some((*touchpoint).to_owned());
            finding.owner = (!owner.is_empty()).then(|| (*owner).to_owned());
            finding.sentence = format!("{touchpoint} is broken in {size} of all cases");
            finding.score = 100.0 * size;
            finding
        })
        .collect();
    report
}

#[track_caller]
fn keep(house: &House, report: &Report) -> KeptFindings {
    let workspace = house.workspace(HERE);
    let deed = deed();
    let keeping = server::keep_findings(&house.app, &workspace, "cafe", report, &deed);
    house.runtime.block_on(keeping).unwrap()
}

fn one(caller: &Caller<'_>, about: &str) -> Value {
    let all = caller.get("/api/v1/findings?journey=cafe").ok();
    let all = all["items"].as_array().unwrap();
    all.iter().find(|it| it["about"] == about).unwrap_or_else(|| panic!("{all:?}")).clone()
}

fn change(caller: &Caller<'_>, finding: &Value, change: &Value) -> crate::house::Answer {
    let path = format!("/api/v1/findings/{}", finding["id"].as_str().unwrap());
    caller.send(Method::PATCH, &path, Some(change))
}

#[test]
fn what_is_found_again_is_known_and_what_was_resolved_is_reopened() {
    on_both(|house| {
        let agent = house.signed_in(HERE, Role::Agent);
        let kept = keep(house, &report(1, &[("order", 0.4, ""), ("drink", 0.2, "")]));
        assert_eq!((kept.is_taken, kept.new.len()), (true, 2));
        let again = keep(house, &report(1, &[("order", 0.4, ""), ("drink", 0.2, "")]));
        assert!(!again.is_taken, "the same measurement changes nothing");
        assert_eq!(one(&agent, "order-standard")["state"], "new");
        let kept = keep(house, &report(2, &[("order", 0.5, "")]));
        assert_eq!((kept.is_taken, kept.new.len()), (true, 0));
        assert!(!keep(house, &report(1, &[("order", 0.9, "")])).is_taken, "it is of yesterday");
        let order = one(&agent, "order-standard");
        assert_eq!((&order["state"], &order["score"]), (&json!("known"), &json!(50.0)));
        let missed = one(&agent, "drink-standard");
        assert_eq!((&missed["state"], &missed["absences"]), (&json!("new"), &json!(1)));
        let answer = change(&agent, &order, &json!({ "state": "resolved" }));
        assert_eq!((answer.status, answer.json()["at"].clone()), (400, json!("/reason")));
        assert_eq!(change(&agent, &order, &json!({ "state": "new" })).status, 400);
        let resolved = json!({ "state": "resolved", "reason": "a second till was opened" });
        assert_eq!(change(&agent, &order, &resolved).ok()["reason"], "a second till was opened");
        let kept = keep(house, &report(3, &[("order", 0.3, "")]));
        assert_eq!(kept.reopened.len(), 1);
        let order = one(&agent, "order-standard");
        assert_eq!((&order["state"], &order["reopened"]), (&json!("known"), &json!(1)));
        let kept = keep(house, &report(4, &[("order", 0.3, "")]));
        assert_eq!(kept.gone.len(), 1);
        let missed = one(&agent, "drink-standard");
        assert_eq!(
            (&missed["state"], &missed["reason"]),
            (&json!("resolved"), &json!("not found any more"))
        );
        let id = order["id"].as_str().unwrap();
        let sizes = agent.get(&format!("/api/v1/findings/{id}/sizes")).ok();
        let scores: Vec<&Value> =
            sizes["items"].as_array().unwrap().iter().map(|it| &it["score"]).collect();
        assert_eq!(scores, [&json!(30.0), &json!(30.0), &json!(50.0), &json!(40.0)]);
        assert!(sizes["items"][0]["n"].as_u64().unwrap() > 0, "no number without n: {sizes}");
        let history = agent.get(&format!("/api/v1/findings/{id}/history")).ok();
        let what: Vec<&str> = history["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["what"].as_str().unwrap())
            .collect();
        assert_eq!(what, ["reopened", "state", "found_again", "found"]);
    });
}

#[test]
fn findings_that_were_merged_are_one_from_then_on() {
    on_both(|house| {
        let agent = house.signed_in(HERE, Role::Agent);
        let both =
            |day, order| report(day, &[("order", order, ""), ("drink", 0.2, ""), ("pay", 0.1, "")]);
        keep(house, &both(1, 0.4));
        let (order, drink) = (one(&agent, "order-standard"), one(&agent, "drink-standard"));
        let (order, drink) = (order["id"].as_str().unwrap(), drink["id"].as_str().unwrap());
        let merge = |from: &str, into: &str| {
            agent.post(&format!("/api/v1/findings/{from}/merge"), &json!({ "into": into }))
        };
        assert_eq!(merge(order, order).status, 400);
        assert_eq!(merge(order, drink).status, 204);
        assert_eq!(merge(order, drink).status, 409);
        let kept = keep(house, &both(2, 0.6));
        assert_eq!((kept.new.len(), kept.reopened.len(), kept.gone.len()), (0, 0, 0));
        let open = agent.get("/api/v1/findings?state=open").ok();
        let open: Vec<&Value> =
            open["items"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
        assert_eq!(open.len(), 2);
        let drink = agent.get(&format!("/api/v1/findings/{drink}")).ok();
        assert_eq!(drink["score"], 60.0, "the largest stands for both");
        let order = agent.get(&format!("/api/v1/findings/{order}")).ok();
        assert_eq!((&order["state"], &order["merged_into"]), (&json!("resolved"), &drink["id"]));
        assert_eq!(change(&agent, &order, &json!({ "note": "?" })).status, 409);
    });
}

#[test]
fn lists_come_by_score_in_pages_and_by_what_is_asked() {
    on_both(|house| {
        let viewer = house.signed_in(HERE, Role::Viewer);
        keep(house, &report(1, &[("a", 0.1, ""), ("b", 0.3, ""), ("c", 0.3, ""), ("d", 0.2, "")]));
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page = viewer.get(&format!("/api/v1/findings?limit=1{after}")).ok();
            seen.extend(
                page["items"].as_array().unwrap().iter().map(|it| it["score"].as_f64().unwrap()),
            );
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen, [30.0, 30.0, 20.0, 10.0]);
        let count = |query: &str| {
            let found = viewer.get(&format!("/api/v1/findings?{query}")).ok();
            found["items"].as_array().unwrap().len()
        };
        assert_eq!(count("touchpoint=a"), 1);
        assert_eq!(count("kind=cadence&journey=cafe"), 0);
        assert_eq!((count("state=new"), count("state=open"), count("state=resolved")), (4, 4, 0));
        assert_eq!(viewer.get("/api/v1/findings?after=x").status, 400);
        assert_eq!(
            change(&viewer, &one(&viewer, "a-standard"), &json!({ "note": "x" })).status,
            403
        );
    });
}

#[test]
fn owners_are_known_by_name_told_when_given_something_and_see_what_they_own() {
    on_both(|house| {
        let (ann, bob) = (house.user(HERE, Role::Agent), house.user(HERE, Role::Editor));
        keep(
            house,
            &report(1, &[("order", 0.4, &ann.name.to_uppercase()), ("drink", 0.2, &bob.email)]),
        );
        let (ann_asks, bob_asks) = (house.session(&ann.id), house.session(&bob.id));
        assert_eq!(one(&ann_asks, "order-standard")["owner"], json!(ann.id));
        assert_eq!(one(&ann_asks, "drink-standard")["owner"], json!(bob.id));
        let given =
            change(&ann_asks, &one(&ann_asks, "order-standard"), &json!({ "owner": bob.id }));
        assert_eq!(given.ok()["owner"], json!(bob.id));
        let stranger =
            change(&ann_asks, &one(&ann_asks, "order-standard"), &json!({ "owner": "x" }));
        assert_eq!(stranger.json()["at"], "/owner");
        assert_eq!(bob_asks.get("/api/v1/notifications/unread").ok()["count"], 1);
        let inbox = bob_asks.get("/api/v1/notifications?unread=true").ok();
        assert_eq!(inbox["items"][0]["topic"], "finding_assigned");
        let id = inbox["items"][0]["id"].as_str().unwrap();
        let read = format!("/api/v1/notifications/{id}/read");
        assert_eq!(ann_asks.post(&read, &json!({})).status, 404, "it is not hers");
        assert_eq!(bob_asks.post(&read, &json!({})).status, 204);
        assert_eq!(bob_asks.get("/api/v1/notifications/unread").ok()["count"], 0);
        // The document's owner does not come back over the one who was chosen.
        keep(house, &report(2, &[("order", 0.4, &ann.name), ("drink", 0.2, &bob.email)]));
        let owned = bob_asks.get("/api/v1/owned").ok();
        assert_eq!(owned["findings"].as_array().unwrap().len(), 2);
        let mine = ann_asks.get("/api/v1/findings?owner=me").ok();
        assert_eq!(mine["items"].as_array().unwrap().len(), 0);
        let nobody =
            change(&bob_asks, &one(&bob_asks, "order-standard"), &json!({ "owner": null }));
        assert_eq!(nobody.ok()["owner"], Value::Null);
    });
}

/// Verdicts as they may come day by day; told is only what is proven, and each turn once.
#[test]
fn an_owner_is_told_when_a_verdict_turns_and_not_when_it_wavers() {
    use Verdict::{Defective, Meets, NotProven};
    on_both(|house| {
        let (ann, admin) = (house.user(HERE, Role::Agent), house.user(HERE, Role::Admin));
        let days = [
            NotProven, Defective, NotProven, Defective, NotProven, Defective, Meets, NotProven,
            Meets, NotProven, Defective, Defective,
        ];
        let fixture: Report =
            serde_json::from_str(include_str!("../../../report/tests/fixtures/report.json"))
                .unwrap();
        let mut turns = Vec::new();
        for (day, verdict) in days.into_iter().enumerate() {
            let mut report = report(day as u32 + 1, &[]);
            for (id, owner) in [("owned", Some(ann.name.clone())), ("orphan", None)] {
                let mut standard = fixture.standards[0].clone();
                standard.id = id.to_owned();
                standard.owner = owner;
                (standard.verdict, standard.listed) = (verdict, verdict == Defective);
                report.standards.push(standard);
            }
            // One that is below its promise and does not stand among the proven ones is told to nobody.
            let mut chance = fixture.standards[0].clone();
            (chance.id, chance.verdict, chance.listed) = ("chance".to_owned(), Defective, false);
            report.standards.push(chance);
            turns.push(keep(house, &report).turned.len());
        }
        assert_eq!(turns, [0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 2, 0]);
        for (user, object) in [(&ann, "standard:cafe/owned"), (&admin, "standard:cafe/orphan")] {
            let inbox = house.session(&user.id).get("/api/v1/notifications").ok();
            let told: Vec<(&str, &str)> = inbox["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| (it["topic"].as_str().unwrap(), it["object"].as_str().unwrap()))
                .collect();
            let (bad, good) = (("standard_defective", object), ("standard_recovered", object));
            let mut counts = [
                told.iter().filter(|it| **it == bad).count(),
                told.iter().filter(|it| **it == good).count(),
            ];
            counts.sort_unstable();
            assert_eq!((told.len(), counts), (3, [1, 2]), "{told:?}");
            assert!(
                inbox["items"][0]["sentence"].as_str().unwrap().contains(" checks, promised for ")
            );
        }
        let owned = house.session(&ann.id).get("/api/v1/owned").ok();
        assert_eq!(owned["standards"][0]["verdict"], "defective");
        assert_eq!(owned["standards"][0]["since"], "2026-01-11T00:00:00Z");
    });
}

#[test]
fn a_journey_is_measured_when_asked_and_what_is_found_is_kept() {
    let house = House::on_sqlite();
    house.app.publish(HERE, "cafe", crate::measures::CAFE);
    crate::measures::cafe(&house, HERE, 300);
    let agent = house.signed_in(HERE, Role::Agent);
    assert_eq!(agent.post("/api/v1/journeys/none/findings/refresh", &json!({})).status, 404);
    assert_eq!(agent.post("/api/v1/journeys/cafe/findings/refresh", &json!({})).status, 202);
    let found = until(|| {
        let found = agent.get("/api/v1/findings?kind=defective_standard").ok();
        found["items"][0].is_object().then(|| found["items"][0].clone())
    });
    assert_eq!((&found["about"], &found["version"]), (&json!("quickly"), &json!(1)));
    let measured = agent.get("/api/v1/journeys/cafe/measures?from=2025-03-01T12:00:00Z").ok();
    let reported = measured["findings"].as_array().unwrap();
    let same = reported.iter().find(|it| it["about"] == "quickly").unwrap();
    assert_eq!(same["evidence"], found["snapshot"]["evidence"]);
    assert_eq!(same["score"], found["score"]);
}
