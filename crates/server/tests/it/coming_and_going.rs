//! How users come into a workspace and leave it: invitations, roles, units, keys, and things in other hands.

use reqwest::Method;
use serde_json::{Value, json};
use server::{Role, Scope};

use crate::browser::Browser;
use crate::house::{Caller, ELSEWHERE, HERE, deed, on_both};
use crate::sign_in::{PASSWORD, user};

fn invite(caller: &Caller<'_>, email: &str, role: &str) -> (String, String) {
    let made = caller.post("/api/v1/invitations", &json!({ "email": email, "role": role })).ok();
    (made["id"].as_str().unwrap().to_owned(), path_of(&made))
}

fn path_of(made: &Value) -> String {
    url::Url::parse(made["link"].as_str().unwrap()).unwrap().path().to_owned()
}

const FORM: [(&str, &str); 2] = [("name", "Bo"), ("password", PASSWORD)];

#[test]
fn an_invitation_brings_one_user_of_its_address_in_once() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Admin);
        let (_, path) = invite(&admin, "Bo@Example.org", "analyst");
        let browser = Browser::new(house);
        let page = browser.open(&path).answer;
        assert!(page.text.contains("bo@example.org") && page.text.contains("readonly"));
        assert_eq!(
            browser.submit(&path, &[("name", "Bo"), ("password", "short")]).answer.status,
            400
        );
        let seen = browser.submit(&path, &FORM);
        assert_eq!((seen.answer.status, seen.url.path()), (303, "/"), "{}", seen.answer.text);
        let session = browser.cookie("footpath_session").unwrap();
        let bo = house.anonymous().with("cookie", &format!("footpath_session={session}"));
        let me = bo.get("/api/v1/me").ok();
        assert_eq!(me["email"], "bo@example.org");
        assert_eq!(
            (&me["workspaces"][0]["id"], &me["workspaces"][0]["role"]),
            (&json!(HERE), &json!("analyst"))
        );
        assert_eq!(Browser::new(house).submit(&path, &FORM).answer.status, 404, "it was used");
        let list = admin.get("/api/v1/invitations").ok();
        assert!(list["items"][0]["accepted_at"].is_string(), "{list}");
    });
}

#[test]
fn an_invitation_that_was_taken_back_renewed_or_made_again_is_no_good_by_its_old_link() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Admin);
        let status = |path: &str| Browser::new(house).open(path).answer.status;
        let (id, first) = invite(&admin, "bo@example.org", "viewer");
        let renewed = admin.post(&format!("/api/v1/invitations/{id}/renew"), &json!({})).ok();
        let second = path_of(&renewed);
        assert_eq!((status(&first), status(&second)), (404, 200));
        let (id, third) = invite(&admin, "bo@example.org", "viewer");
        assert_eq!((status(&second), status(&third)), (404, 200));
        let path = format!("/api/v1/invitations/{id}");
        assert_eq!(admin.send(Method::DELETE, &path, None).status, 204);
        assert_eq!(status(&third), 404);
        assert_eq!(admin.send(Method::DELETE, &path, None).status, 404);
        assert_eq!(admin.post(&format!("{path}/renew"), &json!({})).status, 404);
    });
}

#[test]
fn who_has_an_account_joins_with_it_and_nobody_else_does() {
    on_both(|house| {
        let ann = user(house, Role::Viewer);
        let elsewhere = house.signed_in(ELSEWHERE, Role::Owner);
        let (_, path) = invite(&elsewhere, &ann.email, "editor");
        let token = path.rsplit('/').next().unwrap();
        let page = Browser::new(house).open(&path).answer.text;
        assert!(page.contains("/login?next=%2Finvite%2F"), "{page}");
        // Nobody makes a second account of the address.
        assert_eq!(Browser::new(house).submit(&path, &FORM).answer.status, 409);
        let other = house.signed_in(HERE, Role::Owner);
        let given = json!({ "token": token });
        assert_eq!(other.post("/api/v1/me/invitations", &given).code(), "conflict");
        let mine = house.session(&ann.id);
        assert_eq!(mine.post("/api/v1/me/invitations", &given).status, 204);
        assert_eq!(mine.post("/api/v1/me/invitations", &given).status, 400);
        let list = mine.get("/api/v1/workspaces").ok();
        assert_eq!((&list[0]["id"], &list[0]["role"]), (&json!(ELSEWHERE), &json!("editor")));
        assert_eq!((&list[1]["id"], &list[1]["role"]), (&json!(HERE), &json!("viewer")));
    });
}

