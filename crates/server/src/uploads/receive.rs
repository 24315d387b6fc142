//! A file comes in: piece by piece onto the disk, whole or not at all.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use futures::StreamExt as _;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::Upload;
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

use super::{UploadTold, told};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Code, Error, Result, Told};
use crate::extract::{Json, Query};

/// Where files come in.
pub(crate) const PATH: &str = "/api/v1/uploads";

/// How long nothing may come.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a file is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    /// As the file is called, with its ending: `visits.csv.gz`.
    name: String,
    /// What it holds.
    #[serde(default)]
    kind: Kind,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    #[default]
    Events,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
        }
    }
}

/// Sends a file: its bytes are the body. Nothing is read of it yet.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "collection", params(Named),
    request_body(content_type = "application/octet-stream", content = Vec<u8>),
    responses((status = 201, body = UploadTold), (status = 400, body = Told), (status = 413, body = Told),
        (status = 507, body = Told)))]
pub(crate) async fn create_upload(
    State(app): State<App>,
    inside: Inside,
    Query(named): Query<Named>,
    request: Request,
) -> Result<(StatusCode, Json<UploadTold>)> {
    let name = named.name.trim();
    if name.is_empty() || name.len() > 200 || name.contains(['/', '\\', '\0']) {
        return Err(Error::invalid("a file has a name of at most 200 letters").at("name"));
    }
    let id = uuid::Uuid::now_v7().to_string();
    let path = path(&app, &id, name);
    let kept = keep(&app, &path, request.into_body()).await;
    let (content, bytes) = match kept {
        Ok(kept) => kept,
        Err(refused) => {
            // There may be nothing to take away.
            let _gone = fs::remove_file(&path).await;
            return Err(refused);
        }
    };
    let upload = Upload {
        id,
        name: name.to_owned(),
        kind: named.kind.name().to_owned(),
        content,
        bytes,
        state: "kept".to_owned(),
        asked: String::new(),
        created_by: inside.source(),
        created_at: app.now(),
        ended_at: None,
        result: None,
    };
    inside.workspace.create_upload(&upload, &inside.deed(app.now())).await?;
    Ok((StatusCode::CREATED, Json(told(&app, upload))))
}

/// Where a file lies: under its id, with the ending that says what it is.
pub(crate) fn path(app: &App, id: &str, name: &str) -> PathBuf {
    let ending: Vec<&str> = name.rsplit('.').take(2).collect();
    let is_fit = |part: &&str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_alphanumeric())
    };
    let mut file = id.to_owned();
    for part in ending.into_iter().rev().filter(is_fit) {
        file.push('.');
        file.push_str(part);
    }
    folder(app).join(file)
}

/// Nobody needs the file any more.
pub(crate) async fn take_away(app: &App, upload: &Upload) {
    let path = path(app, &upload.id, &upload.name);
    match fs::remove_file(&path).await {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%cause, upload = upload.id, "a file that nobody needs is still there");
        }
        _ => {}
    }
}

fn folder(app: &App) -> PathBuf {
    app.config().data.join("uploads")
}

async fn keep(app: &App, path: &Path, body: Body) -> Result<(String, u64)> {
    let failed = |cause: io::Error| match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Error::new(Code::Full, "the disk is full; make room and send the file again")
        }
        _ => Error::Internal(anyhow::Error::new(cause).context("keeping a file")),
    };
    fs::create_dir_all(folder(app)).await.map_err(failed)?;
    let mut file = File::create(path).await.map_err(failed)?;
    let most = u64::from(app.config().upload_mib) * 1024 * 1024;
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    let mut stream = body.into_data_stream();
    loop {
        let next = timeout(PATIENCE, stream.next()).await;
        let next = next.map_err(|_| Error::invalid("nothing came for a while; send it again"))?;
        let Some(piece) = next else { break };
        let piece = piece.map_err(|_| Error::invalid("the file ended before its end"))?;
        bytes += piece.len() as u64;
        if bytes > most {
            let message = format!(
                "a file has {} MiB at most; send it in parts, or set `upload_mib`",
                app.config().upload_mib
            );
            return Err(Error::new(Code::TooLarge, message));
        }
        hasher.update(&piece);
        file.write_all(&piece).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    file.sync_all().await.map_err(failed)?;
    if bytes == 0 {
        return Err(Error::invalid("the file is empty; send its bytes as the body"));
    }
    Ok((hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), bytes))
}
