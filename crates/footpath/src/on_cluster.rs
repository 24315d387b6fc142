//! The cluster that `--cluster` names.

#[cfg(feature = "cluster")]
pub(crate) use query::cluster::deliver;
#[cfg(not(feature = "cluster"))]
use {
    engine::Error,
    engine::import::Watch,
    engine::lake::{OnPart, Task},
};

/// There is no cluster in this build.
#[cfg(not(feature = "cluster"))]
pub(crate) fn deliver(
    _address: &str,
    _tasks: &[Task],
    _watch_and_say: (&Watch, &dyn Fn(&str)),
    _on_part: &mut OnPart<'_>,
) -> Result<(), Error> {
    let how = crate::commands::left_out::HOW;
    Err(Error::caller(format!("--cluster: this build measures on this machine alone; {how}")))
}
