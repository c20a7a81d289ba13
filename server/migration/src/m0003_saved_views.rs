//! What users keep of lists: views under a name, and how each log is shown to them.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, text, uuid, uuid_null},
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
            "saved_view",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                uuid("owner_id"),
                text("log"),
                text("name"),
                text("name_key"),
                text("query"),
                uuid_null("shared_with"),
                integer("position"),
                big_integer("created_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        // A user's own, by log; it also keeps a name from being there twice.
        let own = &["workspace_id", "owner_id", "log", "name_key"];
        index(manager, "saved_view", own, true).await?;
        index(manager, "saved_view", &["workspace_id", "shared_with"], false).await?;
        table(
            manager,
            "list_setting",
            vec![
                uuid("workspace_id"),
                uuid("user_id"),
                text("log"),
                text("columns"),
                text("density"),
                uuid_null("default_view_id"),
            ],
            &["workspace_id", "user_id", "log"],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["list_setting", "saved_view"] {
            manager.drop_table(Table::drop().table(name).take()).await?;
        }
        Ok(())
    }
}
