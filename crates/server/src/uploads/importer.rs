//! Imports, one after the other, while the server goes on: with progress, and an end whenever somebody wants one.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::import::{Intake, Mapping, Names, Source, Wanted, Watch, read};
use engine::lake::Lake;
use engine::quarantine::Quarantine;
use engine::scan::Files;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Receipt, Refused, Upload, Workspace};
use tokio::sync::{Notify, watch};
use utoipa::ToSchema;

use super::receive;
use crate::app::App;
use crate::error::Error;

/// How a file shall be read.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Reading {
    /// Which column is which: `customer_id=case_id,at=timestamp`. Columns that it leaves out keep their names.
    pub(crate) mapping: String,
    /// Where times without an offset were written down, such as `Asia/Kolkata`; empty: UTC.
    pub(crate) zone: String,
    /// Read all of it and store nothing.
    pub(crate) dry_run: bool,
    /// Percent of rows that may be refused before nothing is stored.
    pub(crate) max_bad_percent: f64,
}

impl Default for Reading {
    fn default() -> Self {
        Self { mapping: String::new(), zone: String::new(), dry_run: false, max_bad_percent: 1.0 }
    }
}

impl Reading {
    /// Mapping and zone, if they are some.
    pub(crate) fn check(&self) -> Result<(Mapping, Option<TimeZone>), Error> {
        let mapping = match self.mapping.trim() {
            "" => Mapping::default(),
            text => {
                text.parse().map_err(|cause: engine::Error| Error::from(cause).at("mapping"))?
            }
        };
        let zone = match self.zone.trim() {
            "" => None,
            name => Some(TimeZone::get(name).map_err(|_| {
                Error::invalid(format!("`{name}` is no time zone; write one as Asia/Kolkata"))
                    .at("zone")
            })?),
        };
        if !(0.0..=100.0).contains(&self.max_bad_percent) {
            return Err(Error::invalid("a share is from 0 to 100 percent").at("max_bad_percent"));
        }
        Ok((mapping, zone))
    }
}

/// How far an import is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Progress {
    /// Bytes read so far, and of the whole file.
    read_bytes: u64,
    total_bytes: u64,
    rows: u64,
}

/// A kind of trouble, and how often it came.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trouble {
    reason: String,
    rows: u64,
    /// The first of them, with their lines.
    examples: Vec<String>,
}

impl From<engine::quarantine::Trouble> for Trouble {
    fn from(trouble: engine::quarantine::Trouble) -> Self {
        let example =
            |it: &engine::quarantine::Example| format!("line {}: {}", it.line, it.sentence);
        Self {
            reason: trouble.reason.to_owned(),
            rows: trouble.rows,
            examples: trouble.examples.iter().map(example).collect(),
        }
    }
}

/// Imports that are being worked on.
#[derive(Debug, Default)]
pub(crate) struct Importer {
    at_work: Mutex<HashMap<String, Arc<Watch>>>,
    nudge: Notify,
}

impl Importer {
    /// There is something to do.
    pub(crate) fn nudge(&self) {
        self.nudge.notify_one();
    }

    pub(crate) fn progress(&self, upload: &str) -> Option<Progress> {
        let watch = self.lock().get(upload).cloned()?;
        Some(Progress { read_bytes: watch.read(), total_bytes: watch.total(), rows: watch.rows() })
    }

    /// Stops an import, if it is being worked on.
    pub(crate) fn stop(&self, upload: &str) {
        if let Some(watch) = self.lock().get(upload) {
            watch.stop();
        }
    }

