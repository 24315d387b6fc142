//! A model of six words, written by the test, loaded from its folder.

use std::fs;

use words::{Embedder, ModelError, Options, StaticModel, measure};

use crate::said::{comment, theme};

const TOKENIZER: &str = r#"{
  "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
  "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
  "post_processor": null, "decoder": null,
  "model": {"type": "WordLevel", "unk_token": "[UNK]",
            "vocab": {"[UNK]": 0, "parking": 1, "lot": 2, "parkplatz": 3, "staff": 4, "kind": 5, "freundlich": 6}}
}"#;

/// Parking in any words points east, kindness north.
const VECTORS: [[f32; 2]; 7] =
    [[0.0, 0.0], [1.0, 0.0], [0.9, 0.1], [0.9, 0.0], [0.0, 1.0], [0.1, 0.9], [0.1, 0.8]];

/// The length of the header, the header, the numbers.
fn safetensors() -> Vec<u8> {
    let header = r#"{"embeddings":{"dtype":"F32","shape":[7,2],"data_offsets":[0,56]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(VECTORS.as_flattened().iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tokenizer.json"), TOKENIZER).unwrap();
    fs::write(folder.path().join("model.safetensors"), safetensors()).unwrap();
    fs::write(folder.path().join("config.json"), r#"{"normalize": true}"#).unwrap();
    folder
}

#[test]
fn a_model_knows_that_other_words_mean_the_same() {
    let folder = folder();
    let model = StaticModel::load(folder.path()).unwrap();
    let comments = [comment(0, "Parkplatz", Some("de")), comment(1, "freundlich", Some("de"))];
    let themes = [theme("parking", &["parking lot"]), theme("staff", &["kind staff"])];
    let options = Options { embedder: Some(&model), ..Options::default() };
    let words = measure(&comments, &themes, &[], &options);
    let placed: Vec<Vec<&str>> = words
        .comments
        .iter()
        .map(|comment| comment.themes.iter().map(|found| found.theme.as_str()).collect())
        .collect();
    assert_eq!(placed, [["parking"], ["staff"]]);
    assert_eq!(words.embedder, model.id());
    let without = measure(&comments, &themes, &[], &Options::default());
    assert!(without.comments.iter().all(|comment| comment.themes.is_empty()));
}

#[test]
fn a_text_of_unknown_words_has_no_direction() {
    let folder = folder();
    let model = StaticModel::load(folder.path()).unwrap();
    for text in ["", "nothing that it knows", "🙂"] {
        assert!(model.embed(text, None).is_empty(), "{text}");
    }
}

#[test]
fn other_weights_have_another_id() {
    let folder = folder();
    let before = StaticModel::load(folder.path()).unwrap().id();
    fs::write(folder.path().join("config.json"), r#"{"normalize": false}"#).unwrap();
    assert_ne!(StaticModel::load(folder.path()).unwrap().id(), before);
}

#[test]
fn a_folder_without_a_model_says_what_is_missing() {
    let empty = tempfile::tempdir().unwrap();
    let error = StaticModel::load(empty.path()).unwrap_err();
    assert!(matches!(error, ModelError::File { .. }));
    assert!(error.to_string().contains("tokenizer.json"), "{error}");
    let broken = folder();
    fs::write(broken.path().join("model.safetensors"), b"no tensors").unwrap();
    let error = StaticModel::load(broken.path()).unwrap_err();
    assert!(error.to_string().contains("holds no model"), "{error}");
}
