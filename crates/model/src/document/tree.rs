//! A document as a tree whose nodes remember where they stood.

/// A point in the text; both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl Place {
    pub(crate) const START: Self = Self { line: 1, column: 1 };
}

#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) content: Content,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// What a plain (not quoted) text means is decided where it is known what is wanted.
    Scalar {
        text: String,
        quoted: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
    /// Something that was refused already, such as an alias; nothing more is said of it.
    Refused,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) value: Node,
}

impl Entry {
    /// Where a problem with the value is best shown: at the value if it stands beside its key, else at the key.
    pub(crate) fn value_place(&self) -> Place {
        match &self.value.content {
            Content::Scalar { text, quoted } if *quoted || !text.is_empty() => self.value.place,
            _ => self.place,
        }
    }
}

impl Node {
    pub(crate) fn scalar(place: Place, text: String, quoted: bool) -> Self {
        Self { place, content: Content::Scalar { text, quoted } }
    }

    /// Whether the document has a value, or an empty key, there.
    pub(crate) fn has(&self, pointer: &str) -> bool {
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            let next = match &node.content {
                Content::Map(entries) => {
                    let key = unescaped(token);
                    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
                }
                Content::List(items) => token.parse::<usize>().ok().and_then(|at| items.get(at)),
                Content::Scalar { .. } | Content::Refused => None,
            };
            let Some(next) = next else { return false };
            node = next;
        }
        true
    }

    /// Where the value of a JSON pointer stands, or the nearest thing around it that exists.
    pub(crate) fn place_of(&self, pointer: &str) -> Place {
        let (mut node, mut place) = (self, self.place);
        for token in pointer.split('/').skip(1) {
            match &node.content {
                Content::Map(entries) => {
                    let key = unescaped(token);
                    let Some(entry) = entries.iter().find(|entry| entry.key == key) else { break };
                    (node, place) = (&entry.value, entry.value_place());
                }
                Content::List(items) => {
                    let Some(item) = token.parse::<usize>().ok().and_then(|at| items.get(at))
                    else {
                        break;
                    };
                    (node, place) = (item, item.place);
                }
                Content::Scalar { .. } | Content::Refused => break,
            }
        }
        place
    }
}

/// The pointer one step further down.
pub(crate) fn below(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}

fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
