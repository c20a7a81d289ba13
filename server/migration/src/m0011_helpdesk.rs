//! The helpdesk product of the workspace: it decides what agents are called.

use sea_orm_migration::{prelude::*, schema::text};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut helpdesk = text("helpdesk");
        manager
            .alter_table(
                Table::alter()
                    .table("workspace")
                    .add_column(helpdesk.default("none"))
                    .take(),
            )
            .await
    }
}
