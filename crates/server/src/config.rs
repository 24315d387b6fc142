//! Settings, read once: defaults, then `footpath.toml`, then `FOOTPATH_…`, then flags; the later one wins.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};
use url::{Host, Url};

use crate::mail;
use crate::outbound::Allowed;

/// What the server is told. Without any setting it starts on an empty folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The data folder; made if there is none.
    pub data: PathBuf,
    /// `postgres://…`; a SQLite file in the data folder when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// `s3://bucket/prefix`: where files of events lie; in the data folder when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<String>,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where metrics for Prometheus are served; nowhere when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_listen: Option<SocketAddr>,
    /// The address that people use, such as `https://journeys.example.org/footpath`; taken from `listen` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// The mail server: `smtps://user:password@mail.example.org`, or `smtp://…?tls=required`; letters wait while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_url: Option<String>,
    /// Whom letters come from, such as `Footpath <footpath@example.org>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_from: Option<String>,
    /// Hosts and networks that requests to others may also reach: `hooks.intern.example, 10.20.0.0/16`. Without it only
    /// addresses that belong to everybody.
    #[schemars(with = "String")]
    pub outbound_allow: Allowed,
    /// What is logged: `error`, `warn`, `info`, `debug`, or a filter such as `info,footpath_server=debug`.
    pub log: String,
    /// Lines of the log as JSON.
    pub log_json: bool,
    /// Hours without a sign of life after which a session ends.
    pub session_hours: u32,
    /// Days after which a session ends in any case.
    pub session_days: u32,
    /// A provider of identities, such as `https://login.example.org`: single sign-on by OpenID Connect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_issuer: Option<String>,
    /// By which the provider knows this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_client_id: Option<String>,
    /// What the provider gave this server to prove itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_client_secret: Option<String>,
    /// The id of a workspace that everybody whom the provider knows joins as a viewer; nobody joins when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_join: Option<String>,
    /// The largest body of a request, in MiB; files of events may be larger.
    pub body_mib: u32,
    /// Requests that are worked on at the same time, of those who ask and of those who send events; more are told to come back.
    pub requests: u32,
    /// Reports that are kept to be given again, in MiB.
    pub cache_mib: u32,
    /// Fewer customers than this are not told, 5 to 30.
    pub fewest_customers: u32,
    /// The largest file of events that may be sent, in MiB.
    pub upload_mib: u32,
    /// Events a minute that a key may send, where nothing else is said of it; 0: any number.
    pub key_events: u32,
    /// Events that are in no file yet, from which on they are moved into files without waiting.
    pub flush_events: u32,
    /// Seconds after which events are moved into files, however few they are.
    pub flush_seconds: u32,
    /// A folder with pages that are served instead of those inside the program, for whoever changes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ui_dir: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("footpath-data"),
            database: None,
            files: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 7070)),
            metrics_listen: None,
            public_url: None,
            smtp_url: None,
            mail_from: None,
            outbound_allow: Allowed::default(),
            log: "info".to_owned(),
            log_json: false,
            session_hours: 12,
            session_days: 14,
            oidc_issuer: None,
            oidc_client_id: None,
            oidc_client_secret: None,
            oidc_join: None,
            body_mib: 4,
            requests: 512,
            cache_mib: 256,
            fewest_customers: 5,
            upload_mib: 4096,
            key_events: 0,
            flush_events: 100_000,
            flush_seconds: 60,
            ui_dir: None,
        }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Default,
    File,
    Environment,
    Flag,
}

/// The settings, and where each comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    pub config: Config,
    pub from: BTreeMap<String, From>,
}

/// A setting as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub name: &'static str,
    /// As `footpath.toml` would have it; secrets are not shown.
    pub value: String,
    pub doc: &'static str,
}

/// Settings whose values are not shown.
const SECRETS: [&str; 3] = ["database", "oidc_client_secret", "smtp_url"];

impl Config {
    /// Every setting in reading order.
    pub fn settings(&self) -> Vec<Setting> {
        let table = Table::try_from(self).unwrap_or_default();
        let shown = |name: &str| match table.get(name) {
            None => "–".to_owned(),
            Some(_) if SECRETS.contains(&name) => "(not shown)".to_owned(),
            Some(value) => value.to_string(),
        };
        Self::described().map(|(name, doc)| Setting { name, value: shown(name), doc }).collect()
    }

    /// What no type of a single setting can say.
    fn check(&self) -> Result<(), String> {
        let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        if self.public_url.as_ref().is_some_and(|url| !is_web(url)) {
            return Err("the setting `public_url`: write it as https://journeys.example.org".into());
        }
        let Some(issuer) = &self.oidc_issuer else { return Ok(()) };
        let is_near = Url::parse(issuer).is_ok_and(|url| match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        });
        if !issuer.starts_with("https://") && !is_near {
            return Err("the setting `oidc_issuer`: only https:// keeps a sign-in to itself".into());
        }
        if self.oidc_client_id.is_none() {
            return Err(
                "the setting `oidc_issuer` needs `oidc_client_id`, as the provider gave it".into(),
            );
        }
        Ok(())
    }

    /// Names and sentences, out of the type itself.
    fn described() -> impl Iterator<Item = (&'static str, &'static str)> {
        static SCHEMA: LazyLock<schemars::Schema> = LazyLock::new(|| schemars::schema_for!(Config));
        let properties = SCHEMA.get("properties").and_then(|it| it.as_object());
        properties.into_iter().flatten().map(|(name, property)| {
            let doc = property.get("description").and_then(|it| it.as_str());
            (name.as_str(), doc.unwrap_or_default())
        })
    }
}

