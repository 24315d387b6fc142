//! The instances behind a number, and one instance's path.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use engine::import::Watch;
use engine::lake::{Became, Behind, Instance, Lake, Listing, State as Standing};
use engine::measure::Asked;
use model::resolve::Resolved;
use serde::{Deserialize, Serialize};
use store::Done;
use utoipa::{IntoParams, ToSchema};

use super::asking::{Asking, Nothing, Question, refused};
use super::handles::Handles;
use super::measured::{Measured, key, measured};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::moment::moment;
use crate::page::{Asked as AskedPage, Page};
use crate::permissions::Right;

/// Which instances a number counts; all conditions hold at once.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Which {
    /// Id of a standard that is judged by events; `kept` says what became of it.
    standard: Option<String>,
    /// At least once in the instance; `broken` when left out.
    #[param(inline)]
    kept: Option<Fate>,
    /// Id of a touchpoint that was visited.
    touchpoint: Option<String>,
    /// Two touchpoints, one directly after the other: `a>b`; `^` is the start, `$` the end.
    transition: Option<String>,
    /// The whole path: `a>b>c`.
    variant: Option<String>,
    /// Id of the stage after which the instance was given up.
    dropped: Option<String>,
    #[param(inline)]
    state: Option<StateBody>,
    /// `next` of the page before; left out: from the beginning.
    after: Option<String>,
    /// At most so many, 1 to 500; left out: 100.
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Fate {
    Kept,
    Broken,
    Pending,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StateBody {
    Ended,
    TimedOut,
    Open,
}

/// One walk of one customer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InstanceBody {
    /// Good for the question that it came with.
    id: String,
    /// Only for those who may see persons.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<CustomerBody>,
    began_at: String,
    last_at: String,
    events: u64,
    state: StateBody,
    /// In order.
    visits: Vec<VisitBody>,
    /// Standards of which there was something to check.
    checks: Vec<CheckBody>,
}

/// Who a customer is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomerBody {
    /// By which `/api/v1/customers/{key}/timeline` knows the customer.
    pub(crate) key: String,
    /// As events carry it; `null` where only files of events knew it.
    pub(crate) id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VisitBody {
    touchpoint: String,
    at: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckBody {
    standard: String,
    kept: u64,
    broken: u64,
    pending: u64,
    unknown: u64,
}

/// The instances behind a number of the report, in an order that stays. Reading them is written down.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/instances", tag = "measures",
    params(("id" = String, Path, description = "The journey"), Question, Which),
    responses((status = 200, body = Page<InstanceBody>), (status = 400, body = crate::error::Told),
        (status = 404, body = crate::error::Told), (status = 409, body = crate::error::Told),
        (status = 429, body = crate::error::Told)))]
pub(crate) async fn instances(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    asking: Asking<Which>,
) -> Result<Json<Page<InstanceBody>>> {
    let Asking { question, further: which } = asking;
    let page = AskedPage { after: which.after.clone(), limit: which.limit };
    let limit = page.limit()? as usize;
    let asked = Reading::begin(&app, &inside, &id, &question).await?;
    let after =
        match page.after() {
            "" => None,
            mark => Some(asked.handles.read(mark).ok_or_else(|| {
                Error::invalid("`after` is the `next` of a page before").at("after")
            })?),
        };
    let behind = which.behind()?;
    let part = Part { behind, after, limit, customer: None };
    let read = asked.list(&app, part).await?;
    asked.write_down(&app, &inside, "instances.read", &id).await?;
    let people = people(&inside, &read).await?;
    let handles = &asked.handles;
    let mark = |instance: &Instance| handles.name((instance.customer, instance.number));
    let shown = |instance: Instance| body(instance, handles, &people);
    Ok(Json(page.page(read.to_vec(), mark, shown)?))
}

/// One instance with its path. Reading it is written down.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/instances/{instance}", tag = "measures",
    params(("id" = String, Path, description = "The journey"),
        ("instance" = String, Path, description = "Its id, as the same question gave it"), Question),
    responses((status = 200, body = InstanceBody), (status = 400, body = crate::error::Told),
        (status = 404, body = crate::error::Told), (status = 409, body = crate::error::Told),
        (status = 429, body = crate::error::Told)))]
pub(crate) async fn instance(
    State(app): State<App>,
    inside: Inside,
    Path((id, name)): Path<(String, String)>,
    asking: Asking<Nothing>,
) -> Result<Json<InstanceBody>> {
    let asked = Reading::begin(&app, &inside, &id, &asking.question).await?;
    let gone = || Error::not_found("instance", &name);
    let (customer, number) = asked.handles.read(&name).ok_or_else(gone)?;
    let after = number.checked_sub(1).map(|before| (customer, before)).ok_or_else(gone)?;
    let part =
        Part { behind: Behind::default(), after: Some(after), limit: 1, customer: Some(customer) };
    let read = asked.list(&app, part).await?;
    let found = read.iter().find(|it| (it.customer, it.number) == (customer, number));
    let found = found.ok_or_else(gone)?.clone();
    asked.write_down(&app, &inside, "instance.read", &id).await?;
    let people = people(&inside, std::slice::from_ref(&found)).await?;
    Ok(Json(body(found, &asked.handles, &people)))
}

