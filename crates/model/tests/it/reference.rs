//! The reference page knows every key, and its examples are valid.

use model::document::read;
use model::schema::schema;
use serde_json::Value;

const PAGE: &str = include_str!("../../../../docs/reference/journey-document.md");

#[test]
fn it_names_every_key_and_every_word() {
    let schema = schema();
    let definitions = schema["$defs"].as_object().unwrap().iter().map(|(_, definition)| definition);
    // A name counts in backquotes, alone or inside, as in `personas[].id`.
    let quoted: Vec<&str> = PAGE.split('`').skip(1).step_by(2).collect();
    let names: std::collections::HashSet<&str> = quoted
        .iter()
        .flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')))
        .collect();
    for definition in definitions.chain([&schema]) {
        let keys =
            definition["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        let nested = definition["oneOf"].as_array().into_iter().flatten();
        let words = definition["enum"].as_array().into_iter().flatten();
        let words =
            words.chain(nested.filter_map(|choice| choice.get("const"))).filter_map(Value::as_str);
        for name in keys.chain(words) {
            assert!(names.contains(name), "`{name}` is not on the page");
        }
    }
}

#[test]
fn its_documents_are_valid() {
    let blocks = PAGE.split("```yaml\n").skip(1).map(|block| block.split("```").next().unwrap());
    let documents: Vec<&str> = blocks.filter(|block| block.starts_with("footpath:")).collect();
    assert!(!documents.is_empty());
    for document in documents {
        assert_eq!(read(document).problems, [], "{document}");
    }
}
