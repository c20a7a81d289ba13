//! Rules that look at records as they come, what they remember of those before, and the alerts they raise.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, text, text_null, uuid, uuid_null},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "alert_rule",
            vec![
                uuid("workspace_id"),
                text("id"),
                text("name"),
                boolean("is_on"),
                text("severity"),
                text("mail"),
                text("params"),
                text_null("sigma"),
                big_integer("cursor"),
                big_integer("silent_until"),
                big_integer("switched_at"),
                big_integer("created_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        table(
            manager,
            "alert_memory",
            vec![
                uuid("workspace_id"),
                text("rule_id"),
                text("name"),
                text("value"),
                big_integer("seen_at"),
            ],
            &["workspace_id", "rule_id", "name"],
        )
        .await?;
        index(
            manager,
            "alert_memory",
            &["workspace_id", "rule_id", "seen_at"],
            false,
        )
        .await?;
        table(
            manager,
            "alert",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                text("rule_id"),
                text("rule_name"),
                text("severity"),
                text("state"),
                text("subject_key"),
                text("subject_kind"),
                text_null("subject_id"),
                text("subject_name"),
                text("summary"),
                text("search"),
                big_integer("count"),
                big_integer("last_sequence"),
                big_integer("first_at"),
                big_integer("last_at"),
                uuid_null("assigned_to"),
                text_null("note"),
                big_integer("created_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        index(manager, "alert", &["workspace_id", "last_at", "id"], false).await?;
        index(
            manager,
            "alert",
            &["workspace_id", "rule_id", "subject_key"],
            false,
        )
        .await?;
        table(
            manager,
            "alert_evidence",
            vec![uuid("workspace_id"), uuid("alert_id"), big_integer("sequence")],
            &["workspace_id", "alert_id", "sequence"],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["alert_evidence", "alert", "alert_memory", "alert_rule"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
