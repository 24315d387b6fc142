//! Every command as a person types it: what is printed where, and with which exit code.

mod discover;
mod measure;
mod places;
pub(crate) mod words;

use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};

pub(crate) use measure::by_id;

use crate::cafe;
use crate::program::{Ran, footpath, footpath_in, repository, text};

/// A run in a folder as a transcript.
pub(crate) fn check(folder: &Path, arguments: &str, expected: &Expect) {
    expected.assert_eq(&transcript(&footpath_in(folder, arguments.split_whitespace())));
}

/// Standard output, then what was said beside it, then the exit code.
pub(crate) fn transcript(ran: &Ran) -> String {
    let said: String = ran.stderr.lines().map(|line| format!("! {line}\n")).collect();
    format!("{}{said}exit {}\n", ran.stdout, ran.code.unwrap())
}

#[test]
fn check_says_every_problem_of_every_document() {
    let folder = cafe::folder();
    let broken = cafe::JOURNEY
        .replace("channels:", "chanels:")
        .replace("promise: 0.9", "promise: 90")
        .replace("within: 5m", "within: 5 minutes");
    cafe::write(folder.path(), "broken.yaml", broken);
    cafe::write(folder.path(), "ownerless.yaml", cafe::JOURNEY.replace("    owner: floor\n", ""));
    check(
        folder.path(),
        "check journey.yaml",
        &expect![[r#"
        journey.yaml: valid; 4 touchpoints, 2 standards, 1 warning
        ! journey.yaml:5:1: warning: no stage lies after the purchase
        !   help: add one with `phase: after`, or leave phases out
        exit 0
    "#]],
    );
    check(
        folder.path(),
        "check broken.yaml journey.yaml missing.yaml",
        &expect![[r#"
        journey.yaml: valid; 4 touchpoints, 2 standards, 1 warning
        ! broken.yaml:20:57: error: `within`: `5 minutes` is no span of time
        !   help: did you mean `5m`?
        ! broken.yaml:21:22: error: `promise` must be above 0 and at most 1, not 90
        !   help: write a share: `0.9`
        ! broken.yaml:25:22: error: `promise` must be above 0 and at most 1, not 90
        !   help: write a share: `0.9`
        ! broken.yaml:33:9: error: unknown key `chanels`
        !   help: did you mean `channels`?
        ! broken.yaml: not valid; 4 errors and 0 warnings
        ! journey.yaml:5:1: warning: no stage lies after the purchase
        !   help: add one with `phase: after`, or leave phases out
        ! error: missing.yaml: there is no such file
        ! error: 1 document could not be read
        exit 2
    "#]],
    );
    check(
        folder.path(),
        "check broken.yaml ownerless.yaml",
        &expect![[r#"
        ownerless.yaml: valid; 4 touchpoints, 2 standards, 3 warnings
        ! broken.yaml:20:57: error: `within`: `5 minutes` is no span of time
        !   help: did you mean `5m`?
        ! broken.yaml:21:22: error: `promise` must be above 0 and at most 1, not 90
        !   help: write a share: `0.9`
        ! broken.yaml:25:22: error: `promise` must be above 0 and at most 1, not 90
        !   help: write a share: `0.9`
        ! broken.yaml:33:9: error: unknown key `chanels`
        !   help: did you mean `channels`?
        ! broken.yaml: not valid; 4 errors and 0 warnings
        ! ownerless.yaml:5:1: warning: no stage lies after the purchase
        !   help: add one with `phase: after`, or leave phases out
        ! ownerless.yaml:30:9: warning: touchpoint `cup` has no owner
        !   help: add `owner:` here or to its stage
        ! ownerless.yaml:37:9: warning: touchpoint `way-out` has no owner
        !   help: add `owner:` here or to its stage
        exit 1
    "#]],
    );
    check(
        folder.path(),
        "check --quiet ownerless.yaml journey.yaml",
        &expect![[r#"
        exit 0
    "#]],
    );
}

#[test]
fn every_example_is_valid_without_a_warning() {
    for example in ["incident", "shop", "loyalty-visit", "seed-season", "fund-investing"] {
        let journey = text(&repository("examples").join(example).join("journey.yaml"));
        let ran = footpath(["check", &journey]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{example}");
    }
}

#[test]
fn diff_says_what_changed() {
    let folder = cafe::folder();
    let changed = cafe::JOURNEY
        .replace("within: 5m", "within: 4m")
        .replace("owner: floor", "owner: kitchen")
        .replace("      - id: way-out\n        title: I go\n        events: [left]\n", "");
    cafe::write(folder.path(), "new.yaml", changed.replace("ends: [left]", "ends: [served]"));
    check(
        folder.path(),
        "diff journey.yaml new.yaml",
        &expect![[r#"
        1 removed, 3 changed

        ~ journey cafe-visit: I drink a coffee on my way to work
            instance.ends: + served, - left

        ~ stage enjoy: I drink
            owner: floor → kitchen

        - touchpoint way-out (enjoy): I go

        ~ standard paid-soon (till): Paid within five minutes of coming in
            response.within: 5m → 4m
        exit 0
    "#]],
    );
    check(
        folder.path(),
        "diff journey.yaml journey.yaml",
        &expect![[r#"
        no changes
        exit 0
    "#]],
    );
    let ran = footpath_in(folder.path(), ["diff", "journey.yaml", "new.yaml", "--format", "json"]);
    let diff: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(diff.is_object() || diff.is_array(), "{diff}");
    check(
        folder.path(),
        "diff journey.yaml events.csv",
        &expect![[r#"
        ! events.csv:1:1: error: the document must be a mapping (`key: value`), not `customer_id,at,activity,channel,bill C0,2025-03-01T06:00:00Z…`
        ! error: events.csv is no valid journey document; mend it and try again
        exit 2
    "#]],
    );
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = footpath(["completions", shell]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{shell}");
        for word in
            ["check", "diff", "measure", "discover", "demo", "completions", "fail-on-defect"]
        {
            assert!(ran.stdout.contains(word), "{shell}: {word}");
        }
    }
    check(
        Path::new("."),
        "completions korn",
        &expect![[r#"
        ! error: invalid value 'korn' for '<SHELL>'
        !   [possible values: bash, elvish, fish, powershell, zsh]
        ! 
        ! For more information, try '--help'.
        exit 2
    "#]],
    );
}

#[test]
fn the_version_and_slips_of_the_pen() {
    check(
        Path::new("."),
        "--version",
        &expect![[r#"
        footpath 0.1.0
        exit 0
    "#]],
    );
    check(
        Path::new("."),
        "mesure",
        &expect![[r#"
            ! error: unrecognized subcommand 'mesure'
            ! 
            !   tip: some similar subcommands exist: 'erase', 'serve', 'restore', 'measure'
            ! 
            ! Usage: footpath <COMMAND>
            ! 
            ! For more information, try '--help'.
            exit 2
        "#]],
    );
    check(
        Path::new("."),
        "measure journey.yaml",
        &expect![[r#"
            ! error: the following required arguments were not provided:
            !   --events <FILE>...
            ! 
            ! Usage: footpath measure <JOURNEY> --events <FILE>... [OPTIONS]
            ! 
            ! For more information, try '--help'.
            exit 2
        "#]],
    );
    check(
        Path::new("."),
        "measure journey.yaml --events events.csv --form json",
        &expect![[r#"
            ! error: unexpected argument '--form' found
            ! 
            !   tip: a similar argument exists: '--from'
            ! 
            ! Usage: footpath measure <JOURNEY> --events <FILE>... [OPTIONS]
            ! 
            ! For more information, try '--help'.
            exit 2
        "#]],
    );
}

#[test]
fn help_names_every_command_and_fits() {
    let help = footpath(["--help"]).stdout;
    for command in ["check", "diff", "measure", "discover", "demo", "completions"] {
        assert!(help.contains(command), "{command}");
        let ran = footpath([command, "--help"]);
        assert_eq!(ran.code, Some(0), "{command}");
        assert!(ran.stdout.lines().all(|line| line.chars().count() <= 100), "{command}");
    }
}

#[test]
fn demo_writes_data_and_pages() {
    let folder = tempfile::tempdir().unwrap();
    let only = ["demo", "--pages", "--out", "out", "--only", "seed-season", "--only", "incident"];
    let ran = footpath_in(folder.path(), only);
    let place = folder.path().canonicalize().unwrap();
    let shown = transcript(&ran).replace(place.to_str().unwrap(), "[folder]");
    expect![[r#"
        Open in a browser:
          [folder]/out/seed-season.html
          [folder]/out/incident.html
        ! seed-season: writing data
        ! seed-season: measuring
        ! incident: writing data
        ! incident: measuring
        exit 0
    "#]]
    .assert_eq(&shown);
    let out = folder.path().join("out");
    assert_eq!(cafe::names(&out), ["incident", "incident.html", "seed-season", "seed-season.html"],);
    assert_eq!(cafe::names(&out.join("incident")), ["README.md", "events.csv.gz", "journey.yaml"]);
    let page = fs::read_to_string(out.join("seed-season.html")).unwrap();
    assert!(page.contains("I hear each week about weather, crop and price"));
    // What it wrote is an example like those of the repository: the same command measures it.
    let arguments = "measure journey.yaml --events events.csv.gz --responses responses.csv \
                     --complaints complaints.csv --format html";
    let again = footpath_in(&out.join("seed-season"), arguments.split(' '));
    assert!(again.stdout == page, "the page is the one that `measure` writes");
}
