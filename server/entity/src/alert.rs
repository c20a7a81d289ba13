//! What a rule has found.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alert")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `RuleId`.
    pub rule_id: String,
    pub rule_name: String,
    /// `Severity`.
    pub severity: String,
    /// `AlertState`.
    pub state: String,
    /// The same for all that is about the same.
    pub subject_key: String,
    pub subject_kind: String,
    pub subject_id: Option<String>,
    pub subject_name: String,
    pub summary: String,
    /// What is searched, in lower case.
    pub search: String,
    pub count: i64,
    /// Of its records.
    pub last_sequence: i64,
    pub first_at: i64,
    pub last_at: i64,
    pub assigned_to: Option<Uuid>,
    pub note: Option<String>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
