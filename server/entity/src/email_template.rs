//! What a workspace has put in place of a built-in template. A row stays once there was one.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// `MailTemplate`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub template: String,
    /// `None`, as the body, where the built-in one serves.
    pub subject: Option<String>,
    pub body: Option<String>,
    /// What served before the last change.
    pub earlier_subject: Option<String>,
    pub earlier_body: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
