//! What a rule remembers of records it has looked at.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alert_memory")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub rule_id: String,
    /// Of whom, or of what.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// JSON, in the rule's own form.
    pub value: String,
    /// When the last record of it happened.
    pub seen_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
