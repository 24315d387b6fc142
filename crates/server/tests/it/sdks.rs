//! The real SDKs of Segment, pointed here: what they send is in the lake.

use std::path::{Path, PathBuf};
use std::process::Command;

use server::Scope;

use crate::house::{HERE, House, on_both};

/// A folder for what is installed, kept from one run of the tests to the next.
fn folder(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).unwrap();
    let folder = target.join("sdks").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a program and gives back what it wrote; a failure is told with it.
#[track_caller]
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    told
}

fn is_there(program: &str) -> bool {
    let is_there =
        Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !is_there {
        eprintln!("not tested with an SDK: there is no {program}");
    }
    is_there
}

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdks").join(name)
}

#[test]
fn analytics_node_delivers() {
    if !is_there("node") || !is_there("npm") {
        return;
    }
    let folder = folder("node");
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(here(file), folder.join(file)).unwrap();
    }
    if !folder.join("node_modules/@segment/analytics-node").exists() {
        run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder));
    }
    std::fs::copy(here("send.mjs"), folder.join("send.mjs")).unwrap();
    on_both(|house| {
        let key = house.key_text(HERE, &[Scope::Collect]);
        let told =
            run(Command::new("node").arg("send.mjs").args([&house.url, &key]).current_dir(&folder));
        assert_eq!(told.trim(), "delivered 6");
        delivered(house);
    });
}

#[test]
fn analytics_python_delivers() {
    if !is_there("python3") {
        return;
    }
    let folder = folder("python");
    let python = folder.join("venv/bin/python");
    if !folder.join("installed").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")));
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(here("requirements.txt")));
        std::fs::write(folder.join("installed"), "").unwrap();
    }
    on_both(|house| {
        let key = house.key_text(HERE, &[Scope::Collect]);
        let told = run(Command::new(&python).arg(here("send.py")).args([&house.url, &key]));
        assert_eq!(told.trim(), "delivered 6");
        delivered(house);
    });
}

/// What both programs send.
#[track_caller]
fn delivered(house: &House) {
    let told = house.timeline(HERE, "ada");
    let activities: Vec<&str> = told.iter().map(|it| it.split(" - ").next().unwrap()).collect();
    for activity in ["Points redeemed", "identify", "group", "alias"] {
        assert!(activities.contains(&activity), "{activity}: {told:?}");
    }
    assert!(told.iter().any(|it| it.starts_with("Viewed Home Page web")), "{told:?}");
    assert!(told.iter().any(|it| it.starts_with("Viewed Cart Screen app")), "{told:?}");
    assert!(told.iter().any(|it| it.contains("\"points\": \"250\"")), "{told:?}");
    assert_eq!(told.len(), 6, "{told:?}");
}
