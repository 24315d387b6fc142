//! `discover`: no journey yet; what do customers walk?

use model::journey::{FunnelMode, Journey};
use model::nearest::nearest;
use model::span::Span;
use report::build;
use report::plan::{discover as plan_of, funnel};
use report::symbols::{Attributes, Symbols};

use crate::error::Error;
use crate::gather::Coding;
use crate::lake;
use crate::measure::{Answered, Asked, facts, pass_buckets};
use crate::scan::Files;

/// A funnel over activities as the caller wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelAsked {
    pub text: String,
    /// Any of the activities of a step.
    pub steps: Vec<Vec<String>>,
    pub within: Option<Span>,
}

/// `a > b,c > d within 3d`.
///
/// # Errors
/// What is wrong with it.
pub fn parse_funnel(text: &str) -> Result<FunnelAsked, String> {
    let (steps, within) = match text.rsplit_once(" within ") {
        Some((steps, within)) => {
            let within = within.trim().parse();
            (steps, Some(within.map_err(|why| format!("{text}: {why}"))?))
        }
        None => (text, None),
    };
    let names = |step: &str| -> Vec<String> {
        let names = step.split(',').map(|name| name.trim().to_owned());
        names.filter(|name| !name.is_empty()).collect()
    };
    let steps: Vec<Vec<String>> = steps.split('>').map(names).collect();
    if steps.len() < 2 || steps.len() > 32 || steps.iter().any(Vec::is_empty) {
        return Err(format!(
            "{text}: write 2 to 32 steps, such as `visit > cart,basket > pay within 3d`"
        ));
    }
    Ok(FunnelAsked { text: text.to_owned(), steps, within })
}

/// What customers walk, and a draft document of it.
#[derive(Debug)]
pub struct Discovered {
    pub answered: Answered,
    pub draft: Journey,
}

/// As many activities as numbers of touchpoints allow.
const MOST_ACTIVITIES: usize = 65_000;

/// Activities named to somebody who knows none of them.
const SHOWN: usize = 12;

/// Takes every activity as a touchpoint and all of a customer's events as one instance.
pub fn discover(
    files: &Files<'_>,
    asked: &Asked,
    funnels: &[FunnelAsked],
    name: &str,
) -> Result<Discovered, Error> {
    let attributes = Attributes::default();
    let scanned = match files.lake {
        Some(_) => None,
        None => Some(files.scan(&attributes)?),
    };
    let texts: Vec<String> = match (files.lake, &scanned) {
        (Some(view), _) => lake::activities(view, files.watch)?,
        (None, Some(scanned)) => scanned.names.activities.texts().map(str::to_owned).collect(),
        (None, None) => Vec::new(),
    };
    let mut activities: Vec<&str> = texts.iter().map(String::as_str).collect();
    activities.sort_unstable();
    if activities.len() > MOST_ACTIVITIES {
        return Err(Error::caller(format!(
            "the files have {} different activities; such as `{}` they are ids or texts rather than activities; map \
             another column to `activity`",
            activities.len(),
            activities[0]
        )));
    }
    let symbols = Symbols::discovered(activities.iter().copied());
    let (compiled, labels) = compiled(funnels, &activities, &symbols)?;
    let planned = |last, channels| {
        let question = asked.question(last, channels, &[]);
        let plan = plan_of(&symbols, activities.len(), compiled.clone(), &question);
        (question, plan)
    };
    let (passed, plan) = match (files.lake, scanned) {
        (Some(view), _) => {
            let (attributes, symbols, watch) = (&attributes, &symbols, files.watch);
            let elsewhere = None;
            let job = lake::Job { view, attributes, symbols, channels: &[], watch, elsewhere };
            let passed = lake::pass(&job, &planned)?;
            let plan = planned(view.latest(), passed.question.channels.clone()).1;
            (passed, plan)
        }
        (None, Some(scanned)) => {
            let channels = scanned.names.channels.texts().map(str::to_owned).collect();
            let (question, plan) = planned(scanned.scatter.span().map(|span| span.1), channels);
            let coding = Coding::of(&symbols, &attributes);
            (pass_buckets(scanned, files, &coding, &plan, question)?, plan)
        }
        (None, None) => return Err(Error::caller("no events were named")),
    };
    let facts = facts(&passed.summary, &plan);
    let draft = report::draft::draft(name, &activities, &facts);
    let reads = passed.reads.clone();
    let measured = passed.measured(facts, asked, files.quarantine.rows(), &[]);
    let report = build::discovered(&activities, &plan, &labels, &measured);
    Ok(Discovered { answered: Answered { report, reads, notes: Vec::new() }, draft })
}

type Labels = Vec<(String, Vec<String>)>;

fn compiled(
    funnels: &[FunnelAsked],
    activities: &[&str],
    symbols: &Symbols,
) -> Result<(Vec<kernel::Funnel>, Labels), Error> {
    let n_symbols = symbols.touchpoint_of().len();
    let mut compiled = Vec::new();
    let mut labels = Vec::new();
    for asked in funnels {
        let mut steps = Vec::new();
        for step in &asked.steps {
            let step: Result<Vec<u16>, Error> =
                step.iter().map(|activity| symbol(activity, activities, symbols)).collect();
            steps.push(step?);
        }
        compiled.push(funnel(
            &steps,
            n_symbols,
            asked.within.map(Span::micros),
            FunnelMode::Default,
        ));
        labels.push((asked.text.clone(), asked.steps.iter().map(|step| step.join(",")).collect()));
    }
    Ok((compiled, labels))
}

fn symbol(activity: &str, activities: &[&str], symbols: &Symbols) -> Result<u16, Error> {
    if let Some(found) = symbols.find(activity) {
        return Ok(found.symbol);
    }
    let hint = match nearest(activity, activities.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => {
            let some = activities.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
            let more = if activities.len() > SHOWN { ", …" } else { "" };
            format!(". There are: {some}{more}")
        }
    };
    Err(Error::caller(format!("--funnel: no event carries the activity `{activity}`{hint}")))
}
