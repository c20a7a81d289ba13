//! How far an integration is, and how it does.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "integration_state")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub integration_id: Uuid,
    /// The sequence of the last record that it was held against: it has got what it wants of those up to it.
    pub cursor: i64,
    /// Since when nothing is sent, because somebody wants it so.
    pub paused_at: Option<i64>,
    /// Attempts that have failed since the last that went well.
    pub failures: i32,
    pub failing_since: Option<i64>,
    /// When it is tried again that has failed.
    pub next_at: Option<i64>,
    /// `FailureKind` of the last attempt, and what is known of it.
    pub failure: Option<String>,
    pub detail: Option<String>,
    /// When a failure was recorded last.
    pub told_at: Option<i64>,
    /// When those who look after it were told that it fails.
    pub alerted_at: Option<i64>,
    /// When something was sent last.
    pub sent_at: Option<i64>,
    /// Events that were sent in all.
    pub sent: i64,
    /// How often a batch is halved, since whole ones were too much.
    pub shrunk: i32,
    /// How often somebody had it go on from another place.
    pub turn: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
