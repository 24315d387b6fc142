//! What a document may look like: the JSON Schema, in the few forms that ours uses.
//!
//! Read from the schema rather than written beside it, so that the types stay the one source.

use serde_json::Value;

#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Text(TextForm),
    Number(Range),
    Bool,
    Words(Vec<String>),
    List(List),
    /// A mapping whose keys are the writer's.
    Map(Box<Shape>),
    Object(Object),
    /// One of several, told apart by what stands there: a scalar, a list or a mapping.
    Any(Vec<Shape>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextForm {
    Free,
    Filled,
    Id,
    Span,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Range {
    pub(crate) whole: bool,
    pub(crate) least: Option<f64>,
    pub(crate) above: Option<f64>,
    pub(crate) most: Option<f64>,
    pub(crate) below: Option<f64>,
}

#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) item: Box<Shape>,
    pub(crate) least: usize,
    pub(crate) most: Option<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) keys: Vec<Key>,
    /// Values of keys that are the writer's, beside the known ones.
    pub(crate) others: Option<Box<Shape>>,
    /// Exactly one of these keys is there; empty: no such choice.
    pub(crate) one_of: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) about: Option<String>,
    pub(crate) shape: Shape,
}

impl Object {
    pub(crate) fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

impl Shape {
    /// The shape of a JSON Schema of ours; `root` holds the definitions that it refers to.
    pub(crate) fn of(schema: &Value, root: &Value) -> Self {
        if let Some(target) = schema["$ref"].as_str() {
            return Self::of(
                root.pointer(target.trim_start_matches('#')).unwrap_or(&Value::Null),
                root,
            );
        }
        if let Some(alternatives) = schema["anyOf"].as_array() {
            return Self::any(alternatives, root);
        }
        if let Some(words) = words(schema) {
            return Self::Words(words);
        }
        match schema["type"].as_str() {
            Some("boolean") => Self::Bool,
            Some("number") => Self::Number(range(schema, false)),
            Some("integer") => Self::Number(range(schema, true)),
            Some("array") => Self::List(List {
                item: Box::new(Self::of(&schema["items"], root)),
                least: schema["minItems"].as_u64().unwrap_or(0) as usize,
                most: schema["maxItems"].as_u64().map(|most| most as usize),
            }),
            Some("object") => Self::object(schema, root),
            _ => Self::Text(text_form(schema)),
        }
    }

    fn any(alternatives: &[Value], root: &Value) -> Self {
        let mut shapes = Vec::new();
        for alternative in alternatives {
            match Self::of(alternative, root) {
                Self::Any(inner) => shapes.extend(inner),
                shape => shapes.push(shape),
            }
        }
        Self::Any(shapes)
    }

    fn object(schema: &Value, root: &Value) -> Self {
        let others = schema["additionalProperties"].is_object();
        let others = others.then(|| Box::new(Self::of(&schema["additionalProperties"], root)));
        let Some(properties) = schema["properties"].as_object() else {
            return Self::Map(others.unwrap_or_else(|| Box::new(Self::Text(TextForm::Free))));
        };
        let required = |name: &str| {
            schema["required"].as_array().is_some_and(|list| list.iter().any(|key| key == name))
        };
        let keys = properties
            .iter()
            .map(|(name, property)| Key {
                name: name.clone(),
                required: required(name),
                about: about(property, root),
                shape: Self::of(property, root),
            })
            .collect();
        let one_of = schema["oneOf"].as_array().into_iter().flatten();
        let one_of =
            one_of.filter_map(|choice| Some(choice["required"][0].as_str()?.to_owned())).collect();
        Self::Object(Object { keys, others, one_of })
    }

