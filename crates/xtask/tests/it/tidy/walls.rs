//! Which crate may name which. This table is the architecture: a new edge is a decision, and gets an ADR.

use std::process::Command;

use serde_json::Value;

use super::{complains, hold, root};

/// Our crates, and which of ours each may import.
const WALLS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("kernel", &[]),
    ("stats", &[]),
    ("report", &["model", "kernel", "stats", "words"]),
    ("store", &[]),
    ("engine", &["model", "kernel", "report", "store"]),
    ("demo", &[]),
    ("query", &["engine"]),
    ("server", &["model", "report", "store", "engine", "ui"]),
    ("footpath", &["engine", "model", "report", "demo", "query", "server", "store"]),
    ("words", &["stats"]),
    ("xtask", &["demo"]),
    ("throwaway", &[]),
    ("ui", &[]),
    ("chaos", &["engine", "store", "throwaway"]),
];

/// Crates of others, and which of ours may import each. The kernel is in no line: it imports nothing at all.
const OWNERS: &[(&str, &[&str])] = &[
    ("anyhow", &["chaos", "demo", "footpath", "xtask", "server"]),
    ("argon2", &["server"]),
    ("arrow", &["engine"]),
    ("askama", &["server"]),
    ("async-trait", &["query"]),
    ("axum", &["server"]),
    ("ballista", &["query"]),
    ("ballista-core", &["query"]),
    ("ballista-executor", &["query"]),
    ("ballista-scheduler", &["query"]),
    ("base64", &["server"]),
    ("bytes", &["engine"]),
    ("chardetng", &["engine"]),
    ("clap", &["chaos", "footpath"]),
    ("clap_complete", &["footpath"]),
    ("csv", &["engine", "footpath"]),
    ("ctrlc", &["footpath"]),
    ("datafusion", &["query"]),
    ("datafusion-proto", &["query"]),
    ("encoding_rs", &["engine"]),
    ("flate2", &["engine", "demo", "server"]),
    ("futures", &["query", "server", "store"]),
    ("getrandom", &["store", "server"]),
    ("hmac", &["server"]),
    ("hyper", &["throwaway", "server"]),
    ("hyper-util", &["throwaway", "server"]),
    ("indicatif", &["footpath"]),
    ("jiff", &["chaos", "model", "report", "engine", "demo", "footpath", "server"]),
    ("lettre", &["server"]),
    ("memchr", &["engine"]),
    ("model2vec-rs", &["words"]),
    ("nalgebra", &["stats"]),
    ("object_store", &["engine"]),
    ("openidconnect", &["server"]),
    ("parquet", &["engine", "query"]),
    ("quick-xml", &["engine", "model"]),
    ("rand_chacha", &["demo", "stats", "words"]),
    ("rayon", &["engine"]),
    ("reqwest", &["server"]),
    ("rust-embed", &["ui"]),
    ("rust-stemmers", &["words"]),
    ("s3s", &["throwaway"]),
    ("s3s-fs", &["throwaway"]),
    ("saphyr-parser", &["model"]),
    ("schemars", &["model", "report", "server"]),
    ("serde", &["model", "report", "engine", "server"]),
    ("serde_json", &["chaos", "model", "report", "engine", "footpath", "server", "store"]),
    ("sha2", &["server", "store"]),
    ("siphasher", &["engine"]),
    ("sqlx", &["store"]),
    ("statrs", &["stats"]),
    ("stop-words", &["words"]),
    ("strsim", &["model", "engine"]),
    ("subtle", &["server"]),
    ("tempfile", &["chaos", "engine", "footpath", "throwaway", "server"]),
    ("thiserror", &["model", "engine", "store", "server"]),
    ("tokenizers", &["words"]),
    ("tokio", &["engine", "query", "throwaway", "server", "footpath", "chaos"]),
    ("tokio-stream", &["server"]),
    ("toml", &["server"]),
    ("totp-rs", &["server"]),
    ("tower", &["server"]),
    ("tower-http", &["server"]),
    ("tracing", &["server"]),
    ("tracing-subscriber", &["server"]),
    ("unicode-normalization", &["words"]),
    ("unicode-segmentation", &["words"]),
    ("url", &["server"]),
    ("utoipa", &["server"]),
    ("utoipa-axum", &["server"]),
    ("uuid", &["engine", "store", "server"]),
    ("whatlang", &["words"]),
    ("xxhash-rust", &["demo", "engine", "words"]),
    ("zstd", &["engine"]),
];

