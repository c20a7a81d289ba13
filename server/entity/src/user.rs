//! A person who can sign in to the portal.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// The name in lower case: what the list is ordered by.
    pub name_key: String,
    pub email: String,
    /// The email in lower case, unique per workspace.
    pub email_key: String,
    pub phone: Option<String>,
    pub role_id: Uuid,
    /// `UserStatus`.
    pub status: String,
    /// Argon2id PHC string; absent while invited.
    pub password_hash: Option<String>,
    pub password_changed_at: Option<i64>,
    /// IANA time zone.
    pub zone: String,
    /// `RegionalFormat`.
    pub regional_format: String,
    pub created_at: i64,
    pub last_sign_in_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
