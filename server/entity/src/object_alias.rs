//! What a thing was known by that became part of another.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "object_alias")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// `id`, or `external_id`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub known_by: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub alias: String,
    /// The thing that is meant.
    pub object_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