    fn stop_all(&self) {
        self.lock().values().for_each(|watch| watch.stop());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Watch>>> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rows of a file that are kept with their reasons; more are counted.
const MOST_ROWS: usize = 10_000;

/// How often somebody looks whether there is something to do, though nobody said so.
const TICK: Duration = Duration::from_secs(30);

/// Imports what waits until `told` says that it is over.
pub(crate) async fn import_all(app: App, mut told: watch::Receiver<bool>) {
    // What another process began is begun again: a file is imported whole or not at all, and the same file once.
    let mut was_begun = true;
    loop {
        tokio::select! {
            _ = told.wait_for(|is_over| *is_over) => break,
            () = work(&app, was_begun) => was_begun = false,
        }
        tokio::select! {
            _ = told.wait_for(|is_over| *is_over) => break,
            () = app.importer().nudge.notified() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
    app.importer().stop_all();
}

async fn work(app: &App, was_begun: bool) {
    let due = match app.store().uploads_due(was_begun).await {
        Ok(due) => due,
        Err(cause) => {
            tracing::warn!(%cause, "imports wait until the database answers");
            return;
        }
    };
    for (workspace, upload) in due {
        if let Err(cause) = one(app, &workspace, &upload).await {
            tracing::warn!(?cause, upload, "an import waits");
        }
    }
}

async fn one(app: &App, workspace: &str, id: &str) -> Result<(), Error> {
    let Some(workspace) = app.store().find_workspace(workspace).await? else { return Ok(()) };
    let Some(upload) = workspace.find_upload(id).await? else { return Ok(()) };
    let now = app.now();
    if !workspace.step_upload(id, (&upload.state, "running"), None, now).await? {
        return Ok(());
    }
    let reading: Reading =
        serde_json::from_str(&upload.asked).map_err(|cause| Error::Internal(cause.into()))?;
    let watch = Arc::new(Watch::default());
    app.importer().lock().insert(id.to_owned(), Arc::clone(&watch));
    let done = carry_out(app, &workspace, (&upload, &reading), &watch).await;
    app.importer().lock().remove(id);
    let (state, result) = match done {
        Ok(result) if reading.dry_run => ("kept", result),
        Ok(result) => ("done", result),
        Err(cause) => ("failed", json!({ "failure": sentence(cause) })),
    };
    // One that was cancelled, or that the end of the server interrupted, stays as it is.
    if watch.check().is_ok() {
        let result = result.to_string();
        workspace.step_upload(id, ("running", state), Some(&result), app.now()).await?;
        if state == "done" {
            receive::take_away(app, &upload).await;
        }
    }
    Ok(())
}

fn sentence(cause: Error) -> String {
    match cause {
        Error::Caller { message, .. } | Error::Later { message, .. } => message,
        Error::Internal(cause) => {
            tracing::error!(cause = format!("{cause:#}"), "an import failed");
            "something went wrong here; it has been logged".to_owned()
        }
    }
}

/// What reading a file came to.
struct Outcome {
    result: Value,
    receipt: Receipt,
    refused: Vec<Refused>,
}

async fn carry_out(
    app: &App,
    workspace: &Workspace,
    (upload, reading): (&Upload, &Reading),
    watch: &Arc<Watch>,
) -> Result<Value, Error> {
    let open = app.lake(workspace).await?;
    let (mapping, zone) = reading.check()?;
    let source = Source { path: receive::path(app, &upload.id, &upload.name), mapping, zone };
    let (lake, watch, asked) = (Arc::clone(&open.lake), Arc::clone(watch), reading.clone());
    let (id, name) = (upload.id.clone(), upload.name.clone());
    let outcome = app
        .wait(move || {
            let quarantine = Quarantine::default();
            let told = if asked.dry_run {
                try_out(&source, &quarantine, &watch)
            } else {
                import(&lake, &source, (&asked, &quarantine, &watch))
            };
            let (mut result, receipt) = told.map_err(|cause| named(cause, &source.path, &name))?;
            let troubles: Vec<Trouble> =
                quarantine.troubles().into_iter().map(Trouble::from).collect();
            result["troubles"] = json!(troubles);
            let refused = if asked.dry_run { Vec::new() } else { refused(&id, &quarantine)? };
            Ok(Outcome { result, receipt, refused })
        })
        .await?;
    if !reading.dry_run {
        let now = app.now();
        workspace.refuse(&outcome.refused, now).await?;
        let source = format!("upload:{}", upload.id);
        workspace.count_file(&source, outcome.receipt, None, now).await?;
    }
    Ok(outcome.result)
}

fn try_out(
    source: &Source,
    quarantine: &Quarantine,
    watch: &Watch,
) -> Result<(Value, Receipt), engine::Error> {
    let mut names = Names::default();
    let mut intake = Intake { names: &mut names, quarantine, watch };
    let wanted = Wanted { channel: true, event_id: true, ..Wanted::default() };
    let read = read(source, &wanted, &mut intake, &mut |_| watch.check())?;
    let result = json!({
        "dry_run": true,
        "format": read.format,
        "rows": read.rows_read,
        "events": read.rows_read - read.rows_quarantined,
        "refused": read.rows_quarantined,
        "notes": read.notes,
    });
    Ok((result, Receipt::default()))
}

fn import(
    lake: &Lake,
    source: &Source,
    (asked, quarantine, watch): (&Reading, &Quarantine, &Watch),
) -> Result<(Value, Receipt), engine::Error> {
    let files = Files {
        events: std::slice::from_ref(source),
        bad_share: asked.max_bad_percent / 100.0,
        ..Files::none(quarantine, watch)
    };
    let imported = lake.import(&files)?.pop();
    let (events, read) = imported.map_or((0, None), |it| (it.events, it.read));
    let Some(read) = read else {
        return Ok((json!({ "known": true, "events": 0, "refused": 0 }), Receipt::default()));
    };
    let quarantined = quarantine.rows();
    let receipt = Receipt { accepted: events, duplicate: 0, quarantined };
    let result = json!({
        "format": read.format,
        "rows": read.rows_read,
        "events": events,
        "refused": quarantined,
        "notes": read.notes,
    });
    Ok((result, receipt))
}

/// Rows of a file that are no events, each known by the file and its line.
fn refused(upload: &str, quarantine: &Quarantine) -> Result<Vec<Refused>, Error> {
    let rows = quarantine.first(MOST_ROWS)?;
    let refused = rows.into_iter().map(|bad| Refused {
        id: format!("{upload}-{:012}", bad.line),
        source: format!("upload:{upload}"),
        line: bad.line,
        reason: bad.reason,
        row: bad.row.replace('\0', "\u{fffd}"),
        form: "events".to_owned(),
    });
    Ok(refused.collect())
}

/// The file by the caller's name for it: where it lies here is nobody's business.
pub(crate) fn named(cause: engine::Error, path: &Path, name: &str) -> Error {
    match Error::from(cause) {
        Error::Caller { code, message, at } => {
            let message = message.replace(&path.display().to_string(), name);
            Error::Caller { code, message, at }
        }
        other => other,
    }
}
