//! `footpath words`: a sheet is drawn, coded, and read back.

use expect_test::expect;
use serde_json::Value;
use tempfile::TempDir;

use super::check;
use crate::cafe;
use crate::program::footpath_in;

/// Twelve customers who complain, one of them twice.
pub(crate) const COMPLAINTS: &str = "\
customer_id,at,touchpoint,text
C0,2025-03-01T08:00:00Z,cup,My coffee was cold again
C1,2025-03-01T08:10:00Z,cup,The cup was not even warm
C2,2025-03-01T08:20:00Z,till,I waited far too long to pay
C3,2025-03-01T08:30:00Z,till,\"=Slow, slower, till two\"
C4,2025-03-01T08:40:00Z,cup,A cold coffee for a warm price
C5,2025-03-01T08:50:00Z,till,The till took ten minutes
C6,2025-03-01T09:00:00Z,cup,Lukewarm at best
C7,2025-03-01T09:10:00Z,till,It took too long
C8,2025-03-01T09:20:00Z,cup,Cold coffee
C9,2025-03-01T09:30:00Z,,Write to me at anna@example.org
C10,2025-03-01T09:40:00Z,cup,Cold
C11,2025-03-01T09:50:00Z,till,Too long a queue
C11,2025-03-01T09:55:00Z,cup,And then it was cold
";

const THEMES: &str = "\
themes:
  - {id: cold, title: The coffee is cold, seeds: [My coffee was cold]}
  - {id: late, title: It takes too long, seeds: [I waited too long]}
";

pub(crate) fn folder() -> TempDir {
    let folder = cafe::folder();
    cafe::write(folder.path(), "journey.yaml", format!("{}{THEMES}", cafe::JOURNEY));
    cafe::write(folder.path(), "complaints.csv", COMPLAINTS);
    folder
}

#[test]
fn a_sheet_is_the_same_every_time_and_tells_nobody() {
    let folder = folder();
    let sample = "words sample journey.yaml --complaints complaints.csv --responses answers.csv";
    check(
        folder.path(),
        &format!("{sample} -n 4"),
        &expect![[r#"
        comment,coder,touchpoint,text,cold,late
        28408fbebc3caeed,,till,I waited far too long to pay,,
        357e944c167782f3,,cup,The cup was not even warm,,
        59c435e6321775a9,,cup,Lukewarm at best,,
        83ee79201aa5f378,,till,The till took ten minutes,,
        ! 4 of 13 comments by 4 customers; write yes or no under each theme, and give the sheet to measure with --codes
        exit 0
    "#]],
    );
    check(
        folder.path(),
        &format!("{sample} -n 4 --seed 2"),
        &expect![[r#"
        comment,coder,touchpoint,text,cold,late
        110ba2abc101da79,,cup,And then it was cold,,
        8c3a28631944271c,,till,Too long a queue,,
        aab84afd2b37b30f,,cup,Cold,,
        bd03e7bf489954a8,,,Write to me at [e-mail],,
        ! 4 of 13 comments by 3 customers; write yes or no under each theme, and give the sheet to measure with --codes
        exit 0
    "#]],
    );
    let written = footpath_in(folder.path(), format!("{sample} -o codes.csv").split(' '));
    assert_eq!((written.code, written.stdout.as_str()), (Some(0), ""));
    check(
        folder.path(),
        "words sample journey.yaml",
        &expect![[r#"
        ! error: there is nothing to draw from; give --responses or --complaints
        exit 2
    "#]],
    );
    check(
        folder.path(),
        &format!("{sample} -n 0"),
        &expect![[r#"
        ! error: -n 0: a sheet without a comment says nothing; leave -n out for 200
        exit 2
    "#]],
    );
    cafe::write(folder.path(), "journey.yaml", cafe::JOURNEY);
    check(
        folder.path(),
        sample,
        &expect![[r#"
        ! error: the journey names no theme; write themes, each with two to five sentences that a customer could have written
        exit 2
    "#]],
    );
}

#[test]
fn codes_are_read_back() {
    let folder = folder();
    let sample = "words sample journey.yaml --complaints complaints.csv";
    let sheet = footpath_in(folder.path(), sample.split(' ')).stdout;
    // Two coders who agree on all but one comment.
    let coded = |coder: &str, slip: usize| {
        let mut rows = sheet.lines();
        let header = format!("{}\n", rows.next().unwrap());
        let rows = rows.enumerate().map(|(place, row)| {
            let row = row.replacen(",,", &format!(",{coder},"), 1);
            let is_cold = ["cold", "warm"].iter().any(|word| row.to_lowercase().contains(word));
            let code = if is_cold != (place == slip) { "yes" } else { "No" };
            format!("{},{code},\n", row.strip_suffix(",,").unwrap())
        });
        format!("{header}{}", rows.collect::<String>())
    };
    cafe::write(folder.path(), "a.csv", coded("A", usize::MAX));
    cafe::write(folder.path(), "b.csv", coded("B", 3));
    let measure = "measure journey.yaml --events events.csv --complaints complaints.csv --codes a.csv b.csv --format json";
    let ran = footpath_in(folder.path(), measure.split(' '));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let theme = super::by_id(&report["words"]["themes"], "cold");
    assert_eq!(
        theme["why_not"],
        "not a measure yet: 13 comments are coded by hand, 200 are needed"
    );
    let coding = &theme["coding"];
    assert_eq!((&coding["comments"], &coding["customers"]), (&13.into(), &12.into()));
    assert_eq!(coding["between_coders"]["n"], 13);
    let kappa = coding["between_coders"]["kappa"]["value"].as_f64().unwrap();
    assert!((0.6..1.0).contains(&kappa), "{kappa}");
    // Nobody coded the other theme.
    assert_eq!(super::by_id(&report["words"]["themes"], "late").get("coding"), None);
}
