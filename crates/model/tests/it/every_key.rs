//! The document that uses everything is read whole, and does use everything.

use std::collections::BTreeSet;

use model::document::read;
use serde_json::Value;

pub(crate) const EVERY_KEY: &str = include_str!("../documents/every-key.yaml");

#[test]
fn it_is_read_without_a_problem() {
    let reading = read(EVERY_KEY);
    let problems: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(reading.is_valid());
}

#[test]
fn it_uses_every_key_and_every_word_of_the_schema() {
    let schema = model::schema::schema();
    let mut wanted = BTreeSet::new();
    for (name, definition) in std::iter::once(("Journey", &schema)).chain(definitions(&schema)) {
        wanted.extend(
            definition["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, _)| format!("{name}.{key}")),
        );
        wanted.extend(words(definition).map(|word| format!("{name} {word}")));
    }
    // The other of two words that stand at the same key.
    wanted.remove("Scope target");

    let mut used = BTreeSet::new();
    let value = serde_json::to_value(read(EVERY_KEY).journey.unwrap()).unwrap();
    collect(&value, "Journey", &schema, &schema, &mut used);
    // The model does not write what is the default.
    for default in ["Journey.scope", "Scope current"] {
        used.insert(default.to_owned());
    }
    let missing: Vec<&String> = wanted.difference(&used).collect();
    assert!(missing.is_empty(), "not in every-key.yaml: {missing:?}");
}

fn definitions(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    schema["$defs"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, definition)| (name.as_str(), definition))
}

fn words(definition: &Value) -> impl Iterator<Item = &str> {
    let one_of = definition["oneOf"].as_array().into_iter().flatten();
    let nested = one_of.flat_map(|choice| {
        choice["enum"].as_array().into_iter().flatten().chain(choice.get("const"))
    });
    definition["enum"].as_array().into_iter().flatten().chain(nested).filter_map(Value::as_str)
}

fn collect(value: &Value, name: &str, schema: &Value, root: &Value, used: &mut BTreeSet<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        let name = target.rsplit('/').next().unwrap();
        return collect(value, name, &root["$defs"][name], root, used);
    }
    for alternative in schema["anyOf"].as_array().into_iter().flatten() {
        collect(value, name, alternative, root, used);
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if let Some(property) = schema["properties"].get(key) {
                    used.insert(format!("{name}.{key}"));
                    collect(value, name, property, root, used);
                }
            }
        }
        Value::Array(items) => {
            items.iter().for_each(|item| collect(item, name, &schema["items"], root, used))
        }
        Value::String(word) => {
            used.insert(format!("{name} {word}"));
        }
        _ => {}
    }
}
