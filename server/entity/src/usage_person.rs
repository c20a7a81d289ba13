//! What a contact of a company did in a day, a week or a month.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_person")]
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
    /// Empty for none.
    #[sea_orm(primary_key, auto_increment = false)]
    pub company: String,
    /// Empty for one of whom nothing is known.
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact: String,
    pub activities: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
