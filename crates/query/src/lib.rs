//! SQL for analysts and measuring on a cluster: everything that names DataFusion and Ballista, each behind a feature.

#[cfg(feature = "cluster")]
pub mod cluster;
#[cfg(feature = "sql")]
pub mod sql;
