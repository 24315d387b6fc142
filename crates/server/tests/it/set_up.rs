//! The first user: by a link from the console, once.

use serde_json::json;
use server::set_up_link;
use url::Url;

use crate::browser::Browser;
use crate::house::{House, deed, now, on_both};

const FORM: [(&str, &str); 4] = [
    ("workspace", "Corner Café"),
    ("name", "Ann"),
    ("email", "Ann@Example.org"),
    ("password", "tulip kettle rain 91"),
];

fn link(house: &House) -> Option<String> {
    let link = house.runtime.block_on(set_up_link(&house.app)).unwrap()?;
    Some(Url::parse(&link).unwrap().path().to_owned())
}

#[test]
fn the_link_makes_the_first_user_once_and_nobody_has_a_password_before() {
    on_both(|house| {
        let stale = link(house).unwrap();
        let path = link(house).unwrap();
        let browser = Browser::new(house);
        assert_eq!(browser.open(&stale).answer.status, 404, "a new one at each start");
        assert_eq!(browser.open("/setup/guessed").answer.status, 404);
        assert_eq!(browser.submit("/setup/guessed", &FORM).answer.status, 404);
        let page = browser.open(&path).answer;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("autocomplete=\"new-password\""), "{}", page.text);
        // A look at it changes nothing, and what is wrong is said with what was filled in.
        let mut weak = FORM;
        weak[3].1 = "password1234";
        let refused = browser.submit(&path, &weak).answer;
        assert_eq!(refused.status, 400);
        assert!(refused.text.contains("href=\"#password\""), "{}", refused.text);
        assert!(refused.text.contains("Corner Café") && !refused.text.contains("password1234"));
        let seen = browser.submit(&path, &FORM);
        assert_eq!((seen.answer.status, seen.url.path()), (303, "/"));
        let session = browser.cookie("footpath_session").unwrap();
        let me = house.anonymous().with("cookie", &format!("footpath_session={session}"));
        let told = me.get("/api/v1/me").ok();
        assert_eq!((&told["email"], &told["is_owner"]), (&json!("ann@example.org"), &json!(true)));
        let first = told["workspaces"].as_array().unwrap().iter().find(|it| it["id"] == "default");
        assert_eq!(first.unwrap()["name"], "Corner Café");
        assert!(told["workspaces"].as_array().unwrap().iter().all(|it| it["role"] == "owner"));
        // It was good for one use, and there is no other.
        assert_eq!(browser.submit(&path, &FORM).answer.status, 404);
        assert_eq!(link(house), None);
        let lines = me.with("footpath-workspace", "default").get("/api/v1/audit").ok();
        assert_eq!(lines["items"][0]["action"], "member.set");
    });
}

#[test]
fn of_two_who_set_up_at_the_same_time_one_does() {
    on_both(|house| {
        let path = link(house).unwrap();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let one = |number: usize| {
                let path = path.clone();
                scope.spawn(move || {
                    let mut form = FORM;
                    let email = format!("{number}@example.org");
                    form[2].1 = &email;
                    Browser::new(house).submit(&path, &form).answer.status
                })
            };
            let all: Vec<_> = (0..4).map(one).collect();
            all.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        assert_eq!(house.runtime.block_on(house.app.store().users("", 9)).unwrap().len(), 1);
    });
}

#[test]
fn a_link_that_is_a_day_old_is_no_good() {
    on_both(|house| {
        let token = server::Token::new("").unwrap();
        let link = store::NewLink {
            kind: store::LinkKind::SetUp,
            token_hash: &token.hash(),
            user: None,
            expires_at: now() - 1,
        };
        house.runtime.block_on(house.app.store().make_link(&link, &deed())).unwrap();
        let path = format!("/setup/{}", token.text());
        assert_eq!(Browser::new(house).submit(&path, &FORM).answer.status, 404);
    });
}

#[test]
fn the_pages_keep_to_a_strict_policy() {
    let house = House::on_sqlite();
    let page = Browser::new(&house).open("/login").answer;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
    let lower = page.text.to_lowercase();
    for absent in ["<script", "style=\"", "<style", " onload", "http://", "https://"] {
        assert!(!lower.contains(absent), "{absent}: {lower}");
    }
    for field in ["email", "password"] {
        assert!(lower.contains(&format!("<label for=\"{field}\">")), "{lower}");
    }
    assert!(lower.contains("autocomplete=\"username\""));
    assert!(lower.contains("autocomplete=\"current-password\""));
    let style = Browser::new(&house).open("/entry.css").answer;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    // What somebody typed comes back as text.
    let typed = [("email", "\"><script>alert(1)</script>"), ("password", "x"), ("next", "//evil")];
    let page = Browser::new(&house).submit("/login", &typed).answer;
    assert!(!page.text.contains("<script") && !page.text.contains("//evil"), "{}", page.text);
}
