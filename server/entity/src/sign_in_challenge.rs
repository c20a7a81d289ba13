//! Somebody who has shown a password, or came from a provider, and whose code is still to come.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_challenge")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// SHA-256 of what the browser holds.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub user_id: Uuid,
    /// SHA-256 of the password's hash: another password ends it.
    pub password_mark: Vec<u8>,
    /// Codes that were wrong.
    pub tries: i32,
    pub expires_at: i64,
    /// By what they came, as the record of the sign-in is to have it, in JSON. `None`: by a password.
    pub way: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