/// A question whose instances are read.
struct Reading {
    /// What the question is answered with: it says no where the question may not be answered.
    measured: Arc<Measured>,
    asked: Asked,
    lake: Arc<Lake>,
    handles: Handles,
    /// With the state of the data.
    key: String,
    question: String,
}

/// Which of them.
#[derive(Debug)]
struct Part {
    behind: Behind,
    after: Option<(u64, u64)>,
    limit: usize,
    customer: Option<u64>,
}

impl Reading {
    async fn begin(app: &App, inside: &Inside, id: &str, question: &Question) -> Result<Self> {
        let measured = measured(app, &inside.workspace, id, question).await?;
        let version = measured.report.version.unwrap_or_default();
        let key = key(&inside.workspace, id, version, question).await?;
        // As long as the question is the same, so are the handles, whatever comes in.
        let named =
            Question { version: Some(version), compare: None, since: None, ..question.clone() };
        let named = format!("{id} {named:?}");
        Ok(Self {
            asked: question.asked(app.config())?,
            measured,
            lake: app.lake(&inside.workspace).await?.lake,
            handles: Handles::new(inside.workspace.key(), &named),
            key,
            question: named,
        })
    }

    async fn list(&self, app: &App, part: Part) -> Result<Arc<Vec<Instance>>> {
        let key = format!("{} {part:?}", self.key);
        let (measured, asked, lake) =
            (Arc::clone(&self.measured), self.asked.clone(), Arc::clone(&self.lake));
        let work = move |watch: &Watch| {
            let resolved = Resolved::of(&measured.journey);
            let view = asked.view(&lake).map_err(refused)?;
            let Part { behind, after, limit, customer } = &part;
            let listing =
                Listing { journey: &resolved, asked: &asked, behind, customer: *customer, watch };
            let found = view.instances(&listing, *after, *limit).map_err(refused)?;
            let bytes = found.iter().map(size).sum();
            Ok((found, bytes))
        };
        app.measures().instances.get(&key, work).await
    }

    async fn write_down(&self, app: &App, inside: &Inside, action: &str, id: &str) -> Result<()> {
        let after = serde_json::json!({"question": self.question}).to_string();
        let done = Done {
            action,
            object: &format!("journey:{id}"),
            after: Some(&after),
            ..Done::default()
        };
        Ok(inside.workspace.record_alone(&inside.deed(app.now()), done).await?)
    }
}

/// Bytes of memory, about.
fn size(instance: &Instance) -> usize {
    200 + 48 * instance.visits.len() + 64 * instance.checks.len()
}

/// Who the customers are, for those who may see persons.
async fn people(inside: &Inside, found: &[Instance]) -> Result<Option<HashMap<u64, String>>> {
    if !inside.may(Right::ReadPersons) {
        return Ok(None);
    }
    let mut keys: Vec<u64> = found.iter().map(|instance| instance.customer).collect();
    keys.dedup();
    Ok(Some(inside.workspace.identities_of(&keys).await?.into_iter().collect()))
}

fn body(
    instance: Instance,
    handles: &Handles,
    people: &Option<HashMap<u64, String>>,
) -> InstanceBody {
    let Instance { customer, number, span, events, state, visits, checks } = instance;
    let visit = |(touchpoint, at)| VisitBody { touchpoint, at: moment(at) };
    let check = |(standard, [kept, broken, pending, unknown]): (String, [u64; 4])| CheckBody {
        standard,
        kept,
        broken,
        pending,
        unknown,
    };
    InstanceBody {
        id: handles.name((customer, number)),
        customer: people.as_ref().map(|people| CustomerBody {
            key: format!("{customer:016x}"),
            id: people.get(&customer).cloned(),
        }),
        began_at: moment(span.0),
        last_at: moment(span.1),
        events,
        state: match state {
            Standing::Ended => StateBody::Ended,
            Standing::TimedOut => StateBody::TimedOut,
            Standing::Open => StateBody::Open,
        },
        visits: visits.into_iter().map(visit).collect(),
        checks: checks.into_iter().map(check).collect(),
    }
}

impl Which {
    fn behind(&self) -> Result<Behind> {
        let became = match self.kept.unwrap_or(Fate::Broken) {
            Fate::Kept => Became::Kept,
            Fate::Broken => Became::Broken,
            Fate::Pending => Became::Pending,
            Fate::Unknown => Became::Unknown,
        };
        if self.kept.is_some() && self.standard.is_none() {
            return Err(Error::invalid("`kept` is of a standard; name it").at("kept"));
        }
        let path = |text: &String| text.split('>').map(|id| id.trim().to_owned()).collect();
        let transition = self.transition.as_ref().map(|text| {
            let two = text.split_once('>').filter(|(_, to)| !to.contains('>'));
            let two = two.map(|(from, to)| (from.trim().to_owned(), to.trim().to_owned()));
            two.ok_or_else(|| Error::invalid("a transition is written as `a>b`").at("transition"))
        });
        let state = self.state.map(|state| match state {
            StateBody::Ended => Standing::Ended,
            StateBody::TimedOut => Standing::TimedOut,
            StateBody::Open => Standing::Open,
        });
        Ok(Behind {
            standard: self.standard.clone().map(|id| (id, became)),
            touchpoint: self.touchpoint.clone(),
            transition: transition.transpose()?,
            variant: self.variant.as_ref().map(path),
            dropped: self.dropped.clone(),
            state,
        })
    }
}
