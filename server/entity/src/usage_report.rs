//! What a month came to when it was over.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `UsageType`.
    pub usage_type: String,
    /// Its first day: days since 1970-01-01.
    pub month: i32,
    /// IANA name of the zone whose month it was.
    pub zone: String,
    pub users: i64,
    pub companies: i64,
    pub activities: i64,
    pub closed_at: i64,
    /// When the names were read again last.
    pub refreshed_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
