//! Only what has an id of its source is in the index of those: our own records have none, and the most are ours where
//! things are imported.

use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const NAME: &str = "event_source_source_event_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Index::drop().name(NAME).table("event").to_owned();
        manager.drop_index(drop).await?;
        let create = Index::create()
            .name(NAME)
            .table("event")
            .col("workspace_id")
            .col("source")
            .col("source_event_id")
            .unique()
            .cond_where(Expr::col("source_event_id").is_not_null())
            .take();
        manager.create_index(create).await
    }
}
