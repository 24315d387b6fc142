//! Lists come in pages.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Error;

/// Which part of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// `next` of the page before; left out: from the beginning.
    #[serde(default)]
    pub(crate) after: Option<String>,
    /// At most so many, 1 to 500; left out: 100.
    #[serde(default)]
    pub(crate) limit: Option<u32>,
}

/// A part of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// `after` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

const MOST: u32 = 500;

impl Asked {
    pub(crate) fn after(&self) -> &str {
        self.after.as_deref().unwrap_or_default()
    }

    pub(crate) fn limit(&self) -> Result<u32, Error> {
        match self.limit.unwrap_or(100) {
            limit @ 1..=MOST => Ok(limit),
            limit => {
                Err(Error::invalid(format!("limit is from 1 to {MOST}, not {limit}")).at("limit"))
            }
        }
    }

    /// The page of what was read: `limit` items at most; `mark` is what the next page begins after.
    pub(crate) fn page<T, U>(
        &self,
        read: Vec<T>,
        mark: impl Fn(&T) -> String,
        shown: impl Fn(T) -> U,
    ) -> Result<Page<U>, Error> {
        let is_full = read.len() >= self.limit()? as usize;
        let next = read.last().filter(|_| is_full).map(mark);
        Ok(Page { items: read.into_iter().map(shown).collect(), next })
    }
}
