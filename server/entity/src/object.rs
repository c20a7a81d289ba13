//! A company, a board, …: one thing of the helpdesk's master data.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "object")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `ObjectKind`.
    pub kind: String,
    /// Counts the things of the kind as they are made, from 1: what they are found by says which by it, and things of the
    /// same name stand in its order.
    pub number: i32,
    pub name: String,
    /// The name in lower case: the order of lists.
    pub name_key: String,
    /// What no two of a kind may have the same, in lower case.
    pub unique_key: String,
    /// Its id in another system, unique per kind.
    pub external_id: Option<String>,
    /// `ObjectStatus`.
    pub status: String,
    /// Counts its changes from 1.
    pub version: i32,
    /// All its properties, as a JSON object.
    pub properties: String,
    /// The words it is found by, each after a space, in order.
    pub words: String,
    pub created_at: i64,
    pub changed_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
