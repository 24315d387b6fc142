//! The guide to collecting, line by line: what it says is answered is answered.

use std::path::Path;
use std::process::Command;

use server::Scope;

use crate::house::{HERE, House, on_both};

/// Commands of the page, each with the lines that it is said to answer.
fn commands() -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/collecting.md");
    let text = std::fs::read_to_string(page).unwrap();
    let blocks = text.split("```console\n").skip(1).map(|it| it.split("```").next().unwrap());
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in blocks.flat_map(str::lines) {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.to_owned(), String::new())),
            (None, Some((_, answer))) => answer.push_str(line),
            (None, None) => panic!("an answer to nothing: {line}"),
        }
    }
    commands
}

/// Whether a text is as the page has it, where `…` stands for anything.
fn is_as_said(told: &str, said: &str) -> bool {
    let mut rest = told;
    let pieces: Vec<&str> = said.split('…').collect();
    for (number, piece) in pieces.iter().enumerate() {
        let found =
            if number == 0 { rest.starts_with(piece).then_some(0) } else { rest.find(piece) };
        let Some(at) = found else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty() || said.ends_with('…')
}

#[test]
fn every_line_of_the_guide_is_true() {
    let commands = commands();
    assert!(commands.len() > 12, "{} commands only", commands.len());
    on_both(|house| run(house, &commands));
}

fn run(house: &House, commands: &[(String, String)]) {
    let folder = tempfile::tempdir().unwrap();
    let (key_id, key) = house.new_key(HERE, &[Scope::Collect]);
    let (edit, admin) =
        (house.key_text(HERE, &[Scope::Edit]), house.key_text(HERE, &[Scope::Admin]));
    for (command, said) in commands {
        let output = Command::new("bash")
            .args(["-c", command])
            .current_dir(folder.path())
            .env("FOOTPATH", &house.url)
            .envs([("KEY", &key), ("KEY_ID", &key_id), ("EDIT", &edit), ("ADMIN", &admin)])
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        let failed = String::from_utf8_lossy(&output.stderr);
        assert!(is_as_said(told.trim(), said), "{command}\nsaid: {said}\ntold: {told}{failed}");
    }
}
