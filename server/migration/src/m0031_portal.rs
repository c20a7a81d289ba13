//! The customer portal: the sessions, passwords, sign-in links and identities of contacts.

use crate::table::{index, of_thing, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, binary, boolean, string, text, text_null, uuid},
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
            "contact_session",
            "contact_id",
            vec![
                uuid("id"),
                text("address"),
                binary("token_hash"),
                string("method"),
                text_null("ip"),
                text_null("user_agent"),
                big_integer("created_at"),
                big_integer("last_seen_at"),
                big_integer("expires_at"),
            ],
            &["id"],
        )
        .await?;
        index(manager, "contact_session", &["workspace_id", "token_hash"], true).await?;
        of_thing(
            manager,
            "contact_password",
            "contact_id",
            vec![text("address"), text("password_hash"), big_integer("set_at")],
            &[],
        )
        .await?;
        table(
            manager,
            "contact_link",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                binary("token_hash"),
                binary("browser_hash"),
                text("address"),
                big_integer("created_at"),
                big_integer("expires_at"),
                big_integer_null("used_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        index(manager, "contact_link", &["workspace_id", "token_hash"], true).await?;
        of_thing(
            manager,
            "contact_identity",
            "contact_id",
            vec![
                uuid("provider_id"),
                text("subject"),
                text("address"),
                big_integer("created_at"),
            ],
            &["provider_id", "subject"],
        )
        .await?;
        let by_subject = ["workspace_id", "provider_id", "subject"];
        index(manager, "contact_identity", &by_subject, true).await?;
        let for_contacts = Table::alter()
            .table("identity_provider")
            .add_column(boolean("for_contacts").default(false))
            .take();
        manager.alter_table(for_contacts).await?;
        index(
            manager,
            "contact_link",
            &["workspace_id", "address", "created_at"],
            false,
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let without = Table::alter()
            .table("identity_provider")
            .drop_column("for_contacts")
            .take();
        manager.alter_table(without).await?;
        for table in [
            "contact_identity",
            "contact_link",
            "contact_password",
            "contact_session",
        ] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