const TABLE: &str = "crates/xtask/tests/it/tidy/walls.rs";

/// A line of a manifest.
#[derive(Debug, PartialEq)]
struct Edge {
    from: String,
    to: String,
    is_ours: bool,
    /// Tests may import more than the crate itself.
    for_tests: bool,
}

impl Edge {
    fn complaint(&self) -> Option<String> {
        let Self { from, to, .. } = self;
        let manifest = format!("crates/{from}/Cargo.toml");
        let Some((_, may)) = WALLS.iter().find(|(name, _)| name == from) else {
            return Some(format!(
                "{manifest}: the crate `{from}` is not in WALLS; give it a line in {TABLE} and an ADR"
            ));
        };
        if self.for_tests {
            return None;
        }
        if self.is_ours {
            let told = format!(
                "{manifest}: `{from}` may not import `{to}`; move the code to a crate that may, or change WALLS in {TABLE} \
                 and write an ADR"
            );
            return (!may.contains(&to.as_str())).then_some(told);
        }
        match OWNERS.iter().find(|(name, _)| name == to) {
            None => Some(format!(
                "{manifest}: nobody owns `{to}`; give it a line in OWNERS in {TABLE}, and say why in the commit"
            )),
            Some((_, owners)) if owners.contains(&from.as_str()) => None,
            Some((_, owners)) => Some(format!(
                "{manifest}: `{from}` may not import `{to}`, which only {} may; pass in what it makes, or change OWNERS in \
                 {TABLE}",
                owners.join(" and ")
            )),
        }
    }
}

/// Every dependency of every crate, as cargo itself reads the manifests.
fn edges() -> Vec<Edge> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut edges = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let from = short(package["name"].as_str().unwrap());
        for dependency in package["dependencies"].as_array().unwrap() {
            edges.push(Edge {
                from: from.clone(),
                to: short(dependency["name"].as_str().unwrap()),
                is_ours: dependency["path"].is_string(),
                for_tests: dependency["kind"] == "dev",
            });
        }
    }
    edges
}

/// `footpath-kernel` is `kernel`; the binary is `footpath`.
fn short(package: &str) -> String {
    package.strip_prefix("footpath-").unwrap_or(package).to_owned()
}

#[test]
fn imports_point_one_way() {
    let edges = edges();
    assert!(edges.len() > 20, "cargo told of {} dependencies only", edges.len());
    let complaints: Vec<String> = edges.iter().filter_map(Edge::complaint).collect();
    hold(&complaints);
}

#[test]
fn no_line_of_the_tables_is_left_over() {
    let edges = edges();
    let is_used = |name: &str| edges.iter().any(|edge| edge.to == name && !edge.for_tests);
    let unused = OWNERS.iter().filter(|(name, _)| !is_used(name));
    let complaints: Vec<String> = unused
        .map(|(name, _)| format!("{TABLE}: no crate imports `{name}`; take its line out of OWNERS"))
        .collect();
    hold(&complaints);
}

#[test]
fn a_crossing_is_told() {
    let edge = |from: &str, to: &str, is_ours, for_tests| {
        Edge { from: from.to_owned(), to: to.to_owned(), is_ours, for_tests }.complaint()
    };
    let told: Vec<String> = [
        edge("kernel", "model", true, false),
        edge("kernel", "serde", false, false),
        edge("report", "engine", true, false),
        edge("footpath", "left-pad", false, false),
        edge("attic", "model", true, true),
        edge("engine", "kernel", true, false),
        edge("engine", "demo", true, true),
    ]
    .into_iter()
    .flatten()
    .collect();
    complains(
        &told,
        &[
            "`kernel` may not import `model`",
            "`kernel` may not import `serde`, which only model and report and engine and server may",
            "`report` may not import `engine`",
            "nobody owns `left-pad`",
            "the crate `attic` is not in WALLS",
        ],
    );
}
