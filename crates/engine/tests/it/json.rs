//! JSONL and arrays of objects.

use engine::import::Kind;
use expect_test::expect;

use crate::reading::file;

#[test]
fn objects_with_bad_lines_between() {
    let lines = r#"{"customer_id": 7, "at": "2024-03-01T10:00:00+01:00", "activity": "pay", "extra": {"a": [1, {"b": 2}]}}
{"activity": "caf\u00e9", "at": "2024-03-01", "customer_id": "NA", "channel": "app", "amount": 12.5, "ok": true}

{"customer_id": 7, "at": "2024-03-01", "activity": 
not json
[1, 2]
{"customer_id": null, "at": "2024-03-01", "activity": "a"}
{"customer_id": 7.5, "at": "2024-03-01", "activity": "a", "amount": "x", "channel": null}
{"customer_id": {"id": 7}, "at": "2024-03-01", "activity": "a"}
{"customer_id": 7, "at": "2024-03-01", "activity": "b"} {"customer_id": 8}
{"customer_id": 8, "at": "2024-03-02", "activity": "last", "ok": false}"#;
    file("a.jsonl", lines).channel().attribute("amount", Kind::Number).attribute("ok", Kind::Text).check(expect![[r#"
        JSONL, UTF-8: 10 rows, 6 bad
        1: 7 2024-03-01T09:00:00Z pay via - [NaN] [-]
        2: NA 2024-03-01T00:00:00Z café via app [12.5] [40bbd512750b7629]
        8: 7.5 2024-03-01T00:00:00Z a via - [NaN] [-]
        11: 8 2024-03-02T00:00:00Z last via - [NaN] [43e71bbe0316e682]
        unreadable: amount x1
        bad 4: the line is no JSON object: EOF while parsing a value (column 50) | {\"customer_id\": 7, \"at\": \"2024-03-01\", \"activity\":
        bad 5: the line is no JSON object: expected ident (column 2) | not json
        bad 6: the line is no JSON object: invalid type: sequence, expected an object (column 0) | [1, 2]
        bad 7: the row has no customer | {\"customer_id\": null, \"at\": \"2024-03-01\", \"activity\": \"a\"}
        bad 9: the row has no customer | {\"customer_id\": {\"id\": 7}, \"at\": \"2024-03-01\", \"activity\": \"a\"}
        bad 10: the line is no JSON object: trailing characters (column 57) | {\"customer_id\": 7, \"at\": \"2024-03-01\", \"activity\": \"b\"} {\"customer_id\": 8}
    "#]]);
}

#[test]
fn an_array_of_objects() {
    let array = "\u{feff}[\n  {\"customer_id\": 7, \"at\": \"2024-03-01\",\n   \"activity\": \"{[\\\"]}\"},\n  {\"customer_id\": 8, \"at\": 1}\n, {\"customer_id\": 8, \"at\": \"2024-03-02\", \"activity\": \"b\"}]\n";
    file("a.json", array).check(expect![[r#"
        JSON, UTF-8: 3 rows, 1 bad
        2: 7 2024-03-01T00:00:00Z {[\"]}
        5: 8 2024-03-02T00:00:00Z b
        bad 4: the time `1` cannot be read: a bare number does not say its unit; write `--map at=<column>:s` (or `:ms`, `:us`, `:ns`) if it counts from 1970 | {\"customer_id\": 8, \"at\": 1}
    "#]]);
    file("a.json", "[]").check(expect![[r#"
        JSON, UTF-8: 0 rows, 0 bad
        note: there is not one row in it
    "#]]);
    file("a.json", "[{\"customer_id\": 7, \"at\": \"2024-03-01\", \"activity\": \"a\"}, 5]").check(
        expect![[r#"
        error: a.json:1: expected an object or the end of the array, not `5`
    "#]],
    );
    file("a.json", "[{\"customer_id\": 7, \"at\": \"2024-03-01\", \"activity\": \"a\"}, {\"cust").check(expect![[r#"
        error: a.json:1: it ends in the middle of its array: the file was cut off. Nothing of it was counted
    "#]]);
}

#[test]
fn numbers_for_times_need_a_unit() {
    let line = "{\"user\": 7, \"ts\": 1711908307123, \"activity\": \"a\"}\n";
    file("a.jsonl", line).map("customer_id=user,at=ts").check(expect![[r#"
        error: a.jsonl:1: the time `1711908307123` is a bare number and does not say its unit. If it counts from 1970, write `--map at=ts:ms` (`:s`, `:ms`, `:us`, `:ns`)
    "#]]);
    file("a.jsonl", line).map("customer_id=user,at=ts:ms").check(expect![[r#"
        JSONL, UTF-8: 1 rows, 0 bad
        1: 7 2024-03-31T18:05:07.123Z a
    "#]]);
}

#[test]
fn missing_keys() {
    file("a.jsonl", "{\"user_id\": 7, \"timestamp\": \"2024-03-01\", \"event\": \"a\"}\n").check(expect![[r#"
        error: a.jsonl: there are no columns `customer_id`, `at`, `activity`. The file has `user_id`, `timestamp`, `event`; did you mean `--map customer_id=user_id,at=timestamp,activity=event`?
        bad 1: the row has no customer | {\"user_id\": 7, \"timestamp\": \"2024-03-01\", \"event\": \"a\"}
    "#]]);
    file("a.jsonl", "{\"customer_id\": 7, \"at\": \"2024-03-01\", \"activity\": \"a\"}\n").map("channel=via").channel().check(expect![[r#"
        error: a.jsonl: there is no column `via` (mapped to `channel`). The file has `customer_id`, `at`, `activity`; say which is which: `--map channel=<column>`
    "#]]);
    file("a.jsonl", "nothing\nof\nthe sort\n").check(expect![[r#"
        JSONL, UTF-8: 3 rows, 3 bad
        bad 1: the line is no JSON object: expected ident (column 2) | nothing
        bad 2: the line is no JSON object: expected value (column 1) | of
        bad 3: the line is no JSON object: expected ident (column 2) | the sort
    "#]]);
}
