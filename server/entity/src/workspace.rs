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
    /// `RegionalFormat`: how dates and numbers are written for new users.
    pub regional_format: String,
    /// `Helpdesk`.
    pub helpdesk: String,
    pub created_at: i64,
    /// Minutes without a request after which a session is over.
    pub session_idle_minutes: i32,
    /// Hours after the sign-in when it is over in any case.
    pub session_longest_hours: i32,
    /// Characters of a new password.
    pub password_length: i32,
    /// JSON array of networks (RFC 4632) from which people come in; empty for any.
    pub sign_in_networks: String,
    /// Whether the helpdesk has the courses module.
    pub courses: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
