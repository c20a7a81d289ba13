//! What a company or a contact did, day by day, in a stretch of 1,024 days.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// `UsageType`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub usage_type: String,
    /// `ReportLineKind`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// The days since 1970-01-01, without their last ten bits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub stretch: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The stretch, days with how much was done on each, and the key as JSON, which has no line ends: `20 217:6 6:12"ann"`. Days
    /// are steps from the day before, the first from the beginning of the stretch.
    pub line: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
