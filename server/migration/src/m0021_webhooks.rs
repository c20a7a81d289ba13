//! What is to be delivered (the outbox), and what was sent to webhook endpoints.

use crate::table::{index, of_thing, table};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, boolean, integer, integer_null, text, text_null, uuid, uuid_null,
    },
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
            "outbox",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                text("carrier"),
                uuid("destination_id"),
                big_integer("due_at"),
                uuid_null("leased_by"),
                text("cause"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        index(
            manager,
            "outbox",
            &["workspace_id", "carrier", "destination_id", "due_at"],
            false,
        )
        .await?;
        table(
            manager,
            "webhook_message",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                uuid("endpoint_id"),
                big_integer_null("sequence"),
                uuid_null("event_id"),
                text("event_type"),
                text("state"),
                integer("attempts"),
                big_integer("created_at"),
                big_integer_null("next_at"),
                big_integer_null("ended_at"),
                integer_null("status"),
                text_null("failure"),
                text_null("detail"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        index(
            manager,
            "webhook_message",
            &["workspace_id", "endpoint_id", "id"],
            false,
        )
        .await?;
        index(
            manager,
            "webhook_message",
            &["workspace_id", "endpoint_id", "state", "id"],
            false,
        )
        .await?;
        table(
            manager,
            "webhook_attempt",
            vec![
                uuid("workspace_id"),
                uuid("message_id"),
                integer("number"),
                uuid("endpoint_id"),
                big_integer("at"),
                big_integer("took_ms"),
                text("cause"),
                text("request"),
                integer_null("status"),
                text_null("response_headers"),
                ColumnDef::new("response_body").binary().null().take(),
                boolean("is_cut"),
                text_null("failure"),
                text_null("detail"),
            ],
            &["workspace_id", "message_id", "number"],
        )
        .await?;
        index(
            manager,
            "webhook_attempt",
            &["workspace_id", "endpoint_id", "at"],
            false,
        )
        .await?;
        of_thing(
            manager,
            "webhook_secret",
            "endpoint_id",
            vec![
                uuid("id"),
                ColumnDef::new("sealed").binary().not_null().take(),
                big_integer("created_at"),
                big_integer_null("expires_at"),
            ],
            &["id"],
        )
        .await?;
        of_thing(
            manager,
            "webhook_header",
            "endpoint_id",
            vec![text("name"), ColumnDef::new("sealed").binary().not_null().take()],
            &["name"],
        )
        .await?;
        of_thing(
            manager,
            "webhook_state",
            "endpoint_id",
            vec![
                big_integer_null("paused_at"),
                big_integer_null("failing_since"),
                big_integer_null("failed_at"),
                big_integer_null("slow_until"),
            ],
            &[],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "webhook_state",
            "webhook_header",
            "webhook_secret",
            "webhook_attempt",
            "webhook_message",
            "outbox",
        ] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
