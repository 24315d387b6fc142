//! Instances behind numbers: as many as the report counts, page by page; who they are only for those who may see persons.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use server::{Role, Scope};

use crate::examples::fill;
use crate::house::{Caller, ELSEWHERE, HERE, House, on_both};
use crate::measures::{CAFE, cafe};

/// Every instance that a question names, page by page.
#[track_caller]
fn all(caller: &Caller<'_>, query: &str, limit: usize) -> Vec<Value> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/api/v1/journeys/ours/instances?limit={limit}&{query}{after}");
        let page = caller.get(&path).ok();
        all.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

fn encoded(text: &str) -> String {
    text.replace('^', "%5E").replace('>', "%3E").replace('$', "%24")
}

#[test]
fn behind_a_number_are_as_many_instances_as_it_says() {
    let house = House::on_sqlite();
    fill(&house, "incident", "ours");
    let viewer = house.signed_in(HERE, Role::Viewer);
    let report = viewer.get("/api/v1/journeys/ours/measures").ok();
    let mut checked = 0;
    let mut check = |query: String, n: &Value| {
        // Page after page of thousands says no more.
        if n.as_u64().unwrap() < 1200 {
            let found = all(&viewer, &encoded(&query), 500).len() as u64;
            assert_eq!(found, n.as_u64().unwrap(), "{query}");
            checked += 1;
        }
    };
    check(String::new(), &report["instances"]["total"]);
    for state in ["ended", "timed_out", "open"] {
        check(format!("state={state}"), &report["instances"][state]);
    }
    let list = |pointer: &str| report.pointer(pointer).unwrap().as_array().unwrap().clone();
    for standard in list("/standards").iter().filter(|it| it["rule"] != "score").take(3) {
        let id = standard["id"].as_str().unwrap();
        check(format!("standard={id}&kept=broken"), &standard["instances_broken"]);
    }
    for touchpoint in list("/touchpoints").iter().take(4) {
        check(
            format!("touchpoint={}", touchpoint["id"].as_str().unwrap()),
            &touchpoint["instances"],
        );
    }
    let mut steps = list("/transitions");
    steps.sort_by_key(|step| (step["from"] != "^" && step["to"] != "$", step["count"].as_u64()));
    for step in steps.iter().take(3).chain(steps.iter().rev().take(3)) {
        let (from, to) = (step["from"].as_str().unwrap(), step["to"].as_str().unwrap());
        check(format!("transition={from}>{to}"), &step["instances"]);
    }
    for variant in list("/variants/top").iter().take(3) {
        let path: Vec<&str> =
            variant["path"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        check(format!("variant={}", path.join(">")), &variant["count"]);
    }
    for stage in list("/deviations/abandoned_after") {
        check(format!("dropped={}", stage["stage"].as_str().unwrap()), &stage["count"]);
    }
    assert!(checked >= 10, "{checked}");
}

#[test]
fn pages_are_parts_of_one_list_whatever_their_size() {
    on_both(|house| {
        cafe(house, HERE, 60);
        house.app.publish(HERE, "ours", CAFE);
        let viewer = house.signed_in(HERE, Role::Viewer);
        let whole = all(&viewer, "standard=quickly", 500);
        assert_eq!(whole.len(), 20);
        assert_eq!(all(&viewer, "standard=quickly", 7), whole);
        assert_eq!(all(&viewer, "standard=quickly", 1), whole);
        let kept = all(&viewer, "standard=quickly&kept=kept", 9);
        let names: BTreeSet<&str> =
            whole.iter().chain(&kept).map(|it| it["id"].as_str().unwrap()).collect();
        assert_eq!(names.len(), 60);
        // One of them alone, with its path.
        let one = format!("/api/v1/journeys/ours/instances/{}", whole[3]["id"].as_str().unwrap());
        assert_eq!(viewer.get(&one).ok(), whole[3]);
        let visits: Vec<&str> = whole[3]["visits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|visit| visit["touchpoint"].as_str().unwrap())
            .collect();
        assert_eq!(visits, ["order", "drink"]);
        assert_eq!(
            whole[3]["checks"],
            json!([{"standard": "quickly", "kept": 0, "broken": 1, "pending": 0, "unknown": 0}])
        );
        // It is good for the question that it came with.
        assert_eq!(viewer.get(&format!("{one}?to=2026-01-20")).status, 404);
        for (query, at) in [
            ("after=zz", "after"),
            ("limit=0", "limit"),
            ("kept=kept", "kept"),
            ("transition=order", "transition"),
        ] {
            let told = viewer.get(&format!("/api/v1/journeys/ours/instances?{query}"));
            assert_eq!((told.status, told.json()["at"].as_str()), (400, Some(at)), "{query}");
        }
        let told = viewer.get("/api/v1/journeys/ours/instances?touchpoint=ordr").json();
        assert_eq!(told["message"], "the journey has no touchpoint `ordr`; did you mean `order`?");
    });
}

#[test]
fn who_a_customer_is_is_told_to_those_who_may_see_persons_and_written_down() {
    on_both(|house| {
        cafe(house, HERE, 12);
        house.app.publish(HERE, "ours", CAFE);
        let told = json!({"responses": [
            {"customer_id": "C1", "at": "2026-01-03T00:00:00Z", "question": "csat", "touchpoint": "drink", "score": 2, "comment": "cold"}
        ]});
        house.key(HERE, &[Scope::Collect]).post("/api/v1/responses", &told).ok();
        let (viewer, agent) =
            (house.signed_in(HERE, Role::Viewer), house.signed_in(HERE, Role::Agent));
        assert!(all(&viewer, "", 100).iter().all(|it| it.get("customer").is_none()));
        let seen = all(&agent, "", 100);
        let known: Vec<&Value> = seen.iter().filter(|it| it["customer"]["id"] == "C1").collect();
        // Who came in a file of events is known by the key alone.
        assert_eq!((known.len(), seen.len()), (1, 12));
        let key = known[0]["customer"]["key"].as_str().unwrap();
        assert_eq!(agent.get("/api/v1/customers?id=C1").ok()["key"], key);
        assert_eq!(agent.get("/api/v1/customers?id=C99").status, 404);
        let path = format!("/api/v1/customers/{key}/timeline");
        let timeline = agent.get(&path).ok();
        let kinds: Vec<&str> = timeline["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["event", "event", "response"]);
        assert_eq!(timeline["items"][2]["comment"], "cold");
        let first = agent.get(&format!("{path}?limit=2")).ok();
        let rest =
            agent.get(&format!("{path}?limit=2&after={}", first["next"].as_str().unwrap())).ok();
        assert_eq!((&rest["items"][0], rest.get("next")), (&timeline["items"][2], None));
        assert_eq!(viewer.get(&path).status, 403);
        // S2: the same key elsewhere is nobody.
        assert_eq!(house.signed_in(ELSEWHERE, Role::Owner).get(&path).status, 404);
        let audit = house.signed_in(HERE, Role::Owner).get("/api/v1/audit").ok();
        let actions: Vec<&str> = audit["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["action"].as_str().unwrap())
            .filter(|it| !it.starts_with("member"))
            .collect();
        let expected = [
            "customer.read",
            "customer.read",
            "customer.read",
            "customer.sought",
            "instances.read",
            "instances.read",
            "key.created",
        ];
        assert_eq!(actions, expected);
        house.app.lake_of(&house.workspace(HERE)).unwrap().erase("C1").unwrap();
        assert_eq!(agent.get(&path).status, 404);
    });
}
