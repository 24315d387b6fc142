//! S4: unsafe requests that another site makes a browser send are refused, on every route.

use reqwest::Method;
use server::{Need, Role, table};

use crate::house::{HERE, House};

#[test]
fn no_route_takes_an_unsafe_request_from_another_site() {
    let house = House::on_sqlite();
    let owner = house.signed_in(HERE, Role::Owner);
    let crossing = [
        owner.with("sec-fetch-site", "cross-site"),
        owner.with("sec-fetch-site", "same-site"),
        owner.with("origin", "https://evil.example.org"),
    ];
    // Whoever collects sends a key; what a cookie opens is not looked at there.
    let is_meant = |need| !matches!(need, Need::Key(_));
    for line in table().into_iter().filter(|line| line.method != "GET" && is_meant(line.need)) {
        let method: Method = line.method.parse().unwrap();
        for caller in &crossing {
            let answer = caller.send(method.clone(), &line.path, Some(&serde_json::json!({})));
            assert_eq!(answer.status, 403, "{} {}: {}", line.method, line.path, answer.text);
        }
    }
}
