//! Messages are found by the beginning of their address, and sending can be paused.

use crate::table::index;
use sea_orm_migration::{prelude::*, schema::big_integer_null, sea_orm::DbBackend};

/// With the number, so that the messages of an address are known without being read.
const BY_ADDRESS: [&str; 3] = ["workspace_id", "address", "number"];

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            // Looked up by how they begin, letter for letter: other orders skip letters.
            let letter_for_letter = "ALTER TABLE email_message ALTER COLUMN address TYPE text COLLATE \"C\"";
            manager
                .get_connection()
                .execute_unprepared(letter_for_letter)
                .await?;
        }
        index(manager, "email_message", &BY_ADDRESS, false).await?;
        let paused = Table::alter()
            .table("mail_setting")
            .add_column(big_integer_null("paused_at"))
            .take();
        manager.alter_table(paused).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let not_paused = Table::alter()
            .table("mail_setting")
            .drop_column("paused_at")
            .take();
        manager.alter_table(not_paused).await?;
        let drop = Index::drop()
            .name("email_message_address_number")
            .table("email_message")
            .to_owned();
        manager.drop_index(drop).await
    }
}
