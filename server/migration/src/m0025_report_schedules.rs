//! Saved views that are sent by mail, and files that go along with mail. What goes to several people is kept once.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, text, text_null, uuid},
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
            "report_schedule",
            vec![
                uuid("workspace_id"),
                uuid("view_id"),
                uuid("set_by"),
                text("every"),
                text_null("weekday"),
                integer("hour"),
                text("zone"),
                text("recipients"),
                big_integer_null("next_at"),
                text_null("stopped"),
                big_integer_null("last_at"),
                text_null("last_outcome"),
                text_null("last_detail"),
                big_integer("created_at"),
            ],
            &["workspace_id", "view_id"],
        )
        .await?;
        index(manager, "report_schedule", &["workspace_id", "next_at"], false).await?;
        table(
            manager,
            "email_attachment",
            vec![
                uuid("workspace_id"),
                uuid("message_id"),
                integer("number"),
                text("name"),
                text("media_type"),
                big_integer("size"),
                uuid("content_id"),
            ],
            &["workspace_id", "message_id", "number"],
        )
        .await?;
        index(
            manager,
            "email_attachment",
            &["workspace_id", "content_id"],
            false,
        )
        .await?;
        table(
            manager,
            "email_attachment_content",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                ColumnDef::new("bytes").binary().not_null().take(),
            ],
            &["workspace_id", "id"],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["email_attachment_content", "email_attachment", "report_schedule"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
