//! Single sign-on with a real provider: `oidc-provider` from npm, installed into the folder of the build and run on loopback.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use reqwest::Method;
use serde_json::{Value, json};
use server::{Config, Role};
use sha2::{Digest, Sha256};
use store::Invitation;

use crate::browser::{Browser, Seen};
use crate::house::{HERE, House, deed, now};

/// A running provider.
struct Provider {
    child: Child,
    /// It says more than its address, and must be able to.
    _says: BufReader<ChildStdout>,
    issuer: String,
}

/// Where browsers find the house; they go to the port where it really is.
const CALLBACK: &str = "http://127.0.0.1:7070/oidc/callback";

/// The provider's program with what it needs. It is said when that cannot be had.
fn program() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let install = || {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
        let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("provider");
        std::fs::create_dir_all(&to).unwrap();
        for file in ["package.json", "package-lock.json", "provider.mjs"] {
            std::fs::copy(from.join(file), to.join(file)).unwrap();
        }
        eprintln!("installing a provider of identities into {}", to.display());
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]).arg(&to);
        match npm.stdin(Stdio::null()).status() {
            Ok(status) if status.success() => Some(to.join("provider.mjs")),
            Ok(_) | Err(_) => {
                eprintln!("single sign-on is not tested: npm could not install the provider");
                None
            }
        }
    };
    PROGRAM.get_or_init(install).as_deref()
}

