//! Shapes that other crates own and describe as JSON Schema: put into the OpenAPI document as they are.
//!
//! OpenAPI 3.1 takes JSON Schema 2020-12, which is what `schemars` writes. A route names such a shape by a type of this file;
//! the document then has the shape's schema under that name, and its parts under the name with theirs behind it.

use std::borrow::Cow;

use report::differences::Differences;
use report::document::Report;
use schemars::Schema;
use serde_json::{Map, Value};
use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, RefOr};

use crate::measures::discovery::Discovery;
use crate::measures::preview::Preview;
use crate::measures::trends::Trends;

/// Every such shape: the name that routes use, and its schema.
const SHAPES: [(&str, fn() -> Schema); 5] = [
    ("Report", || schemars::schema_for!(Report)),
    ("Trends", || schemars::schema_for!(Trends)),
    ("Differences", || schemars::schema_for!(Differences)),
    ("Preview", || schemars::schema_for!(Preview)),
    ("Discovery", || schemars::schema_for!(Discovery)),
];

/// Names a shape in the description of a route.
macro_rules! bodies {
    ($($body:ident, $name:literal;)*) => {
        $(
            #[doc = concat!("The shape `", $name, "`, as a body.")]
            #[derive(Debug, Clone, Copy)]
            pub(crate) struct $body;

            impl PartialSchema for $body {
                fn schema() -> RefOr<utoipa::openapi::Schema> {
                    ObjectBuilder::new().into()
                }
            }

            impl ToSchema for $body {
                fn name() -> Cow<'static, str> {
                    $name.into()
                }
            }
        )*
    };
}

bodies! {
    ReportBody, "Report";
    TrendsBody, "Trends";
    DifferencesBody, "Differences";
    PreviewBody, "Preview";
    DiscoveryBody, "Discovery";
}

/// Puts the shapes into a document.
pub(crate) fn fill(document: &mut Value) {
    let Some(components) =
        document.pointer_mut("/components/schemas").and_then(Value::as_object_mut)
    else {
        return;
    };
    for (name, schema) in SHAPES {
        if !components.contains_key(name) {
            continue;
        }
        let mut schema = schema().to_value();
        let parts = schema.as_object_mut().and_then(|schema| {
            schema.remove("$schema");
            schema.remove("$defs")
        });
        renamed(&mut schema, name);
        components.insert(name.to_owned(), schema);
        let parts: Map<String, Value> =
            parts.and_then(|parts| parts.as_object().cloned()).unwrap_or_default();
        for (part, mut schema) in parts {
            renamed(&mut schema, name);
            components.insert(format!("{name}{part}"), schema);
        }
    }
}

/// References to parts as the document has them.
fn renamed(schema: &mut Value, name: &str) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref")
                && let Some(part) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/components/schemas/{name}{part}");
            }
            fields.values_mut().for_each(|value| renamed(value, name));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| renamed(value, name)),
        _ => {}
    }
}
