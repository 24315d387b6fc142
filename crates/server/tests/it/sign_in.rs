//! S7 and S8: sessions, passwords, and patience with those who guess.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};
use server::{Config, Role};
use store::User;

use crate::browser::Browser;
use crate::house::{Answer, Caller, HERE, House, on_both};

pub(crate) const PASSWORD: &str = "tulip kettle rain 91";

/// A user with this password.
pub(crate) fn user(house: &House, role: Role) -> User {
    let user = house.user(HERE, role);
    let given = json!({ "password": PASSWORD });
    let answer = house.session(&user.id).send(Method::PUT, "/api/v1/me/password", Some(&given));
    assert_eq!(answer.status, 204, "{}", answer.text);
    user
}

pub(crate) fn sign_in(house: &House, email: &str, password: &str) -> Answer {
    let given = json!({ "email": email, "password": password });
    house.anonymous().post("/api/v1/sign_in", &given)
}

/// The cookie that an answer set, whole.
pub(crate) fn set_cookie(answer: &Answer) -> String {
    answer.headers["set-cookie"].to_str().unwrap().to_owned()
}

/// Somebody with the session that an answer brought.
pub(crate) fn holder<'a>(house: &'a House, answer: &Answer) -> Caller<'a> {
    let cookie = set_cookie(answer);
    house.anonymous().with("cookie", cookie.split(';').next().unwrap())
}

