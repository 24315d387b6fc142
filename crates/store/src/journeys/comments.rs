//! What people say of a journey: threads about a thing on its map, with whom they mean.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::workspace::Workspace;

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub id: String,
    /// The first comment of the thread; `None`: it is that.
    pub thread: Option<String>,
    pub about_kind: String,
    pub about_id: String,
    pub text: String,
    pub author: String,
    pub created_at: i64,
    pub edited_at: Option<i64>,
    pub resolved_at: Option<i64>,
    pub resolved_by: Option<String>,
    /// Ids of users.
    pub mentions: Vec<String>,
}

/// What changes about a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommentChange<'a> {
    Text {
        text: &'a str,
        mentions: &'a [String],
    },
    /// The whole thread; false: it is open again.
    Resolved(bool),
    Deleted,
}

impl Workspace {
    /// Adds a comment.
    pub async fn add_comment(
        &self,
        journey: &str,
        comment: &Comment,
        deed: &Deed,
    ) -> Result<(), Error> {
        let adding = Error::database("adding a comment");
        let mut transaction = self.store.writer.begin().await.map_err(&adding)?;
        sqlx::query(
            "insert into journey_comments (workspace, journey, id, thread, about_kind, about_id, text, author, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&self.id)
        .bind(journey)
        .bind(&comment.id)
        .bind(&comment.thread)
        .bind(&comment.about_kind)
        .bind(&comment.about_id)
        .bind(&comment.text)
        .bind(&comment.author)
        .bind(comment.created_at)
        .execute(&mut *transaction)
        .await
        .map_err(&adding)?;
        self.mention(&comment.id, &comment.mentions, &mut transaction).await?;
        let object = format!("comment:{}", comment.id);
        let done = Done { action: "comment.added", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&adding)
    }

    async fn mention(
        &self,
        comment: &str,
        users: &[String],
        transaction: &mut sqlx::Transaction<'_, sqlx::Any>,
    ) -> Result<(), Error> {
        let mentioning = Error::database("noting who is meant");
        sqlx::query("delete from journey_mentions where workspace = $1 and comment_id = $2")
            .bind(&self.id)
            .bind(comment)
            .execute(&mut **transaction)
            .await
            .map_err(&mentioning)?;
        for user in users {
            sqlx::query(
                "insert into journey_mentions (workspace, comment_id, user_id) values ($1, $2, $3) on conflict do nothing",
            )
            .bind(&self.id)
            .bind(comment)
            .bind(user)
            .execute(&mut **transaction)
            .await
            .map_err(&mentioning)?;
        }
        Ok(())
    }

    /// Comments of a journey, oldest first, behind one by its moment and id.
    pub async fn comments(
        &self,
        journey: &str,
        after: (i64, &str),
        limit: u32,
    ) -> Result<Vec<Comment>, Error> {
        let listing = Error::database("listing comments");
        let rows = sqlx::query(
            "select id, thread, about_kind, about_id, text, author, created_at, edited_at, resolved_at, resolved_by \
             from journey_comments where workspace = $1 and journey = $2 and deleted_at is null \
             and (created_at > $3 or (created_at = $3 and id > $4)) order by created_at, id limit $5",
        )
        .bind(&self.id)
        .bind(journey)
        .bind(after.0)
        .bind(after.1)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&listing)?;
        let mut comments: Vec<Comment> =
            rows.iter().map(comment).collect::<Result<_, _>>().map_err(&listing)?;
        for comment in &mut comments {
            comment.mentions = self.mentions(&comment.id).await?;
        }
        Ok(comments)
    }

    /// One comment of a journey.
    pub async fn find_comment(&self, journey: &str, id: &str) -> Result<Option<Comment>, Error> {
        let finding = Error::database("finding a comment");
        let row = sqlx::query(
            "select id, thread, about_kind, about_id, text, author, created_at, edited_at, resolved_at, resolved_by \
             from journey_comments where workspace = $1 and journey = $2 and id = $3 and deleted_at is null",
        )
        .bind(&self.id)
        .bind(journey)
        .bind(id)
        .fetch_optional(&self.store.readers)
        .await
        .map_err(&finding)?;
        let Some(row) = row else { return Ok(None) };
        let mut comment = comment(&row).map_err(&finding)?;
        comment.mentions = self.mentions(id).await?;
        Ok(Some(comment))
    }

    async fn mentions(&self, comment: &str) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "select user_id from journey_mentions where workspace = $1 and comment_id = $2 order by user_id",
        )
        .bind(&self.id)
        .bind(comment)
        .fetch_all(&self.store.readers)
        .await
        .map_err(Error::database("reading who is meant"))
    }

    /// Changes a comment that is there.
    pub async fn change_comment(
        &self,
        id: &str,
        change: &CommentChange<'_>,
        deed: &Deed,
    ) -> Result<(), Error> {
        let changing = Error::database("changing a comment");
        let mut transaction = self.store.writer.begin().await.map_err(&changing)?;
        let (action, query) = match change {
            CommentChange::Text { text, mentions } => {
                self.mention(id, mentions, &mut transaction).await?;
                let sql = "update journey_comments set text = $3, edited_at = $4 where workspace = $1 and id = $2";
                let query = sqlx::query(sql).bind(&self.id).bind(id);
                ("comment.edited", query.bind(text.to_owned()).bind(deed.at))
            }
            CommentChange::Resolved(true) => {
                let sql = "update journey_comments set resolved_at = $3, resolved_by = $4 where workspace = $1 and id = $2";
                let query = sqlx::query(sql).bind(&self.id).bind(id);
                ("comment.resolved", query.bind(deed.at).bind(&deed.actor))
            }
            CommentChange::Resolved(false) => {
                let sql = "update journey_comments set resolved_at = null, resolved_by = null where workspace = $1 and id = $2";
                ("comment.reopened", sqlx::query(sql).bind(&self.id).bind(id))
            }
            CommentChange::Deleted => {
                let sql = "update journey_comments set deleted_at = $3, text = '' where workspace = $1 and id = $2";
                ("comment.deleted", sqlx::query(sql).bind(&self.id).bind(id).bind(deed.at))
            }
        };
        query.execute(&mut *transaction).await.map_err(&changing)?;
        let object = format!("comment:{id}");
        self.record(deed, Done { action, object: &object, ..Done::default() }, &mut transaction)
            .await?;
        transaction.commit().await.map_err(&changing)
    }
}

fn comment(row: &AnyRow) -> Result<Comment, sqlx::Error> {
    Ok(Comment {
        id: row.try_get(0)?,
        thread: row.try_get(1)?,
        about_kind: row.try_get(2)?,
        about_id: row.try_get(3)?,
        text: row.try_get(4)?,
        author: row.try_get(5)?,
        created_at: row.try_get(6)?,
        edited_at: row.try_get(7)?,
        resolved_at: row.try_get(8)?,
        resolved_by: row.try_get(9)?,
        mentions: Vec::new(),
    })
}