#[test]
fn nobody_gives_or_takes_more_than_they_have() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Admin);
        let (owner, viewer) = (house.user(HERE, Role::Owner).id, house.user(HERE, Role::Viewer).id);
        let put = |user: &str, role: &str| {
            let path = format!("/api/v1/members/{user}");
            admin.send(Method::PUT, &path, Some(&json!({ "role": role })))
        };
        let refused = [
            put(&viewer, "owner"),
            put(&owner, "viewer"),
            admin.send(Method::DELETE, &format!("/api/v1/members/{owner}"), None),
            admin.post(&format!("/api/v1/members/{owner}/deactivate"), &json!({})),
            admin.post(&format!("/api/v1/members/{owner}/password_link"), &json!({})),
            admin.post("/api/v1/invitations", &json!({ "email": "a@b.org", "role": "owner" })),
        ];
        for answer in refused {
            assert_eq!((answer.status, &*answer.code()), (403, "forbidden"), "{}", answer.text);
        }
        assert_eq!(put(&viewer, "admin").status, 200);
        let boss = house.session(&owner);
        let path = format!("/api/v1/members/{viewer}");
        assert_eq!(boss.send(Method::PUT, &path, Some(&json!({ "role": "owner" }))).status, 200);
    });
}

#[test]
fn an_admin_of_one_workspace_does_not_take_over_who_is_in_two() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Owner);
        let ann = house.user(HERE, Role::Viewer);
        let there = house.workspace(ELSEWHERE);
        house.runtime.block_on(there.set_member(&ann.id, "viewer", None, &deed())).unwrap();
        for what in ["deactivate", "password_link"] {
            let answer = admin.post(&format!("/api/v1/members/{}/{what}", ann.id), &json!({}));
            assert_eq!(answer.code(), "forbidden", "{what}");
        }
        // Who looks after the installation may.
        let boss = house.user(HERE, Role::Owner).id;
        house.runtime.block_on(house.app.store().make_owner(&boss, &deed())).unwrap();
        let path = format!("/api/v1/users/{}/deactivate", ann.id);
        assert_eq!(house.session(&boss).post(&path, &json!({})).status, 204);
    });
}

#[test]
fn the_last_owner_stays() {
    on_both(|house| {
        let owner = house.user(HERE, Role::Owner).id;
        let boss = house.session(&owner);
        let path = format!("/api/v1/members/{owner}");
        let all = [
            boss.send(Method::PUT, &path, Some(&json!({ "role": "admin" }))),
            boss.send(Method::DELETE, &path, None),
            boss.post(&format!("{path}/deactivate"), &json!({})),
        ];
        for answer in all {
            assert_eq!((answer.status, &*answer.code()), (409, "conflict"), "{}", answer.text);
        }
        let second = house.user(HERE, Role::Owner).id;
        assert_eq!(boss.send(Method::PUT, &path, Some(&json!({ "role": "admin" }))).status, 200);
        let path = format!("/api/v1/members/{second}/deactivate");
        assert_eq!(house.session(&second).post(&path, &json!({})).status, 409);
    });
}

#[test]
fn of_two_owners_who_go_at_the_same_time_one_stays() {
    on_both(|house| {
        for _ in 0..5 {
            let owners = [(); 2].map(|()| house.user(HERE, Role::Owner).id);
            // Those of the rounds before are out of the way.
            let here = house.workspace(HERE);
            for member in house.runtime.block_on(here.members("", 500)).unwrap() {
                if member.role == "owner" && !owners.contains(&member.user.id) {
                    let id = &member.user.id;
                    house
                        .runtime
                        .block_on(here.change_member(id, "viewer", None, &deed()))
                        .unwrap();
                }
            }
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let go = |owner: &String| {
                    let owner = owner.clone();
                    scope.spawn(move || {
                        let path = format!("/api/v1/members/{owner}");
                        house.session(&owner).send(Method::DELETE, &path, None).status
                    })
                };
                let all: Vec<_> = owners.iter().map(go).collect();
                all.into_iter().map(|it| it.join().unwrap()).collect()
            });
            let mut sorted = statuses.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [204, 409]);
        }
    });
}

