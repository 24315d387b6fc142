//! Users and keys of a data folder from the command line, and the link for the first user.

use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::program::{Ran, command, footpath, text};

fn on(folder: &Path, arguments: &[&str]) -> Ran {
    let data = text(&folder.join("data"));
    footpath(arguments.iter().copied().chain(["--data", &data]))
}

#[test]
fn users_are_added_shown_given_a_link_and_deactivated() {
    let folder = tempfile::tempdir().unwrap();
    let add = |email: &str, role: &str| {
        on(folder.path(), &["user", "add", email, "--name", "Ann", "--role", role])
    };
    let added = add("Ann@example.org", "owner");
    assert_eq!(added.code, Some(0), "{}", added.stderr);
    assert!(added.stdout.starts_with("http://127.0.0.1:7070/reset/"), "{}", added.stdout);
    assert_eq!(added.stdout.lines().count(), 1);
    assert_eq!(add("bo@example.org", "viewer").code, Some(0));
    let again = add("ann@example.org", "viewer");
    assert_eq!(again.code, Some(2));
    assert!(again.stderr.contains("there is a user with the address"), "{}", again.stderr);
    let wrong = add("cy@example.org", "king");
    assert!(
        wrong.stderr.contains("owner, admin, editor, analyst, agent, viewer"),
        "{}",
        wrong.stderr
    );
    let reset = on(folder.path(), &["user", "reset", "bo@example.org"]);
    assert!(reset.stdout.contains("/reset/"), "{}", reset.stderr);
    let last = on(folder.path(), &["user", "deactivate", "ann@example.org"]);
    assert!(last.stderr.contains("last owner"), "{}", last.stderr);
    let gone = on(folder.path(), &["user", "deactivate", "bo@example.org"]);
    assert_eq!(gone.code, Some(0), "{}", gone.stderr);
    let list = on(folder.path(), &["user", "list"]).stdout;
    let lines: Vec<String> =
        list.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        ["ann@example.org Ann default:owner", "bo@example.org Ann default:viewer deactivated"]
    );
    let nobody = on(folder.path(), &["user", "reset", "cy@example.org"]);
    assert!(nobody.stderr.contains("there is no user `cy@example.org`"), "{}", nobody.stderr);
}

#[test]
fn keys_are_made_shown_without_their_secret_and_ended() {
    let folder = tempfile::tempdir().unwrap();
    let made = on(folder.path(), &["token", "create", "--name", "the shop", "--scope", "collect"]);
    let secret = made.stdout.trim();
    assert!(secret.starts_with("fp_") && secret.len() == 46, "{secret} {}", made.stderr);
    let list = on(folder.path(), &["token", "list"]).stdout;
    assert!(list.contains("the shop") && list.contains("collect"), "{list}");
    assert!(!list.contains(secret) && list.contains(&secret[..8]), "{list}");
    let id = list.split_whitespace().next().unwrap();
    assert_eq!(on(folder.path(), &["token", "end", id]).code, Some(0));
    assert_eq!(on(folder.path(), &["token", "end", id]).code, Some(2));
    assert!(on(folder.path(), &["token", "list"]).stdout.contains("ended"));
}

#[test]
fn a_server_prints_the_link_for_the_first_user_and_holds_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(&folder.path().join("data"));
    let mut server =
        command(["serve", "--data", &data, "--listen", "127.0.0.1:0"]).spawn().unwrap();
    let lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let link = lines.map_while(Result::ok).find(|line| line.contains("/setup/"));
    let held = on(folder.path(), &["user", "list"]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(link.is_some());
    assert_eq!(held.code, Some(2));
    assert!(held.stderr.contains("ask its server"), "{}", held.stderr);
}
