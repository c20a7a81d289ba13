//! An address that is not to be mailed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_suppression")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// In lower case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub address: String,
    /// `SuppressionReason`.
    pub reason: String,
    /// Who put it there.
    pub origin: String,
    pub note: Option<String>,
    pub since: i64,
    /// The message that it came from.
    pub message_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
