//! Single sign-on by OpenID Connect: code flow with PKCE, state and nonce, held against what was kept before.
//!
//! A user is known by the provider's subject. An address counts only where the provider says that it was verified.

use std::io;
use std::time::{Duration, UNIX_EPOCH};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use serde::Deserialize;
use store::{Account, Departure};

use super::entry::{Onward, enter};
use super::links::new_user;
use super::page::Page;
use super::{address, cookies, rules, sign_in};
use crate::access::{SignedIn, Visit, cookie};
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::Query;
use crate::permissions::Role;
use crate::token::hash;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Answer {
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    code: Option<String>,
    /// Why the provider refused.
    #[serde(default)]
    error: Option<String>,
}

/// How long the provider may take, in seconds.
const PATIENCE: i64 = 600;

const CALLBACK: &str = "/oidc/callback";

/// Go to the provider.
#[utoipa::path(get, path = "/oidc/begin", tag = "pages", params(Onward),
    responses((status = 303), (status = 404, content_type = "text/html", body = String)))]
pub(crate) async fn begin_oidc(State(app): State<App>, Query(onward): Query<Onward>) -> Response {
    match depart(&app, address::next(onward.next.as_deref())).await {
        Ok(response) => response,
        Err(error) => failed(&app, error),
    }
}

/// Come back from the provider.
#[utoipa::path(get, path = "/oidc/callback", tag = "pages", params(Answer),
    responses((status = 303), (status = 400, content_type = "text/html", body = String)))]
pub(crate) async fn finish_oidc(
    State(app): State<App>,
    visit: Visit,
    before: Option<SignedIn>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Response {
    let departed = cookie(&headers, cookies::DEPARTED).unwrap_or_default();
    match arrive(&app, &visit, before, departed, answer).await {
        Ok(response) => response,
        Err(error) => failed(&app, error),
    }
}

fn failed(app: &App, error: Error) -> Response {
    let page = Page::new(app, "Sign in with your organisation");
    page.link("/login".to_owned(), "Go to the sign-in").refuse(error)
}

/// The client as the provider knows it.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

async fn client(app: &App) -> Result<Client> {
    let config = app.config();
    let (Some(issuer), Some(id)) = (&config.oidc_issuer, &config.oidc_client_id) else {
        return Err(Error::not_found("provider", "of identities"));
    };
    let issuer = IssuerUrl::new(issuer.clone()).map_err(|cause| away(&cause))?;
    let metadata =
        CoreProviderMetadata::discover_async(issuer, &fetch).await.map_err(|cause| away(&cause))?;
    let redirect = RedirectUrl::new(address::whole(app, CALLBACK)).map_err(|cause| away(&cause))?;
    let secret = config.oidc_client_secret.clone().map(ClientSecret::new);
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new(id.clone()), secret);
    Ok(client.set_redirect_uri(redirect))
}

async fn depart(app: &App, next: &str) -> Result<Response> {
    let client = client(app).await?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let departure = Departure {
        nonce: nonce.secret().clone(),
        verifier: verifier.secret().clone(),
        next: next.to_owned(),
    };
    let now = app.now();
    let until = now + PATIENCE * 1_000_000;
    app.store().depart(&hash(state.secret()), &departure, now, until).await?;
    // Only the browser that departed may arrive.
    let departed = cookies::set(app, cookies::DEPARTED, state.secret(), PATIENCE);
    Ok(cookies::leave_for(url.as_str(), departed))
}

async fn arrive(
    app: &App,
    visit: &Visit,
    before: Option<SignedIn>,
    departed: &str,
    answer: Answer,
) -> Result<Response> {
    let stale = || Error::invalid("this sign-in was not begun here, or too long ago; begin again");
    let state = answer.state.filter(|state| state == departed).ok_or_else(stale)?;
    let departure = app.store().arrive(&hash(&state), app.now()).await?.ok_or_else(stale)?;
    if let Some(why) = answer.error {
        tracing::info!(why, "the provider of identities refused a sign-in");
        return Err(Error::invalid("the provider did not let you in; begin again, or ask there"));
    }
    let code = answer.code.ok_or_else(stale)?;
    let person = identify(app, code, &departure).await?;
    let account = account(app, visit, &person).await?;
    let step = sign_in::proved(app, visit, &account).await;
    enter(app, step, before, &departure.next).await
}

/// Who somebody is, as the provider says.
struct Person {
    issuer: String,
    subject: String,
    /// In lower case, and verified.
    email: Option<String>,
    name: Option<String>,
}

