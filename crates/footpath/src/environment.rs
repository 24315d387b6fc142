//! The only place that reads variables of the environment.

use engine::lake::Access;

/// How an object store is reached: everything that is called `AWS_…`.
pub(crate) fn access() -> Access {
    let texts = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Access::new(texts.filter(|(name, _)| name.starts_with("AWS_")))
}

/// Settings of the server: everything that is called `FOOTPATH_…`.
pub(crate) fn settings() -> Vec<(String, String)> {
    let texts = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    texts.filter(|(name, _)| name.starts_with("FOOTPATH_")).collect()
}
