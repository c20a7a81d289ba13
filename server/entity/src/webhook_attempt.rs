//! One try to send a message.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub endpoint_id: Uuid,
    /// When it began: microseconds.
    pub at: i64,
    pub took_ms: i64,
    /// Why it was made.
    pub cause: String,
    /// Method, URL and headers without what is secret: JSON.
    pub request: String,
    pub status: Option<i32>,
    /// JSON: an array of names and values.
    pub response_headers: Option<String>,
    /// Its beginning.
    pub response_body: Option<Vec<u8>>,
    /// Whether there was more.
    pub is_cut: bool,
    pub failure: Option<String>,
    pub detail: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
