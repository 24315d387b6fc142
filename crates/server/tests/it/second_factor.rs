//! Codes of an authenticator: asked for, good once, and replaced by recovery codes when it is lost.

use reqwest::Method;
use serde_json::json;
use server::Role;
use store::User;
use totp_rs::{Builder, Secret, Totp};

use crate::browser::Browser;
use crate::house::{Answer, House, now, on_both};
use crate::sign_in::{PASSWORD, holder, set_cookie, sign_in, user};

/// Somebody with an authenticator.
struct Enrolled {
    user: User,
    totp: Totp,
    recovery: Vec<String>,
}

impl Enrolled {
    /// The code was confirmed by that of the step before this one.
    fn new(house: &House) -> Self {
        let user = user(house, Role::Editor);
        let mine = house.session(&user.id);
        let begun = mine.post("/api/v1/me/second_factor", &json!({})).ok();
        let secret = begun["secret"].as_str().unwrap();
        assert!(begun["url"].as_str().unwrap().starts_with("otpauth://totp/"), "{begun}");
        let secret = Secret::try_from_base32(secret).unwrap();
        let totp = Builder::new().with_secret(secret).with_account_name("a").build().unwrap();
        let enrolled = Self { user, totp, recovery: Vec::new() };
        let wrong = mine.post("/api/v1/me/second_factor/confirm", &json!({ "code": "000000x" }));
        assert_eq!((wrong.status, &*wrong.code()), (400, "invalid_input"));
        assert_eq!(sign_in(house, &enrolled.user.email, PASSWORD).json()["signed_in"], true);
        let given = json!({ "code": enrolled.code(-1) });
        let confirmed = mine.post("/api/v1/me/second_factor/confirm", &given);
        let codes = confirmed.ok()["codes"].clone();
        // It may more now, and has another token.
        assert_eq!(mine.get("/api/v1/me").status, 401);
        let me = holder(house, &confirmed).get("/api/v1/me").ok();
        assert_eq!((&me["has_second_factor"], &me["recovery_codes"]), (&json!(true), &json!(10)));
        Self { recovery: serde_json::from_value(codes).unwrap(), ..enrolled }
    }

    /// The code of so many steps of 30 seconds from now.
    fn code(&self, steps: i64) -> String {
        let at = now() / 1_000_000 + steps * 30;
        self.totp.generate(at.unsigned_abs()).to_string()
    }

    fn give(&self, house: &House, code: &str) -> Answer {
        let first = sign_in(house, &self.user.email, PASSWORD);
        assert!(!first.headers.contains_key("set-cookie"), "no session before the code");
        let half = first.ok();
        assert_eq!(half["signed_in"], false);
        let given = json!({ "token": half["second_factor"], "code": code });
        house.anonymous().post("/api/v1/sign_in/code", &given)
    }
}

#[test]
fn a_code_is_asked_for_and_good_once() {
    on_both(|house| {
        let ann = Enrolled::new(house);
        assert_eq!(ann.give(house, &ann.code(-1)).status, 400, "it confirmed the authenticator");
        let answer = ann.give(house, &ann.code(0));
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(set_cookie(&answer).starts_with("footpath_session="));
        assert_eq!(ann.give(house, &ann.code(0)).status, 400, "it was used");
        assert_eq!(ann.give(house, &ann.code(7)).status, 400, "it is not its time");
        assert_eq!(ann.give(house, &ann.code(1)).status, 200, "a clock may be a little fast");
        assert_eq!(ann.give(house, &ann.code(0)).status, 400, "time does not go back");
    });
}

#[test]
fn of_two_who_give_the_same_code_at_the_same_time_one_is_in() {
    on_both(|house| {
        let ann = Enrolled::new(house);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let one = || scope.spawn(|| ann.give(house, &ann.code(0)).status);
            [one(), one()].into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    });
}

