//! The OpenAPI document, as a snapshot: a change of the API is seen in the difference.

use expect_test::expect_file;

use crate::house::House;

#[test]
fn the_document_is_the_one_in_the_repository() {
    expect_file!["../../openapi.json"].assert_eq(&server::openapi_text());
}

#[test]
fn the_server_gives_it_out() {
    let house = House::on_sqlite();
    let given = house.anonymous().get("/api/v1/openapi.json").ok();
    assert_eq!(given["openapi"], "3.1.0");
    let snapshot: serde_json::Value = serde_json::from_str(&server::openapi_text()).unwrap();
    assert_eq!(given, snapshot);
}

#[test]
fn what_is_no_route_is_told_in_our_shape() {
    let house = House::on_sqlite();
    let answer = house.anonymous().get("/api/v1/nowhere");
    assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"));
    assert_eq!(answer.headers["x-request-id"], answer.json()["request_id"].as_str().unwrap());
}
