//! SQLite keeps the counts of things' values in the order of their key, as those of the log: an upsert writes two trees
//! instead of three.

use crate::table;
use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        made_anew(manager, " WITHOUT ROWID").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        made_anew(manager, "").await
    }
}

async fn made_anew(manager: &SchemaManager<'_>, form: &str) -> Result<(), DbErr> {
    // PostgreSQL has no such tables.
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let columns = [
        "workspace_id uuid_text",
        "kind text",
        "property text",
        "value text",
        "count bigint",
    ];
    let key = "workspace_id, kind, property, value";
    table::made_anew(manager, "object_facet", &columns, key, form).await?;
    let by_count = Index::create()
        .name("object_facet_kind_property_count_value")
        .table("object_facet")
        .col("workspace_id")
        .col("kind")
        .col("property")
        .col(("count", IndexOrder::Desc))
        .col("value")
        .take();
    manager.create_index(by_count).await
}
