//! The published JSON Schema: current, and of one mind with the reader about structure.

use expect_test::expect_file;
use model::document::read;
use model::schema::schema;
use serde_json::{Value, json};

use crate::every_key::EVERY_KEY;

#[test]
fn the_published_schema_is_current() {
    let text = serde_json::to_string_pretty(&schema()).unwrap();
    expect_file!["../../../../docs/reference/journey-document.schema.json"]
        .assert_eq(&format!("{text}\n"));
}

fn every_key() -> Value {
    serde_json::to_value(read(EVERY_KEY).journey.unwrap()).unwrap()
}

#[test]
fn it_is_a_schema_and_accepts_the_document_with_every_key() {
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&every_key()).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn it_refuses_what_the_reader_refuses() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let touchpoint = "/stages/0/touchpoints/0";
    let standard = "/stages/0/touchpoints/0/standards/0";
    let breaks: [(&str, &str, Option<Value>); 22] = [
        ("", "colour", Some(json!("green"))),
        ("", "title", None),
        ("", "title", Some(json!(""))),
        ("", "footpath", Some(json!(2))),
        ("", "scope", Some(json!("curent"))),
        ("", "stages", Some(json!([]))),
        ("", "journey", Some(json!("Not An Id"))),
        ("/instance", "closes_after", Some(json!("12 hours"))),
        ("/stages/0", "touchpoints", Some(json!([]))),
        (touchpoint, "chanels", Some(json!(["app"]))),
        (touchpoint, "optional", Some(json!("yes"))),
        (touchpoint, "events", Some(json!([{"activity": "a", "were": {}}]))),
        (touchpoint, "feels", Some(json!({"label": "a", "valence": 3}))),
        (touchpoint, "importance", Some(json!({"customer": 0}))),
        (touchpoint, "belief", Some(json!({"csat": "high"}))),
        (standard, "promise", Some(json!(0))),
        (standard, "promise", Some(json!(1.1))),
        (standard, "response", None),
        (standard, "count", Some(json!({"of": "a", "at_most": 1}))),
        (standard, "respons", Some(json!({}))),
        (standard, "response", Some(json!({"from": [], "to": "a"}))),
        ("/funnels/0", "steps", Some(json!(["a"]))),
    ];
    for (object, key, value) in breaks {
        let mut document = every_key();
        let map = document.pointer_mut(object).unwrap().as_object_mut().unwrap();
        match &value {
            Some(value) => drop(map.insert(key.to_owned(), value.clone())),
            None => drop(map.remove(key)),
        }
        let place = format!("{object}/{key} = {value:?}");
        assert!(!validator.is_valid(&document), "the schema accepts {place}");
        assert!(!read(&document.to_string()).is_valid(), "the reader accepts {place}");
    }
}

/// An editor that completes from the schema needs the rules beside the other keys, and exactly one of them.
#[test]
fn the_rules_are_keys_of_a_standard() {
    let schema = schema();
    let standard = &schema["$defs"]["Standard"];
    let rules = standard["oneOf"].as_array().unwrap();
    assert_eq!(rules.len(), 18);
    for rule in rules {
        let key = rule["required"][0].as_str().unwrap();
        assert!(standard["properties"][key]["$ref"].is_string(), "{key}");
    }
    assert_eq!(standard["additionalProperties"], json!(false));
    assert!(!schema.to_string().contains("null"));
}
