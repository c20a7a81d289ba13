//! What administrators set for the whole workspace.

use crate::table::table;
use sea_orm_migration::{
    prelude::*,
    schema::{text, uuid},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut zone = text("zone");
        manager
            .alter_table(
                Table::alter()
                    .table("workspace")
                    .add_column(zone.default("UTC"))
                    .take(),
            )
            .await?;
        table(
            manager,
            "shown_log",
            vec![uuid("workspace_id"), text("log")],
            &["workspace_id", "log"],
        )
        .await
    }
}
