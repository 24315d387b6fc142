//! From a report to kept findings, and who is told of what it changes.

use report::document::{Finding, Kind, Report, Standard, Verdict};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Deed, Found, Judged, KeptFindings, Measurement, SizeFound, Tell, Turned, Workspace};

use crate::app::App;
use crate::error::Error;
use crate::moment::parse_moment;
use crate::notifications::{Message, People, Topic};
use crate::webhooks::Happening;

/// Keeps what a report found: known findings are known again, the others are new. The same report again changes nothing, and
/// one of an earlier horizon than the latest neither.
pub async fn keep(
    app: &App,
    workspace: &Workspace,
    journey: &str,
    report: &Report,
    deed: &Deed,
) -> Result<KeptFindings, Error> {
    // Without an event there is no horizon, and nothing to find.
    let Some(as_of) = &report.as_of else { return Ok(KeptFindings::default()) };
    let people = People::of(workspace).await?;
    let text = serde_json::to_vec(report).map_err(|cause| Error::Internal(cause.into()))?;
    let hash: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    let measurement = Measurement {
        journey,
        version: report.version.map(u64::cast_signed),
        as_of: parse_moment(as_of, "/as_of")?,
        hash: &hash,
        found: report.findings.iter().map(|it| found(it, &people)).collect(),
        judged: report.standards.iter().map(|it| judged(it, &people)).collect(),
    };
    let tell = |kept: &KeptFindings| told(kept, (journey, deed.at), &people);
    let kept = workspace.keep_findings(&measurement, deed, tell).await?;
    app.wake();
    Ok(kept)
}

fn found(it: &Finding, people: &People) -> Found {
    let sentence = sentence(it);
    let mut snapshot = serde_json::to_value(it).unwrap_or_default();
    snapshot["sentence"] = Value::String(sentence.clone());
    let kind = word(&it.kind);
    let first = it.evidence.first();
    Found {
        key: key(&kind, it.touchpoint.as_deref(), &it.about),
        kind,
        about: it.about.clone(),
        touchpoint: it.touchpoint.clone(),
        owner: it.owner.as_deref().and_then(|name| people.named(name)).map(str::to_owned),
        owner_name: it.owner.clone(),
        sentence,
        customers: i64::try_from(it.customers).unwrap_or(i64::MAX),
        score: it.score,
        snapshot: snapshot.to_string(),
        size: first.map_or_else(SizeFound::default, |first| SizeFound {
            what: first.what.clone(),
            value: first.value,
            low: first.low,
            high: first.high,
            n: i64::try_from(first.n).unwrap_or(i64::MAX),
        }),
    }
}

/// By which a finding is known again: not by its sentence, which holds numbers.
pub(super) fn key(kind: &str, touchpoint: Option<&str>, about: &str) -> String {
    format!("{kind}|{}|{about}", touchpoint.unwrap_or_default())
}

/// Without the words of a customer, which not everybody may read who reads findings.
fn sentence(it: &Finding) -> String {
    const ABOUT: &str = " are about.";
    match it.sentence.find(ABOUT) {
        Some(at) if it.kind == Kind::ComplaintTheme => it.sentence[..at + ABOUT.len()].to_owned(),
        _ => it.sentence.clone(),
    }
}

fn judged(it: &Standard, people: &People) -> Judged {
    Judged {
        standard: it.id.clone(),
        touchpoint: it.touchpoint.clone(),
        statement: it.text.clone(),
        verdict: word(&it.verdict),
        is_listed: it.listed && it.verdict == Verdict::Defective,
        promise: it.promise,
        share: it.kept_share.share,
        low: it.kept_share.low,
        high: it.kept_share.high,
        n: i64::try_from(it.kept_share.n).unwrap_or(i64::MAX),
        owner: it.owner.as_deref().and_then(|name| people.named(name)).map(str::to_owned),
        owner_name: it.owner.clone(),
    }
}

fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Owners by notices, endpoints by news; what nobody owns is told to who looks after the workspace.
fn told(kept: &KeptFindings, (journey, now): (&str, i64), people: &People) -> Tell {
    let mut tell = Tell::default();
    for turned in &kept.turned {
        let (happening, topic) = match turned.is_defective {
            true => (Happening::StandardDefective, Topic::StandardDefective),
            false => (Happening::StandardRecovered, Topic::StandardRecovered),
        };
        let judged = &turned.judged;
        let sentence = verdict_sentence(turned);
        let data = json!({
            "journey": journey, "standard": judged.standard, "touchpoint": judged.touchpoint,
            "statement": judged.statement, "verdict": judged.verdict, "promise": judged.promise,
            "share": judged.share, "low": judged.low, "high": judged.high, "n": judged.n,
            "owner": judged.owner_name, "sentence": sentence,
        });
        tell.news.push(happening.news(now, &data));
        let object = format!("standard:{journey}/{}", judged.standard);
        let message = Message { topic, object: &object, sentence: &sentence };
        let owners = judged.owner.as_deref().map_or_else(|| people.admins(), |owner| vec![owner]);
        tell.notices.extend(owners.iter().filter_map(|user| people.notice(user, &message, now)));
    }
    for (findings, happening) in
        [(&kept.new, Happening::FindingNew), (&kept.reopened, Happening::FindingReopened)]
    {
        tell.news.extend(findings.iter().map(|it| happening.news(now, &data(it))));
    }
    for finding in &kept.reopened {
        let object = format!("finding:{}", finding.id);
        let sentence = format!("Found again: {}", finding.sentence);
        let message =
            Message { topic: Topic::FindingReopened, object: &object, sentence: &sentence };
        let owner = finding.owner.as_deref();
        tell.notices.extend(owner.and_then(|user| people.notice(user, &message, now)));
    }
    tell
}

/// A finding as an endpoint is told.
pub(super) fn data(it: &store::Finding) -> Value {
    json!({
        "id": it.id, "journey": it.journey, "kind": it.kind, "about": it.about, "touchpoint": it.touchpoint,
        "state": it.state, "reason": it.reason, "owner": it.owner, "owner_name": it.owner_name,
        "sentence": it.sentence, "customers": it.customers, "score": it.score,
    })
}

fn verdict_sentence(turned: &Turned) -> String {
    let Judged { statement, promise, share, low, high, n, .. } = &turned.judged;
    let percent = |it: &Option<f64>| it.map_or("–".to_owned(), |it| format!("{:.1}", 100.0 * it));
    let verdict = if turned.is_defective { "is defective" } else { "meets its promise again" };
    format!(
        "“{}” {verdict}: kept in {} % [{}–{} %] of {n} checks, promised for {} %.",
        statement.trim_end_matches('.'),
        percent(share),
        percent(low),
        percent(high),
        percent(&Some(*promise)),
    )
}
