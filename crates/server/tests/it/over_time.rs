//! Periods, differences, verdicts that are kept, bindings, previews and drafts.

use serde_json::{Value, json};
use server::Role;

use crate::examples::{fill, import};
use crate::house::{ELSEWHERE, HERE, House, on_both};
use crate::measures::{CAFE, cafe};

/// A month in which everybody is served late, and a few events of the month after.
fn slow_february(house: &House) {
    let mut text = String::from("customer_id,at,activity,channel,region\n");
    for n in 0..60 {
        let day = 1 + n % 27;
        text.push_str(&format!("F{n},2026-02-{day:02}T10:00:00Z,ordered,till,north\n"));
        text.push_str(&format!("F{n},2026-02-{day:02}T10:20:00Z,served,table,north\n"));
    }
    for n in 0..2 {
        text.push_str(&format!("M{n},2026-03-02T10:00:00Z,ordered,till,north\n"));
        text.push_str(&format!("M{n},2026-03-02T10:01:00Z,paid,till,north\n"));
    }
    let path = house.folder.path().join("february.csv");
    std::fs::write(&path, text).unwrap();
    import(house, HERE, path);
}

#[test]
fn each_period_is_a_measure_of_its_own() {
    on_both(|house| {
        cafe(house, HERE, 60);
        slow_february(house);
        house.app.publish(HERE, "ours", CAFE);
        let viewer = house.signed_in(HERE, Role::Viewer);
        let trends = viewer.get("/api/v1/journeys/ours/trends").ok();
        let told: Vec<Value> = trends["periods"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                json!([
                    it["begin"],
                    it["customers"],
                    it["standards"][0]["kept_share"]["k"],
                    it["standards"][0]["verdict"],
                    it["is_open"],
                    it["is_withheld"]
                ])
            })
            .collect();
        let expected = json!([
            ["2026-01-01", 60, 40, "defective", false, false],
            ["2026-02-01", 60, 0, "defective", false, false],
            // Two customers: nothing is told of them.
            ["2026-03-01", null, null, null, true, true],
        ]);
        assert_eq!(Value::from(told), expected);
        // A period is the question about it.
        let month = viewer.get("/api/v1/journeys/ours/measures?from=2026-02-01&to=2026-03-01").ok();
        assert_eq!(trends["periods"][1]["reach"]["order"], month["touchpoints"][1]["reach"]);
        let weeks =
            viewer.get("/api/v1/journeys/ours/trends?period=week&periods=3&zone=Asia/Kolkata").ok();
        let weeks = weeks["periods"].as_array().unwrap();
        assert_eq!(weeks.len(), 3);
        assert_eq!(
            (&weeks[0]["begin"], &weeks[0]["from"]),
            (&json!("2026-02-16"), &json!("2026-02-15T18:30:00Z"))
        );
        assert_eq!(viewer.get("/api/v1/journeys/ours/trends?periods=61").status, 400);
    });
}

#[test]
fn two_periods_and_two_segments_are_held_against_each_other() {
    on_both(|house| {
        cafe(house, HERE, 60);
        slow_february(house);
        house.app.publish(HERE, "ours", CAFE);
        let viewer = house.signed_in(HERE, Role::Viewer);
        let ask = |query: &str| viewer.get(&format!("/api/v1/journeys/ours/differences?{query}"));
        let periods =
            ask("from=2026-02-01&to=2026-03-01&against_from=2026-01-01&against_to=2026-02-01").ok();
        let row = |rows: &Value, measure: &str| {
            rows["rows"]
                .as_array()
                .unwrap()
                .iter()
                .find(|row| row["measure"] == measure)
                .unwrap()
                .clone()
        };
        let kept = row(&periods, "kept");
        assert_eq!((&kept["about"], &kept["verdict"]), (&json!("quickly"), &json!("lower")));
        assert_eq!((&kept["share"]["k"], &kept["against"]["k"]), (&json!(0), &json!(40)));
        assert!(kept["difference"]["high"].as_f64().unwrap() < -0.5, "{kept}");
        assert_eq!(row(&periods, "reach")["verdict"], "no_detectable_difference");
        let segments =
            ask("to=2026-02-01&segment=region%3Dnorth&against_segment=region%3Dsouth").ok();
        assert_eq!(row(&segments, "kept")["share"]["n"], 30);
        // What overlaps is no two samples.
        for query in [
            "",
            "segment=region%3Dnorth",
            "from=2026-01-01&against_to=2026-02-01",
            "segment=region%3Dnorth&against_segment=region%3Dnorth|south",
        ] {
            assert_eq!(ask(query).code(), "invalid_input", "{query}");
        }
    });
}

