//! Words: what tells classes and sides apart, phrases, agreement of coders.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use stats::{
    KappaWeights, WordClass, WordCounts, c_tf_idf, cohen_kappa, keyness, log_odds_dirichlet,
    rake_phrases,
};

use super::inputs::{Inputs, number, whole};

pub(crate) fn answer(name: &str, inputs: Inputs<'_>) -> Option<Value> {
    Some(match name {
        "c_tf_idf" => class_weights(inputs),
        "keyness" => key_word(inputs),
        "log_odds_dirichlet" => log_odds(inputs),
        "rake" => candidate_phrases(inputs),
        "cohen_kappa" => kappa(inputs),
        _ => return None,
    })
}

fn texts(inputs: Inputs<'_>, key: &str) -> Vec<String> {
    inputs.items(key).map(|item| item.0.as_str().unwrap().to_owned()).collect()
}

fn class_weights(inputs: Inputs<'_>) -> Value {
    let classes: Vec<WordClass> = inputs
        .items("classes")
        .map(|class| WordClass {
            name: class.text("name").to_owned(),
            words: texts(class, "tokens"),
        })
        .collect();
    let (mut weights, mut top) = (Map::new(), Map::new());
    for (class, words) in classes.iter().zip(c_tf_idf(&classes)) {
        let by_word: Map<String, Value> =
            words.iter().map(|word| (word.word.clone(), number(Some(word.weight)))).collect();
        let first: Vec<&str> = words.iter().take(3).map(|word| word.word.as_str()).collect();
        weights.insert(class.name.clone(), by_word.into());
        top.insert(class.name.clone(), json!(first));
    }
    json!({"weights": weights, "top3": top})
}

fn key_word(inputs: Inputs<'_>) -> Value {
    let [a, b, total_a, total_b] = ["a", "b", "total_a", "total_b"].map(|key| inputs.count(key));
    let word = keyness(a, b, total_a, total_b);
    json!({
        "g2": number(word.g2),
        "p": number(word.p),
        "g2_two_term": number(word.g2_two_term),
        "log_ratio": number(word.log_ratio),
        "overused": word.overused,
    })
}

fn log_odds(inputs: Inputs<'_>) -> Value {
    let mut counts: BTreeMap<String, WordCounts> = BTreeMap::new();
    for side in ["a", "b", "background"] {
        for (word, n) in inputs.at(side).0.as_object().unwrap() {
            let count = counts.entry(word.clone()).or_default();
            let n = n.as_f64().unwrap_or_default();
            match side {
                "a" => count.a = n,
                "b" => count.b = n,
                _ => count.background = n,
            }
        }
    }
    let odds = log_odds_dirichlet(&counts, inputs.number("alpha0"));
    odds.into_iter()
        .map(|(word, odds)| (word, json!({"delta": number(odds.delta), "z": number(odds.z)})))
        .collect::<Map<String, Value>>()
        .into()
}

fn candidate_phrases(inputs: Inputs<'_>) -> Value {
    let stop_words: BTreeSet<String> = texts(inputs, "stopwords").into_iter().collect();
    let phrases = rake_phrases(inputs.text("text"), &stop_words);
    let scores: Map<String, Value> =
        phrases.iter().map(|phrase| (phrase.text(), number(Some(phrase.score)))).collect();
    scores.into()
}

fn kappa(inputs: Inputs<'_>) -> Value {
    let counts = |row: Inputs<'_>| -> Vec<u64> {
        row.0.as_array().unwrap().iter().map(|count| whole(count).unwrap()).collect()
    };
    let table: Vec<Vec<u64>> = inputs.items("table").map(counts).collect();
    let weights = match inputs.0["weights"].as_str() {
        Some("linear") => KappaWeights::Linear,
        Some("quadratic") => KappaWeights::Quadratic,
        _ => KappaWeights::None,
    };
    let kappa = cohen_kappa(&table, weights, inputs.conf());
    json!({
        "kappa": number(kappa.kappa.value),
        "se": number(kappa.kappa.se),
        "lower": number(kappa.kappa.lower),
        "upper": number(kappa.kappa.upper),
        "agreement": number(kappa.agreement),
    })
}
