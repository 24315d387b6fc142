//! Shapes that other crates own and describe as JSON Schema: put into the OpenAPI document as they are.
//!
//! OpenAPI 3.1 takes JSON Schema 2020-12, which is what `schemars` writes. A route names such a shape by a type of this file;
//! the document then has the shape's schema under that name, and its parts under the name with theirs behind it.

use schemars::Schema;
use serde_json::{Map, Value};
use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, RefOr};

/// The name that routes use, and the schema behind it.
struct Shape {
    name: &'static str,
    schema: fn() -> Schema,
}

/// Types by which routes name shapes, and the list of all of them.
macro_rules! shapes {
    ($($body:ident is $shape:ty, named $name:literal;)*) => {
        $(
            /// The shape as a body.
            #[derive(Debug, Clone, Copy)]
            pub(crate) struct $body;

            impl PartialSchema for $body {
                fn schema() -> RefOr<utoipa::openapi::Schema> {
                    ObjectBuilder::new().into()
                }
            }

            impl ToSchema for $body {
                fn name() -> std::borrow::Cow<'static, str> {
                    $name.into()
                }
            }
        )*

        const SHAPES: &[Shape] =
            &[$(Shape { name: $name, schema: || schemars::schema_for!($shape) }),*];
    };
}

shapes! {
    ReportBody is report::document::Report, named "Report";
    TrendsBody is crate::measures::trends::Trends, named "Trends";
    DifferencesBody is report::differences::Differences, named "Differences";
    PreviewBody is crate::measures::preview::Preview, named "Preview";
    DiscoveryBody is crate::measures::discovery::Discovery, named "Discovery";
    MapBody is model::map::Map, named "Map";
    OperationBody is model::map::Op, named "Operation";
    RejectedBody is model::map::RejectedAt, named "Rejected";
    ReadinessBody is model::publish::Readiness, named "Readiness";
    DiffBody is model::diff::Diff, named "Diff";
    FateBody is model::mapping::Fate, named "Fate";
    MappingBody is model::mapping::Mapping, named "Mapping";
}

/// Puts the shapes into a document.
pub(crate) fn fill(document: &mut Value) {
    let Some(components) =
        document.pointer_mut("/components/schemas").and_then(Value::as_object_mut)
    else {
        return;
    };
    for Shape { name, schema } in SHAPES {
        if !components.contains_key(*name) {
            continue;
        }
        let mut schema = schema().to_value();
        let parts = schema.as_object_mut().and_then(|schema| {
            schema.remove("$schema");
            schema.remove("$defs")
        });
        renamed(&mut schema, name);
        components.insert((*name).to_owned(), schema);
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
