//! SQLite keeps the facet counts in the order of their key, without a table of rows beside it: an upsert writes two
//! trees instead of three, and the people of a log are read one after the other.

use crate::table::{self, index};
use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        made_anew(manager, " WITHOUT ROWID").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        made_anew(manager, "").await
    }
}

async fn made_anew(manager: &SchemaManager<'_>, form: &str) -> Result<(), DbErr> {
    // PostgreSQL has no such tables.
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let columns = [
        "workspace_id uuid_text",
        "log text",
        "field text",
        "value text",
        "label text",
        "search text",
        "count integer",
    ];
    let key = "workspace_id, log, field, value";
    table::made_anew(manager, "event_facet", &columns, key, form).await?;
    index(
        manager,
        "event_facet",
        &["workspace_id", "log", "field", "count"],
        false,
    )
    .await
}
