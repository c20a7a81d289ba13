//! How one log is shown to one user.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "list_setting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// A log's name, or `all` for all of them together.
    #[sea_orm(primary_key, auto_increment = false)]
    pub log: String,
    /// `Column` names with commas between; empty for the log's own.
    pub columns: String,
    /// `Density`.
    pub density: String,
    /// The view that opens first. It may be out of the user's sight by now.
    pub default_view_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