#[test]
fn who_leaves_hands_over_and_keys_go_on_with_who_takes_over() {
    on_both(|house| {
        let boss = house.signed_in(HERE, Role::Owner);
        let (ann, bo) = (house.user(HERE, Role::Admin).id, house.user(HERE, Role::Editor).id);
        let make = |name: &str| {
            let key = json!({ "name": name, "scopes": ["read"] });
            house.session(&ann).post("/api/v1/keys", &key).ok()["secret"].clone()
        };
        let secret = make("a dashboard");
        let secret = secret.as_str().unwrap();
        let key = house.anonymous().with("authorization", &format!("Bearer {secret}"));
        let owned = boss.get(&format!("/api/v1/members/{ann}/owned")).ok();
        assert_eq!((&owned[0]["kind"], &owned[0]["name"]), (&json!("key"), &json!("a dashboard")));
        let leave = |given: Value| boss.post(&format!("/api/v1/members/{ann}/deactivate"), &given);
        for nobody in [json!({}), json!({ "hand_over_to": ann }), json!({ "hand_over_to": "x" })] {
            assert_eq!(leave(nobody).code(), "conflict");
        }
        let (_, link) = invite(&house.session(&ann), "new@example.org", "viewer");
        assert_eq!(leave(json!({ "hand_over_to": bo })).status, 204);
        assert_eq!(leave(json!({ "hand_over_to": bo })).status, 404);
        assert_eq!(key.get("/api/v1/members").status, 200);
        assert_eq!(Browser::new(house).open(&link).answer.status, 404, "nobody stands for it");
        let list = boss.get("/api/v1/keys").ok();
        assert_eq!(list["items"][0]["created_by"], bo);
        // Taken out of the workspace, the same holds.
        let path = format!("/api/v1/members/{bo}");
        assert_eq!(boss.send(Method::DELETE, &path, None).code(), "conflict");
        let id = boss.get("/api/v1/keys").ok()["items"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(boss.send(Method::DELETE, &format!("/api/v1/keys/{id}"), None).status, 204);
        assert_eq!(key.get("/api/v1/members").status, 401);
        assert_eq!(boss.send(Method::DELETE, &path, None).status, 204);
    });
}

#[test]
fn a_key_is_shown_once_may_no_more_than_its_maker_and_says_when_it_was_used() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Admin);
        let made =
            admin.post("/api/v1/keys", &json!({ "name": "k", "scopes": ["read", "read"] })).ok();
        assert_eq!((&made["scopes"], &made["used_at"]), (&json!(["read"]), &Value::Null));
        let secret = made["secret"].as_str().unwrap();
        assert!(secret.starts_with("fp_") && secret.len() == 46, "{secret}");
        let key = house.anonymous().with("authorization", &format!("Bearer {secret}"));
        assert_eq!(key.get("/api/v1/units").status, 200);
        let list = admin.get("/api/v1/keys").ok();
        assert!(list["items"][0]["used_at"].is_string(), "{list}");
        assert!(!list.to_string().contains(secret));
        let none = admin.post("/api/v1/keys", &json!({ "name": "k", "scopes": [] }));
        assert_eq!(none.code(), "invalid_input");
        // A key with the scope `admin` makes others, for which its own maker answers.
        let by_key = house.key(HERE, &[Scope::Admin]);
        let made = by_key.post("/api/v1/keys", &json!({ "name": "k", "scopes": ["edit"] })).ok();
        assert_eq!(made["created_by"], "system");
        // But it does not become a user.
        let user = house.user(HERE, Role::Viewer).id;
        let path = format!("/api/v1/members/{user}/password_link");
        assert_eq!(by_key.post(&path, &json!({})).code(), "forbidden");
        assert_eq!(admin.post(&path, &json!({})).status, 201);
    });
}

#[test]
fn units_are_a_tree() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Admin);
        let make = |name: &str, parent: Option<&str>| {
            let given = json!({ "name": name, "parent": parent });
            admin.post("/api/v1/units", &given).ok()["id"].as_str().unwrap().to_owned()
        };
        let top = make("Shops", None);
        let middle = make("North", Some(&top));
        let low = make("Harbour", Some(&middle));
        let put = |id: &str, parent: &str| {
            let given = json!({ "name": "Shops", "parent": parent });
            admin.send(Method::PUT, &format!("/api/v1/units/{id}"), Some(&given))
        };
        assert_eq!(put(&top, &low).code(), "conflict", "a ring");
        assert_eq!(put(&top, &top).code(), "conflict");
        assert_eq!(put(&low, "absent").code(), "invalid_input");
        assert_eq!(put(&low, &top).status, 200);
        let remove = |id: &str| admin.send(Method::DELETE, &format!("/api/v1/units/{id}"), None);
        assert_eq!(remove(&top).code(), "conflict", "something is below it");
        let user = house.user(HERE, Role::Viewer).id;
        let place = json!({ "role": "viewer", "unit": low });
        let path = format!("/api/v1/members/{user}");
        assert_eq!(admin.send(Method::PUT, &path, Some(&place)).ok()["unit"], low);
        assert_eq!(remove(&low).code(), "conflict", "somebody is in it");
        assert_eq!(remove(&middle).status, 204);
        let list = admin.get("/api/v1/units").ok();
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn members_see_names_and_those_who_manage_people_see_addresses() {
    on_both(|house| {
        let shown = |role| house.signed_in(HERE, role).get("/api/v1/members").ok();
        assert!(shown(Role::Viewer)["items"][0]["email"].is_null());
        assert!(shown(Role::Admin)["items"][0]["email"].is_string());
    });
}

#[test]
fn workspaces_are_made_and_named() {
    on_both(|house| {
        let boss = house.user(HERE, Role::Owner).id;
        house.runtime.block_on(house.app.store().make_owner(&boss, &deed())).unwrap();
        let boss = house.session(&boss);
        let made = boss.post("/api/v1/workspaces", &json!({ "name": " Second " })).ok();
        assert_eq!((&made["name"], &made["role"]), (&json!("Second"), &json!("owner")));
        let inside = boss.with("footpath-workspace", made["id"].as_str().unwrap());
        let renamed =
            inside.send(Method::PATCH, "/api/v1/workspace", Some(&json!({ "name": "Zoo" })));
        assert_eq!(renamed.status, 204);
        let list = boss.get("/api/v1/workspaces").ok();
        assert_eq!(list[0]["name"], "Zoo", "{list}");
        assert_eq!(list[1]["id"], HERE);
        let lines = inside.get("/api/v1/audit").ok();
        assert_eq!(lines["items"][0]["action"], "workspace.renamed");
    });
}
