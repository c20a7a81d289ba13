//! The segments of the log's index that are in use: each covers a run of records. Its parts are in `event_block`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_segment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// The sequence of its first record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub first_sequence: i64,
    /// 0 as sealed, 1 where segments were put together; 2 more in every second edition of the same segment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: i32,
    pub head: Vec<u8>,
    /// `event_head.removals` when it was made: it holds nothing of what had been removed by then.
    pub removals: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
