//! One page with one form: it works without script, says what is wrong on top, and lets password managers help.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::address;
use crate::app::App;
use crate::error::{Code, Error};

/// A page.
#[derive(Debug, Template)]
#[template(path = "page.html")]
pub(super) struct Page {
    base: String,
    title: &'static str,
    lead: Vec<String>,
    problem: Option<Problem>,
    form: Option<Form>,
    links: Vec<(String, &'static str)>,
}

/// What is wrong, and at which field.
#[derive(Debug)]
struct Problem {
    message: String,
    field: Option<String>,
}

#[derive(Debug)]
struct Form {
    action: String,
    hidden: Vec<(&'static str, String)>,
    fields: Vec<Field>,
    button: &'static str,
}

/// One line to fill in.
#[derive(Debug, Clone)]
pub(super) struct Field {
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    value: String,
    hint: Option<&'static str>,
    is_fixed: bool,
}

impl Field {
    pub(super) const EMAIL: Self =
        Self::new("email", "E-mail address", ("email", "username"), None);
    pub(super) const NAME: Self = Self::new("name", "Your name", ("text", "name"), None);
    pub(super) const WORKSPACE: Self = Self::new(
        "workspace",
        "Name of the workspace",
        ("text", "organization"),
        Some("As a rule that of your organisation; it can be changed."),
    );
    pub(super) const PASSWORD: Self =
        Self::new("password", "Password", ("password", "current-password"), None);
    pub(super) const NEW_PASSWORD: Self = Self::new(
        "password",
        "Password",
        ("password", "new-password"),
        Some("At least 12 characters; three or four words make a good one."),
    );
    pub(super) const CODE: Self = Self::new(
        "code",
        "Code",
        ("text", "one-time-code"),
        Some("The six digits of your authenticator, or a recovery code."),
    );

    const fn new(
        id: &'static str,
        label: &'static str,
        (kind, autocomplete): (&'static str, &'static str),
        hint: Option<&'static str>,
    ) -> Self {
        Self { id, label, kind, autocomplete, value: String::new(), hint, is_fixed: false }
    }

    /// With what was filled in before.
    pub(super) fn with(self, value: &str) -> Self {
        Self { value: value.to_owned(), ..self }
    }

    /// With what cannot be changed.
    pub(super) fn fixed(self, value: &str) -> Self {
        Self { value: value.to_owned(), is_fixed: true, ..self }
    }
}

impl Page {
    pub(super) fn new(app: &App, title: &'static str) -> Self {
        let (lead, links) = (Vec::new(), Vec::new());
        Self { base: address::base(app), title, lead, problem: None, form: None, links }
    }

    pub(super) fn say(mut self, line: impl Into<String>) -> Self {
        self.lead.push(line.into());
        self
    }

    /// A form whose answer goes to this path of ours.
    pub(super) fn form(
        mut self,
        action: String,
        fields: impl IntoIterator<Item = Field>,
        button: &'static str,
    ) -> Self {
        let fields = fields.into_iter().collect();
        self.form = Some(Form { action, hidden: Vec::new(), fields, button });
        self
    }

    /// Something that the form carries along.
    pub(super) fn carry(mut self, name: &'static str, value: &str) -> Self {
        if let Some(form) = &mut self.form {
            form.hidden.push((name, value.to_owned()));
        }
        self
    }

    pub(super) fn link(mut self, path: String, text: &'static str) -> Self {
        self.links.push((path, text));
        self
    }

    /// The page as an answer to something that went well.
    pub(super) fn show(self) -> Response {
        match self.render() {
            Ok(text) => {
                let html = HeaderValue::from_static("text/html; charset=utf-8");
                ([(header::CONTENT_TYPE, html)], text).into_response()
            }
            Err(cause) => Error::Internal(cause.into()).into_response(),
        }
    }

    /// The page with what went wrong on top.
    pub(super) fn refuse(mut self, error: Error) -> Response {
        let after = match &error {
            Error::Later { seconds, .. } => Some(HeaderValue::from(*seconds)),
            _ => None,
        };
        let (status, message, at) = error.on_page();
        let known = |field: &&str| {
            let fields = self.form.iter().flat_map(|form| &form.fields);
            fields.into_iter().any(|it| it.id == *field)
        };
        let field = at.as_deref().map(|at| at.trim_start_matches('/')).filter(known);
        self.problem = Some(Problem { message, field: field.map(str::to_owned) });
        let mut response = self.show();
        *response.status_mut() = status;
        if let Some(after) = after {
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response
    }

    fn is_wrong(&self, id: &str) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.field.as_deref() == Some(id))
    }
}

/// How these pages look.
#[utoipa::path(get, path = "/entry.css", tag = "pages",
    responses((status = 200, content_type = "text/css", body = String)))]
pub(crate) async fn stylesheet() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "max-age=3600"),
    ];
    (headers, include_str!("../../templates/entry.css")).into_response()
}

/// Where a link leads that is no good.
pub(super) fn gone(app: &App, noun: &str) -> Response {
    let page = Page::new(app, "This link is no good")
        .say("It was used already, is too old, or was copied in part. Ask whoever gave it to you for another one.")
        .link("/login".to_owned(), "Go to the sign-in");
    page.refuse(Error::new(Code::NotFound, format!("there is no {noun} behind this link")))
}
