//! Servers of a test's own: PostgreSQL, and a store of objects that speaks S3. They are gone with the program that started
//! them, however that ends.

#[cfg(feature = "bucket")]
mod bucket;
mod postgres;

#[cfg(feature = "bucket")]
pub use bucket::{Bucket, Mood};
pub use postgres::{Durability, Postgres};
