//! As whom the holder of a session appears, and what the workspace asks of sessions and passwords.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, integer, text, text_null, uuid_null},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// One column a statement: SQLite takes no more.
async fn add(manager: &SchemaManager<'_>, table: &'static str, mut column: ColumnDef) -> Result<(), DbErr> {
    let table = Table::alter().table(table).add_column(&mut column).take();
    manager.alter_table(table).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            uuid_null("appears_as"),
            text_null("appears_why"),
            big_integer_null("appears_since"),
            big_integer_null("appears_until"),
        ] {
            add(manager, "session", column).await?;
        }
        for column in [
            integer("session_idle_minutes").default(12 * 60).take(),
            integer("session_longest_hours").default(14 * 24).take(),
            integer("password_length").default(12).take(),
            text("sign_in_networks").default("[]").take(),
        ] {
            add(manager, "workspace", column).await?;
        }
        Ok(())
    }
}