impl Provider {
    fn start(where_told: &str) -> Option<Self> {
        let mut child = Command::new("node")
            .args([program()?, Path::new(CALLBACK), Path::new(where_told)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut issuer = String::new();
        let mut says = BufReader::new(child.stdout.take().unwrap());
        says.read_line(&mut issuer).unwrap();
        Some(Self { child, _says: says, issuer: issuer.trim().to_owned() })
    }

    fn config(&self) -> Config {
        Config {
            oidc_issuer: Some(self.issuer.clone()),
            oidc_client_id: Some("footpath".to_owned()),
            oidc_client_secret: Some("only-for-trials".to_owned()),
            ..Config::default()
        }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _it_is_gone = self.child.kill();
        let _its_end = self.child.wait();
    }
}

/// Runs a test with a provider, on each database.
fn with_provider(where_told: &str, change: impl Fn(&mut Config), test: impl Fn(&House)) {
    let Some(provider) = Provider::start(where_told) else { return };
    let mut config = provider.config();
    change(&mut config);
    test(&House::begin(tempfile::tempdir().unwrap(), config.clone()));
    if let Some(database) = House::database() {
        let config = Config { database: Some(database), ..config };
        test(&House::begin(tempfile::tempdir().unwrap(), config));
    }
}

/// Goes to the provider, signs in there as somebody, and comes back.
fn come(browser: &Browser<'_>, person: &str) -> Seen {
    let seen = browser.open("/oidc/begin?next=/api/v1/me");
    sign_in_there(browser, seen, person)
}

fn sign_in_there(browser: &Browser<'_>, seen: Seen, person: &str) -> Seen {
    assert!(seen.url.path().starts_with("/interaction/"), "{} {}", seen.url, seen.answer.text);
    let login = [("prompt", "login"), ("login", person), ("password", "any")];
    let seen = browser.submit(seen.url.as_str(), &login);
    assert!(seen.url.path().starts_with("/interaction/"), "{} {}", seen.url, seen.answer.text);
    browser.submit(seen.url.as_str(), &[("prompt", "consent")])
}

#[track_caller]
fn me(seen: &Seen) -> Value {
    assert_eq!((seen.answer.status, seen.url.path()), (200, "/api/v1/me"), "{}", seen.answer.text);
    seen.answer.json()
}

#[track_caller]
fn is_refused(seen: &Seen) {
    assert_eq!((seen.answer.status, seen.url.path()), (400, "/oidc/callback"));
    assert!(seen.answer.text.contains("role=\"alert\""), "{}", seen.answer.text);
}

#[test]
fn a_user_is_found_by_a_verified_address_and_afterwards_by_the_subject() {
    for where_told in ["in-token", "by-request"] {
        with_provider(
            where_told,
            |_| {},
            |house| {
                let user = house.user(HERE, Role::Editor);
                let person = format!("7|{}|true|Ann", user.email);
                let browser = Browser::new(house);
                assert_eq!(me(&come(&browser, &person))["id"], user.id);
                assert!(browser.cookie("footpath_departed").is_some());
                // The subject is known now: it is the same user without the address.
                assert_eq!(me(&come(&Browser::new(house), &person))["id"], user.id);
                let other = format!("8|{}|false|Eve", user.email);
                is_refused(&come(&Browser::new(house), &other));
                is_refused(&come(&Browser::new(house), "9|nobody@example.org|true|Nobody"));
            },
        );
    }
}

#[test]
fn who_is_invited_comes_in_with_what_the_invitation_gives() {
    with_provider(
        "by-request",
        |_| {},
        |house| {
            let invitation = Invitation {
                workspace: HERE.to_owned(),
                id: "1".to_owned(),
                email: "bo@example.org".to_owned(),
                role: "analyst".to_owned(),
                unit: None,
                invited_by: "system".to_owned(),
                created_at: now(),
                expires_at: now() + 1_000_000,
                accepted_at: None,
                ended_at: None,
            };
            let here = house.workspace(HERE);
            house.runtime.block_on(here.invite(&invitation, "none", &deed())).unwrap();
            is_refused(&come(&Browser::new(house), "1|bo@example.org|false|Bo"));
            let told = me(&come(&Browser::new(house), "2|Bo@Example.org|true|Bo"));
            assert_eq!((&told["name"], &told["email"]), (&json!("Bo"), &json!("bo@example.org")));
            assert_eq!(told["workspaces"][0]["role"], "analyst");
            assert_eq!(told["has_password"], false);
        },
    );
}

#[test]
fn everybody_joins_only_where_the_settings_say_so() {
    with_provider(
        "in-token",
        |config| config.oidc_join = Some(HERE.to_owned()),
        |house| {
            let told = me(&come(&Browser::new(house), "1|new@example.org|true|New"));
            assert_eq!(told["workspaces"][0]["role"], "viewer");
            let admin = house.signed_in(HERE, Role::Owner);
            let id = told["id"].as_str().unwrap();
            let path = format!("/api/v1/members/{id}/deactivate");
            assert_eq!(admin.post(&path, &json!({})).status, 204);
            is_refused(&come(&Browser::new(house), "1|new@example.org|true|New"));
        },
    );
}

#[test]
fn an_answer_counts_once_in_the_browser_that_asked_and_for_what_was_asked() {
    with_provider(
        "in-token",
        |_| {},
        |house| {
            let user = house.user(HERE, Role::Editor);
            let person = format!("7|{}|true|Ann", user.email);
            let store = house.app.store();
            // The same answer again.
            let browser = Browser::new(house);
            me(&come(&browser, &person));
            let answer = browser.went_through("/oidc/callback").unwrap();
            is_refused(&browser.open(answer.as_str()));
            // In a browser that did not ask: somebody would be signed in as somebody else.
            let asked = Browser::new(house);
            let seen = asked.open("/oidc/begin");
            let state = asked.cookie("footpath_departed").unwrap();
            asked.set_cookie("footpath_departed", "another");
            is_refused(&sign_in_there(&asked, seen, &person));
            // With another nonce than the one that was sent.
            let browser = Browser::new(house);
            let seen = browser.open("/oidc/begin?next=/api/v1/me");
            let hash = |state: &str| -> String {
                Sha256::digest(state).iter().map(|byte| format!("{byte:02x}")).collect()
            };
            let sent = hash(&browser.cookie("footpath_departed").unwrap());
            let departure = house.runtime.block_on(store.arrive(&sent, now())).unwrap().unwrap();
            let changed = store::Departure { nonce: "another".to_owned(), ..departure };
            house.runtime.block_on(store.depart(&sent, &changed, now(), now() + 1)).unwrap();
            is_refused(&sign_in_there(&browser, seen, &person));
            // With another proof than the one that was sent.
            let browser = Browser::new(house);
            let seen = browser.open("/oidc/begin?next=/api/v1/me");
            let sent = hash(&browser.cookie("footpath_departed").unwrap());
            let departure = house.runtime.block_on(store.arrive(&sent, now())).unwrap().unwrap();
            let changed = store::Departure { verifier: "x".repeat(64), ..departure };
            house.runtime.block_on(store.depart(&sent, &changed, now(), now() + 1)).unwrap();
            is_refused(&sign_in_there(&browser, seen, &person));
            // Too late.
            let late = house.runtime.block_on(store.arrive(&hash(&state), now() + 3_600_000_000));
            assert_eq!(late.unwrap(), None);
        },
    );
}

#[test]
fn who_has_an_authenticator_is_asked_for_it_here_too() {
    with_provider(
        "in-token",
        |_| {},
        |house| {
            let user = house.user(HERE, Role::Editor);
            let deed = deed();
            house.runtime.block_on(async {
                let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
                house.app.store().begin_totp(&user.id, secret, &deed).await.unwrap();
                let step = (secret, 1);
                house.app.store().confirm_totp(&user.id, step, &[], &deed).await.unwrap();
            });
            let browser = Browser::new(house);
            let seen = come(&browser, &format!("7|{}|true|Ann", user.email));
            assert_eq!(seen.url.path(), "/login/code");
            assert_eq!(browser.cookie("footpath_session"), None);
        },
    );
}

#[test]
fn a_provider_that_is_away_is_told_and_none_is_not_found() {
    let config = Config {
        oidc_issuer: Some("http://127.0.0.1:9".to_owned()),
        oidc_client_id: Some("footpath".to_owned()),
        ..Config::default()
    };
    let house = House::begin(tempfile::tempdir().unwrap(), config);
    let page = house.anonymous().get("/oidc/begin");
    assert_eq!(page.status, 400);
    assert!(page.text.contains("does not answer"), "{}", page.text);
    assert!(house.anonymous().get("/login").text.contains("/oidc/begin"));
    let without = House::on_sqlite();
    assert_eq!(without.anonymous().send(Method::GET, "/oidc/begin", None).status, 404);
    assert!(!without.anonymous().get("/login").text.contains("/oidc/begin"));
}
