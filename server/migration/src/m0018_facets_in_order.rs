//! The choices of a filter are read in their order, the commonest first and then by value: many values are equally common,
//! and all of those were read to be sorted.

use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, of) in [
            ("event_facet", ["log", "field"]),
            ("object_facet", ["kind", "property"]),
        ] {
            let by_count = format!("{table}_{}_count", of.join("_"));
            let drop = Index::drop().name(&by_count).table(table).to_owned();
            manager.drop_index(drop).await?;
            let [one, other] = of;
            let create = Index::create()
                .name(format!("{by_count}_value"))
                .table(table)
                .col("workspace_id")
                .col(one)
                .col(other)
                .col(("count", IndexOrder::Desc))
                .col("value")
                .take();
            manager.create_index(create).await?;
        }
        Ok(())
    }
}
