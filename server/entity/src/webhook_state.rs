//! How an endpoint does. One without a row does well.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_state")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub endpoint_id: Uuid,
    /// Since when nothing is sent, because somebody wants it so.
    pub paused_at: Option<i64>,
    /// Since when every attempt has failed.
    pub failing_since: Option<i64>,
    /// When the last attempt failed.
    pub failed_at: Option<i64>,
    /// Until when the receiver is left alone.
    pub slow_until: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
