//! The JSON Schemas of the journey document, of the change plan, and of the map with its operations, generated from the types.
//!
//! The first serves two readers: editors, which complete keys from it, and [`crate::document`], which finds every structural
//! problem of a document with it. So a field that is added to a type is known to both at once.

use schemars::Schema;
use serde_json::{Map, Value, json};

use crate::change_plan::ChangePlan;
use crate::journey::Journey;
use crate::map::{self, Op};

/// JSON Schema (draft 2020-12) of the journey document.
pub fn schema() -> Value {
    let generated = schemars::schema_for!(Journey).to_value();
    titled(generated, "Journey document of Footpath, version 1")
}

/// JSON Schema (draft 2020-12) of the change plan.
pub fn change_plan_schema() -> Value {
    titled(schemars::schema_for!(ChangePlan).to_value(), "Change plan of Footpath, version 1")
}

/// JSON Schema (draft 2020-12) of the map as people see it.
pub fn map_schema() -> Value {
    titled(schemars::schema_for!(map::Map).to_value(), "Map of a journey of Footpath")
}

/// JSON Schema (draft 2020-12) of one operation on a map. `null` means something here.
pub fn operation_schema() -> Value {
    let mut generated = schemars::schema_for!(Op).to_value();
    without_format(&mut generated);
    headed(generated, "Operation on a map of Footpath")
}

fn titled(mut generated: Value, title: &str) -> Value {
    tidy(&mut generated);
    headed(generated, title)
}

fn headed(generated: Value, title: &str) -> Value {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!(title));
    if let Value::Object(generated) = generated {
        for (key, value) in generated {
            schema.entry(key).or_insert(value);
        }
    }
    Value::Object(schema)
}

/// `flatten` yields one alternative per rule, each with its property inside. Editors complete keys from `properties`
/// and refuse others by `additionalProperties`, so the rules move there, and only the choice of one is left.
pub(crate) fn rules_beside_the_other_keys(schema: &mut Schema) {
    let Some(Value::Array(alternatives)) = schema.remove("oneOf") else { return };
    let mut choice = Vec::new();
    for alternative in alternatives {
        let Some(Value::Object(rules)) = alternative.get("properties").cloned() else { continue };
        choice.extend(rules.keys().map(|rule| json!({ "required": [rule] })));
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.extend(rules);
        }
    }
    schema.insert("oneOf".to_owned(), Value::Array(choice));
    schema.insert("additionalProperties".to_owned(), Value::Bool(false));
}

/// A key that may be left out is written or it is not: `null` is offered to nobody. `format: uint64` and the like say
/// how Rust holds a number, which is nobody's business.
fn tidy(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(object) => {
            object.remove("format");
            without_null(object);
            for (key, value) in object {
                match value {
                    // Their keys are names of ours, not words of JSON Schema.
                    Value::Object(named) if key == "properties" || key == "$defs" => {
                        named.values_mut().for_each(tidy)
                    }
                    value => tidy(value),
                }
            }
        }
        _ => {}
    }
}

fn without_format(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_format),
        Value::Object(object) => {
            if object.get("format").is_some_and(Value::is_string) {
                object.remove("format");
            }
            object.values_mut().for_each(without_format);
        }
        _ => {}
    }
}

fn without_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            object.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(alternatives)) = object.get_mut("anyOf") {
        alternatives.retain(|alternative| alternative != &json!({ "type": "null" }));
        if let [Value::Object(one)] = alternatives.as_slice() {
            let one = one.clone();
            object.remove("anyOf");
            object.extend(one);
        }
    }
}
