//! YAML text → tree.
//!
//! The format is a plain tree of mappings, lists and scalars. What else YAML offers (anchors, tags, several documents
//! in a stream, mappings as keys) is refused with its place: it would make two readers of one file disagree.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::problem::{Problem, Problems, Severity};
use super::tree::{Content, Entry, Node, Place};
use super::{MOST_DEPTH, MOST_NODES};

/// The tree, or `None` when the text cannot be read to its end; what is wrong is in `problems`.
pub(crate) fn tree(text: &str, problems: &mut Problems) -> Option<Node> {
    let mut builder = Builder { problems, open: Vec::new(), root: None, nodes: 0, documents: 0 };
    let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => match builder.take(event, place(&span)) {
                Flow::On => {}
                Flow::End => return builder.root,
                Flow::Stop => return None,
            },
            Err(error) => {
                builder.problems.push(syntax_problem(&error, text));
                return None;
            }
        }
    }
    builder.root
}

enum Flow {
    On,
    End,
    Stop,
}

enum Open {
    List(Place, Vec<Node>),
    /// The entries so far, and the key that waits for its value.
    Map(Place, Vec<Entry>, Option<(String, Place)>),
}

struct Builder<'p> {
    problems: &'p mut Problems,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    documents: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, at: Place) -> Flow {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.refuse(at, "a second document begins here", "keep one journey in a file");
                    return Flow::Stop;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_anchor(anchor, at);
                self.refuse_tag(tag.as_deref(), at);
                return self.node(Node::scalar(at, text.into_owned(), style != ScalarStyle::Plain));
            }
            Event::Alias(_) => {
                self.refuse(
                    at,
                    "aliases (`*name`) are not part of the format",
                    "write the value out",
                );
                return self.node(Node { place: at, content: Content::Refused });
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_anchor(anchor, at);
                self.refuse_tag(tag.as_deref(), at);
                return self.enter(Open::List(at, Vec::new()), at);
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_anchor(anchor, at);
                self.refuse_tag(tag.as_deref(), at);
                return self.enter(Open::Map(at, Vec::new(), None), at);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let closed = match self.open.pop() {
                    Some(Open::List(at, items)) => {
                        Node { place: at, content: Content::List(items) }
                    }
                    Some(Open::Map(at, entries, _)) => {
                        Node { place: at, content: Content::Map(entries) }
                    }
                    None => return Flow::On,
                };
                return self.node(closed);
            }
            Event::StreamEnd => return Flow::End,
            Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
        }
        Flow::On
    }

    fn enter(&mut self, open: Open, at: Place) -> Flow {
        if let Some(Open::Map(_, _, None)) = self.open.last() {
            self.refuse(
                at,
                "a key must be plain text, not a list or a mapping",
                "write `key: value`",
            );
            return Flow::Stop;
        }
        if self.open.len() >= MOST_DEPTH {
            self.refuse(
                at,
                &format!("nested deeper than {MOST_DEPTH} levels"),
                "no journey needs so many",
            );
            return Flow::Stop;
        }
        self.open.push(open);
        Flow::On
    }

    fn node(&mut self, node: Node) -> Flow {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            self.refuse(
                node.place,
                &format!("more than {MOST_NODES} values"),
                "split the journey in several",
            );
            return Flow::Stop;
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, entries, key)) => match (key.take(), node.content) {
                (Some((key, place)), content) => {
                    entries.push(Entry { key, place, value: Node { place: node.place, content } });
                }
                (None, Content::Scalar { text, .. }) => *key = Some((text, node.place)),
                (None, _) => return Flow::Stop,
            },
        }
        Flow::On
    }

    fn refuse_anchor(&mut self, anchor: usize, at: Place) {
        if anchor != 0 {
            self.refuse(
                at,
                "anchors (`&name`) are not part of the format",
                "write the value where it is needed",
            );
        }
    }

    fn refuse_tag(&mut self, tag: Option<&saphyr_parser::Tag>, at: Place) {
        if tag.is_some() {
            self.refuse(
                at,
                "tags (`!name`) are not part of the format",
                "remove the tag; quote what must be text",
            );
        }
    }

    fn refuse(&mut self, at: Place, message: &str, suggestion: &str) {
        self.problems.push(problem(at, message.to_owned(), suggestion.to_owned()));
    }
}

fn place(span: &Span) -> Place {
    Place { line: span.start.line().max(1), column: span.start.col() + 1 }
}

fn problem(at: Place, message: String, suggestion: String) -> Problem {
    Problem {
        severity: Severity::Error,
        line: at.line,
        column: at.column,
        pointer: String::new(),
        message,
        suggestion: Some(suggestion),
    }
}

/// What the parser says, in words for the writer of a journey: (what it says, what that means, what to do).
const SYNTAX: [(&str, &str, &str); 16] = [
    (
        "invalid indentation in quoted scalar",
        "a quote is opened and never closed",
        "close the quote, or indent what follows it",
    ),
    (
        "invalid indentation in flow",
        "a bracket above is not closed",
        "close it, or indent what stands inside",
    ),
    (
        "did not find expected '-'",
        "the indentation does not fit the lines above",
        "indent the keys of one item alike",
    ),
    (
        "while scanning a quoted scalar, found unexpected",
        "a quote is opened and never closed",
        "close the quote",
    ),
    ("tab", "a tab stands where spaces are needed", "indent with spaces"),
    (
        "mapping values are not allowed",
        "a `:` is not allowed here",
        "put a text with `: ` in quotes, or check the indentation",
    ),
    (
        "illegal placement of ':'",
        "a `:` is not allowed here",
        "put a text with `: ` in quotes, or check the indentation",
    ),
    (
        "simple key expect",
        "this line is no `key: value`",
        "write `key: value`, or put a text of several lines in quotes",
    ),
    (
        "unexpected end of",
        "the text ends in the middle of a value",
        "close what is open: a quote or a bracket",
    ),
    (
        "invalid trailing content",
        "something follows the closing quote",
        "quote the whole text, and write a quote inside it as `\\\"`",
    ),
    (
        "block sequence entries are not allowed",
        "a list item (`- `) is not allowed here",
        "put the list on lines of its own below its key",
    ),
    (
        "invalid indentation",
        "the indentation does not fit the lines above",
        "indent the keys of one mapping alike",
    ),
    (
        "did not find expected key",
        "the indentation does not fit the lines above",
        "indent the keys of one mapping alike",
    ),
    (
        "expected ',' or",
        "a list or mapping in brackets is not closed, or a comma is missing",
        "put a comma between, and close the bracket",
    ),
    ("recursion limit", "nested too deep", "no journey needs so many brackets"),
    (
        "unexpected character",
        "a plain text cannot begin with this character",
        "put the text in quotes",
    ),
];

fn syntax_problem(error: &ScanError, text: &str) -> Problem {
    let mut at = Place { line: error.marker().line().max(1), column: error.marker().col() + 1 };
    let known = SYNTAX.iter().find(|(said, _, _)| error.info().contains(said));
    // The parser stops behind the tab; the writer looks for it.
    if error.info().contains("tab")
        && let Some(column) =
            text.lines().nth(at.line - 1).and_then(|line| line.chars().position(|c| c == '\t'))
    {
        at.column = column + 1;
    }
    match known {
        Some((_, message, suggestion)) => {
            problem(at, (*message).to_owned(), (*suggestion).to_owned())
        }
        None => problem(
            at,
            format!("this is not YAML: {}", error.info()),
            "see https://yaml.org/spec/1.2.2".to_owned(),
        ),
    }
}
