//! What an email says. Where its link is for its reader alone, what is sent lies sealed beside what others may read.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_body")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    pub body_text: Option<String>,
    pub body_html: Option<String>,
    /// The parts as they are sent, until they were.
    pub sealed: Option<Vec<u8>>,
    /// Until when the link works; stays once what was sealed is gone.
    pub sealed_until: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
