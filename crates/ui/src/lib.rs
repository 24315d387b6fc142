//! The pages inside the binary: which file answers a path, in which encoding, and how long it may be kept.
//!
//! A leaf: it knows nothing of the server, takes a path and gives an answer. What has a hash in its name never changes and
//! is kept for ever; `index.html` is asked for anew each time. Any path without a file is a page's own address, and gets
//! `index.html`, with `<base href>` set to the prefix under which the server stands.

mod answer;
mod folder;
mod source;

pub use answer::{Answer, Pages};
pub use folder::Missing;
pub use source::Inside;
