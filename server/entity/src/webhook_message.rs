//! What an endpoint is to be told, and how far that is.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub endpoint_id: Uuid,
    /// Of the record it tells of; none for a test.
    pub sequence: Option<i64>,
    pub event_id: Option<Uuid>,
    pub event_type: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// Made so far.
    pub attempts: i32,
    pub created_at: i64,
    /// When it is tried next.
    pub next_at: Option<i64>,
    /// When it was delivered or given up.
    pub ended_at: Option<i64>,
    /// Of the last attempt's answer.
    pub status: Option<i32>,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// What is known of that.
    pub detail: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
