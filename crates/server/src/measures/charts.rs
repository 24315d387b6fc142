//! The drawings of a report, each with the table of its numbers.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use model::journey::Journey;
use report::document::Report;
use report::draw::{self, Cell, Style, Svg, Table, Theme};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::asking::{Asking, Nothing, Question};
use super::measured::measured;
use super::tagged::{tag, tagged};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};

/// All drawings of one kind.
type Draw = fn(&Journey, &Report, &Style) -> Vec<Svg>;

/// Every kind of drawing, by name.
const CHARTS: [(&str, Draw); 10] = [
    ("map", |journey, report, style| vec![draw::map(Some(journey), report, style)]),
    ("flow", |journey, report, style| vec![draw::flow(Some(journey), report, style)]),
    ("gaps", |journey, report, style| {
        draw::gaps(Some(journey), report, style).into_iter().collect()
    }),
    ("matrix", |journey, report, style| {
        draw::matrix(Some(journey), report, style).into_iter().collect()
    }),
    ("pareto", |_, report, style| draw::paretos(report, style)),
    ("staying", |_, report, style| draw::staying(report, style)),
    ("trends", |journey, report, style| draw::trends(Some(journey), report, style)),
    ("kept_trends", |_, report, style| draw::kept_trends(report, style)),
    ("complaint_trends", |journey, report, style| {
        draw::complaint_trends(Some(journey), report, style)
    }),
    ("themes", |_, report, style| draw::themes(report, style)),
];

/// How a drawing is to look.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Look {
    /// `page`: colours come from the page around it. `light` when left out.
    #[param(inline)]
    theme: Colours,
    /// Aimed at, in pixels, 300 to 8000; a drawing with many touchpoints becomes wider.
    width: Option<u32>,
    /// Which one of several of a kind, from 1 on.
    number: Option<usize>,
    /// `table` gives the same numbers as a table, in JSON.
    #[param(inline)]
    format: Form,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Colours {
    Page,
    #[default]
    Light,
    Dark,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Form {
    #[default]
    Svg,
    Table,
}

/// The drawings that there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Charts {
    charts: Vec<Kind>,
}

/// Drawings of one kind; none where the report has nothing to draw.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Kind {
    name: &'static str,
    /// What each shows, in their order.
    captions: Vec<String>,
}

/// Rows of cells under named columns.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TableBody {
    caption: String,
    columns: Vec<ColumnBody>,
    /// As many cells as columns; the first cell names the row. A cell is a text, `null`, or an object that has its text under
    /// `text`.
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<Vec<Value>>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ColumnBody {
    name: String,
    numeric: bool,
}

/// Which drawings a report has.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/charts", tag = "measures",
    params(("id" = String, Path, description = "The journey"), Question),
    responses((status = 200, body = Charts), (status = 400, body = crate::error::Told),
        (status = 404, body = crate::error::Told), (status = 409, body = crate::error::Told),
        (status = 429, body = crate::error::Told)))]
pub(crate) async fn charts(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    asking: Asking<Nothing>,
) -> Result<Json<Charts>> {
    let measured = measured(&app, &inside.workspace, &id, &asking.question).await?;
    let kinds = move || {
        let all = |draw: Draw| draw(&measured.journey, &measured.report, &Style::default());
        let kind = |(name, draw): (&'static str, Draw)| Kind {
            name,
            captions: all(draw).into_iter().map(|svg| svg.table.caption).collect(),
        };
        Ok(Charts { charts: CHARTS.map(kind).into() })
    };
    Ok(Json(app.wait(kinds).await?))
}

/// A drawing as SVG, or the table of its numbers.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/charts/{name}", tag = "measures",
    params(("id" = String, Path, description = "The journey"),
        ("name" = String, Path, description = "`map`, `flow`, `gaps`, `matrix`, `pareto`, `staying`, `trends`, `kept_trends`, \
            `complaint_trends` or `themes`"), Question, Look),
    responses((status = 200, description = "The drawing", content((String = "image/svg+xml"),
            (TableBody = "application/json"))),
        (status = 304, description = "The caller has it already"),
        (status = 400, body = crate::error::Told), (status = 404, body = crate::error::Told),
        (status = 409, body = crate::error::Told), (status = 429, body = crate::error::Told)))]
pub(crate) async fn chart(
    State(app): State<App>,
    inside: Inside,
    Path((id, name)): Path<(String, String)>,
    asking: Asking<Look>,
    headers: HeaderMap,
) -> Result<Response> {
    let Look { format, number, .. } = asking.further;
    let style = asking.further.style()?;
    let measured = measured(&app, &inside.workspace, &id, &asking.question).await?;
    let draw = CHARTS.iter().find(|(known, _)| *known == name).map(|(_, draw)| *draw);
    let draw = draw.ok_or_else(|| Error::not_found("chart", &name).at("name"))?;
    let number = number.unwrap_or(1);
    let drawn = app
        .wait(move || {
            let all = draw(&measured.journey, &measured.report, &style);
            Ok(number.checked_sub(1).and_then(|place| all.into_iter().nth(place)))
        })
        .await?;
    let svg = drawn.ok_or_else(|| Error::not_found("chart", &format!("{name} {number}")))?;
    let (kind, body) = match format {
        Form::Svg => ("image/svg+xml", svg.markup),
        Form::Table => ("application/json", as_json(svg.table)?),
    };
    Ok(tagged(&headers, (&tag(body.as_bytes()), kind), body))
}

impl Look {
    fn style(self) -> Result<Style> {
        let theme = match self.theme {
            Colours::Page => Theme::Page,
            Colours::Light => Theme::Light,
            Colours::Dark => Theme::Dark,
        };
        match self.width {
            None => Ok(Style { theme, ..Style::default() }),
            Some(width @ 300..=8000) => Ok(Style { theme, width: f64::from(width) }),
            Some(width) => {
                Err(Error::invalid(format!("width is from 300 to 8000, not {width}")).at("width"))
            }
        }
    }
}

fn as_json(table: Table) -> Result<String> {
    let columns =
        table.columns.into_iter().map(|it| ColumnBody { name: it.name, numeric: it.numeric });
    let body = TableBody {
        caption: table.caption,
        columns: columns.collect(),
        rows: table.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect(),
    };
    serde_json::to_string(&body).map_err(|cause| Error::Internal(cause.into()))
}

fn cell(cell: Cell) -> Value {
    match cell {
        Cell::Words(text) | Cell::Number(text) => text.into(),
        Cell::Both(text, under) | Cell::Measure(text, under) => {
            json!({"text": text, "under": under})
        }
        Cell::Verdict(verdict) => json!({"verdict": verdict}),
        Cell::Share(share, promise) => json!({"share": share, "promise": promise}),
        Cell::Flag(text) => json!({"text": text, "is_wrong": true}),
        Cell::Nothing => Value::Null,
    }
}
