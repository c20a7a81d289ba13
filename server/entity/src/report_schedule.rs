//! When a saved view is sent by mail, and to whom.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_schedule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub view_id: Uuid,
    /// The user by whose rights it is sent.
    pub set_by: Uuid,
    /// `Every`.
    pub every: String,
    /// `Weekday`, of a weekly one.
    pub weekday: Option<String>,
    pub hour: i32,
    /// IANA time zone.
    pub zone: String,
    /// Addresses, a JSON array.
    pub recipients: String,
    /// `None` where it was stopped.
    pub next_at: Option<i64>,
    /// Why it was stopped.
    pub stopped: Option<String>,
    pub last_at: Option<i64>,
    /// `Outcome`.
    pub last_outcome: Option<String>,
    pub last_detail: Option<String>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
