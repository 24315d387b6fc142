//! A server of a test's own, its users and what they send.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;

use engine::lake::Place;
use reqwest::Method;
use serde_json::Value;
use server::{App, Clock, Config, Role, Scope, Token};
use store::{ApiKey, Deed, NewSession, User, Workspace};
use tempfile::TempDir;
use throwaway::{Durability, Postgres};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// 2026-03-01, noon; moved by [`House::later`]. Tests that move it look at nothing that another one could move.
static NOW: AtomicI64 = AtomicI64::new(1_772_366_400_000_000);

pub(crate) fn now() -> i64 {
    NOW.load(Ordering::SeqCst)
}

/// A running server on a folder of its own, with two workspaces.
pub(crate) struct House {
    pub(crate) url: String,
    pub(crate) app: App,
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) folder: TempDir,
    clock: Clock,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    serving: Option<JoinHandle<()>>,
}

/// Where the tests' things are, and what must stay apart from them.
pub(crate) const HERE: &str = "here";
pub(crate) const ELSEWHERE: &str = "elsewhere";

/// Runs a test on a server with SQLite, and on one with PostgreSQL.
pub(crate) fn on_both(test: impl Fn(&House)) {
    test(&House::on_sqlite());
    if let Some(house) = House::on_postgres() {
        test(&house);
    }
}

/// The same without anybody who serves it, with these settings and a clock that the test may move.
pub(crate) fn on_both_still<const N: usize>(config: &Config, test: impl Fn(&House)) {
    let folder = || tempfile::tempdir().unwrap();
    test(&House::still(folder(), config.clone(), crate::clocks::clock::<N>));
    if let Some(server) = postgres() {
        let config = Config { database: Some(server.database().unwrap()), ..config.clone() };
        test(&House::still(folder(), config, crate::clocks::clock::<N>));
    }
}

pub(crate) fn postgres() -> Option<&'static Postgres> {
    static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
    let start = || {
        Postgres::start(Durability::None)
            .inspect_err(|why| eprintln!("not tested on PostgreSQL: {why}"))
            .ok()
    };
    SERVER.get_or_init(start).as_ref()
}

impl House {
    pub(crate) fn on_sqlite() -> Self {
        Self::begin(tempfile::tempdir().unwrap(), Config::default())
    }

    /// An empty database of PostgreSQL.
    pub(crate) fn database() -> Option<String> {
        Some(postgres()?.database().unwrap())
    }

    pub(crate) fn on_postgres() -> Option<Self> {
        let database = Self::database()?;
        let config = Config { database: Some(database), ..Config::default() };
        Some(Self::begin(tempfile::tempdir().unwrap(), config))
    }

    /// A server with these settings; the folder and the address are given here.
    pub(crate) fn begin(folder: TempDir, config: Config) -> Self {
        Self::begin_at(folder, config, now)
    }

    /// A server with a clock of its own, which the test may move.
    pub(crate) fn begin_at(folder: TempDir, config: Config, clock: Clock) -> Self {
        Self::still(folder, config, clock).serve()
    }

    /// Begins to serve.
    pub(crate) fn serve(self) -> Self {
        let mut house = self;
        let listener = house.runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        house.url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let (app, runtime) = (house.app.clone(), Arc::clone(&house.runtime));
        let serving = std::thread::spawn(move || {
            let stopped = async move { drop(stopped.await) };
            runtime.block_on(server::serve(&app, listener, stopped)).unwrap();
        });
        (house.stop, house.serving) = (Mutex::new(Some(stop)), Some(serving));
        house
    }

    /// The application without anybody who serves it: jobs are done by [`House::run_due`] alone.
    pub(crate) fn still(folder: TempDir, config: Config, clock: Clock) -> Self {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = Arc::new(runtime.worker_threads(2).enable_all().build().unwrap());
        let config = Config { data: folder.path().join("data"), ..config };
        let place =
            Place { database: config.database.clone(), ..Place::folder(&config.data, clock) };
        let app = App::open(config, &place, Arc::clone(&runtime)).unwrap();
        for workspace in [HERE, ELSEWHERE] {
            runtime.block_on(app.store().workspace(workspace, clock())).unwrap();
        }
        Self {
            url: String::new(),
            app,
            runtime,
            folder,
            clock,
            stop: Mutex::default(),
            serving: None,
        }
    }

    /// Does every job that is due, and says how many attempts that were.
    pub(crate) fn run_due(&self) -> usize {
        self.runtime.block_on(server::run_due(&self.app)).unwrap()
    }

    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    /// Ends the server and begins another one on the same folder with the same settings.
    pub(crate) fn restart(mut self) -> Self {
        self.halt();
        let config = self.app.config().clone();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        let clock = self.clock;
        drop(self);
        Self::begin_at(folder, config, clock)
    }

    /// The same folder without anybody who serves it, with other settings.
    pub(crate) fn with(mut self, config: Config) -> Self {
        self.halt();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        let clock = self.clock;
        drop(self);
        Self::still(folder, config, clock)
    }

    /// Asks the server to stop, and does not wait for it.
    pub(crate) fn ask_to_stop(&self) {
        if let Some(stop) = self.stop.lock().unwrap().take() {
            let _gone = stop.send(());
        }
    }

    fn halt(&mut self) {
        self.ask_to_stop();
        if let Some(serving) = self.serving.take() {
            serving.join().unwrap();
        }
    }

