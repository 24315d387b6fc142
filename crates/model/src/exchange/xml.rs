//! A small tree of an XML text: elements, attributes, text. No document types, so nothing is fetched and nothing grows.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::Unreadable;

#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
    pub(super) line: usize,
}

impl Element {
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child, in one line.
    pub(super) fn said(&self, name: &str) -> String {
        self.child(name).map(|child| super::in_line(&child.text)).unwrap_or_default()
    }

    pub(super) fn attribute(&self, names: &[&str]) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value.trim())
    }
}

const MOST_DEPTH: usize = 32;
const MOST_ELEMENTS: usize = 200_000;

pub(super) fn read(text: &str) -> Result<Element, Unreadable> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut count = 0;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let line = 1 + text.get(..at).map_or(0, |before| before.matches('\n').count());
        let event = reader.read_event().map_err(|error| Unreadable::at(line, error.to_string()))?;
        match event {
            Event::Start(tag) | Event::Empty(tag)
                if open.len() > MOST_DEPTH || count > MOST_ELEMENTS =>
            {
                let name = tag.name();
                let message =
                    format!("`{}` is too deep or one too many for a journey", name.as_ref());
                return Err(Unreadable::at(line, message));
            }
            Event::Start(tag) => {
                count += 1;
                open.push(element(&tag, line)?);
            }
            Event::Empty(tag) => {
                count += 1;
                let element = element(&tag, line)?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element);
                }
            }
            Event::End(_) => {
                if let (Some(element), Some(parent)) = (open.pop(), open.last_mut()) {
                    parent.children.push(element);
                }
            }
            Event::Text(said) => say(&mut open, &said.xml10_content()),
            Event::CData(said) => say(&mut open, &said.xml10_content()),
            Event::GeneralRef(reference) => match meant(&reference) {
                Some(meant) => say(&mut open, &meant),
                None => {
                    let message = format!("nobody says what `&{};` means", &*reference);
                    return Err(Unreadable::at(line, message));
                }
            },
            Event::DocType(_) => {
                return Err(Unreadable::at(line, "a document type is not read; remove it"));
            }
            Event::Eof if open.len() > 1 => {
                let name = open.last().map(|element| element.name.as_str()).unwrap_or_default();
                return Err(Unreadable::at(line, format!("`{name}` is opened and never closed")));
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let top = open.pop().unwrap_or_default();
    top.children.into_iter().next().ok_or_else(|| Unreadable::at(1, "there is no XML here"))
}

fn say(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn meant(reference: &quick_xml::events::BytesRef<'_>) -> Option<String> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c.to_string());
    }
    let known = [("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'")];
    let name: &str = reference;
    known.iter().find(|(known, _)| *known == name).map(|(_, meant)| (*meant).to_owned())
}

fn element(tag: &BytesStart<'_>, line: usize) -> Result<Element, Unreadable> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| Unreadable::at(line, error.to_string()))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| Unreadable::at(line, error.to_string()))?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    let name = tag.local_name().as_ref().to_owned();
    Ok(Element { name, attributes, line, ..Element::default() })
}

/// Text between tags or quotes; characters that XML cannot hold are left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            '\r' => out.push_str("&#13;"),
            _ => {}
        }
    }
    out
}
