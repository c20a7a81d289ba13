//! SQLite keeps the facet counts in the order of their key, without a table of rows beside it: an upsert writes two
//! trees instead of three, and the people of a log are read one after the other.

use crate::table::index;
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

/// PostgreSQL has no such tables.
async fn made_anew(manager: &SchemaManager<'_>, form: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let connection = manager.get_connection();
    let make = format!(
        "CREATE TABLE event_facet_anew (\
         workspace_id uuid_text NOT NULL, log text NOT NULL, field text NOT NULL, value text NOT NULL, \
         label text NOT NULL, search text NOT NULL, count integer NOT NULL, \
         PRIMARY KEY (workspace_id, log, field, value)){form}"
    );
    for step in [
        make.as_str(),
        "INSERT INTO event_facet_anew SELECT workspace_id, log, field, value, label, search, count FROM event_facet",
        "DROP TABLE event_facet",
        "ALTER TABLE event_facet_anew RENAME TO event_facet",
    ] {
        connection.execute_unprepared(step).await?;
    }
    index(
        manager,
        "event_facet",
        &["workspace_id", "log", "field", "count"],
        false,
    )
    .await
}
