//! How long records are kept, what is kept for longer, and what remains of those that were removed.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, binary, integer_null, text, uuid},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// Tables that count the removals from a log: the log itself, and each segment of its index as of when it was made.
const COUNTED: [&str; 2] = ["event_head", "event_segment"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in COUNTED {
            let mut removals = big_integer("removals");
            manager
                .alter_table(Table::alter().table(table).add_column(removals.default(0)).take())
                .await?;
        }
        table(
            manager,
            "event_removed",
            vec![
                uuid("workspace_id"),
                big_integer("chunk"),
                binary("records"),
                binary("leaf_hashes"),
                big_integer("removal"),
            ],
            &["workspace_id", "chunk"],
        )
        .await?;
        index(manager, "event_removed", &["workspace_id", "removal"], false).await?;
        table(
            manager,
            "retention_policy",
            vec![
                uuid("workspace_id"),
                text("log"),
                integer_null("days"),
                integer_null("days_before"),
                big_integer("effective_at"),
            ],
            &["workspace_id", "log"],
        )
        .await?;
        table(
            manager,
            "legal_hold",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                text("name"),
                text("name_key"),
                text("reason"),
                text("log"),
                text("query"),
                big_integer("placed_at"),
                text("placed_by"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        index(manager, "legal_hold", &["workspace_id", "name_key"], true).await?;
        table(
            manager,
            "retention_run",
            vec![
                uuid("workspace_id"),
                big_integer("due_at"),
                big_integer_null("started_at"),
                big_integer_null("beat_at"),
                big_integer_null("finished_at"),
                big_integer("removed"),
                big_integer("planned"),
                big_integer("held"),
                text("problem"),
            ],
            &["workspace_id"],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["retention_run", "legal_hold", "retention_policy", "event_removed"] {
            manager.drop_table(Table::drop().table(name).take()).await?;
        }
        for table in COUNTED {
            manager
                .alter_table(Table::alter().table(table).drop_column("removals").take())
                .await?;
        }
        Ok(())
    }
}
