//! Somebody with a browser: cookies, forms and redirects.

use std::cell::RefCell;
use std::collections::BTreeMap;

use reqwest::redirect::Policy;
use url::Url;

use crate::house::{Answer, House};

/// A browser with its cookies, by host and port.
pub(crate) struct Browser<'a> {
    house: &'a House,
    cookies: RefCell<BTreeMap<String, BTreeMap<String, String>>>,
    /// Every address that was asked for.
    history: RefCell<Vec<Url>>,
}

/// A page, and where the browser ended up.
pub(crate) struct Seen {
    pub(crate) answer: Answer,
    pub(crate) url: Url,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(house: &'a House) -> Self {
        Self { house, cookies: RefCell::default(), history: RefCell::default() }
    }

    /// Opens a page of ours, or an address elsewhere, and goes on wherever it is sent.
    pub(crate) fn open(&self, address: &str) -> Seen {
        self.go(self.url(address), None)
    }

    /// Sends a form.
    pub(crate) fn submit(&self, address: &str, fields: &[(&str, &str)]) -> Seen {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.go(self.url(address), Some(form.finish()))
    }

    /// A cookie of ours.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.cookies.borrow();
        cookies.get(&place(&self.url("/")))?.get(name).cloned()
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.borrow_mut();
        let ours = cookies.entry(place(&self.url("/"))).or_default();
        ours.insert(name.to_owned(), value.to_owned());
    }

    /// The last address of this path that was asked for.
    pub(crate) fn went_through(&self, path: &str) -> Option<Url> {
        self.history.borrow().iter().rev().find(|url| url.path() == path).cloned()
    }

    fn url(&self, address: &str) -> Url {
        Url::parse(&self.house.url).unwrap().join(address).unwrap()
    }

    fn go(&self, mut url: Url, mut form: Option<String>) -> Seen {
        for _ in 0..20 {
            let answer = self.once(&url, form.take());
            let Some(to) = answer.headers.get("location").filter(|_| answer.status / 100 == 3)
            else {
                return Seen { answer, url };
            };
            url = url.join(to.to_str().unwrap()).unwrap();
            if url.port() == Some(7070) {
                // The house is at another port than its settings say.
                url.set_port(self.url("/").port()).unwrap();
            }
            // Nothing of ours is behind these: the page that everybody ends up on.
            if url.path() == "/" && place(&url) == place(&self.url("/")) {
                return Seen { answer, url };
            }
        }
        panic!("sent round in circles at {url}");
    }

    fn once(&self, url: &Url, form: Option<String>) -> Answer {
        self.history.borrow_mut().push(url.clone());
        let client =
            reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        let mut request = match form {
            Some(form) => client
                .post(url.clone())
                .header("content-type", "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin")
                .body(form),
            None => client.get(url.clone()),
        };
        let cookies = self.cookies.borrow().get(&place(url)).cloned().unwrap_or_default();
        let sent: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !sent.is_empty() {
            request = request.header("cookie", sent.join("; "));
        }
        let answer = self.house.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Answer { status, headers, text: response.text().await.unwrap() }
        });
        let mut all = self.cookies.borrow_mut();
        let kept = all.entry(place(url)).or_default();
        for set in answer.headers.get_all("set-cookie") {
            let text = set.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() || text.to_lowercase().contains("max-age=0") {
                kept.remove(name);
            } else {
                kept.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

fn place(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0))
}
