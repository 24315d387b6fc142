//! The published schema is current, and accepts what is written and nothing else.

use expect_test::expect_file;
use report::{render, schema};
use serde_json::{Value, json};

use crate::visit::{discovered, unmeasured, visit};

#[test]
fn the_published_schema_is_current() {
    expect_file!["../../../../docs/reference/report.schema.json"].assert_eq(&schema::schema());
}

#[test]
fn every_report_that_is_written_is_valid() {
    let validator = validator();
    for report in [visit().1, discovered(), unmeasured().1] {
        let written: Value = serde_json::from_str(&render::json(&report)).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&written).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn what_is_no_report_is_refused() {
    let validator = validator();
    let good: Value = serde_json::from_str(&render::json(&visit().1)).unwrap();
    for (place, wrong) in [
        ("/customers", json!(-1)),
        ("/standards/0/verdict", json!("fine")),
        ("/findings/0/kind", json!("opinion")),
        ("/touchpoints/0/reach", json!(0.9)),
        ("/transitions/0/designed", Value::Null),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(place).unwrap() = wrong;
        assert!(!validator.is_valid(&bad), "{place}");
    }
    let mut bad = good;
    bad.as_object_mut().unwrap().remove("standards");
    assert!(!validator.is_valid(&bad), "a part is missing");
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(&schema::schema()).unwrap()).unwrap()
}
