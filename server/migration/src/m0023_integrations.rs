//! How far other products are that get the log, and what came of sending it to them.

use crate::table::of_thing;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, integer_null, text, text_null, uuid},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        of_thing(
            manager,
            "integration_secret",
            "integration_id",
            vec![ColumnDef::new("sealed").binary().not_null().take()],
            &[],
        )
        .await?;
        of_thing(
            manager,
            "integration_state",
            "integration_id",
            vec![
                big_integer("cursor"),
                big_integer_null("paused_at"),
                integer("failures"),
                big_integer_null("failing_since"),
                big_integer_null("next_at"),
                text_null("failure"),
                text_null("detail"),
                big_integer_null("told_at"),
                big_integer_null("alerted_at"),
                big_integer_null("sent_at"),
                big_integer("sent"),
                integer("shrunk"),
                integer("turn"),
            ],
            &[],
        )
        .await?;
        of_thing(
            manager,
            "integration_attempt",
            "integration_id",
            vec![
                uuid("id"),
                big_integer("at"),
                big_integer("took_ms"),
                text("cause"),
                integer("events"),
                big_integer_null("first_sequence"),
                big_integer_null("last_sequence"),
                big_integer("bytes"),
                integer_null("status"),
                text_null("answer"),
                text_null("failure"),
                text_null("detail"),
            ],
            &["id"],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["integration_attempt", "integration_state", "integration_secret"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