    pub(crate) fn workspace(&self, id: &str) -> Workspace {
        self.runtime.block_on(self.app.store().find_workspace(id)).unwrap().unwrap()
    }

    /// A new user with a role in a workspace.
    pub(crate) fn user(&self, workspace: &str, role: Role) -> User {
        let id = uuid::Uuid::now_v7().to_string();
        let user = User {
            email: format!("{id}@example.org"),
            name: format!("{} {}", role.name(), &id[24..]),
            id,
            created_at: now(),
            signed_in_at: None,
            deactivated_at: None,
        };
        self.runtime.block_on(async {
            self.app.store().create_user(&user, &deed()).await.unwrap();
            let workspace = self.app.store().find_workspace(workspace).await.unwrap().unwrap();
            workspace.set_member(&user.id, role.name(), None, &deed()).await.unwrap();
        });
        user
    }

    /// Somebody who is signed in as a new user with this role.
    pub(crate) fn signed_in(&self, workspace: &str, role: Role) -> Caller<'_> {
        let user = self.user(workspace, role);
        self.session(&user.id)
    }

    /// Somebody with a new session of this user.
    pub(crate) fn session(&self, user: &str) -> Caller<'_> {
        let token = Token::new("").unwrap();
        let expires_at = (self.clock)() + 3_600_000_000;
        let session = NewSession { token_hash: &token.hash(), user, expires_at };
        let deed = Deed { at: self.now(), ..deed() };
        self.runtime.block_on(self.app.store().begin_session(&session, &deed)).unwrap();
        Caller {
            house: self,
            headers: vec![("cookie", format!("footpath_session={}", token.text()))],
        }
    }

    /// Somebody with a new key.
    pub(crate) fn key(&self, workspace: &str, scopes: &[Scope]) -> Caller<'_> {
        let text = self.key_text(workspace, scopes);
        Caller { house: self, headers: vec![("authorization", format!("Bearer {text}"))] }
    }

    /// A new key as its holder has it.
    pub(crate) fn key_text(&self, workspace: &str, scopes: &[Scope]) -> String {
        self.new_key(workspace, scopes).1
    }

    /// A new key: its id, and as its holder has it.
    pub(crate) fn new_key(&self, workspace: &str, scopes: &[Scope]) -> (String, String) {
        let token = Token::new("fp_").unwrap();
        let key = ApiKey {
            id: uuid::Uuid::now_v7().to_string(),
            name: "a test's".to_owned(),
            prefix: token.text()[..8].to_owned(),
            scopes: scopes.iter().map(|scope| scope.name().to_owned()).collect(),
            created_by: "system".to_owned(),
            created_at: now(),
            used_at: None,
            ended_at: None,
        };
        let workspace = self.workspace(workspace);
        self.runtime.block_on(workspace.create_key(&key, &token.hash(), &deed())).unwrap();
        (key.id, token.text().to_owned())
    }

    /// What the lake tells of a customer: `activity channel {attributes}`, in time.
    pub(crate) fn timeline(&self, workspace: &str, customer: &str) -> Vec<String> {
        let lake = self.app.lake_of(&self.workspace(workspace)).unwrap();
        let events = lake.view(None, None).unwrap().timeline(customer).unwrap();
        let told = |it: &engine::lake::TimelineEvent| {
            let channel = it.channel.as_deref().unwrap_or("-");
            format!("{} {channel} {:?}", it.activity, it.attributes)
        };
        events.iter().map(told).collect()
    }

    /// What the lake holds.
    pub(crate) fn contents(&self, workspace: &str) -> engine::lake::Contents {
        self.app.lake_of(&self.workspace(workspace)).unwrap().contents().unwrap()
    }

    /// Asks again and again until it is so, for a while.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, is_so: impl Fn() -> bool) {
        let since = std::time::Instant::now();
        while !is_so() {
            assert!(since.elapsed().as_secs() < 60, "waited in vain: {what}");
            std::thread::yield_now();
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    pub(crate) fn anonymous(&self) -> Caller<'_> {
        Caller { house: self, headers: Vec::new() }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.halt();
    }
}

/// What a test does behind the server's back.
pub(crate) fn deed() -> Deed {
    Deed {
        actor: "system".to_owned(),
        at: now(),
        origin: "127.0.0.1".to_owned(),
        request: "test".to_owned(),
    }
}

/// Somebody who sends requests.
#[derive(Clone)]
pub(crate) struct Caller<'a> {
    pub(crate) house: &'a House,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The body, of an answer that has to be a success.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The code, of an answer that has to be an error of our shape.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        let body = self.json();
        assert!(body["message"].is_string() && body["request_id"].is_string(), "{}", self.text);
        body["code"].as_str().unwrap().to_owned()
    }
}

impl Caller<'_> {
    pub(crate) fn with(&self, name: &'static str, value: &str) -> Self {
        let mut caller = self.clone();
        caller.headers.push((name, value.to_owned()));
        caller
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body))
    }

    pub(crate) fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.send_bytes(method, path, body)
    }

    pub(crate) fn send_bytes(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Answer {
        let client =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let mut request =
            client.build().unwrap().request(method, format!("{}{path}", self.house.url));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some((kind, bytes)) = body {
            request = request.header("content-type", kind).body(bytes);
        }
        self.house.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Answer { status, headers, text: response.text().await.unwrap() }
        })
    }
}
