//! When a contact was counted first, at all and for a company.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_seen")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// `UsageType`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub usage_type: String,
    /// Empty for whatever company.
    #[sea_orm(primary_key, auto_increment = false)]
    pub company: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact: String,
    /// Days since 1970-01-01.
    pub first_day: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