/// Whether a text is anywhere in the files of a folder.
fn is_in_files(folder: &Path, text: &str) -> bool {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.into_iter().any(|path| {
        if path.is_dir() {
            return is_in_files(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn s7_a_session_has_256_bits_and_is_kept_as_a_hash() {
    let house = House::on_sqlite();
    let user = user(&house, Role::Viewer);
    let answer = sign_in(&house, &user.email, PASSWORD);
    let cookie = set_cookie(&answer);
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    assert_eq!(token.len(), 43, "32 bytes in base 64: {token}");
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax"), "{cookie}");
    assert!(!cookie.contains("Secure"), "there is no https here: {cookie}");
    assert!(!is_in_files(house.folder.path(), token));
    assert!(!is_in_files(house.folder.path(), PASSWORD));
    let me = holder(&house, &answer).get("/api/v1/me").ok();
    assert_eq!(me["id"], user.id);
    let again = set_cookie(&sign_in(&house, &user.email, PASSWORD));
    assert_ne!(again, cookie);
}

#[test]
fn s7_behind_https_the_cookie_is_secure() {
    let public_url = Some("https://journeys.example.org/footpath".to_owned());
    let config = Config { public_url, ..Config::default() };
    let house = House::begin(tempfile::tempdir().unwrap(), config);
    let user = user(&house, Role::Viewer);
    let cookie = set_cookie(&sign_in(&house, &user.email, PASSWORD));
    assert!(cookie.contains("; Secure"), "{cookie}");
    let page = house.anonymous().get("/login").text;
    assert!(page.contains("action=\"/footpath/login\""), "{page}");
}

#[test]
fn s7_a_session_gets_another_token_when_it_may_more_and_ends_when_another_begins() {
    on_both(|house| {
        let user = user(house, Role::Editor);
        let first = holder(house, &sign_in(house, &user.email, PASSWORD));
        let proved = first.post("/api/v1/me/prove", &json!({ "password": PASSWORD }));
        let second = holder(house, &proved);
        assert_eq!((first.get("/api/v1/me").status, second.get("/api/v1/me").status), (401, 200));
        let wrong = second.post("/api/v1/me/prove", &json!({ "password": "tulip kettle rain 92" }));
        assert_eq!((wrong.status, &*wrong.code()), (400, "invalid_input"));
        let given = json!({ "email": user.email, "password": PASSWORD });
        let third = holder(house, &second.post("/api/v1/sign_in", &given));
        assert_eq!((second.get("/api/v1/me").status, third.get("/api/v1/me").status), (401, 200));
    });
}

#[test]
fn s7_my_sessions_are_listed_and_end_one_by_one_or_all_at_once() {
    on_both(|house| {
        let user = user(house, Role::Viewer);
        let [first, second, third] = [(); 3].map(|()| house.session(&user.id));
        let list = |caller: &Caller<'_>| caller.get("/api/v1/me/sessions").ok();
        let mine = list(&first);
        // The one with which the password was chosen goes on.
        assert_eq!(mine.as_array().unwrap().len(), 4, "{mine}");
        let own = |list: &Value| {
            let all = list.as_array().unwrap().iter();
            all.filter(|it| it["is_this"] == true)
                .map(|it| it["id"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let second_id = own(&list(&second)).remove(0);
        assert!(!own(&mine).contains(&second_id));
        let path = format!("/api/v1/me/sessions/{second_id}");
        let other = house.signed_in(HERE, Role::Owner);
        assert_eq!(other.send(Method::DELETE, &path, None).status, 404, "it is not theirs");
        assert_eq!(first.send(Method::DELETE, &path, None).status, 204);
        assert_eq!((second.get("/api/v1/me").status, third.get("/api/v1/me").status), (401, 200));
        assert_eq!(first.send(Method::DELETE, "/api/v1/me/sessions", None).status, 204);
        assert_eq!((third.get("/api/v1/me").status, first.get("/api/v1/me").status), (401, 200));
        assert_eq!(first.send(Method::POST, "/api/v1/sign_out", None).status, 204);
        assert_eq!(first.get("/api/v1/me").status, 401);
    });
}

#[test]
fn s8_every_other_session_and_link_ends_with_the_password() {
    on_both(|house| {
        let user = user(house, Role::Viewer);
        let admin = house.signed_in(HERE, Role::Admin);
        let link = || {
            let path = format!("/api/v1/members/{}/password_link", user.id);
            let made = admin.post(&path, &json!({})).ok();
            url::Url::parse(made["link"].as_str().unwrap()).unwrap().path().to_owned()
        };
        let (old_link, other) = (link(), house.session(&user.id));
        let mine = holder(house, &sign_in(house, &user.email, PASSWORD));
        let change = |current: &str, password: &str| {
            let given = json!({ "current": current, "password": password });
            mine.send(Method::PUT, "/api/v1/me/password", Some(&given))
        };
        assert_eq!(change("tulip kettle rain 92", "a new and long one").status, 400);
        assert_eq!(change(PASSWORD, "short").status, 400);
        assert_eq!(other.get("/api/v1/me").status, 200);
        let changed = change(PASSWORD, "a new and long one");
        assert_eq!(changed.status, 204, "{}", changed.text);
        assert_eq!((other.get("/api/v1/me").status, mine.get("/api/v1/me").status), (401, 401));
        let renewed = holder(house, &changed);
        assert_eq!(renewed.get("/api/v1/me").status, 200);
        let browser = Browser::new(house);
        assert_eq!(browser.open(&old_link).answer.status, 404);
        assert_eq!(sign_in(house, &user.email, PASSWORD).status, 400);
        // Somebody with a link ends every session, and uses the link up.
        let path = link();
        assert_eq!(browser.open(&path).answer.status, 200);
        assert_eq!(browser.submit(&path, &[("password", "password1234")]).answer.status, 400);
        let seen = browser.submit(&path, &[("password", "yet another long one")]);
        assert_eq!((seen.answer.status, seen.url.path()), (200, "/login"));
        assert_eq!(renewed.get("/api/v1/me").status, 401);
        assert_eq!(browser.submit(&path, &[("password", PASSWORD)]).answer.status, 404);
        assert_eq!(sign_in(house, &user.email, "yet another long one").status, 200);
    });
}

#[test]
fn s8_passwords_are_argon2id_with_the_parameters_of_owasp() {
    on_both(|house| {
        let user = user(house, Role::Viewer);
        let account = house.runtime.block_on(house.app.store().account(&user.id)).unwrap();
        let kept = account.unwrap().password.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    });
}

#[test]
fn s8_nobody_learns_who_is_here() {
    on_both(|house| {
        let user = user(house, Role::Viewer);
        let gone = house.user(HERE, Role::Viewer);
        let admin = house.signed_in(HERE, Role::Owner);
        let path = format!("/api/v1/members/{}/deactivate", gone.id);
        assert_eq!(admin.post(&path, &json!({})).status, 204);
        let told = [&*user.email, &*gone.email, "nobody@example.org"].map(|email| {
            let before = house.app.passwords_hashed();
            let answer = sign_in(house, email, "tulip kettle rain 92");
            let mut body = answer.json();
            body["request_id"] = Value::Null;
            // The same words, after the same work.
            (answer.status, body, house.app.passwords_hashed() - before)
        });
        assert_eq!(told[0].2, 1);
        assert_eq!(told[0], told[1]);
        assert_eq!(told[0], told[2]);
        let page = |email: &str| {
            let fields = [("email", email), ("password", "tulip kettle rain 92")];
            let text = Browser::new(house).submit("/login", &fields).answer.text;
            text.replace(email, "EMAIL")
        };
        assert_eq!(page(&user.email), page("nobody@example.org"));
    });
}

#[test]
fn s8_whoever_guesses_has_to_wait_and_so_does_who_guesses_nobody() {
    on_both(|house| {
        let known = user(house, Role::Viewer);
        let other = user(house, Role::Viewer);
        for email in [&*known.email, "nobody@example.org"] {
            for _ in 0..5 {
                assert_eq!(sign_in(house, email, "tulip kettle rain 92").status, 400);
            }
            let before = house.app.passwords_hashed();
            let refused = sign_in(house, email, PASSWORD);
            assert_eq!((refused.status, &*refused.code()), (429, "busy"), "{email}");
            assert_eq!(refused.headers["retry-after"], "1");
            assert_eq!(house.app.passwords_hashed(), before, "no work for who has to wait");
        }
        assert_eq!(sign_in(house, &other.email, PASSWORD).status, 200, "another account may");
        // In the browser as well, and with other capitals.
        let fields = [("email", known.email.to_uppercase()), ("password", PASSWORD.to_owned())];
        let fields = [("email", &*fields[0].1), ("password", &*fields[1].1)];
        let page = Browser::new(house).submit("/login", &fields).answer;
        assert_eq!(page.status, 429);
        assert_eq!(page.headers["retry-after"], "1");
    });
}

#[test]
fn s8_a_thousand_guesses_at_the_same_time_are_a_thousand() {
    on_both(|house| {
        let known = user(house, Role::Viewer);
        let before = house.app.passwords_hashed();
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| sign_in(house, &known.email, "tulip kettle rain 92"));
            }
        });
        assert_eq!(house.app.passwords_hashed() - before, 5);
    });
}

#[test]
fn s8_one_address_that_tries_many_accounts_has_to_wait() {
    let house = House::on_sqlite();
    let mut statuses = Vec::new();
    for number in 0..52 {
        statuses.push(sign_in(&house, &format!("{number}@example.org"), "wrong").status);
    }
    assert_eq!(statuses[49..], [400, 429, 429]);
}

#[test]
fn a_browser_signs_in_goes_where_it_wanted_and_signs_out() {
    on_both(|house| {
        let user = user(house, Role::Viewer);
        let browser = Browser::new(house);
        let next = "/api/v1/me";
        let fields = [("email", &*user.email), ("password", PASSWORD), ("next", next)];
        let seen = browser.submit("/login", &fields);
        assert_eq!((seen.answer.status, seen.url.path()), (200, next));
        assert_eq!(seen.answer.json()["id"], user.id);
        assert_eq!(browser.open("/login").url.path(), "/", "whoever is in is not asked");
        let seen = browser.submit("/logout", &[]);
        assert_eq!(seen.url.path(), "/login");
        assert_eq!(browser.open(next).answer.status, 401);
    });
}
