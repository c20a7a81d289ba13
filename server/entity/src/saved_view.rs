//! A list under a name.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_view")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The user whose it is.
    pub owner_id: Uuid,
    /// A log's name, or `all` for all of them together.
    pub log: String,
    pub name: String,
    /// The name in lower case, unique per owner and log.
    pub name_key: String,
    /// `LogQuery`, as in the address.
    pub query: String,
    /// The role whose people see it.
    pub shared_with: Option<Uuid>,
    /// Its place among the owner's views of this log.
    pub position: i32,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
