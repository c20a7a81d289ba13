//! How mail is sent.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_setting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// Empty where it isn't.
    pub host: String,
    pub port: i32,
    /// `MailSecurity`.
    pub security: String,
    pub username: String,
    pub sealed_password: Option<Vec<u8>>,
    pub from_name: String,
    pub from_address: String,
    pub reply_to: String,
    /// Since when nothing is sent, where it is paused.
    pub paused_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
