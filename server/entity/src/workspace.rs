//! One helpdesk account.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workspace")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Always 1 and unique: one installation holds one workspace, and a race to set it up makes exactly one.
    pub slot: i32,
    pub name: String,
    /// IANA name of the zone in which new users read times.
    pub zone: String,
    /// `Helpdesk`.
    pub helpdesk: String,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
