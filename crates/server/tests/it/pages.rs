//! The pages come from the server itself: the page at every address that is no route, its files packed, under one policy.

use crate::house::{Answer, House};

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers[name].to_str().unwrap()
}

#[test]
fn every_address_that_is_no_route_is_a_page() {
    let house = House::on_sqlite();
    let nobody = house.anonymous();
    for path in ["/", "/journeys", "/journeys/some-id/map?view=outline"] {
        let answer = nobody.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert!(answer.text.contains("<base href=\"/\">"), "{path}: {}", answer.text);
        assert_eq!(header(&answer, "cache-control"), "no-cache", "{path}");
        let policy = header(&answer, "content-security-policy");
        assert!(policy.contains("script-src 'self'"), "{path}: {policy}");
    }
}

#[test]
fn a_route_that_is_not_there_is_told_and_is_no_page() {
    let house = House::on_sqlite();
    let nobody = house.anonymous();
    for path in ["/api/v1/nothing", "/v1/nothing", "/assets/gone-1.js"] {
        let answer = nobody.get(path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
        assert!(!answer.text.contains("<html"), "{path}: {}", answer.text);
    }
    assert!(nobody.get("/api/v1/nothing").text.contains("\"code\":\"not_found\""));
}
