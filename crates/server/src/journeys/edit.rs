//! Edits of a map: batches of operations, ordered here, applied as far as they can be.

use axum::extract::State;
use model::map::{Applied, AppliedAt, Code, Map, Op, Rejected, RejectedAt};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::Deed;
use store::journeys::batches::{Batch, Edited, Head, Outcome};
use utoipa::ToSchema;

use super::rooms::Signal;
use crate::access::Inside;
use crate::app::App;
use crate::error::{Code as Told, Error, Result};
use crate::extract::{Json, Path};
use crate::schemas::{OperationBody, RejectedBody};

/// What is deleted can be restored for so long, in µs.
const REMEMBERED: i64 = 30 * 24 * 3_600_000_000;

const MOST_OPS: usize = 5_000;

/// Operations that a client wants applied.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ops {
    /// A UUID of the client's making. The same batch again changes nothing and is answered the same.
    batch: String,
    /// The rev that the client has seen.
    base_rev: i64,
    #[schema(value_type = Vec<OperationBody>)]
    ops: Vec<Value>,
}

/// What became of them, by their positions in the batch.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Answer {
    pub(crate) rev: i64,
    /// With the places that the server gave.
    #[schema(value_type = Vec<AppliedOperation>)]
    pub(crate) applied: Vec<AppliedAt>,
    #[schema(value_type = Vec<RejectedBody>)]
    pub(crate) rejected: Vec<RejectedAt>,
}

/// An operation with its position in the batch: how [`AppliedAt`] looks from outside.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the model writes")]
struct AppliedOperation {
    index: usize,
    op: OperationBody,
}

/// Applies operations to a journey.
#[utoipa::path(post, path = "/api/v1/journeys/{id}/ops", tag = "journeys", request_body = Ops,
    params(("id" = String, Path, description = "id of a journey")),
    responses((status = 200, body = Answer), (status = 404, body = crate::error::Told),
        (status = 409, description = "another batch came under the same id", body = crate::error::Told)))]
pub(crate) async fn edit_journey(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(ops): Json<Ops>,
) -> Result<Json<Answer>> {
    if ops.ops.len() > MOST_OPS {
        let message = format!("a batch holds at most {MOST_OPS} operations; send several");
        return Err(Error::new(Told::TooLarge, message).at("/ops"));
    }
    let body_hash = hash(&ops.ops)?;
    let base_rev = ops.base_rev;
    let edit = Edit { id: &id, batch: &ops.batch, body_hash };
    let answer = edit
        .apply(&app, &inside, |head, _| {
            if base_rev > head.rev {
                let message =
                    format!("the journey is at rev {}, so {base_rev} cannot be", head.rev);
                return Err(Error::invalid(message).at("/base_rev"));
            }
            Ok(ops.ops.iter().map(read).collect())
        })
        .await?;
    Ok(Json(answer))
}

/// An operation, or why it is none.
type Wanted = std::result::Result<Op, Rejected>;

fn read(value: &Value) -> Wanted {
    Op::deserialize(value).map_err(|cause| Rejected {
        code: Code::InvalidInput,
        message: format!("this is no operation: {cause}"),
        current: None,
    })
}

/// A batch on its way into a journey.
pub(crate) struct Edit<'a> {
    pub(crate) id: &'a str,
    pub(crate) batch: &'a str,
    pub(crate) body_hash: String,
}

impl Edit<'_> {
    /// Applies what `wanted` makes of the present state, and tells everybody who looks on.
    pub(crate) async fn apply(
        &self,
        app: &App,
        inside: &Inside,
        wanted: impl FnOnce(&Head, &Map) -> Result<Vec<Wanted>>,
    ) -> Result<Answer> {
        if uuid::Uuid::parse_str(self.batch).is_err() {
            let message = format!("`{}` is no id of a batch: it must be a UUID", self.batch);
            return Err(Error::invalid(message).at("/batch"));
        }
        let deed = inside.deed(app.now());
        let batch = Batch { id: self.batch, body_hash: &self.body_hash };
        let edit = |head: &Head| edited(head, &deed, wanted);
        let answer = match inside.workspace.edit_journey(self.id, batch, &deed, edit).await? {
            Outcome::Done { edited, .. } => {
                if edited.shown.is_some() {
                    app.rooms().signal(inside.workspace.id(), self.id, &Signal::Changed);
                }
                edited.answer
            }
            Outcome::Repeated { answer } => answer,
            Outcome::OtherBody => {
                let message = "another batch came under this id; give each batch an id of its own";
                return Err(Error::new(Told::Conflict, message).at("/batch"));
            }
            Outcome::Missing => return Err(Error::not_found("journey", self.id)),
        };
        serde_json::from_str(&answer).map_err(|cause| Error::Internal(cause.into()))
    }
}

fn edited(
    head: &Head,
    deed: &Deed,
    wanted: impl FnOnce(&Head, &Map) -> Result<Vec<Wanted>>,
) -> Result<Edited> {
    let mut map = super::map_of(&head.document)?;
    let wanted = wanted(head, &map)?;
    let (mut applied, mut rejected, mut has_changed) = (Vec::new(), Vec::new(), false);
    for (index, op) in wanted.into_iter().enumerate() {
        match op.and_then(|op| map.apply(op, deed.at)) {
            Ok(Applied { op, inverse }) => {
                has_changed |= !inverse.is_empty();
                applied.push(AppliedAt { index, op });
            }
            Err(told) => rejected.push(RejectedAt { index, rejected: told }),
        }
    }
    let shown = if has_changed {
        map.forget(deed.at - REMEMBERED);
        Some(super::shown(&map)?)
    } else {
        None
    };
    let rev = head.rev + i64::from(shown.is_some());
    let ops: Vec<&Op> = applied.iter().map(|it| &it.op).collect();
    let ops = json(&ops)?;
    // What changed nothing is nothing for the log.
    let count = if shown.is_some() { applied.len() } else { 0 };
    let answer = json(&Answer { rev, applied, rejected })?;
    Ok(Edited { shown, applied: u32::try_from(count).unwrap_or(u32::MAX), ops, answer })
}

/// Tells two bodies apart.
pub(crate) fn hash(body: &impl Serialize) -> Result<String> {
    let bytes = serde_json::to_vec(body).map_err(|cause| Error::Internal(cause.into()))?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|cause| Error::Internal(cause.into()))
}
