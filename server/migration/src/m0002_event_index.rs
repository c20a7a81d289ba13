//! The log's own index. What it finds needs neither columns nor indexes of `event`. Facets are counted over all logs
//! too, so that nothing has to be added up where they are read.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary, integer, text_null, uuid},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// The indexes of `event` that go, without the workspace.
const INDEXES: [&[&str]; 5] = [
    &["occurred_at", "sequence"],
    &["log", "occurred_at", "sequence"],
    &["log", "category", "occurred_at", "sequence"],
    &["log", "event_type", "occurred_at", "sequence"],
    &["log", "actor_key", "occurred_at", "sequence"],
];

/// The columns of `event` that go.
const COLUMNS: [&str; 11] = [
    "event_type",
    "action",
    "outcome",
    "category",
    "section",
    "actor_key",
    "target_key",
    "brand_key",
    "login_source",
    "ip",
    "correlation_id",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "event_segment",
            vec![
                uuid("workspace_id"),
                big_integer("first_sequence"),
                integer("level"),
                binary("head"),
            ],
            &["workspace_id", "first_sequence", "level"],
        )
        .await?;
        table(
            manager,
            "event_block",
            vec![uuid("workspace_id"), big_integer("slot"), binary("data")],
            &["workspace_id", "slot"],
        )
        .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO event_facet (workspace_id, log, field, value, label, search, count) \
                 SELECT workspace_id, 'all', field, value, MAX(label), MAX(search), SUM(count) FROM event_facet \
                 WHERE field <> 'log' GROUP BY workspace_id, field, value",
            )
            .await?;
        for columns in INDEXES {
            let name = format!("event_{}", columns.join("_"));
            manager
                .drop_index(Index::drop().name(name).table("event").to_owned())
                .await?;
        }
        for column in COLUMNS {
            manager
                .alter_table(Table::alter().table("event").drop_column(column).take())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            manager
                .alter_table(Table::alter().table("event").add_column(text_null(column)).take())
                .await?;
        }
        for columns in INDEXES {
            let columns: Vec<_> = std::iter::once("workspace_id")
                .chain(columns.iter().copied())
                .collect();
            index(manager, "event", &columns, false).await?;
        }
        manager
            .get_connection()
            .execute_unprepared("DELETE FROM event_facet WHERE log = 'all'")
            .await?;
        for name in ["event_block", "event_segment"] {
            manager.drop_table(Table::drop().table(name).take()).await?;
        }
        Ok(())
    }
}
