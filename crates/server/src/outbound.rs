//! The one door to the world outside: every HTTP request to an address that a user gave goes through [`Outbound`].
//!
//! Addresses come from users, and the server stands where it reaches more than they do. So a request goes to addresses that
//! belong to everybody, or to what the setting `outbound_allow` names; a name is resolved here and the connection goes to
//! the addresses that were looked at, so that an answer which changes afterwards changes nothing; nothing is followed to
//! another place, and no proxy of the environment is asked.

mod allowed;
mod global;

use std::error::Error as _;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use url::{Host, Url};

pub use allowed::Allowed;

/// Longest time for a whole request, and for its connection.
const PATIENCE: Duration = Duration::from_secs(20);
const TO_CONNECT: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const LARGEST: usize = 1024 * 1024;
/// Lower ports than this belong to other services, but for those of the web.
const FIRST_FREE_PORT: u16 = 1024;

/// Finds the addresses of a name.
type Lookup =
    dyn Fn(String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> + Send + Sync;

/// Sends requests to others.
#[derive(Debug, Clone)]
pub(crate) struct Outbound {
    client: Client,
    allowed: Arc<Allowed>,
}

/// A request to somebody else.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// What came back, whatever its status.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) status: u16,
    #[expect(dead_code, reason = "single sign-on reads them")]
    pub(crate) headers: HeaderMap,
    #[cfg_attr(not(test), expect(dead_code, reason = "single sign-on reads it"))]
    pub(crate) body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// We do not send there.
    Refused(String),
    /// It could not be reached, or did not answer as it should.
    Failed(String),
}

impl Outbound {
    pub(crate) fn new(allowed: Allowed) -> Result<Self, String> {
        Self::with_lookup(allowed, Arc::new(|name| Box::pin(system_lookup(name))))
    }

    fn with_lookup(allowed: Allowed, lookup: Arc<Lookup>) -> Result<Self, String> {
        let allowed = Arc::new(allowed);
        let guarded = Guarded { allowed: Arc::clone(&allowed), lookup };
        let client = Client::builder()
            .dns_resolver(Arc::new(guarded))
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .pool_max_idle_per_host(0)
            .connect_timeout(TO_CONNECT)
            .timeout(PATIENCE)
            .user_agent(concat!("footpath/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|cause| format!("making ready for requests to others: {}", told(cause)))?;
        Ok(Self { client, allowed })
    }

    /// The address, if we may send there as far as can be told without asking for the addresses of its name.
    pub(crate) fn check(&self, url: &str) -> Result<Url, String> {
        let url = Url::parse(url).map_err(|cause| format!("`{url}` is no address: {cause}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!(
                "an address begins with https:// or http://, not {}:",
                url.scheme()
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address holds no name and no password; take them out".to_owned());
        }
        let host = url.host().ok_or("an address names a host")?;
        let port = url.port_or_known_default().unwrap_or_default();
        let is_listed = match host {
            Host::Domain(name) => self.allowed.has_name(name),
            Host::Ipv4(address) => self.allowed.has_address(address.into()),
            Host::Ipv6(address) => self.allowed.has_address(address.into()),
        };
        if is_listed {
            return Ok(url);
        }
        if !matches!(port, 80 | 443) && port < FIRST_FREE_PORT {
            return Err(format!(
                "port {port} is not one of the web; use 443, 80 or one from {FIRST_FREE_PORT}"
            ));
        }
        let literal: Option<IpAddr> = match host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        };
        match literal {
            Some(address) if !global::is_global(address) => Err(refused(&address.to_string())),
            _ => Ok(url),
        }
    }

    /// Sends a request and reads the answer.
    pub(crate) async fn send(&self, request: Outgoing) -> Result<Incoming, Unsent> {
        let Outgoing { method, url, headers, body } = request;
        let url = self.check(&url).map_err(Unsent::Refused)?;
        let sent = self.client.request(method, url).headers(headers).body(body).send().await;
        let mut response = sent.map_err(unsent)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unsent)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(Unsent::Failed(format!("the answer is larger than {LARGEST} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Incoming { status, headers, body })
    }
}

fn refused(address: &str) -> String {
    format!(
        "`{address}` is not an address that everybody may reach; the setting `outbound_allow` names exceptions"
    )
}

/// Refusals of the lookup come back inside the client's own error.
fn unsent(cause: reqwest::Error) -> Unsent {
    let mut source = cause.source();
    while let Some(inner) = source {
        if let Some(Forbidden(why)) = inner.downcast_ref() {
            return Unsent::Refused(why.clone());
        }
        source = inner.source();
    }
    Unsent::Failed(told(cause))
}

/// With its causes, and without the address, in which there may be a secret.
fn told(cause: reqwest::Error) -> String {
    let cause = cause.without_url();
    let mut text = cause.to_string();
    let mut source = cause.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

async fn system_lookup(name: String) -> io::Result<Vec<IpAddr>> {
    let found = tokio::net::lookup_host((name, 0)).await?;
    Ok(found.map(|address| address.ip()).collect())
}

/// A name that leads where we do not send.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Forbidden(String);

/// Resolves names for the client, which connects to what is given here and asks nobody else.
struct Guarded {
    allowed: Arc<Allowed>,
    lookup: Arc<Lookup>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let is_listed = self.allowed.has_name(&name);
        let (allowed, found) = (Arc::clone(&self.allowed), (self.lookup)(name.clone()));
        Box::pin(async move {
            let found = found.await?;
            let is_fit =
                |it: &IpAddr| is_listed || allowed.has_address(*it) || global::is_global(*it);
            if let Some(unfit) = found.iter().find(|it| !is_fit(it)) {
                return Err(Forbidden(format!(
                    "`{name}` leads to {unfit}: {}",
                    refused(&unfit.to_string())
                ))
                .into());
            }
            let addresses: Addrs = Box::new(found.into_iter().map(|it| SocketAddr::new(it, 0)));
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests;