#[test]
fn a_recovery_code_is_good_once_however_it_is_typed() {
    on_both(|house| {
        let ann = Enrolled::new(house);
        let typed = ann.recovery[3].replace('-', " ").to_uppercase();
        let answer = ann.give(house, &typed);
        let me = holder(house, &answer).get("/api/v1/me").ok();
        assert_eq!(me["recovery_codes"], 9);
        assert_eq!(ann.give(house, &ann.recovery[3]).status, 400);
        let mine = holder(house, &ann.give(house, &ann.recovery[4]));
        let renewed = mine.post("/api/v1/me/second_factor/recovery_codes", &json!({})).ok();
        let fresh = renewed["codes"][0].as_str().unwrap().to_owned();
        assert_eq!(ann.give(house, &ann.recovery[5]).status, 400, "the old ones are no good");
        assert_eq!(ann.give(house, &fresh).status, 200);
    });
}

#[test]
fn a_half_of_a_sign_in_opens_nothing_and_guessing_codes_makes_wait() {
    on_both(|house| {
        let ann = Enrolled::new(house);
        let half = sign_in(house, &ann.user.email, PASSWORD).ok();
        let token = half["second_factor"].as_str().unwrap().to_owned();
        for opened in [
            house.anonymous().with("cookie", &format!("footpath_session={token}")),
            house.anonymous().with("authorization", &format!("Bearer {token}")),
        ] {
            assert_eq!(opened.get("/api/v1/me").status, 401);
        }
        let guess = |code: &str| {
            house.anonymous().post("/api/v1/sign_in/code", &json!({ "token": token, "code": code }))
        };
        // To know the password forgives none of the guesses.
        let statuses: Vec<u16> = (0..6).map(|_| guess("000000x").status).collect();
        assert_eq!(statuses, [400, 400, 400, 400, 400, 429]);
        assert_eq!(guess(&ann.code(0)).status, 429);
        assert_eq!(sign_in(house, &ann.user.email, PASSWORD).status, 429);
    });
}

#[test]
fn a_proof_asks_for_both_and_a_stale_one_is_not_enough() {
    on_both(|house| {
        let ann = Enrolled::new(house);
        let mine = house.session(&ann.user.id);
        let prove = |body: serde_json::Value| mine.post("/api/v1/me/prove", &body);
        assert_eq!(prove(json!({ "password": PASSWORD })).status, 400);
        assert_eq!(prove(json!({ "code": ann.code(0) })).status, 400);
        let proved = prove(json!({ "password": PASSWORD, "code": ann.code(0) }));
        assert_eq!(proved.status, 204, "{}", proved.text);
        // A session that was proved long ago.
        let old = store::Deed { at: now() - 16 * 60 * 1_000_000, ..crate::house::deed() };
        let token = server::Token::new("").unwrap();
        let session = store::NewSession {
            token_hash: &token.hash(),
            user: &ann.user.id,
            expires_at: now() + 1_000_000,
        };
        house.runtime.block_on(house.app.store().begin_session(&session, &old)).unwrap();
        let stale = house.anonymous().with("cookie", &format!("footpath_session={}", token.text()));
        let end = |caller: &crate::house::Caller<'_>| {
            caller.send(Method::DELETE, "/api/v1/me/second_factor", None)
        };
        let refused = end(&stale);
        assert_eq!((refused.status, &*refused.code()), (403, "forbidden"));
        assert_eq!(end(&holder(house, &proved)).status, 204);
        assert_eq!(sign_in(house, &ann.user.email, PASSWORD).json()["signed_in"], true);
    });
}

#[test]
fn a_browser_is_asked_for_the_code_on_a_page_of_its_own() {
    on_both(|house| {
        let ann = Enrolled::new(house);
        let browser = Browser::new(house);
        let fields = [("email", &*ann.user.email), ("password", PASSWORD), ("next", "/api/v1/me")];
        let seen = browser.submit("/login", &fields);
        assert_eq!(seen.url.path(), "/login/code");
        assert!(seen.answer.text.contains("autocomplete=\"one-time-code\""));
        assert_eq!(browser.cookie("footpath_session"), None);
        let wrong = [("code", "000000x"), ("next", "/api/v1/me")];
        assert_eq!(browser.submit("/login/code", &wrong).answer.status, 400);
        let code = ann.code(0);
        let seen = browser.submit("/login/code", &[("code", &*code), ("next", "/api/v1/me")]);
        assert_eq!((seen.url.path(), seen.answer.status), ("/api/v1/me", 200));
        assert_eq!(browser.cookie("footpath_code"), None);
    });
}
