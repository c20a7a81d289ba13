//! What lists are sorted by, as a column: a block of numbers to a row.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "object_sort_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// `name` or `changed`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sorted_by: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub block: i32,
    /// A few bytes for each number of the block, as `objects::sort_keys` of the backend writes them.
    pub keys: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
