//! A document keeps its meaning through reading and writing, and nothing that is typed can make the reader fall over.

use model::document::{read, read_bytes};
use model::journey::Journey;
use model::write::write;
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, prop_assert_eq, proptest};

use crate::arbitrary::journey;
use crate::every_key::EVERY_KEY;

fn valid(text: &str) -> Journey {
    let reading = read(text);
    let problems: Vec<String> = reading.errors().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}\n{text}", problems.join("\n"));
    reading.journey.unwrap()
}

#[test]
fn the_document_with_every_key_survives_yaml_and_json() {
    let journey = valid(EVERY_KEY);
    assert_eq!(valid(&write(&journey)), journey);
    assert_eq!(valid(&serde_json::to_string(&journey).unwrap()), journey);
    assert_eq!(
        valid(&serde_json::to_string_pretty(&journey).unwrap().replace("  ", "\t")),
        journey
    );
    assert_eq!(write(&valid(&write(&journey))), write(&journey));
}

#[test]
fn json_escapes_and_windows_lines_are_read() {
    let json = "\u{feff}{\"footpath\": 1,\r\n\t\"journey\": \"a\", \"title\": \"\\ud83d\\ude00 \\u00e9 \\/ \\\"q\\\"\", \"stages\": [\r\n\
                {\"id\": \"s\", \"title\": \"S\", \"touchpoints\": [{\"id\": \"t\", \"title\": \"T\", \"owner\": null}]}]}";
    let journey = valid(json);
    assert_eq!(journey.title, "😀 é / \"q\"");
    assert_eq!(journey.stages[0].touchpoints[0].owner, None);
    assert_eq!(valid(&EVERY_KEY.replace('\n', "\r\n")), valid(EVERY_KEY));
}

#[test]
fn scalars_are_taken_as_they_are_meant() {
    let journey = valid(
        "footpath: 1\njourney: a\ntitle: 12:30\nstages:\n  - id: s\n    title: no\n    owner: 007\n    touchpoints:\n      - id: t\n        \
         title: 1e3\n        events: [100, {activity: 0x1f, where: {zip: 01067, n: 5.50, yes: yes, t: true, big: 12345678901234567890}}]\n",
    );
    let text = write(&journey);
    expect_test::expect![[r#"
        footpath: 1
        journey: a
        title: "12:30"
        stages:
          - id: s
            title: "no"
            owner: "007"
            touchpoints:
              - id: t
                title: "1e3"
                events:
                  - "100"
                  - activity: "0x1f"
                    where: {big: "12345678901234567890", "n": 5.5, t: true, "yes": "yes", zip: "01067"}
    "#]]
    .assert_eq(&text);
    assert_eq!(valid(&text), journey);
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_place() {
    let reading = read_bytes(b"footpath: 1\ntitle: caf\xe9\n");
    assert!(reading.journey.is_none());
    expect_test::expect!["2:11: error: the file is not UTF-8 text\n  help: save it as UTF-8"]
        .assert_eq(&reading.problems[0].to_string());
    assert!(read_bytes(EVERY_KEY.as_bytes()).is_valid());
}

#[test]
fn places_are_found_by_pointer() {
    let reading = read(EVERY_KEY);
    let shown = |pointer: &str| {
        let place = reading.place(pointer);
        let line = EVERY_KEY.lines().nth(place.line - 1).unwrap();
        line.chars().skip(place.column - 1).take(12).collect::<String>()
    };
    assert_eq!(shown("/title"), "I shop and r");
    assert_eq!(shown("/stages/0/touchpoints/0/standards/0/response/within"), "5m}");
    assert_eq!(shown("/stages/0/touchpoints/0/standards/0/response"), "response: {f");
    assert_eq!(shown("/stages/1/touchpoints/0"), "id: goods");
    assert_eq!(shown("/stages/1/touchpoints/0/nothing/here"), "id: goods");
    assert_eq!(shown("/funnels/0/steps/1/1"), "paid-by-app]");
}

#[test]
fn a_flood_of_problems_is_cut_off_and_counted() {
    let many: String = (0..3000).map(|n| format!("key{n}: 1\n")).collect();
    let reading = read(&format!("{EVERY_KEY}{many}"));
    assert_eq!(reading.problems.len(), 1001);
    assert_eq!(reading.problems[1000].message, "2000 more problems are not listed");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_journey_survives_yaml_and_json(journey in journey()) {
        let yaml = write(&journey);
        prop_assert_eq!(&valid(&yaml), &journey, "{}", yaml);
        prop_assert_eq!(write(&valid(&yaml)), yaml);
        prop_assert_eq!(&valid(&serde_json::to_string(&journey).unwrap()), &journey);
    }

    #[test]
    fn any_text_is_answered(text in prop::collection::vec(any::<char>(), 0..200)) {
        let text: String = text.into_iter().collect();
        prop_assert!(read(&text).journey.is_none());
    }

    #[test]
    fn any_marks_are_answered(text in r#"[\[\]{}:,\-?&*!|>'"%@` \n\ta0#~.]{0,80}"#) {
        prop_assert!(read(&text).journey.is_none());
        let bracketed = format!("{{{text}");
        prop_assert!(read(&bracketed).journey.is_none());
    }

    #[test]
    fn any_damage_is_told_with_a_place_in_the_text(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..30, "[\\PC\n\t]{0,6}"), 1..4)
    ) {
        let mut chars: Vec<char> = EVERY_KEY.chars().collect();
        for (at, length, with) in cuts {
            let at = at.index(chars.len());
            let end = (at + length).min(chars.len());
            chars.splice(at..end, with.chars());
        }
        let text: String = chars.into_iter().collect();
        let reading = read(&text);
        let lines = text.lines().count();
        for problem in &reading.problems {
            prop_assert!((1..=lines + 1).contains(&problem.line), "{}", problem);
            prop_assert!(problem.column >= 1, "{}", problem);
        }
        match &reading.journey {
            Some(journey) => prop_assert_eq!(&valid(&write(journey)), journey),
            None => prop_assert!(reading.errors().next().is_some()),
        }
    }
}