async fn identify(app: &App, code: String, departure: &Departure) -> Result<Person> {
    let client = client(app).await?;
    let tokens = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|cause| away(&cause))?
        .set_pkce_verifier(PkceCodeVerifier::new(departure.verifier.clone()))
        .request_async(&fetch)
        .await
        .map_err(|cause| away(&cause))?;
    let token = tokens.id_token().ok_or_else(|| away(&"it gave no token of identity"))?;
    let now = UNIX_EPOCH + Duration::from_micros(app.now().max(0).unsigned_abs());
    let verifier = client.id_token_verifier().set_time_fn(move || now.into());
    let nonce = Nonce::new(departure.nonce.clone());
    let claims = token.claims(&verifier, &nonce).map_err(|cause| away(&cause))?;
    let first = |name: Option<&str>| name.map(str::to_owned);
    let mut person = Person {
        issuer: claims.issuer().to_string(),
        subject: claims.subject().to_string(),
        email: claims
            .email()
            .filter(|_| claims.email_verified() == Some(true))
            .and_then(|email| rules::email(email).ok()),
        name: first(claims.name().and_then(|name| name.get(None)).map(|name| name.as_str())),
    };
    if claims.email().is_none() {
        let told = user_info(&client, tokens.access_token(), claims.subject()).await?;
        person.email = told
            .email()
            .filter(|_| told.email_verified() == Some(true))
            .and_then(|email| rules::email(email).ok());
        let name = told.name().and_then(|name| name.get(None)).map(|name| name.as_str());
        person.name = person.name.or(first(name));
    }
    Ok(person)
}

/// Some providers tell the address only here.
async fn user_info(
    client: &Client,
    token: &AccessToken,
    subject: &openidconnect::SubjectIdentifier,
) -> Result<CoreUserInfoClaims> {
    client
        .user_info(token.clone(), Some(subject.clone()))
        .map_err(|cause| away(&cause))?
        .request_async(&fetch)
        .await
        .map_err(|cause| away(&cause))
}

/// The user who is this person: known, known by address, invited, or let in because everybody is.
async fn account(app: &App, visit: &Visit, person: &Person) -> Result<Account> {
    let store = app.store();
    let nobody = || {
        Error::invalid(
            "nobody here knows you yet; ask an admin for an invitation to the address that your organisation has of you",
        )
    };
    let known = store.identified(&person.issuer, &person.subject).await?;
    let user = match (known, &person.email) {
        (Some(user), _) => user,
        (None, Some(email)) => {
            let user = match store.find_user_by_email(email).await? {
                Some(user) => user.id,
                None => take_up(app, visit, person, email).await?.ok_or_else(nobody)?,
            };
            let deed = visit.deed(format!("user:{user}"), app.now());
            store.link_identity(&person.issuer, &person.subject, &user, &deed).await?;
            user
        }
        (None, None) => return Err(nobody()),
    };
    let account = store.account(&user).await?.ok_or_else(nobody)?;
    if account.user.deactivated_at.is_some() {
        return Err(Error::invalid("this user was deactivated; ask an admin"));
    }
    if person.email.as_ref() == Some(&account.user.email) {
        let deed = visit.deed(format!("user:{user}"), app.now());
        store.join_by_address(&account.user.email, &user, &deed).await?;
    }
    Ok(account)
}

/// Takes up somebody who is invited, or whom the settings let in; the invitations are used afterwards.
async fn take_up(app: &App, visit: &Visit, person: &Person, email: &str) -> Result<Option<String>> {
    let store = app.store();
    let joins = match &app.config().oidc_join {
        Some(id) => store.find_workspace(id).await?,
        None => None,
    };
    if joins.is_none() && !store.is_invited(email, app.now()).await? {
        return Ok(None);
    }
    let name = person.name.as_deref().and_then(|name| rules::name(name).ok());
    let user = new_user(email, name.as_deref().unwrap_or(email), app.now());
    let deed = visit.deed(format!("user:{}", user.id), app.now());
    store.create_user(&user, &deed).await?;
    // An invitation may give more than everybody has.
    if store.join_by_address(email, &user.id, &deed).await? == 0
        && let Some(workspace) = joins
    {
        workspace.set_member(&user.id, Role::Viewer.name(), None, &deed).await?;
    }
    Ok(Some(user.id))
}

/// The provider's fault, or that of the way to it.
fn away(cause: &dyn std::fmt::Display) -> Error {
    tracing::warn!(cause = %cause, "the provider of identities");
    Error::invalid(
        "the provider of identities does not answer as it should; try again, or sign in with a password",
    )
}

const LARGEST: usize = 1024 * 1024;

/// One request to the provider: no redirect is followed, and no endless answer is read.
async fn fetch(request: HttpRequest) -> io::Result<HttpResponse> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .no_proxy()
        .build()
        .map_err(io::Error::other)?;
    let request = reqwest::Request::try_from(request).map_err(io::Error::other)?;
    let mut response = client.execute(request).await.map_err(io::Error::other)?;
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(io::Error::other)? {
        body.extend_from_slice(&part);
        if body.len() > LARGEST {
            return Err(io::Error::other("the answer is too large"));
        }
    }
    let mut told = axum::http::Response::new(body);
    *told.status_mut() = response.status();
    *told.headers_mut() = response.headers().clone();
    Ok(told)
}
