//! A company or a contact in a monthly report.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_report_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: Uuid,
    /// From 1; companies first, the most active first.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// `ReportLineKind`.
    pub kind: String,
    pub key: String,
    pub name: String,
    /// Of a contact; empty for none.
    pub company: String,
    pub activities: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
