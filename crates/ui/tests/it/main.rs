//! What a browser is told, of the pages that are inside and of a folder.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::fs;
use std::path::Path;

use ui::{Inside, Missing, Pages};

/// A folder as the build of the pages leaves it.
fn dist() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("index.html", "<head><base href=\"/\"></head>");
    write("icon.svg", "<svg/>");
    write("assets/index-abc.js", "plain");
    write("assets/index-abc.js.br", "brotli");
    write("assets/index-abc.js.gz", "gzip");
    write("assets/inter-def.woff2", "font");
    folder
}

fn check(pages: &Pages, path: &str, accepted: &str, expected: (bool, &str, Option<&str>, &str)) {
    let answer = pages.answer(path, accepted);
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    let got = (answer.is_found, answer.content_type, answer.content_encoding, body.as_str());
    assert_eq!(got, expected, "{path} for `{accepted}`");
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const PAGE: &str = "text/html; charset=utf-8";

#[test]
fn a_file_comes_packed_as_the_browser_wants_it() {
    let folder = dist();
    let pages = Pages::in_folder("", folder.path().to_owned()).unwrap();
    check(&pages, "/assets/index-abc.js", "gzip, br", (true, SCRIPT, Some("br"), "brotli"));
    check(&pages, "/assets/index-abc.js", "gzip", (true, SCRIPT, Some("gzip"), "gzip"));
    check(&pages, "/assets/index-abc.js", "", (true, SCRIPT, None, "plain"));
    check(&pages, "/assets/inter-def.woff2", "br", (true, "font/woff2", None, "font"));
}

#[test]
fn what_has_a_hash_is_kept_for_ever_and_the_page_is_asked_for_again() {
    let folder = dist();
    let pages = Pages::in_folder("", folder.path().to_owned()).unwrap();
    let cache = |path: &str| pages.answer(path, "").cache_control;
    assert!(cache("/assets/index-abc.js").contains("immutable"));
    for path in ["/", "/index.html", "/journeys", "/icon.svg"] {
        assert_eq!(cache(path), "no-cache", "{path}");
    }
    assert!(pages.answer("/assets/index-abc.js", "").varies);
    assert!(!pages.answer("/", "br").varies);
}

#[test]
fn any_address_of_a_page_gets_the_page_with_its_prefix() {
    let folder = dist();
    let pages = Pages::in_folder("/cx/footpath", folder.path().to_owned()).unwrap();
    let page = "<head><base href=\"/cx/footpath/\"></head>";
    for path in ["", "/", "/journeys", "/journeys/loyalty-visit/map"] {
        check(&pages, path, "br", (true, PAGE, None, page));
    }
}

#[test]
fn a_file_that_is_gone_is_not_answered_with_a_page() {
    let folder = dist();
    let pages = Pages::in_folder("", folder.path().to_owned()).unwrap();
    for path in ["/assets/index-old.js", "/assets/index-abc.js.br", "/robots.txt"] {
        assert!(!pages.answer(path, "br").is_found, "{path}");
    }
}

#[test]
fn nothing_above_the_folder_is_read() {
    let folder = dist();
    let secret = folder.path().join("secret.txt");
    fs::write(&secret, "secret").unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("index.html"), "page").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, inner.join("link.txt")).unwrap();
    let pages = Pages::in_folder("", inner).unwrap();
    for path in ["/../secret.txt", "/a/../../secret.txt", "/link.txt", "//secret.txt"] {
        let answer = pages.answer(path, "");
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"), "{path}");
    }
}

#[test]
fn a_folder_without_pages_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Pages::in_folder("", folder.path().to_owned()).unwrap_err();
    assert_eq!(missing, Missing { folder: folder.path().to_owned() });
    assert!(missing.to_string().contains("no index.html in it"), "{missing}");
}

/// Whichever was built into this test: real pages with a stamp, or the page that says how to build them.
#[test]
fn the_pages_inside_answer_and_say_which_they_are() {
    let pages = Pages::embedded("/cx");
    let index = pages.answer("/journeys", "br");
    let text = String::from_utf8_lossy(&index.body).into_owned();
    assert!(index.is_found && text.contains("<base href=\"/cx/\">"), "{text}");
    let is_built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist/index.html").exists();
    match pages.inside() {
        Inside::Fallback => assert!(text.contains("cargo xtask web"), "{text}"),
        Inside::Embedded { stamp } => {
            assert!(is_built && stamp.len() == 8, "{stamp}");
            let script = text.split("src=\"./").nth(1).and_then(|rest| rest.split('"').next());
            let script = pages.answer(script.unwrap(), "br");
            assert_eq!((script.is_found, script.content_encoding), (true, Some("br")));
        }
        inside @ Inside::Folder(_) => panic!("{inside}"),
    }
}
