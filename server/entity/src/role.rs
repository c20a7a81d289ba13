//! A named set of permissions.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// The name in lower case, unique per workspace.
    pub name_key: String,
    pub description: String,
    /// `BuiltInRole`, for the three every workspace starts with.
    pub built_in: Option<String>,
    /// JSON array of permission names, sorted.
    pub permissions: String,
    pub created_at: i64,
    /// Whether those who have it need more than a password to sign in.
    pub needs_second_factor: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
