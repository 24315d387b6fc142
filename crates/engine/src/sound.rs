//! Steps of the Parquet reader, which may panic on damaged bytes instead of giving an error (assertions on widths of bits,
//! say). A file must not take the program down.

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::errors::ParquetError;

/// Runs a step. Whatever it had in hand when it panicked is not used again.
pub(crate) fn sound<T>(step: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    let panicked = |_| Err(ParquetError::General("its pages make no sense".to_owned()));
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(panicked)
}
