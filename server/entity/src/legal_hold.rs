//! A list whose records are kept, whatever the retention of their log says.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "legal_hold")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// The name in lower case, unique.
    pub name_key: String,
    pub reason: String,
    /// A log's name, or `all` for all of them together.
    pub log: String,
    /// `LogQuery`, as in the address, without spans back from now.
    pub query: String,
    pub placed_at: i64,
    /// The name of who placed it.
    pub placed_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
