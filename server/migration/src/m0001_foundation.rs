//! Workspaces, people, keys, and the log.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, binary, integer, text, text_null, uuid},
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
            "workspace",
            vec![
                uuid("id"),
                integer("slot").unique_key().take(),
                text("name"),
                big_integer("created_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "role",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                text("name"),
                text("name_key"),
                text("description"),
                text_null("built_in"),
                text("permissions"),
                big_integer("created_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        index(manager, "role", &["workspace_id", "name_key"], true).await?;
        table(
            manager,
            "user",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                text("name"),
                text("email"),
                text("email_key"),
                uuid("role_id"),
                text("status"),
                text_null("password_hash"),
                big_integer_null("password_changed_at"),
                text("zone"),
                big_integer("created_at"),
                big_integer_null("last_sign_in_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        index(manager, "user", &["workspace_id", "email_key"], true).await?;
        index(manager, "user", &["workspace_id", "role_id"], false).await?;
        table(
            manager,
            "session",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                binary("token_hash"),
                uuid("user_id"),
                text_null("ip"),
                text_null("user_agent"),
                text("data"),
                big_integer("created_at"),
                big_integer("last_seen_at"),
                big_integer("expires_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        index(manager, "session", &["workspace_id", "token_hash"], true).await?;
        index(manager, "session", &["workspace_id", "user_id"], false).await?;
        index(manager, "session", &["workspace_id", "expires_at"], false).await?;
        table(
            manager,
            "api_key",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                text("name"),
                text("prefix"),
                binary("key_hash"),
                text("scopes"),
                big_integer("created_at"),
                text("created_by"),
                big_integer_null("last_used_at"),
                big_integer_null("revoked_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        index(manager, "api_key", &["workspace_id", "key_hash"], true).await?;
        table(
            manager,
            "invitation",
            vec![
                uuid("workspace_id"),
                uuid("user_id"),
                binary("token_hash"),
                big_integer("created_at"),
                big_integer("expires_at"),
            ],
            &["workspace_id", "user_id"],
        )
        .await?;
        index(manager, "invitation", &["workspace_id", "token_hash"], true).await?;
        log_tables(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in [
            "event_facet",
            "event",
            "event_head",
            "invitation",
            "api_key",
            "session",
            "user",
            "role",
            "workspace",
        ] {
            manager.drop_table(Table::drop().table(name).take()).await?;
        }
        Ok(())
    }
}

async fn log_tables(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "event_head",
        vec![uuid("workspace_id"), big_integer("last_sequence")],
        &["workspace_id"],
    )
    .await?;
    table(
        manager,
        "event",
        vec![
            uuid("workspace_id"),
            big_integer("sequence"),
            uuid("id"),
            big_integer("occurred_at"),
            big_integer("recorded_at"),
            text("log"),
            text("event_type"),
            text("action"),
            text("outcome"),
            text_null("category"),
            text_null("section"),
            text("actor_key"),
            text_null("target_key"),
            text_null("brand_key"),
            text_null("login_source"),
            text_null("ip"),
            text_null("correlation_id"),
            text("source"),
            text_null("source_event_id"),
            binary("body_hash"),
            text("record"),
        ],
        &["workspace_id", "sequence"],
    )
    .await?;
    index(manager, "event", &["workspace_id", "id"], true).await?;
    index(
        manager,
        "event",
        &["workspace_id", "source", "source_event_id"],
        true,
    )
    .await?;
    index(
        manager,
        "event",
        &["workspace_id", "occurred_at", "sequence"],
        false,
    )
    .await?;
    // Newest page of a log, as it is and narrowed to one of its main filters.
    index(
        manager,
        "event",
        &["workspace_id", "log", "occurred_at", "sequence"],
        false,
    )
    .await?;
    for field in ["category", "event_type", "actor_key"] {
        index(
            manager,
            "event",
            &["workspace_id", "log", field, "occurred_at", "sequence"],
            false,
        )
        .await?;
    }
    table(
        manager,
        "event_facet",
        vec![
            uuid("workspace_id"),
            text("log"),
            text("field"),
            text("value"),
            text("label"),
            text("search"),
            big_integer("count"),
        ],
        &["workspace_id", "log", "field", "value"],
    )
    .await?;
    // The most frequent values of a field.
    index(
        manager,
        "event_facet",
        &["workspace_id", "log", "field", "count"],
        false,
    )
    .await
}
