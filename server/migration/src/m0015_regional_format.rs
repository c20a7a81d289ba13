//! How dates, times and numbers are written: for each user, and for those who are new.

use sea_orm_migration::{prelude::*, schema::text};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["workspace", "user"] {
            let mut format = text("regional_format").default("en-GB").take();
            let table = Table::alter().table(table).add_column(&mut format).take();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
