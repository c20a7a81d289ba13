//! Something that happened to an email.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    /// What tells it from others of the message: one that is told twice is kept once.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_key: String,
    pub at: i64,
    /// `EmailStatus`.
    pub status: String,
    /// `BounceType`.
    pub bounce: Option<String>,
    /// Enhanced status code (RFC 3463), or the reply code.
    pub code: Option<String>,
    pub detail: Option<String>,
    /// Who said so.
    pub source: String,
    pub url: Option<String>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
