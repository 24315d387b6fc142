//! What people do with findings: own them, say what became of them, merge them, add their own.

use sqlx::{Any, AssertSqlSafe, Transaction};

use super::{COLUMNS, Entry, Finding, finding, write_down};
use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::notifications::{Notice, notify_in};
use crate::webhooks::{News, announce_in};
use crate::workspace::Workspace;

/// What somebody changes; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingChange {
    pub state: Option<String>,
    pub reason: Option<String>,
    /// `Some(None)`: nobody.
    pub owner: Option<Option<String>>,
    pub note: Option<String>,
}

/// Who is told of a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tell {
    /// To endpoints.
    pub news: Vec<News>,
    /// To users.
    pub notices: Vec<Notice>,
}

const CHANGING: &str = "changing a finding";

impl Workspace {
    /// Adds a finding that somebody made; `key` is by what a measurement would know it again.
    pub async fn create_finding(
        &self,
        new: &Finding,
        key: Option<&str>,
        deed: &Deed,
        tell: Tell,
    ) -> Result<(), Error> {
        let creating = Error::database("adding a finding");
        let mut transaction = self.store.writer.begin().await.map_err(&creating)?;
        let object = format!("finding:{}", new.id);
        let done = Done { action: "finding.created", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        self.insert_finding(new, key, &mut transaction).await?;
        let entry = Entry { what: "created", after: Some(&new.state), ..Entry::default() };
        write_down(self, &new.id, entry, deed, &mut transaction).await?;
        self.told(tell, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&creating)
    }

    /// Changes a finding; `None` if there is none. `tell` is asked with the finding before and after.
    pub async fn change_finding(
        &self,
        id: &str,
        change: &FindingChange,
        deed: &Deed,
        tell: impl FnOnce(&Finding, &Finding) -> Tell + Send,
    ) -> Result<Option<Finding>, Error> {
        let changing = Error::database(CHANGING);
        let mut transaction = self.store.writer.begin().await.map_err(&changing)?;
        let object = format!("finding:{id}");
        let after = change.state.as_ref().map(|state| format!("{{\"state\":\"{state}\"}}"));
        let done = Done {
            action: "finding.changed",
            object: &object,
            after: after.as_deref(),
            ..Done::default()
        };
        self.record(deed, done, &mut transaction).await?;
        let Some(before) = self.finding_in(id, &mut transaction).await? else { return Ok(None) };
        if before.merged_into.is_some() {
            return Err(Error::Conflict(format!(
                "the finding `{id}` was merged into another one; change that one"
            )));
        }
        let after = changed(&before, change);
        sqlx::query(
            "update findings set state = $3, reason = $4, owner = $5, owner_chosen = case when $6 = 1 then 1 else owner_chosen end \
             where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(id)
        .bind(&after.state)
        .bind(&after.reason)
        .bind(&after.owner)
        .bind(i64::from(change.owner.is_some()))
        .execute(&mut *transaction)
        .await
        .map_err(&changing)?;
        self.history_of(change, (&before, &after), deed, &mut transaction).await?;
        self.told(tell(&before, &after), deed, &mut transaction).await?;
        transaction.commit().await.map_err(&changing)?;
        Ok(Some(after))
    }

    /// Lines for what changed; a note stands with the first of them, or alone.
    async fn history_of(
        &self,
        change: &FindingChange,
        (before, after): (&Finding, &Finding),
        deed: &Deed,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        let mut note = change.note.as_deref();
        if before.state != after.state || before.reason != after.reason {
            let entry = Entry {
                what: "state",
                before: Some(&before.state),
                after: Some(&after.state),
                note: after.reason.as_deref().or(note),
            };
            write_down(self, &before.id, entry, deed, transaction).await?;
            if after.reason.is_none() {
                note = None;
            }
        }
        if before.owner != after.owner {
            let entry = Entry {
                what: "owner",
                before: before.owner.as_deref(),
                after: after.owner.as_deref(),
                note: note.take(),
            };
            write_down(self, &before.id, entry, deed, transaction).await?;
        }
        if note.is_some() {
            let entry = Entry { what: "note", note, ..Entry::default() };
            write_down(self, &before.id, entry, deed, transaction).await?;
        }
        Ok(())
    }

    /// One of two findings goes into the other one: what is found again under its key belongs there from then on. `false`
    /// if one of them is not there.
    pub async fn merge_findings(&self, from: &str, into: &str, deed: &Deed) -> Result<bool, Error> {
        let merging = Error::database("merging findings");
        let mut transaction = self.store.writer.begin().await.map_err(&merging)?;
        let object = format!("finding:{from}");
        let after = format!("{{\"into\":\"{into}\"}}");
        let done = Done {
            action: "finding.merged",
            object: &object,
            after: Some(&after),
            ..Done::default()
        };
        self.record(deed, done, &mut transaction).await?;
        let (Some(lost), Some(kept)) = (
            self.finding_in(from, &mut transaction).await?,
            self.finding_in(into, &mut transaction).await?,
        ) else {
            return Ok(false);
        };
        if lost.id == kept.id || lost.journey != kept.journey {
            return Err(Error::Caller(
                "two findings of one journey can be merged, and not one with itself".to_owned(),
            ));
        }
        if lost.merged_into.is_some() || kept.merged_into.is_some() {
            return Err(Error::Conflict("one of the findings was merged before".to_owned()));
        }
        sqlx::query("update finding_keys set finding = $3 where workspace = $1 and finding = $2")
            .bind(&self.id)
            .bind(from)
            .bind(into)
            .execute(&mut *transaction)
            .await
            .map_err(&merging)?;
        sqlx::query(
            "update findings set state = 'resolved', reason = 'merged', merged_into = $3 where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(from)
        .bind(into)
        .execute(&mut *transaction)
        .await
        .map_err(&merging)?;
        // What was found before one of them was is as old as the older one.
        sqlx::query(
            "update findings set found_at = $3 where workspace = $1 and id = $2 and found_at > $3",
        )
        .bind(&self.id)
        .bind(into)
        .bind(lost.found_at)
        .execute(&mut *transaction)
        .await
        .map_err(&merging)?;
        let merged = Entry { what: "merged", after: Some(into), ..Entry::default() };
        write_down(self, from, merged, deed, &mut transaction).await?;
        let took = Entry {
            what: "took",
            after: Some(from),
            note: Some(&lost.sentence),
            ..Entry::default()
        };
        write_down(self, into, took, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&merging)?;
        Ok(true)
    }

    pub(super) async fn insert_finding(
        &self,
        new: &Finding,
        key: Option<&str>,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        let adding = Error::database("adding a finding");
        let sql = format!(
            "insert into findings (workspace, {COLUMNS}) values \
             ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(&new.id)
            .bind(&new.journey)
            .bind(new.version)
            .bind(&new.kind)
            .bind(&new.about)
            .bind(&new.touchpoint)
            .bind(&new.state)
            .bind(&new.reason)
            .bind(&new.owner)
            .bind(&new.owner_name)
            .bind(&new.sentence)
            .bind(new.customers)
            .bind(new.score)
            .bind(&new.snapshot)
            .bind(&new.source)
            .bind(new.found_at)
            .bind(new.seen_at)
            .bind(new.absences)
            .bind(new.reopened)
            .bind(&new.merged_into)
            .execute(&mut **transaction)
            .await
            .map_err(&adding)?;
        if let Some(key) = key {
            sqlx::query("insert into finding_keys (workspace, journey, key, finding) values ($1, $2, $3, $4)")
                .bind(&self.id)
                .bind(&new.journey)
                .bind(key)
                .bind(&new.id)
                .execute(&mut **transaction)
                .await
                .map_err(&adding)?;
        }
        Ok(())
    }

    async fn finding_in(
        &self,
        id: &str,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<Option<Finding>, Error> {
        let finding_it = Error::database("finding a finding");
        let sql = format!("select {COLUMNS} from findings where workspace = $1 and id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(id)
            .fetch_optional(&mut **transaction)
            .await
            .map_err(&finding_it)?;
        row.as_ref().map(finding).transpose().map_err(&finding_it)
    }

    async fn told(
        &self,
        tell: Tell,
        deed: &Deed,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        for news in &tell.news {
            announce_in(self, news, deed.at, transaction).await?;
        }
        for notice in &tell.notices {
            notify_in(self, notice, deed.at, transaction).await?;
        }
        Ok(())
    }
}

fn changed(before: &Finding, change: &FindingChange) -> Finding {
    let mut after = before.clone();
    if let Some(state) = &change.state {
        after.state.clone_from(state);
        after.reason.clone_from(&change.reason);
    }
    if let Some(owner) = &change.owner {
        after.owner.clone_from(owner);
    }
    after
}
