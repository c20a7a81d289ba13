//! A second factor at the sign-in: what a user's app makes codes from, codes for when it is lost, and sign-ins that wait for
//! a code; and which roles need one.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, integer, uuid},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).binary().not_null().take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "second_factor",
            vec![
                uuid("workspace_id"),
                uuid("user_id"),
                bytes("sealed_secret"),
                big_integer("created_at"),
                big_integer_null("confirmed_at"),
                big_integer("last_step"),
            ],
            &["workspace_id", "user_id"],
        )
        .await?;
        table(
            manager,
            "recovery_code",
            vec![uuid("workspace_id"), uuid("user_id"), bytes("code_hash")],
            &["workspace_id", "user_id", "code_hash"],
        )
        .await?;
        table(
            manager,
            "sign_in_challenge",
            vec![
                uuid("workspace_id"),
                bytes("token_hash"),
                uuid("user_id"),
                bytes("password_mark"),
                integer("tries"),
                big_integer("expires_at"),
            ],
            &["workspace_id", "token_hash"],
        )
        .await?;
        index(
            manager,
            "sign_in_challenge",
            &["workspace_id", "expires_at"],
            false,
        )
        .await?;
        let needed = Table::alter()
            .table("role")
            .add_column(boolean("needs_second_factor").default(false))
            .take();
        manager.alter_table(needed).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let not_needed = Table::alter()
            .table("role")
            .drop_column("needs_second_factor")
            .take();
        manager.alter_table(not_needed).await?;
        for table in ["sign_in_challenge", "recovery_code", "second_factor"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
