//! Tree + shape → value: every key known, every value of the right form, with the place of all that is not.
//!
//! A value that cannot be used is left out or replaced by a stand-in, and the walk goes on: the writer sees all
//! problems at once, and the positions in lists stay those of the text.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::problem::{Problem, Problems, Severity};
use super::scalar::{Plain, plain};
use super::shape::{Key, List, Object, Shape, listed};
use super::tree::{Content, Entry, Node, Place, below};
use crate::nearest::nearest;

mod scalars;

use scalars::Written;

/// The value of the document, fit for the types if no problem was found, and the objects that had problems of their own.
pub(crate) fn value(
    root: &Node,
    shape: &Shape,
    problems: &mut Problems,
) -> (Value, HashSet<String>) {
    let mut walk = Walk { problems, damaged: HashSet::new() };
    let at = At { place: root.place, pointer: String::new(), name: "the document".to_owned() };
    let value = walk.value(root, shape, &at).unwrap_or_else(|| shape.stand_in());
    (value, walk.damaged)
}

/// The value of one key, which stands alone.
pub(crate) fn part(root: &Node, shape: &Shape, key: &str, problems: &mut Problems) -> Value {
    let mut walk = Walk { problems, damaged: HashSet::new() };
    let at = At { place: root.place, pointer: String::new(), name: key.to_owned() };
    walk.value(root, shape, &at).unwrap_or_else(|| shape.stand_in())
}

/// Where the walk is, and what the writer calls it.
struct At {
    place: Place,
    pointer: String,
    name: String,
}

struct Walk<'p> {
    problems: &'p mut Problems,
    /// Pointers of objects with a wrong, missing or unknown key: nothing more is said about them as a whole.
    damaged: HashSet<String>,
}

