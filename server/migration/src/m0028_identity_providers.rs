//! Signing in by OpenID Connect: the providers, whom each means by a subject, and what a session and a sign-in that waits for
//! a code have of it.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, string, text, text_null, uuid, uuid_null},
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
            "identity_provider",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                text("name"),
                text("name_key"),
                text("issuer"),
                text("client_id"),
                ColumnDef::new("sealed_secret").binary().null().take(),
                text("scopes"),
                boolean("is_enabled"),
                string("newcomers"),
                boolean("trusts_email"),
                text("domains"),
                text("role_claim"),
                text("role_rules"),
                uuid_null("default_role_id"),
                boolean("vouches_for_factor"),
                big_integer("created_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        index(manager, "identity_provider", &["workspace_id", "name_key"], true).await?;
        table(
            manager,
            "identity",
            vec![
                uuid("workspace_id"),
                uuid("provider_id"),
                text("subject"),
                uuid("user_id"),
                text("label"),
                big_integer("created_at"),
            ],
            &["workspace_id", "provider_id", "subject"],
        )
        .await?;
        index(manager, "identity", &["workspace_id", "user_id"], false).await?;
        let vouched = Table::alter()
            .table("session")
            .add_column(boolean("factor_vouched").default(false))
            .take();
        manager.alter_table(vouched).await?;
        let way = Table::alter()
            .table("sign_in_challenge")
            .add_column(text_null("way"))
            .take();
        manager.alter_table(way).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("sign_in_challenge", "way"), ("session", "factor_vouched")] {
            let without = Table::alter().table(table).drop_column(column).take();
            manager.alter_table(without).await?;
        }
        for table in ["identity", "identity_provider"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
