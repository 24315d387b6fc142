//! Gaps and experience metrics.

use serde_json::{Map, Value, json};
use stats::{
    Aspect, Confidence, Crosshair, Estimate, Item, KanoAnswer, KanoCategory, KanoCounts, Method,
    NeedEaseDelightAnswer, NpsMethod, View, cross, emotion_curve, experience_gap,
    importance_performance, kano, need_ease_delight, nps_interval, perception_gap, target_gap,
    weighted_gap,
};

use super::inputs::{Inputs, number};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    Some(match name {
        "servqual_gap" => experience(inputs),
        "servqual_weighted" => weighted(inputs),
        "need_ease_delight" => aspects(inputs),
        "ipa" => quadrants(inputs),
        "emotion_curve" => emotions(inputs),
        "kano_pairs" => kano_categories(&KanoCounts::of(&kano_answers(inputs))),
        "kano_counts" => kano_categories(&KanoCounts(
            KanoCategory::ALL.map(|category| inputs.count(category.letter())),
        )),
        "perception_gap" => perception(inputs),
        "cx_statement_gap" => statement(inputs),
        _ => return None,
    })
}

fn experience(inputs: Inputs<'_>) -> Value {
    let pairs: Vec<_> =
        inputs.values("expectation").into_iter().zip(inputs.values("perception")).collect();
    let gap = experience_gap(&pairs, inputs.conf());
    json!({
        "n_pairs": gap.gap.n,
        "gap": number(gap.gap.value),
        "expectation_mean": number(gap.expected_mean),
        "perception_mean": number(gap.got_mean),
        "share_below": number(gap.below.share),
        "share_met_or_exceeded": number(gap.below.complement().share),
        "lower": number(gap.gap.lower),
        "upper": number(gap.gap.upper),
        "t": number(gap.t),
        "p": number(gap.p),
    })
}

fn weighted(inputs: Inputs<'_>) -> Value {
    let points = &inputs.0["points"];
    let dimensions: Vec<(f64, f64)> = inputs
        .object("gaps")
        .filter_map(|(name, gap)| Some((gap?, points[name].as_f64()?)))
        .collect();
    let total = weighted_gap(&dimensions);
    json!({"unweighted": number(total.unweighted), "weighted": number(total.weighted)})
}

fn aspects(inputs: Inputs<'_>) -> Value {
    let (need, ease, delight) =
        (inputs.values("need"), inputs.values("ease"), inputs.values("delight"));
    let answers: Vec<NeedEaseDelightAnswer> = (0..need.len())
        .map(|i| NeedEaseDelightAnswer { need: need[i], ease: ease[i], delight: delight[i] })
        .collect();
    let scale = inputs.numbers("scale");
    let weights = inputs.numbers("weights").try_into().unwrap_or([1.0; 3]);
    let scores = need_ease_delight(&answers, (scale[0], scale[1]), weights, inputs.conf());
    let aspect = |aspect: &Aspect| {
        json!({
            "n": aspect.top2.n,
            "mean_100": number(aspect.mean_100.value),
            "top2_share": number(aspect.top2.share),
            "top2_lower": number(aspect.top2.low),
            "top2_upper": number(aspect.top2.high),
        })
    };
    json!({
        "need": aspect(&scores.need),
        "ease": aspect(&scores.ease),
        "delight": aspect(&scores.delight),
        "index_n": scores.index.n,
        "index": number(scores.index.value),
        "index_geometric": number(scores.index_geometric.value),
        "index_lower": number(scores.index.lower),
        "index_upper": number(scores.index.upper),
    })
}

fn quadrants(inputs: Inputs<'_>) -> Value {
    let estimate =
        |value: Option<f64>| Estimate { value, ..Estimate::none(Method::T, Confidence::P95) };
    let items: Vec<Item> = inputs
        .items("items")
        .map(|item| Item {
            name: item.text("name").to_owned(),
            importance: estimate(item.maybe("importance")),
            performance: estimate(item.maybe("performance")),
        })
        .collect();
    let crosshair = match inputs.0["crosshair"].as_str() {
        Some("mean") => Crosshair::Mean,
        Some("median") => Crosshair::Median,
        _ => {
            let fixed = inputs.numbers("crosshair");
            Crosshair::Fixed { importance: fixed[0], performance: fixed[1] }
        }
    };
    let lines = cross(&items, crosshair);
    let placed = importance_performance(&items, crosshair);
    json!({
        "cross_importance": number(lines.map(|lines| lines.0)),
        "cross_performance": number(lines.map(|lines| lines.1)),
        "items": placed
            .iter()
            .map(|item| json!({"name": item.name, "quadrant": item.quadrant.map(stats::Quadrant::name)}))
            .collect::<Vec<_>>(),
    })
}

