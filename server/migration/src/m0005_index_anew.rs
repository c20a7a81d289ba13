//! The index has learnt new values (area, agent, routing): what was indexed before doesn't have them. It is made anew
//! from the records, in the background.

use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["event_segment", "event_block"] {
            let all = Query::delete().from_table(name).to_owned();
            manager.execute(all).await?;
        }
        Ok(())
    }

    /// An index with more values than are asked for is none the worse.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
