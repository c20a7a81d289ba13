//! What things were known by that became part of another: whoever still says that means the other.

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
        let mut of_thing = ForeignKey::create();
        of_thing
            .from("object_alias", ("workspace_id", "object_id"))
            .to("object", ("workspace_id", "id"))
            .on_delete(ForeignKeyAction::Cascade);
        let mut create = Table::create();
        create
            .table("object_alias")
            .col(uuid("workspace_id"))
            .col(text("kind"))
            .col(text("known_by"))
            .col(text("alias"))
            .col(uuid("object_id"))
            .primary_key(
                Index::create()
                    .col("workspace_id")
                    .col("kind")
                    .col("known_by")
                    .col("alias"),
            )
            .foreign_key(&mut of_thing);
        manager.create_table(create).await?;
        crate::table::index(manager, "object_alias", &["workspace_id", "object_id"], false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("object_alias").take())
            .await
    }
}
