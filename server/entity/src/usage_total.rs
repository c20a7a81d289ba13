//! What a day, a week or a month came to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_total")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// `UsageType`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub usage_type: String,
    /// `Grain`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub grain: String,
    /// The first day: days since 1970-01-01.
    #[sea_orm(primary_key, auto_increment = false)]
    pub start_day: i32,
    pub activities: i64,
    pub users: i64,
    pub companies: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