impl Walk<'_> {
    /// `None`: it cannot be used; why is in the problems.
    fn value(&mut self, node: &Node, shape: &Shape, at: &At) -> Option<Value> {
        match (shape, &node.content) {
            (_, Content::Refused) => None,
            (Shape::Any(shapes), _) => self.any(node, shapes, at),
            (Shape::Object(object), Content::Map(entries)) => {
                Some(self.object(entries, object, at))
            }
            (Shape::Map(values), Content::Map(entries)) => Some(self.map(entries, values, at)),
            (Shape::List(list), Content::List(items)) => self.list(items, list, at),
            (_, Content::Scalar { text, quoted }) => {
                self.scalar(Written { text, quoted: *quoted }, shape, at)
            }
            _ => self.wrong_kind(node, shape, at),
        }
    }

    fn any(&mut self, node: &Node, shapes: &[Shape], at: &At) -> Option<Value> {
        let fits = |shape: &&Shape| match &node.content {
            Content::Map(_) => matches!(shape, Shape::Map(_) | Shape::Object(_)),
            Content::List(_) => matches!(shape, Shape::List(_)),
            Content::Scalar { .. } | Content::Refused => {
                !matches!(shape, Shape::Map(_) | Shape::Object(_) | Shape::List(_))
            }
        };
        let fitting: Vec<&Shape> = shapes.iter().filter(fits).collect();
        match (fitting.as_slice(), &node.content) {
            ([Shape::Object(object)], Content::Map(entries))
                if !entries.iter().any(|entry| object.key(&entry.key).is_some()) =>
            {
                // Rather a text with a colon in it than a mapping with nothing right about it.
                let text = shapes.iter().find(|shape| matches!(shape, Shape::Text(_)));
                match text.filter(|_| !entries.is_empty()) {
                    Some(text) => self.wrong_kind(node, text, at),
                    None => self.value(node, &Shape::Object(object.clone()), at),
                }
            }
            ([only], _) => self.value(node, only, at),
            ([_, ..], Content::Scalar { text, quoted }) => {
                self.free_scalar(Written { text, quoted: *quoted }, at)
            }
            _ => self.wrong_kind(node, &Shape::Any(shapes.to_vec()), at),
        }
    }

    fn object(&mut self, entries: &[Entry], object: &Object, at: &At) -> Value {
        let mut map = Map::new();
        let mut meant: HashSet<&str> = HashSet::new();
        self.refuse_twice(entries, at);
        for entry in entries {
            let (shape, optional) = match (object.key(&entry.key), &object.others) {
                (Some(key), _) => (&key.shape, !key.required && !object.one_of.contains(&key.name)),
                (None, Some(others)) => (&**others, true),
                (None, None) => {
                    meant.extend(self.unknown_key(entry, entries, object, at));
                    continue;
                }
            };
            if optional && is_null(&entry.value) {
                continue;
            }
            match self.value(&entry.value, shape, &below_entry(at, entry)) {
                Some(value) => drop(map.entry(entry.key.clone()).or_insert(value)),
                None => drop(self.damaged.insert(at.pointer.clone())),
            }
        }
        let has = |name: &str| entries.iter().any(|entry| entry.key == name);
        for key in object
            .keys
            .iter()
            .filter(|key| key.required && !has(&key.name) && !meant.contains(&*key.name))
        {
            self.missing_key(key, at);
        }
        self.one_of(entries, object, &meant, at);
        if let Some(first) = object.one_of.iter().find(|name| map.contains_key(*name)).cloned() {
            map.retain(|name, _| *name == first || !object.one_of.contains(name));
        }
        Value::Object(object.stand_in(map))
    }

    fn map(&mut self, entries: &[Entry], values: &Shape, at: &At) -> Value {
        self.refuse_twice(entries, at);
        let mut map = Map::new();
        for entry in entries {
            if let Some(value) = self.value(&entry.value, values, &below_entry(at, entry)) {
                map.entry(entry.key.clone()).or_insert(value);
            }
        }
        Value::Object(map)
    }

    fn list(&mut self, items: &[Node], list: &List, at: &At) -> Option<Value> {
        let count = items.len();
        if count < list.least {
            let message = match list.least {
                1 => format!("{} is empty", named(at)),
                least => format!("{} needs at least {least} items, not {count}", named(at)),
            };
            return self.error(at, message, Some("add what is missing".to_owned()));
        }
        if let Some(most) = list.most.filter(|most| count > *most) {
            let message = format!("{} has {count} items; {most} are the most", named(at));
            return self.error(at, message, Some("leave some out".to_owned()));
        }
        let item = &*list.item;
        let mut values = Vec::with_capacity(items.len());
        for (index, node) in items.iter().enumerate() {
            let pointer = below(&at.pointer, &index.to_string());
            let at = At {
                place: node.place,
                pointer,
                name: format!("item {} of {}", index + 1, at.name),
            };
            values.push(self.value(node, item, &at).unwrap_or_else(|| item.stand_in()));
        }
        Some(Value::Array(values))
    }

    fn wrong_kind(&mut self, node: &Node, shape: &Shape, at: &At) -> Option<Value> {
        let (got, suggestion) = match (&node.content, shape) {
            (Content::Scalar { text, .. }, Shape::List(_)) => {
                (format!("`{}`", short(text)), Some(format!("write `[{}]`", short(text))))
            }
            (Content::Scalar { text, .. }, _) => (format!("`{}`", short(text)), None),
            (Content::Refused, _) => return None,
            (Content::List(_), _) => ("a list".to_owned(), None),
            (Content::Map(_), Shape::Text(_)) => {
                ("a mapping".to_owned(), Some("put a text that holds `: ` in quotes".to_owned()))
            }
            (Content::Map(_), Shape::Any(shapes))
                if shapes.iter().any(|shape| matches!(shape, Shape::Text(_)))
                    && shapes.iter().any(|shape| matches!(shape, Shape::List(_))) =>
            {
                let suggestion =
                    "put a text that holds `: ` in quotes, or begin each item with `- `";
                ("a mapping".to_owned(), Some(suggestion.to_owned()))
            }
            (Content::Map(_), Shape::List(_)) => {
                ("a mapping".to_owned(), Some("begin each item with `- `".to_owned()))
            }
            (Content::Map(_), _) => ("a mapping".to_owned(), None),
        };
        self.error(at, format!("{} must be {}, not {got}", named(at), shape.wanted()), suggestion)
    }

    /// Returns the key that was meant, so that it is not reported as missing too.
    fn unknown_key<'o>(
        &mut self,
        entry: &Entry,
        siblings: &[Entry],
        object: &'o Object,
        at: &At,
    ) -> Option<&'o str> {
        self.damaged.insert(at.pointer.clone());
        if self.problems.is_full() {
            self.error(&at_key(at, entry), format!("unknown key `{}`", short(&entry.key)), None);
            return None;
        }
        let present: HashSet<&str> = siblings.iter().map(|sibling| sibling.key.as_str()).collect();
        let free =
            object.keys.iter().map(|key| key.name.as_str()).filter(|name| !present.contains(name));
        let meant = nearest(&entry.key, free.clone());
        let inside =
            siblings.iter().find(|sibling| match object.key(&sibling.key).map(|key| &key.shape) {
                Some(Shape::Object(inner)) => inner.key(&entry.key).is_some(),
                _ => false,
            });
        let suggestion = match (meant, inside) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, Some(sibling)) => format!("it belongs inside `{}`", sibling.key),
            (None, None) => format!("the keys here are {}", listed(&free.collect::<Vec<_>>())),
        };
        self.error(
            &at_key(at, entry),
            format!("unknown key `{}`", short(&entry.key)),
            Some(suggestion),
        );
        meant
    }

    fn missing_key(&mut self, key: &Key, at: &At) {
        self.damaged.insert(at.pointer.clone());
        let about = key.about.as_ref().map_or(String::new(), |about| format!(": {about}"));
        let suggestion = format!("add `{}:` ({}){about}", key.name, key.shape.wanted());
        self.error(at, format!("missing key `{}`", key.name), Some(suggestion));
    }

    /// A standard has one rule; its keys are the choice.
    fn one_of(&mut self, entries: &[Entry], object: &Object, meant: &HashSet<&str>, at: &At) {
        if object.one_of.is_empty() {
            return;
        }
        let mut chosen = entries.iter().filter(|entry| object.one_of.contains(&entry.key));
        match (chosen.next(), chosen.next()) {
            (None, _) if !object.one_of.iter().any(|name| meant.contains(name.as_str())) => {
                self.damaged.insert(at.pointer.clone());
                let suggestion = format!("add one of {}", listed(&object.one_of));
                self.error(at, "this standard has no rule".to_owned(), Some(suggestion));
            }
            (Some(first), Some(second)) if first.key != second.key => {
                self.damaged.insert(at.pointer.clone());
                let message = format!(
                    "a standard has one rule, and this has both `{}` and `{}`",
                    first.key, second.key
                );
                self.error(
                    &at_key(at, second),
                    message,
                    Some("write a standard for each".to_owned()),
                );
            }
            _ => {}
        }
    }

    fn refuse_twice(&mut self, entries: &[Entry], at: &At) {
        let mut seen: HashMap<&str, Place> = HashMap::new();
        for entry in entries {
            if let Some(first) = seen.get(entry.key.as_str()) {
                let message = format!(
                    "`{}` is written twice; first in line {}",
                    short(&entry.key),
                    first.line
                );
                self.damaged.insert(at.pointer.clone());
                self.error(&at_key(at, entry), message, Some("keep one of the two".to_owned()));
            } else {
                seen.insert(&entry.key, entry.place);
            }
        }
    }

    fn error(&mut self, at: &At, message: String, suggestion: Option<String>) -> Option<Value> {
        let Place { line, column } = at.place;
        let pointer = at.pointer.clone();
        self.problems.push(Problem {
            severity: Severity::Error,
            line,
            column,
            pointer,
            message,
            suggestion,
        });
        None
    }
}

fn below_entry(at: &At, entry: &Entry) -> At {
    At {
        place: entry.value_place(),
        pointer: below(&at.pointer, &entry.key),
        name: short(&entry.key),
    }
}

fn at_key(at: &At, entry: &Entry) -> At {
    At { place: entry.place, ..below_entry(at, entry) }
}

/// Keys in backquotes; "item 2 of pains" and "the document" are words already.
fn named(at: &At) -> String {
    if at.name.contains(' ') { at.name.clone() } else { format!("`{}`", at.name) }
}

fn is_null(node: &Node) -> bool {
    matches!(&node.content, Content::Scalar { text, quoted: false } if plain(text) == Plain::Null)
}

/// What a message quotes of the document: one line, not too long.
pub(crate) fn short(text: &str) -> String {
    let mut line: String =
        text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        line.push('…');
    }
    line
}