/// The layers above the defaults.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Variables of the environment that begin with `FOOTPATH_`, whole names.
    pub environment: Vec<(String, String)>,
    /// Names of settings and their values, as on the command line.
    pub flags: Vec<(String, String)>,
}

/// What begins the name of a variable.
pub(crate) const PREFIX: &str = "FOOTPATH_";

/// The file of settings in the data folder.
pub(crate) const FILE: &str = "footpath.toml";

impl Settings {
    /// The settings; what is wrong is told with its place. `file` is read if it is named, and if it is not, the one in
    /// the data folder if it is there.
    pub fn resolve(&self, file: Option<&Path>) -> Result<Effective, String> {
        let defaults = Table::try_from(Config::default()).map_err(|cause| cause.to_string())?;
        let mut table = defaults;
        let mut from: BTreeMap<String, From> =
            table.keys().map(|name| (name.clone(), From::Default)).collect();
        let mut take = |layer: Table, origin: From| {
            for (name, value) in layer {
                from.insert(name.clone(), origin);
                table.insert(name, value);
            }
        };
        let environment =
            self.layer(&self.environment, |name| name.strip_prefix(PREFIX).map(str::to_lowercase));
        let flags = self.layer(&self.flags, |name| Some(name.to_owned()));
        let data = flags.get("data").or_else(|| environment.get("data")).and_then(Value::as_str);
        let beside = Path::new(data.unwrap_or("footpath-data")).join(FILE);
        let path = file.or_else(|| beside.exists().then_some(beside.as_path()));
        if let Some(path) = path {
            take(read(path)?, From::File);
        }
        take(environment, From::Environment);
        take(flags, From::Flag);
        let config = Config::deserialize(table).map_err(|cause| {
            format!("settings: {}", cause.to_string().trim().replace('\n', "; "))
        })?;
        config.check()?;
        mail::check(config.smtp_url.as_deref(), config.mail_from.as_deref())?;
        Ok(Effective { config, from })
    }

    fn layer(&self, texts: &[(String, String)], name: impl Fn(&str) -> Option<String>) -> Table {
        texts.iter().filter_map(|(given, text)| Some((name(given)?, value(text)))).collect()
    }
}

fn read(path: &Path) -> Result<Table, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|cause| format!("reading {}: {cause}", path.display()))?;
    text.parse().map_err(|cause: toml::de::Error| format!("{}: {cause}", path.display()))
}

/// Numbers and yes/no as such, everything else as text.
fn value(text: &str) -> Value {
    match (text.parse::<i64>(), text) {
        (Ok(number), _) => Value::Integer(number),
        (_, "true") => Value::Boolean(true),
        (_, "false") => Value::Boolean(false),
        (_, text) => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{From, Settings};

    fn texts(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn the_later_layer_wins_and_each_value_says_where_it_comes_from() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("footpath.toml");
        fs::write(&file, "session_hours = 3\nlog = \"warn\"\nbody_mib = 9\n").unwrap();
        let settings = Settings {
            environment: texts(&[("FOOTPATH_LOG", "debug"), ("FOOTPATH_BODY_MIB", "7")]),
            flags: texts(&[("body_mib", "5")]),
        };
        let effective = settings.resolve(Some(&file)).unwrap();
        let config = &effective.config;
        assert_eq!((config.session_hours, config.body_mib, &*config.log), (3, 5, "debug"));
        let from = |name: &str| effective.from[name];
        assert_eq!(from("session_hours"), From::File);
        assert_eq!(from("log"), From::Environment);
        assert_eq!(from("body_mib"), From::Flag);
        assert_eq!(from("listen"), From::Default);
    }

    #[test]
    fn an_unknown_setting_and_a_wrong_value_are_told() {
        let told = |flags: &[(&str, &str)]| {
            let settings = Settings { flags: texts(flags), ..Settings::default() };
            settings.resolve(None).unwrap_err()
        };
        assert!(
            told(&[("lisen", "1")]).contains("unknown field `lisen`"),
            "{}",
            told(&[("lisen", "1")])
        );
        let provider = |issuer| told(&[("oidc_issuer", issuer)]);
        assert!(provider("http://login.example.org").contains("only https://"));
        assert!(provider("http://127.0.0.1:9").contains("needs `oidc_client_id`"));
        assert!(told(&[("public_url", "journeys.example.org")]).contains("public_url"));
        assert!(told(&[("outbound_allow", "10.0.0.0/40")]).contains("outbound_allow"));
        let secret = told(&[("smtp_url", "http://user:secret@mail")]);
        assert!(secret.contains("smtp_url") && !secret.contains("secret@"), "{secret}");
        assert!(told(&[("listen", "here")]).contains("listen"), "{}", told(&[("listen", "here")]));
    }
}
