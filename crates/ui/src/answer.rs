//! From a path to an answer.

use std::borrow::Cow;
use std::path::PathBuf;

use crate::folder::Missing;
use crate::source::{Inside, Source};

/// What the browser gets. Status codes and headers are the server's to write.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// `false`: nothing of this name, and no page either.
    pub is_found: bool,
    pub content_type: &'static str,
    pub content_encoding: Option<&'static str>,
    pub cache_control: &'static str,
    /// Whether another `Accept-Encoding` would have had another answer.
    pub varies: bool,
    pub body: Cow<'static, [u8]>,
}

/// The pages as they are served under a prefix.
#[derive(Debug, Clone)]
pub struct Pages {
    /// Begins and ends with a slash.
    base: String,
    source: Source,
}

/// What has a hash in its name is another file when it changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

impl Pages {
    /// Those inside the binary; `prefix` is empty or as `/cx/footpath`.
    pub fn embedded(prefix: &str) -> Self {
        Self { base: base(prefix), source: Source::Embedded }
    }

    /// Those of a folder, read anew each time, for whoever changes them.
    pub fn in_folder(prefix: &str, folder: PathBuf) -> Result<Self, Missing> {
        if folder.join("index.html").is_file() {
            Ok(Self { base: base(prefix), source: Source::Folder(folder) })
        } else {
            Err(Missing { folder })
        }
    }

    pub fn inside(&self) -> Inside {
        self.source.inside()
    }

    /// Answers a path below the prefix, `accepted` being the request's `Accept-Encoding`.
    pub fn answer(&self, path: &str, accepted: &str) -> Answer {
        let path = path.trim_start_matches('/');
        if path.is_empty() || path == "index.html" {
            return self.index();
        }
        // Files packed beforehand have no address of their own.
        let is_packed = path.ends_with(".br") || path.ends_with(".gz");
        match self.packed(path, accepted).filter(|_| !is_packed) {
            Some(answer) => answer,
            // An old page may ask for a script that is gone: a page in its place would only confuse it.
            None if has_ending(path) => nothing(),
            None => self.index(),
        }
    }

    fn packed(&self, path: &str, accepted: &str) -> Option<Answer> {
        let plain = self.source.file(path)?;
        let cache_control = if path.starts_with("assets/") { FOR_EVER } else { ASK_AGAIN };
        let packed = [("br", "br"), ("gzip", "gz")]
            .into_iter()
            .filter_map(|(name, ending)| {
                Some((name, self.source.file(&format!("{path}.{ending}"))?))
            })
            .collect::<Vec<_>>();
        let varies = !packed.is_empty();
        let taken = packed.into_iter().find(|(name, _)| accepts(accepted, name));
        let (content_encoding, body) = match taken {
            Some((name, body)) => (Some(name), body),
            None => (None, plain),
        };
        let content_type = kind(path);
        Some(Answer { is_found: true, content_type, content_encoding, cache_control, varies, body })
    }

    /// The one page, told where it stands.
    fn index(&self) -> Answer {
        let Some(index) = self.source.file("index.html") else { return nothing() };
        let text = String::from_utf8_lossy(&index);
        let body = text.replacen("<base href=\"/\">", &format!("<base href=\"{}\">", self.base), 1);
        Answer {
            is_found: true,
            content_type: "text/html; charset=utf-8",
            content_encoding: None,
            cache_control: ASK_AGAIN,
            varies: false,
            body: Cow::Owned(body.into_bytes()),
        }
    }
}

fn base(prefix: &str) -> String {
    let prefix = prefix.trim_matches('/');
    let escaped = prefix.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    if escaped.is_empty() { "/".to_owned() } else { format!("/{escaped}/") }
}

fn nothing() -> Answer {
    Answer {
        is_found: false,
        content_type: "text/plain; charset=utf-8",
        content_encoding: None,
        cache_control: ASK_AGAIN,
        varies: false,
        body: Cow::Borrowed(b"no such file"),
    }
}

/// A name with an ending is a file's; ids of journeys have no dot.
fn has_ending(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

/// Whether a request takes an encoding: named, or `*`, and not with a weight of nothing.
fn accepts(accepted: &str, encoding: &str) -> bool {
    let weight = |wanted: &str| {
        accepted.split(',').find_map(|part| {
            let (name, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let weight =
                weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case(wanted).then(|| weight.unwrap_or(1.0))
        })
    };
    weight(encoding).or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_only_where_it_is_wanted() {
        let check = |accepted: &str, br: bool, gzip: bool| {
            assert_eq!(
                (accepts(accepted, "br"), accepts(accepted, "gzip")),
                (br, gzip),
                "{accepted}"
            );
        };
        check("gzip, deflate, br", true, true);
        check("gzip", false, true);
        check("GZIP;q=0.5", false, true);
        check("br;q=0, gzip", false, true);
        check("*", true, true);
        check("*;q=0", false, false);
        check("identity", false, false);
        check("", false, false);
    }

    #[test]
    fn a_prefix_is_written_with_both_slashes_and_never_as_markup() {
        let check = |prefix: &str, expected: &str| assert_eq!(base(prefix), expected);
        check("", "/");
        check("/", "/");
        check("/cx/footpath", "/cx/footpath/");
        check("cx/", "/cx/");
        check("/\"><script>", "/&quot;>&lt;script>/");
    }
}