#[test]
fn a_month_that_is_over_is_judged_once_and_its_verdict_stays() {
    on_both(|house| {
        cafe(house, HERE, 60);
        house.app.publish(HERE, "ours", CAFE);
        let viewer = house.signed_in(HERE, Role::Viewer);
        let judge = || house.runtime.block_on(house.app.judge()).unwrap();
        assert_eq!(judge(), 0, "no month is over before an event of the next one came");
        slow_february(house);
        assert_eq!((judge(), judge()), (1, 0));
        // Another version is judged as well.
        house.app.publish(HERE, "ours", &CAFE.replace("within: 5m", "within: 30m"));
        assert_eq!((judge(), judge()), (1, 0));
        let told = viewer.get("/api/v1/journeys/ours/verdicts").ok();
        let standard = &told["items"][0];
        assert_eq!((&standard["standard"], &standard["periods"]), (&json!("quickly"), &json!(2)));
        let changes: Vec<Value> = standard["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| json!([it["version"], it["from"], it["verdict"], it["kept"], it["n"]]))
            .collect();
        assert_eq!(
            Value::from(changes),
            json!([
                [1, "2026-02-01T00:00:00Z", "defective", 0, 60],
                [2, "2026-02-01T00:00:00Z", "meets", 60, 60],
            ])
        );
        // S2: nobody else's.
        let stranger = house.signed_in(ELSEWHERE, Role::Owner);
        assert_eq!(stranger.get("/api/v1/journeys/ours/verdicts").status, 404);
    });
}

#[test]
fn what_no_touchpoint_binds_and_what_no_event_reaches_is_told() {
    on_both(|house| {
        cafe(house, HERE, 20);
        slow_february(house);
        let more = "      - id: pay\n        title: I pay\n        channels: [till]\n        events: [charged]\n      \
                    - id: leave\n        title: I leave\n        channels: [door]\n";
        house.app.publish(HERE, "ours", &format!("{CAFE}{more}"));
        let viewer = house.signed_in(HERE, Role::Viewer);
        let told = viewer.get("/api/v1/journeys/ours/bindings").ok();
        assert_eq!(told["unbound_activities"], json!([{"activity": "paid", "count": 2}]));
        assert_eq!(
            (&told["without_events"], &told["without_bindings"]),
            (&json!(["pay"]), &json!(["leave"]))
        );
    });
}

#[test]
fn a_document_is_tried_on_the_last_month_and_kept_nowhere() {
    on_both(|house| {
        cafe(house, HERE, 60);
        slow_february(house);
        house.app.publish(HERE, "ours", CAFE);
        let editor = house.signed_in(HERE, Role::Editor);
        let path = "/api/v1/journeys/ours/preview";
        let document =
            CAFE.replace("within: 5m", "within: 30m").replace("[ordered]", "[ordered, paid]");
        let tried = editor.post(path, &json!({"document": document})).ok();
        assert_eq!(tried["from"], "2026-02-01T00:00:00Z");
        let standard = &tried["standards"][0];
        assert_eq!(
            (&standard["tried"]["verdict"], &standard["published"]["verdict"]),
            (&json!("meets"), &json!("defective"))
        );
        let march =
            editor.post(&format!("{path}?from=2026-01-01"), &json!({"document": document})).ok();
        assert_eq!((&march["unbound"], &march["published_unbound"]), (&json!(0), &json!(2)));
        let kept = editor.get("/api/v1/journeys/ours/measures").ok();
        assert_eq!((&kept["version"], &kept["events"]["unbound"]), (&json!(1), &json!(2)));
        let wrong = editor.post(path, &json!({"document": CAFE.replace("stages:", "stages")}));
        assert_eq!((wrong.status, wrong.code().as_str()), (400, "invalid_input"));
        assert_eq!(
            house.signed_in(HERE, Role::Viewer).post(path, &json!({"document": document})).status,
            403
        );
    });
}

#[test]
fn what_customers_walk_is_drafted_into_a_document_that_can_be_measured() {
    let house = House::on_sqlite();
    fill(&house, "incident", "ours");
    let viewer = house.signed_in(HERE, Role::Viewer);
    let found = viewer.post("/api/v1/discover", &json!({"name": "incident"})).ok();
    let draft = found["draft"].as_str().unwrap();
    house.app.publish(HERE, "drafted", draft);
    let measured = viewer.get("/api/v1/journeys/drafted/measures").ok();
    assert_eq!(measured["events"]["unbound"], 0);
    assert_eq!(measured["customers"], found["report"]["customers"]);
    let funnel = json!({"funnels": ["nowhere > elsewhere"]});
    let told = viewer.post("/api/v1/discover", &funnel);
    assert_eq!((told.status, told.json()["at"].as_str()), (400, Some("funnel")));
    assert_eq!(viewer.post("/api/v1/discover", &json!({"funnels": ["alone"]})).status, 400);
    let stranger = house.signed_in(ELSEWHERE, Role::Viewer);
    assert_eq!(stranger.post("/api/v1/discover", &json!({})).status, 409, "there is nothing there");
}

/// Small cells: neither a few customers, nor all but a few, nor a value that could be reckoned from its siblings.
#[test]
fn a_few_customers_are_told_neither_alone_nor_by_what_is_left_out() {
    on_both(|house| {
        let mut text = String::from("customer_id,at,activity,region\n");
        let of_region = [("north", 20), ("south", 20), ("west", 2), ("east", 9)];
        for (region, customers) in of_region {
            for n in 0..customers {
                text.push_str(&format!("{region}{n},2026-01-10T10:00:00Z,ordered,{region}\n"));
                text.push_str(&format!("{region}{n},2026-01-10T10:03:00Z,served,{region}\n"));
            }
        }
        text.push_str("late,2026-02-10T10:00:00Z,ordered,north\n");
        let path = house.folder.path().join("regions.csv");
        std::fs::write(&path, text).unwrap();
        import(house, HERE, path);
        house.app.publish(HERE, "ours", CAFE);
        let viewer = house.signed_in(HERE, Role::Viewer);
        let ask = |query: &str| {
            let answer = viewer.get(&format!("/api/v1/journeys/ours/measures?{query}"));
            let at = answer.json()["at"].as_str().map(str::to_owned);
            (answer.status, at.unwrap_or_default())
        };
        let (told, segment, period) =
            ((200, String::new()), (400, "segment".to_owned()), (400, "period".to_owned()));
        assert_eq!(ask("segment=region%3Dnorth"), told);
        // Two customers; and the next smallest, which would tell of them.
        assert_eq!(ask("segment=region%3Dwest"), segment);
        assert_eq!(ask("segment=region%3Deast"), segment);
        assert_eq!(ask("segment=region%3Dwest|east"), told);
        // Less `north|south` this would be `west`.
        assert_eq!(ask("segment=region%3Dnorth|south|west"), segment);
        assert_eq!(ask("segment=region%3Dnorth|east"), segment);
        // One customer alone, and all but that one.
        assert_eq!(ask("from=2026-02-01"), period);
        assert_eq!(ask("to=2026-02-01"), period);
        let path = "/api/v1/journeys/ours/instances?segment=region%3Dwest";
        assert_eq!(viewer.get(path).status, 400);
        let trends = viewer.get("/api/v1/journeys/ours/trends").ok();
        let withheld: Vec<&Value> =
            trends["periods"].as_array().unwrap().iter().map(|it| &it["is_withheld"]).collect();
        assert_eq!(withheld, [true, true]);
    });
}
