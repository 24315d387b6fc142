//! How far customers get in a funnel, and whether they come back.

use std::collections::BTreeMap;

use kernel::{FOREVER, FunnelMode, Test};

use super::{WORDS, answered, set, visit};
use crate::journeys::{Journey, Standard, Steppings};

fn check_funnel(within: i64, mode: FunnelMode, figures: &[(&str, &str)]) {
    let steps = vec![set("ad"), set("signup"), set("pay")];
    let journey = Journey { funnels: vec![Steppings { steps, within, mode }], ..visit() };
    for (walk, expected) in figures {
        let steps = answered(&journey, walk).funnels.remove(0);
        let mut words = Vec::new();
        for (step, word) in steps.iter().zip(["ad", "signup", "pay"]) {
            words.extend((step.reached > 0).then(|| word.to_owned()));
            words.extend(step.waits.iter().map(|wait| format!("after {wait}")));
            words.extend((step.open > 0).then(|| "open".to_owned()));
            let name = |touchpoint: &u16| {
                WORDS.get(usize::from(*touchpoint)).copied().unwrap_or("nothing")
            };
            words.extend(
                step.instead.keys().map(|touchpoint| format!("lost to {}", name(touchpoint))),
            );
            assert_eq!(step.lost, step.instead.values().sum::<u64>());
        }
        assert_eq!(words.join(" "), *expected, "{mode:?}: {walk}");
    }
}

#[test]
fn funnels() {
    check_funnel(
        10,
        FunnelMode::Default,
        &[
            ("pay@0 signup@1 | 9", ""),
            ("ad@0 signup@2 pay@10 | 99", "ad signup after 2 pay after 8"),
            ("ad@0 signup@2 pay@11 | 99", "ad signup after 2 lost to pay"),
            ("ad@0 help@1 | 10", "ad open"),
            ("ad@0 help@1 | 11", "ad lost to help"),
            ("ad@0 | 11", "ad lost to nothing"),
            ("ad@0 ad@8 signup@9 pay@18 | 99", "ad signup after 1 pay after 9"),
        ],
    );
    check_funnel(
        10,
        FunnelMode::StrictOrder,
        &[
            ("ad@0 signup@2 pay@3 | 99", "ad signup after 2 pay after 1"),
            ("ad@0 help@1 signup@2 | 5", "ad lost to help"),
            ("help@0 ad@1 | 5", "ad open"),
        ],
    );
    check_funnel(
        10,
        FunnelMode::StrictIncrease,
        &[("ad@0 signup@0 signup@1 pay@1 | 5", "ad signup after 1 open")],
    );
    check_funnel(
        FOREVER,
        FunnelMode::Default,
        &[("ad@0 | 999", "ad open"), ("ad@0 leave@1 | 999", "ad lost to leave")],
    );
}

/// Whether customers came back within ten of the end of their walk, by what became of the standard in it.
#[test]
fn coming_back() {
    let standard = Standard::Value { of: set("pay"), test: Test::Within(1.0, 5.0) };
    let (again, again_within, standards) = (set("ad"), Some(10), vec![standard]);
    let journey = Journey { again, again_within, standards, ..visit() };
    let figures: BTreeMap<&str, [u64; 4]> = BTreeMap::from([
        ("pay@0=9 leave@1 | 11", [0, 0, 0, 0]),
        ("pay@0=9 leave@1 | 12", [1, 0, 0, 0]),
        // Of those who do not come back nothing is known yet, so nothing is said of those who did.
        ("pay@0=9 leave@1 ad@11 | 11", [0, 0, 0, 0]),
        ("pay@0=9 leave@1 ad@11 | 12", [0, 1, 0, 0]),
        ("pay@0=9 leave@1 ad@12 | 99", [1, 0, 0, 0]),
        ("pay@0=3 leave@1 | 99", [0, 0, 1, 0]),
        ("pay@0=3 leave@1 ad@2 | 99", [0, 0, 0, 1]),
        // The first walk counts in which the standard was judged, whatever comes later.
        ("pay@0=3 leave@1 pay@2=9 leave@3 | 99", [0, 0, 1, 0]),
        ("help@0 leave@0 pay@2=9 leave@3 ad@4 | 99", [0, 1, 0, 0]),
        ("ad@0 leave@1 | 99", [0, 0, 0, 0]),
    ]);
    for (walk, expected) in figures {
        assert_eq!(answered(&journey, walk).checks[0].retention, expected, "{walk}");
    }
}

/// Walks told apart by what `=` says, so that the second one goes on while the first one is over.
#[test]
fn a_defect_after_the_outcome_is_none_of_its_causes() {
    let standard = Standard::Required { of: set("pay"), within: 4, of_start: Some(set("signup")) };
    let (again, again_within, standards) = (set("ad"), Some(20), vec![standard]);
    let journey =
        Journey { again, again_within, standards, closes_after: Some(9), by_id: true, ..visit() };
    let figures: BTreeMap<&str, [u64; 4]> = BTreeMap::from([
        // Signed up at 1, silent since; that no payment came is known from 6 on.
        ("signup@1#1 | 99", [1, 0, 0, 0]),
        ("signup@1#1 ad@6#2 | 99", [0, 0, 0, 0]),
        ("signup@1#1 ad@7#2 | 99", [0, 1, 0, 0]),
        ("signup@1#1 ad@3#2 | 99", [0, 0, 0, 0]),
    ]);
    for (walk, expected) in figures {
        assert_eq!(answered(&journey, walk).checks[0].retention, expected, "{walk}");
    }
}
