//! Which records of a log are gone, 1,024 sequences to a row, and what remains of them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_removed")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// From 0: the sequences 1 to 1024, and so on.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chunk: i64,
    /// One bit per sequence in 128 bytes, the lowest bit of the first byte for the first sequence.
    pub records: Vec<u8>,
    /// 32 bytes per removed record, in the order of their sequences: SHA-256 of a zero byte and the record (RFC 9162, 2.1.1).
    pub leaf_hashes: Vec<u8>,
    /// `event_head.removals` of the last removal that changed it.
    pub removal: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
