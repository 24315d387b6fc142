//! The documents that journeys are measured by.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use store::journeys::Sought;
use store::{Store, Workspace};

use crate::error::{Error, Result};
use crate::journeys::versions::published;

/// A published version of a journey; it never changes.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    pub(crate) version: u64,
    /// The journey document.
    pub(crate) text: Arc<str>,
}

/// Versions by workspace and journey, the first one first.
type HandedIn = HashMap<(String, String), Vec<Arc<str>>>;

/// Published versions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Documents {
    all: Arc<Mutex<HandedIn>>,
}

/// Journeys read in one statement.
const PAGE: u32 = 500;

impl Documents {
    /// Keeps the next version of a journey; gives back its number.
    pub(crate) fn publish(&self, workspace: &str, journey: &str, text: &str) -> u64 {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let versions = all.entry((workspace.to_owned(), journey.to_owned())).or_default();
        versions.push(text.into());
        versions.len() as u64
    }

    /// Every journey that has a published version: its workspace and its id.
    pub(crate) async fn all_published(&self, store: &Store) -> Result<Vec<(String, String)>> {
        let mut all = self.keys();
        for (id, _) in store.workspaces().await? {
            let Some(workspace) = store.find_workspace(&id).await? else { continue };
            let mut sought = Sought { limit: PAGE, ..Sought::default() };
            loop {
                let page = workspace.journeys(&sought).await?;
                let Some(last) = page.last() else { break };
                sought.after = Some((last.title.to_lowercase(), last.id.clone()));
                let published = page.into_iter().filter(|row| row.published.is_some());
                all.extend(published.map(|row| (id.clone(), row.id)));
            }
        }
        all.sort_unstable();
        Ok(all)
    }

    fn keys(&self) -> Vec<(String, String)> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// The journeys of a workspace of which a version is published, by id.
    pub(crate) async fn published(&self, workspace: &Workspace) -> Result<Vec<String>> {
        let mut journeys = workspace.published_journeys().await?;
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let handed_in = all.keys().filter(|(id, _)| id == workspace.id());
        journeys.extend(handed_in.map(|(_, journey)| journey.clone()));
        drop(all);
        journeys.sort_unstable();
        journeys.dedup();
        Ok(journeys)
    }

    /// A version of a journey, the latest when none is named.
    pub(crate) async fn document_of(
        &self,
        workspace: &Workspace,
        journey: &str,
        version: Option<u64>,
    ) -> Result<Published> {
        match self.handed_in(workspace, journey, version) {
            Some(found) => found,
            None => {
                let number = version.map(|version| i64::try_from(version).unwrap_or(i64::MAX));
                let (number, text) = published(workspace, journey, number).await?;
                Ok(Published { version: number.cast_unsigned(), text: text.into() })
            }
        }
    }

    /// Of a journey whose versions the program gave; `None`: it gave none.
    fn handed_in(
        &self,
        workspace: &Workspace,
        journey: &str,
        version: Option<u64>,
    ) -> Option<Result<Published>> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let versions = all.get(&(workspace.id().to_owned(), journey.to_owned()))?;
        let version = version.unwrap_or(versions.len() as u64);
        let text = (version as usize).checked_sub(1).and_then(|place| versions.get(place));
        let absent = || Error::not_found("version", &version.to_string()).at("version");
        Some(text.ok_or_else(absent).map(|text| Published { version, text: Arc::clone(text) }))
    }
}
