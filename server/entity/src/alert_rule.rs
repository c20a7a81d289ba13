//! A rule of the monitoring, and how far it has looked.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alert_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// `RuleId`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    pub is_on: bool,
    /// `Severity`.
    pub severity: String,
    /// `AlertMail`.
    pub mail: String,
    /// Its numbers, a JSON object.
    pub params: String,
    /// The text of a Sigma rule.
    pub sigma: Option<String>,
    /// The last record it has looked at.
    pub cursor: i64,
    /// Up to this record it only learns.
    pub silent_until: i64,
    pub switched_at: i64,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
