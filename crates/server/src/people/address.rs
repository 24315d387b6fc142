//! Addresses of this server as others write them, and where a browser may be sent.

use url::Url;

use crate::app::App;

/// An address that people can open, for a path that begins with `/`.
pub(crate) fn whole(app: &App, path: &str) -> String {
    let config = app.config();
    match &config.public_url {
        Some(url) => format!("{}{path}", url.trim_end_matches('/')),
        None if config.listen.ip().is_unspecified() => {
            format!("http://localhost:{}{path}", config.listen.port())
        }
        None => format!("http://{}{path}", config.listen),
    }
}

/// What stands before the path of every page: empty, unless `public_url` has a path.
pub(crate) fn base(app: &App) -> String {
    let url = app.config().public_url.as_ref().and_then(|url| Url::parse(url).ok());
    url.map_or_else(String::new, |url| url.path().trim_end_matches('/').to_owned())
}

pub(super) fn is_https(app: &App) -> bool {
    app.config().public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
}

/// A path of ours to go on to; anything that would lead elsewhere becomes the first page.
pub(super) fn next(text: Option<&str>) -> &str {
    let is_ours = |text: &&str| {
        text.starts_with('/')
            && !text.starts_with("//")
            && text.len() <= 1000
            && !text.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace())
    };
    text.filter(is_ours).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for elsewhere in
            ["//evil.example.org", "https://evil.example.org", "/\\evil", "x", "/\t/e", ""]
        {
            assert_eq!(next(Some(elsewhere)), "/", "{elsewhere:?}");
        }
        assert_eq!(next(Some("/journeys/1/map?view=a")), "/journeys/1/map?view=a");
        assert_eq!(next(None), "/");
    }
}
