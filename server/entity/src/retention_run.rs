//! When records are removed next, and how far the last removal came. One process at a time runs it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "retention_run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    pub due_at: i64,
    pub started_at: Option<i64>,
    /// Moves as long as somebody works on it.
    pub beat_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub removed: i64,
    /// How many records it was going to remove.
    pub planned: i64,
    /// How many more were due, and under a legal hold.
    pub held: i64,
    /// Why nothing was removed; empty where nothing stood in the way.
    pub problem: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
