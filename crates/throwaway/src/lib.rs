//! Servers of a test's own: PostgreSQL, a store of objects that speaks S3, and one that takes mail. They are gone with the program that started
//! them, however that ends.

#[cfg(feature = "bucket")]
mod bucket;
mod postgres;
mod smtp;

#[cfg(feature = "bucket")]
pub use bucket::{Bucket, Mood};
pub use postgres::{Durability, Postgres};
pub use smtp::{Posted, Smtp, SmtpMood};
