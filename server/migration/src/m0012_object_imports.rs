//! Files of things on their way in.

use crate::table::table;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, text, text_null, uuid},
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
            "object_import",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                text("kind"),
                text("file"),
                big_integer("lines"),
                text("columns"),
                text("settings"),
                text("state"),
                big_integer("done"),
                big_integer("created"),
                big_integer("changed"),
                big_integer("same"),
                big_integer("bad"),
                text("by_name"),
                text("correlation_id"),
                big_integer("created_at"),
                big_integer("touched_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        table(
            manager,
            "object_import_content",
            vec![uuid("workspace_id"), uuid("import_id"), blob("content")],
            &["workspace_id", "import_id"],
        )
        .await?;
        table(
            manager,
            "object_import_problem",
            vec![
                uuid("workspace_id"),
                uuid("import_id"),
                big_integer("line"),
                text_null("column_name"),
                text("reason"),
            ],
            &["workspace_id", "import_id", "line"],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["object_import_problem", "object_import_content", "object_import"] {
            manager.drop_table(Table::drop().table(name).take()).await?;
        }
        Ok(())
    }
}
