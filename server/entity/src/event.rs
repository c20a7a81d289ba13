//! The append-only log. `record` is the whole record as canonical JSON; the other columns are copies of parts of it.
//! What a record is found by is in the log's index (`event_segment`, `event_block`).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// Gapless, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub id: Uuid,
    pub occurred_at: i64,
    pub recorded_at: i64,
    pub log: String,
    pub source: String,
    pub source_event_id: Option<String>,
    /// SHA-256 of the body as sent, first 16 bytes: tells a repeated send from another event with the same id.
    pub body_hash: Vec<u8>,
    pub record: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
