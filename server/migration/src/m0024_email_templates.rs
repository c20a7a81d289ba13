//! What workspaces have put in place of the built-in templates; bodies whose links are for their readers alone; links with
//! which users choose a new password.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text, text_null, uuid},
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
            "email_template",
            vec![
                uuid("workspace_id"),
                text("template"),
                text_null("subject"),
                text_null("body"),
                text_null("earlier_subject"),
                text_null("earlier_body"),
            ],
            &["workspace_id", "template"],
        )
        .await?;
        let sealed = ColumnDef::new("sealed").binary().null().take();
        for mut column in [sealed, big_integer_null("sealed_until")] {
            let add = Table::alter().table("email_body").add_column(&mut column).take();
            manager.alter_table(add).await?;
        }
        // Those that hold a secret are few: to find the ones whose time is over.
        index(manager, "email_body", &["workspace_id", "sealed_until"], false).await?;
        table(
            manager,
            "password_reset",
            vec![
                uuid("workspace_id"),
                uuid("user_id"),
                ColumnDef::new("token_hash").binary().not_null().take(),
                big_integer("created_at"),
                big_integer("expires_at"),
            ],
            &["workspace_id", "user_id"],
        )
        .await?;
        index(manager, "password_reset", &["workspace_id", "token_hash"], true).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["password_reset", "email_template"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        let mut index = Index::drop();
        index.name("email_body_sealed_until").table("email_body");
        manager.drop_index(index).await?;
        for column in ["sealed", "sealed_until"] {
            let gone = Table::alter().table("email_body").drop_column(column).take();
            manager.alter_table(gone).await?;
        }
        Ok(())
    }
}