    /// What is wanted, in words: "text", "a list of text".
    pub(crate) fn wanted(&self) -> String {
        match self {
            Self::Text(TextForm::Id) => "an id".to_owned(),
            Self::Text(TextForm::Span) => "a span of time such as `90s` or `7d`".to_owned(),
            Self::Text(_) => "text".to_owned(),
            Self::Number(range) if range.whole => "a whole number".to_owned(),
            Self::Number(_) => "a number".to_owned(),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Words(words) => match words.as_slice() {
                [only] => format!("`{only}`"),
                words => format!("one of {}", listed(words)),
            },
            Self::List(list) => match *list.item {
                Self::Object(_) => "a list of mappings".to_owned(),
                Self::Any(_) => "a list".to_owned(),
                ref item => format!("a list of {}", item.wanted()),
            },
            Self::Map(_) | Self::Object(_) => "a mapping (`key: value`)".to_owned(),
            Self::Any(shapes) => shapes.iter().map(Self::wanted).collect::<Vec<_>>().join(" or "),
        }
    }

    /// A value that stands in for one that cannot be used, so that the rest of the document can still be looked at.
    pub(crate) fn stand_in(&self) -> Value {
        match self {
            Self::Text(TextForm::Span) => Value::from("1s"),
            Self::Text(_) => Value::from(""),
            Self::Number(range) => match range.least.or(range.most) {
                Some(limit) if range.whole => Value::from(limit as i64),
                Some(limit) => Value::from(limit),
                None => Value::from(0),
            },
            Self::Bool => Value::from(false),
            Self::Words(words) => Value::from(words.first().cloned()),
            Self::List(_) => Value::Array(Vec::new()),
            Self::Map(_) => Value::Object(serde_json::Map::new()),
            Self::Object(object) => Value::Object(object.stand_in(serde_json::Map::new())),
            Self::Any(shapes) => shapes.last().map_or(Value::Null, Self::stand_in),
        }
    }
}

impl Object {
    /// Adds what is required and not there.
    pub(crate) fn stand_in(
        &self,
        mut map: serde_json::Map<String, Value>,
    ) -> serde_json::Map<String, Value> {
        for key in self.keys.iter().filter(|key| key.required) {
            map.entry(key.name.clone()).or_insert_with(|| key.shape.stand_in());
        }
        if !self.one_of.is_empty() && !self.one_of.iter().any(|name| map.contains_key(name)) {
            // The one that asks for least says least that is not so.
            let needs = |key: &&Key| match &key.shape {
                Shape::Object(object) => object.keys.iter().filter(|key| key.required).count(),
                _ => usize::MAX,
            };
            let choices = self.one_of.iter().filter_map(|name| self.key(name));
            if let Some(choice) = choices.min_by_key(needs) {
                map.insert(choice.name.clone(), choice.shape.stand_in());
            }
        }
        map
    }
}

/// `a`, `b`, `c`
pub(crate) fn listed<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The words of an enumeration: listed, or one alternative each where they carry a description.
fn words(schema: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(words) = schema["enum"].as_array() {
        return Some(words.iter().filter_map(text).collect());
    }
    if let Some(word) = text(&schema["const"]) {
        return Some(vec![word]);
    }
    if schema["properties"].is_object() {
        return None;
    }
    Some(schema["oneOf"].as_array()?.iter().filter_map(words).flatten().collect())
}

fn about(property: &Value, root: &Value) -> Option<String> {
    let target =
        property["$ref"].as_str().and_then(|target| root.pointer(target.trim_start_matches('#')));
    let about = property["description"].as_str().or_else(|| target?["description"].as_str())?;
    Some(about.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn range(schema: &Value, whole: bool) -> Range {
    let number = |key: &str| schema[key].as_f64();
    let only = number("const");
    Range {
        whole,
        least: only.or_else(|| number("minimum")),
        most: only.or_else(|| number("maximum")),
        above: number("exclusiveMinimum"),
        below: number("exclusiveMaximum"),
    }
}

fn text_form(schema: &Value) -> TextForm {
    match schema["pattern"].as_str() {
        Some(crate::id::PATTERN) => TextForm::Id,
        Some(crate::span::PATTERN) => TextForm::Span,
        _ if schema["minLength"].is_u64() => TextForm::Filled,
        _ => TextForm::Free,
    }
}
