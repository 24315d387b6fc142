//! A workspace filled from the examples: events in the lake, answers and complaints, journeys published, users of each role.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use engine::import::{Mapping, Source};
use engine::quarantine::Quarantine;
use engine::scan::Files;
use serde_json::{Map, Value, json};
use server::{App, Config, Desk, Role, Scope, ask};

use super::example::{Named, file};
use crate::Answer;
use crate::commands::serve::{place, runtime, serve_folder};
use crate::output::{count, talk, write};
use crate::watching::Watching;

/// Answers of one request.
const ROWS: usize = 2000;

fn config(data: &Path, listen: &str) -> anyhow::Result<Config> {
    let listen = listen.parse().with_context(|| {
        format!("`{listen}` is no address to listen on; write one as 127.0.0.1:7070")
    })?;
    Ok(Config { data: data.to_owned(), listen, log: "warn".to_owned(), ..Config::default() })
}

/// Fills a new data folder in `out`, and prints a link for a user of each role. A folder that could not be filled is taken
/// away again.
pub(super) fn fill(chosen: &[Named], out: &Path, listen: &str) -> anyhow::Result<()> {
    let data = out.join("data");
    let filled = fill_new(chosen, out, &config(&data, listen)?);
    if filled.is_err() {
        // What matters is why it could not be filled.
        let _stays = fs::remove_dir_all(&data);
    }
    filled
}

/// Serves what was filled.
pub(super) fn serve(data: &Path, listen: &str) -> anyhow::Result<Answer> {
    serve_folder(config(data, listen)?)
}

fn fill_new(chosen: &[Named], out: &Path, config: &Config) -> anyhow::Result<()> {
    let runtime = runtime()?;
    let app = App::open(config.clone(), &place(config), Arc::clone(&runtime))?;
    let desk = Desk::new(&app);
    let key = runtime.block_on(desk.create_key("Filling the demo", &[Scope::Admin], None))?;
    for named in chosen {
        let folder = out.join(named.name());
        talk(&format!("{}: writing data", named.name()));
        named.write(&folder)?;
        talk(&format!("{}: filling the workspace", named.name()));
        import(&app, &folder)?;
        let asking = Asking { app: &app, key: &key.secret };
        runtime.block_on(asking.tell(&folder, named.name()))?;
        runtime.block_on(asking.publish(&folder))?;
    }
    let mut links = String::from("Choose a password by one of these links, each good once:\n");
    for role in Role::ALL {
        let (email, name) = (format!("{}@example.org", role.name()), role.name());
        let link = runtime.block_on(desk.add(&email, name, role, None))?;
        links.push_str(&format!("  {name:<8} {email:<22} {link}\n"));
    }
    runtime.block_on(desk.end_key(&key.id, None))?;
    write(&links, None)
}

fn import(app: &App, folder: &Path) -> anyhow::Result<()> {
    let lake = app.first_lake()?;
    let source =
        Source { path: folder.join("events.csv.gz"), mapping: Mapping::default(), zone: None };
    let quarantine = Quarantine::default();
    let watching = Watching::begin()?;
    let files = Files {
        events: std::slice::from_ref(&source),
        ..Files::none(&quarantine, &watching.watch)
    };
    let imported = lake.import(&files);
    drop(watching);
    let events = imported?.iter().map(|imported| imported.events).sum();
    lake.compact()?;
    talk(&format!("  {}", count(events, "event")));
    Ok(())
}

/// Whoever fills the workspace, by the routes of everybody.
struct Asking<'a> {
    app: &'a App,
    key: &'a str,
}

impl Asking<'_> {
    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        ask(self.app, self.key, path, body).await
    }

    /// What customers answered and complained of.
    async fn tell(&self, folder: &Path, journey: &str) -> anyhow::Result<()> {
        for kind in ["responses", "complaints"] {
            let Some(path) = file(folder, &format!("{kind}.csv")) else { continue };
            let rows = rows(&path, journey)?;
            for rows in rows.chunks(ROWS) {
                let body = Value::Object(Map::from_iter([(kind.to_owned(), rows.into())]));
                let taken = self.post(&format!("/api/v1/{kind}"), &body).await?;
                anyhow::ensure!(
                    taken["quarantined"] == 0,
                    "{}: some rows were refused: {taken}",
                    path.display()
                );
            }
            talk(&format!("  {} {kind}", rows.len()));
        }
        Ok(())
    }

    async fn publish(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join("journey.yaml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let source = json!({ "source": { "format": "yaml", "text": text } });
        let made = self.post("/api/v1/journeys", &source).await?;
        let id = made["id"].as_str().unwrap_or_default();
        let note = json!({ "note": "As it came with Footpath" });
        self.post(&format!("/api/v1/journeys/{id}/publish"), &note).await?;
        Ok(())
    }
}

/// What the API has names for; any other column is an attribute.
const NAMED: [&str; 9] = [
    "customer_id",
    "at",
    "question",
    "touchpoint",
    "score",
    "comment",
    "invited_at",
    "severity",
    "text",
];

/// Rows of a CSV file as the API takes them.
fn rows(path: &Path, journey: &str) -> anyhow::Result<Vec<Value>> {
    let reading = || format!("reading {}", path.display());
    let mut reader = csv::Reader::from_path(path).with_context(reading)?;
    let names = reader.headers().with_context(reading)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.with_context(reading)?;
        let mut row = Map::from_iter([("journey".to_owned(), journey.into())]);
        let mut attributes = Map::new();
        for (name, text) in names.iter().zip(&record).filter(|(_, text)| !text.is_empty()) {
            let number = ["score", "severity"].contains(&name).then(|| text.parse::<f64>().ok());
            let value = number.flatten().map_or_else(|| Value::from(text), Value::from);
            let part = if NAMED.contains(&name) { &mut row } else { &mut attributes };
            part.insert(name.to_owned(), value);
        }
        row.insert("attributes".to_owned(), attributes.into());
        rows.push(Value::Object(row));
    }
    Ok(rows)
}
