//! When the emails of some numbers that follow each other were made: the first and the last of them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_zone")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// Which numbers, as `email::zones` of the backend counts them.
    #[sea_orm(primary_key, auto_increment = false)]
    pub zone: i32,
    /// How many of them there are.
    pub messages: i32,
    pub first_at: i64,
    pub last_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