fn emotions(inputs: Inputs<'_>) -> Value {
    let stages: Vec<(String, f64)> = inputs
        .items("stages")
        .filter_map(|stage| Some((stage.text("name").to_owned(), stage.maybe("emotion")?)))
        .collect();
    let curve = emotion_curve(&stages);
    let part = |part: fn(&stats::EmotionCurve) -> f64| number(curve.as_ref().map(part));
    let drop = curve.as_ref().and_then(|curve| curve.largest_drop.clone());
    json!({
        "mean": part(|curve| curve.mean),
        "peak": part(|curve| curve.peak),
        "peak_stage": curve.as_ref().map(|curve| curve.peak_stage.clone()),
        "end": part(|curve| curve.end),
        "peak_end": part(|curve| curve.peak_end),
        "best": part(|curve| curve.best),
        "worst": part(|curve| curve.worst),
        "range": part(|curve| curve.best - curve.worst),
        "area": part(|curve| curve.area),
        "largest_drop": number(drop.as_ref().map(|(drop, _)| *drop)),
        "largest_drop_into": drop.map(|(_, stage)| stage),
    })
}

fn kano_answers(inputs: Inputs<'_>) -> Vec<(KanoAnswer, KanoAnswer)> {
    let answer = |answer: &Value| KanoAnswer::named(answer.as_str()?);
    inputs
        .items("answers")
        .filter_map(|pair| Some((answer(&pair.0[0])?, answer(&pair.0[1])?)))
        .collect()
}

fn kano_categories(counts: &KanoCounts) -> Value {
    let result = kano(counts);
    let named: Map<String, Value> = KanoCategory::ALL
        .iter()
        .zip(counts.0)
        .map(|(c, count)| (c.letter().to_owned(), count.into()))
        .collect();
    json!({
        "counts": named,
        "n": counts.n(),
        "category": result.as_ref().map(|kano| kano.category.letter()),
        "category_blitz": result.as_ref().map(|kano| kano.category_blitz.letter()),
        "better": number(result.as_ref().and_then(|kano| kano.better)),
        "worse": number(result.as_ref().and_then(|kano| kano.worse)),
        "total_strength": number(result.as_ref().map(|kano| kano.total_strength)),
        "category_strength": number(result.as_ref().map(|kano| kano.category_strength)),
        "fong_significant": result.as_ref().map(|kano| kano.fong_significant),
    })
}

fn perception(inputs: Inputs<'_>) -> Value {
    let names = inputs.items("names").map(|name| name.0.as_str().unwrap().to_owned());
    let scores = inputs.values("company").into_iter().zip(inputs.values("customer"));
    let views: Vec<View> = names
        .zip(scores)
        .filter_map(|(name, (company, customer))| {
            Some(View { name, company: company?, customer: customer? })
        })
        .collect();
    let perception = perception_gap(&views);
    let gaps: Map<String, Value> =
        perception.gaps.iter().map(|gap| (gap.name.clone(), number(Some(gap.gap)))).collect();
    json!({
        "gaps": gaps,
        "mean_gap": number(perception.mean_gap),
        "mean_abs_gap": number(perception.mean_abs_gap),
        "rmse": number(perception.rmse),
        "spearman": number(perception.spearman),
        "kendall_tau_b": number(perception.kendall_tau_b),
        "largest_overrating": perception.largest_overrating,
    })
}

fn statement(inputs: Inputs<'_>) -> Value {
    let present = nps_interval(&inputs.nps_counts(), NpsMethod::AdjustedWald, inputs.conf());
    let gap = target_gap(inputs.number("target"), &present);
    json!({
        "present": number(present.value),
        "gap": number(gap.as_ref().and_then(|gap| gap.gap.value)),
        "gap_lower": number(gap.as_ref().and_then(|gap| gap.gap.lower)),
        "gap_upper": number(gap.as_ref().and_then(|gap| gap.gap.upper)),
        "verdict": gap.map(|gap| gap.verdict.name()),
    })
}
